#include "consensus/bft/future_queue.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

Vote vote_at(std::uint64_t height, std::int32_t round = 0, std::string org = "v1") {
  Vote vote = testing::prevote(std::move(org), round, std::nullopt);
  vote.height = {height};
  return vote;
}

TEST(FutureQueue, GivesTheMessagesOfAHeightInOrderAndForgetsLowerOnes) {
  FutureQueue queue;
  queue.add(vote_at(8));
  queue.add(vote_at(9));
  queue.add(vote_at(9, 1));
  EXPECT_EQ(queue.take({9}), (std::vector<HeightMessage>{vote_at(9), vote_at(9, 1)}));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(FutureQueue, EvictsTheFarthestHeight) {
  FutureQueue queue;
  for (std::uint64_t height = 100; height > 100 - kFutureHeightsMax; --height) {
    queue.add(vote_at(height));
  }
  queue.add(vote_at(50));
  EXPECT_EQ(queue.size(), kFutureHeightsMax);
  EXPECT_EQ(queue.take({50}).size(), 1u);
  EXPECT_TRUE(queue.take({100}).empty());
}

TEST(FutureQueue, NothingIsDisplacedByAHeightFartherThanAll) {
  FutureQueue queue;
  for (std::uint64_t height = 1; height <= kFutureHeightsMax; ++height) queue.add(vote_at(height));
  queue.add(vote_at(1'000'000));
  EXPECT_TRUE(queue.take({1'000'000}).empty());
}

TEST(FutureQueue, DropsDuplicatesAndBoundsEachOrganisation) {
  FutureQueue queue;
  queue.add(vote_at(8));
  queue.add(vote_at(8));
  EXPECT_EQ(queue.size(), 1u);
  for (std::int32_t round = 0; round < 100; ++round) queue.add(vote_at(8, round));
  EXPECT_EQ(queue.size(), kFutureMessagesPerOrgMax);
  queue.add(vote_at(8, 0, "v2"));
  EXPECT_EQ(queue.size(), kFutureMessagesPerOrgMax + 1);
}

}  // namespace
}  // namespace treeproof::bft
