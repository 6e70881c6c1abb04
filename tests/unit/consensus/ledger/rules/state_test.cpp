#include "consensus/ledger/state.h"

#include <gtest/gtest.h>

#include "consensus/ledger/points_objects.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

SharedBytes bytes(std::uint8_t value) {
  return std::make_shared<const crypto::Bytes>(crypto::Bytes{value});
}

TEST(State, OverlayHidesWhatItChanges) {
  MemoryState base;
  base.all.objects[{"org", "a"}] = bytes(1);
  State state(base);
  state.put_object({"org", "b"}, bytes(2));
  state.put_object({"org", "a"}, nullptr);
  EXPECT_EQ(state.object({"org", "a"}), nullptr);
  EXPECT_EQ(*state.object({"org", "b"}), crypto::Bytes{2});
  EXPECT_EQ(*base.object({"org", "a"}), crypto::Bytes{1});
}

TEST(State, OverlaysStackAndMergeInOrder) {
  MemoryState base;
  State lower(base);
  lower.put_object({"org", "a"}, bytes(1));
  State upper = State::over(lower);
  EXPECT_EQ(*upper.object({"org", "a"}), crypto::Bytes{1});
  upper.put_object({"org", "a"}, bytes(2));
  upper.put_page({"org/b", 0}, std::make_shared<const crypto::Bytes>(kPageBytes));
  lower.merge(upper.take_changes());
  EXPECT_EQ(*lower.object({"org", "a"}), crypto::Bytes{2});
  EXPECT_NE(lower.page({"org/b", 0}), nullptr);
  EXPECT_EQ(lower.page({"org/b", 1}), nullptr);
}

TEST(State, ChangesAreEqualByContent) {
  StateChanges left;
  StateChanges right;
  left.objects[{"org", "a"}] = bytes(1);
  right.objects[{"org", "a"}] = bytes(1);
  EXPECT_TRUE(left == right);
  right.objects[{"org", "a"}] = bytes(2);
  EXPECT_FALSE(left == right);
  right.objects[{"org", "a"}] = nullptr;
  EXPECT_FALSE(left == right);
}

TEST(State, FindTellsTypesApart) {
  MemoryState base;
  State state(base);
  ProgrammeObject programme;
  programme.payload.ref = {"p"};
  programme.payload.actions.push_back({{"walk"}, 1});
  programme.payload.platforms.push_back({"platform"});
  state.put("org/p", programme);
  EXPECT_EQ(state.find<ProgrammeObject>({"org/p"}), programme);
  EXPECT_EQ(state.find<Recorded<Approve>>({"org/p"}), std::nullopt);
  EXPECT_EQ(state.find<ProgrammeObject>({"org/q"}), std::nullopt);
}

TEST(MapChanges, HashNamespaceIdAndValue) {
  StateChanges changes;
  changes.objects[{"org", "a"}] = bytes(1);
  changes.objects[{"org", "b"}] = nullptr;
  const auto mapped = map_changes(changes);
  ASSERT_EQ(mapped.size(), 2u);
  EXPECT_EQ(mapped[0].key, crypto::state_key("org", "a"));
  EXPECT_TRUE(mapped[0].value_hash.has_value());
  EXPECT_EQ(mapped[1].key, crypto::state_key("org", "b"));
  EXPECT_FALSE(mapped[1].value_hash.has_value());
}

}  // namespace
}  // namespace treeproof::ledger
