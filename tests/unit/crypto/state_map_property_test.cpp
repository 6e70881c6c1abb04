#include <gtest/gtest.h>
// rapidcheck's gtest glue needs gtest before it
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "crypto/hash.h"
#include "crypto/state_map.h"

namespace treeproof::crypto {
namespace {

// The map as section 5 of the protocol defines it: sorted keys, halved bit by bit.
using Model = std::map<Hash, Bytes>;
using Leaves = std::vector<std::pair<Hash, Hash>>;

Hash model_root(const Leaves& leaves, std::size_t bit) {
  if (leaves.size() == 1) return leaves.front().second;
  Leaves halves[2];
  for (const auto& leaf : leaves) {
    halves[leaf.first[bit / 8] >> (7 - bit % 8) & 1].push_back(leaf);
  }
  if (halves[0].empty() || halves[1].empty()) return model_root(leaves, bit + 1);
  return state_inner_hash(model_root(halves[0], bit + 1), model_root(halves[1], bit + 1));
}

Hash model_root(const Model& model) {
  Leaves leaves;
  for (const auto& [key, value] : model) {
    leaves.emplace_back(key, state_leaf_hash(key, sha256(value)));
  }
  return model_root(leaves, 0);
}

// Keys that share long prefixes, at both ends of the 256 bits, so that every shape occurs.
Hash any_key() {
  Hash key{};
  key[0] = *rc::gen::element<std::uint8_t>(0x00, 0x01, 0x02, 0x40, 0x80, 0xC0, 0xFF);
  key[15] = *rc::gen::element<std::uint8_t>(0x00, 0x10);
  key[31] = *rc::gen::inRange<std::uint8_t>(0, 16);
  return key;
}

struct Change {
  Hash key;
  std::optional<Bytes> value;
};

std::vector<Change> any_changes() {
  std::vector<Change> changes;
  std::set<Hash> taken;
  const int count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    const Hash key = any_key();
    if (!taken.insert(key).second) continue;
    const auto value = *rc::gen::inRange<std::uint8_t>(0, 6);
    changes.push_back({key, value > 3 ? std::nullopt : std::optional(Bytes{value})});
  }
  return changes;
}

std::vector<StateMapChange> hashed(const std::vector<Change>& changes) {
  std::vector<StateMapChange> result;
  for (const Change& change : changes) {
    result.push_back({change.key, std::nullopt});
    if (change.value) result.back().value_hash = sha256(*change.value);
  }
  return result;
}

void apply(Model& model, const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    model.erase(change.key);
    if (change.value) model.emplace(change.key, *change.value);
  }
}

void expect_same(const StateMap& map, const Model& model) {
  RC_ASSERT(map.size() == model.size());
  if (!model.empty()) RC_ASSERT(map.root() == model_root(model));
  for (const auto& [key, value] : model) {
    RC_ASSERT(map.leaf_hash(key) == state_leaf_hash(key, sha256(value)));
  }
}

RC_GTEST_PROP(StateMapProperty, FollowsTheModelThroughEveryBatch, ()) {
  StateMap map;
  Model model;
  const int batches = *rc::gen::inRange(1, 8);
  for (int i = 0; i < batches; ++i) {
    const auto changes = any_changes();
    map.apply(hashed(changes));
    apply(model, changes);
    expect_same(map, model);
  }
}

RC_GTEST_PROP(StateMapProperty, RevertsInReverseOrder, ()) {
  StateMap map;
  Model model;
  std::vector<StateMap::Undo> undos;
  std::vector<Model> history;
  const int batches = *rc::gen::inRange(1, 6);
  for (int i = 0; i < batches; ++i) {
    const auto changes = any_changes();
    history.push_back(model);
    undos.push_back(map.apply(hashed(changes)));
    apply(model, changes);
  }
  for (; !undos.empty(); undos.pop_back(), history.pop_back()) {
    map.revert(undos.back());
    expect_same(map, history.back());
  }
}

RC_GTEST_PROP(StateMapProperty, DoesNotDependOnHistory, ()) {
  StateMap with_detours;
  Model model;
  for (int i = 0; i < 3; ++i) {
    const auto changes = any_changes();
    with_detours.apply(hashed(changes));
    apply(model, changes);
  }
  RC_PRE(!model.empty());
  std::vector<StateMapChange> direct;
  for (const auto& [key, value] : model) direct.push_back({key, sha256(value)});
  StateMap sorted;
  sorted.apply(direct);
  StateMap one_by_one;
  std::ranges::reverse(direct);
  for (const StateMapChange& change : direct) one_by_one.apply({&change, 1});
  RC_ASSERT(sorted.root() == with_detours.root());
  RC_ASSERT(one_by_one.root() == with_detours.root());
}

RC_GTEST_PROP(StateMapProperty, ProvesEveryKeyPresentOrAbsent, ()) {
  StateMap map;
  Model model;
  const auto changes = any_changes();
  map.apply(hashed(changes));
  apply(model, changes);
  RC_PRE(!model.empty());
  const Hash root = map.root();
  for (const auto& [key, value] : model) {
    const Bytes proof = map.prove_existence(key, value);
    RC_ASSERT(verify_existence(proof, root, key, value));
    RC_ASSERT(!verify_existence(proof, root, key, Bytes{9}));
  }
  for (int i = 0; i < 20; ++i) {
    const Hash key = any_key();
    if (model.contains(key)) continue;
    const Bytes proof =
        map.prove_absence(key, [&](const Hash& neighbour) { return model.at(neighbour); });
    RC_ASSERT(verify_absence(proof, root, key));
    for (const auto& [present, value] : model) RC_ASSERT(!verify_absence(proof, root, present));
  }
}

RC_GTEST_PROP(StateMapProperty, NoRandomBytesAreAProof, (const Bytes& bytes)) {
  RC_ASSERT(!verify_existence(bytes, Hash{}, Hash{}, Bytes{1}));
  RC_ASSERT(!verify_absence(bytes, Hash{}, Hash{}));
}

}  // namespace
}  // namespace treeproof::crypto
