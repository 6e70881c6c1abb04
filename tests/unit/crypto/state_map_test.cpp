#include "crypto/state_map.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "crypto/hash.h"

namespace treeproof::crypto {
namespace {

Hash numbered_key(std::uint64_t number) { return state_key("test", std::to_string(number)); }
Hash value_hash(std::string_view value) { return sha256(as_bytes(value)); }
StateMapChange put(const Hash& key, std::string_view value) { return {key, value_hash(value)}; }
StateMapChange drop(const Hash& key) { return {key, std::nullopt}; }

StateMap map_of(std::initializer_list<StateMapChange> changes) {
  StateMap map;
  map.apply(changes);
  return map;
}

// A key that begins with these bits.
Hash key_with_bits(std::string_view bits) {
  Hash key{};
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] == '1') key[i / 8] |= static_cast<std::uint8_t>(0x80u >> i % 8);
  }
  return key;
}

TEST(StateHash, HasTheLayoutOfTheProtocol) {
  EXPECT_EQ(state_key("org", "ngo"), sha256(as_bytes(std::string_view("org\0ngo", 7))));
  const Hash one{1};
  const Hash two{2};
  EXPECT_EQ(state_leaf_hash(one, two), sha256({Bytes{2}, one, two}));
  EXPECT_EQ(state_inner_hash(one, two), sha256({Bytes{3}, one, two}));
}

TEST(StateMap, OneLeafIsTheRoot) {
  const Hash key = numbered_key(1);
  const StateMap map = map_of({put(key, "v")});
  EXPECT_EQ(map.root(), state_leaf_hash(key, value_hash("v")));
  EXPECT_EQ(map.leaf_hash(key), map.root());
  EXPECT_EQ(map.size(), 1u);
  EXPECT_TRUE(map.contains(key));
  EXPECT_FALSE(map.contains(numbered_key(2)));
  EXPECT_FALSE(map.leaf_hash(numbered_key(2)));
}

TEST(StateMap, SplitsAtTheFirstDifferingBitAndHasNoEmptyChildren) {
  const Hash a = key_with_bits("0000");
  const Hash b = key_with_bits("0001");
  const Hash c = key_with_bits("1");
  const auto leaf = [](const Hash& key) { return state_leaf_hash(key, value_hash("v")); };
  const StateMap map = map_of({put(c, "v"), put(b, "v"), put(a, "v")});
  EXPECT_EQ(map.root(), state_inner_hash(state_inner_hash(leaf(a), leaf(b)), leaf(c)));
}

TEST(StateMap, KeysMayDifferInTheirLastBitOnly) {
  Hash a{};
  Hash b{};
  b[31] = 1;
  Hash c{};
  c[31] = 2;
  const auto leaf = [](const Hash& key) { return state_leaf_hash(key, value_hash("v")); };
  const StateMap map = map_of({put(b, "v"), put(a, "v"), put(c, "v")});
  EXPECT_EQ(map.root(), state_inner_hash(state_inner_hash(leaf(a), leaf(b)), leaf(c)));
}

TEST(StateMap, RemovingAnAbsentKeyChangesNothing) {
  StateMap map = map_of({put(numbered_key(1), "v"), put(numbered_key(2), "v")});
  const Hash root = map.root();
  map.apply({{drop(numbered_key(3))}});
  EXPECT_EQ(map.root(), root);
  EXPECT_EQ(map.size(), 2u);
}

TEST(StateMap, RemovesDownToNothingAndGrowsAgain) {
  StateMap map;
  std::vector<StateMapChange> in;
  std::vector<StateMapChange> out;
  for (std::uint64_t i = 0; i < 100; ++i) {
    in.push_back(put(numbered_key(i), "v"));
    out.push_back(drop(numbered_key(99 - i)));
  }
  map.apply(in);
  const Hash root = map.root();
  map.apply(out);
  EXPECT_EQ(map.size(), 0u);
  EXPECT_FALSE(map.contains(numbered_key(0)));
  map.apply(in);
  EXPECT_EQ(map.root(), root);
}

TEST(StateMap, RevertsANewKeyAChangedOneAndARemovedOne) {
  StateMap map = map_of({put(numbered_key(1), "a"), put(numbered_key(2), "b")});
  const Hash root = map.root();
  const std::vector<StateMapChange> changes = {put(numbered_key(1), "c"), drop(numbered_key(2)),
                                               put(numbered_key(3), "d")};
  const auto undo = map.apply(changes);
  EXPECT_NE(map.root(), root);
  map.revert(undo);
  EXPECT_EQ(map.root(), root);
  EXPECT_EQ(map.size(), 2u);
  EXPECT_EQ(map.leaf_hash(numbered_key(1)), state_leaf_hash(numbered_key(1), value_hash("a")));
}

TEST(StateMap, RevertsTheFirstChangeOfAll) {
  StateMap map;
  const auto undo = map.apply({{put(numbered_key(1), "a")}});
  map.revert(undo);
  EXPECT_EQ(map.size(), 0u);
}

TEST(StateMap, HoldsAtMost100BytesPerKey) {
  StateMap map;
  std::vector<StateMapChange> changes;
  for (std::uint64_t i = 0; i < 100'000; ++i) changes.push_back(put(numbered_key(i), "v"));
  for (std::size_t at = 0; at < changes.size(); at += 1000) {
    map.apply(std::span(changes).subspan(at, 1000));
  }
  const double per_key = static_cast<double>(map.memory_bytes()) / static_cast<double>(map.size());
  RecordProperty("bytes_per_key", std::to_string(per_key));
  EXPECT_LE(per_key, 100.0);

  for (StateMapChange& change : changes) change.value_hash = value_hash("w");
  const std::size_t before = map.memory_bytes();
  map.apply(changes);
  EXPECT_EQ(map.memory_bytes(), before);
}

TEST(StateMapDeathTest, AnEmptyMapHasNoRoot) {
  const StateMap map;
  EXPECT_DEATH(static_cast<void>(map.root()), "");
}

}  // namespace
}  // namespace treeproof::crypto
