#include "consensus/ledger/placed_objects.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

PlacedObject placed(std::int32_t number) {
  return {{"desert-ngo/" + std::to_string(number)}, {number, 0, number, 0}};
}

TEST(PlacedObjects, KeepTheOrderInWhichTheyCameOverManyChunks) {
  MemoryState memory;
  for (std::int32_t i = 0; i < 200; ++i) {
    State state(memory);
    append_placed(state, kCellNamespace, "canopy/1/2", placed(i));
    EXPECT_EQ(state.changes().objects.size(), 1u) << "an addition writes one chunk";
    memory.all.merge(state.take_changes());
  }
  EXPECT_EQ(memory.all.objects.size(), 4u);  // 64, 64, 64 and 8
  std::vector<PlacedObject> found;
  collect_meeting(memory, kCellNamespace, "canopy/1/2", {60, 0, 70, 0}, found);
  ASSERT_EQ(found.size(), 11u);
  for (std::int32_t i = 0; i < 11; ++i) {
    EXPECT_EQ(found[static_cast<std::size_t>(i)], placed(60 + i));
  }
}

TEST(PlacedObjects, OfAnotherListStayApart) {
  MemoryState memory;
  State state(memory);
  append_placed(state, kCellNamespace, "canopy/1/2", placed(1));
  append_placed(state, kPlotBatchesNamespace, "canopy/1/2", placed(2));
  std::vector<PlacedObject> found;
  collect_meeting(state, kCellNamespace, "canopy/1/20", {0, 0, 9, 9}, found);
  EXPECT_TRUE(found.empty());
  collect_meeting(state, kPlotBatchesNamespace, "canopy/1/2", {0, 0, 9, 9}, found);
  EXPECT_EQ(found, std::vector<PlacedObject>{placed(2)});
}

TEST(Box, MeetsWhatSharesAPoint) {
  const Box box{0, 0, 10, 10};
  EXPECT_TRUE(box.meets({10, 10, 20, 20}));
  EXPECT_TRUE(box.meets({-5, -5, 20, 20}));
  EXPECT_FALSE(box.meets({11, 0, 20, 10}));
  EXPECT_FALSE(box.meets({0, -9, 10, -1}));
}

}  // namespace
}  // namespace treeproof::ledger
