// Golden keys, values, root and ICS-23 proofs of the state map after the story's last block.
#include <gtest/gtest.h>

#include <set>

#include "crypto/hash.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

Json entries_json(const Story& story) {
  Json entries = Json::array();
  for (const auto& [key, value] : story.state().objects) {
    if (!value) continue;
    entries.push_back({{"namespace", key.name_space},
                       {"id", key.id},
                       {"key", crypto::to_hex(crypto::state_key(key.name_space, key.id))},
                       {"value", crypto::to_hex(*value)}});
  }
  return entries;
}

Json existence_json(const Story& story, const ledger::ObjectKey& object) {
  const crypto::Hash key = crypto::state_key(object.name_space, object.id);
  const crypto::Bytes& value = *story.object(object);
  const crypto::Bytes proof = story.state_map().prove_existence(key, value);
  EXPECT_TRUE(crypto::verify_existence(proof, story.state_map().root(), key, value));
  return {{"namespace", object.name_space},
          {"id", object.id},
          {"value", readable(value)},
          {"value_bytes", crypto::to_hex(value)},
          {"proof", crypto::to_hex(proof)}};
}

Json absence_json(const Story& story, const ledger::ObjectKey& object) {
  std::map<crypto::Hash, crypto::Bytes> values;
  for (const auto& [key, value] : story.state().objects) {
    if (value) values[crypto::state_key(key.name_space, key.id)] = *value;
  }
  const crypto::Hash key = crypto::state_key(object.name_space, object.id);
  const crypto::Bytes proof = story.state_map().prove_absence(
      key, [&](const crypto::Hash& neighbour) { return values.at(neighbour); });
  EXPECT_TRUE(crypto::verify_absence(proof, story.state_map().root(), key));
  return {{"namespace", object.name_space},
          {"id", object.id},
          {"value", nullptr},
          {"proof", crypto::to_hex(proof)}};
}

TEST(Golden, State) {
  const Story& story = Story::told();
  EXPECT_EQ(story.blocks().back().header().state_root, story.state_map().root());
  expect_golden("state.json",
                Json{{"entries", entries_json(story)},
                     {"root", crypto::to_hex(story.state_map().root())},
                     {"existence", existence_json(story, {"object", "desert-ngo/plant-1"})},
                     {"absence", absence_json(story, {"object", "desert-ngo/no-such-record"})}});
}

}  // namespace
}  // namespace treeproof::vectors
