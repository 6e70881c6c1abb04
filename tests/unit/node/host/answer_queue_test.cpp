#include "node/answer_queue.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::node {
namespace {

using replica::AttachmentWanted;
using replica::DecidedWanted;

class AnswerQueueTest : public testing::Test {
 protected:
  std::optional<AnswerQueue::Piece> next() {
    return queue_.next(now_ms_, [this](const std::string& org) { return org != full_; });
  }
  // Makes the next piece; the height, or nothing.
  std::optional<Height> make_block(std::size_t bytes) {
    const auto piece = next();
    if (!piece) return std::nullopt;
    queue_.finish(AnswerQueue::Made{bytes, bytes});
    return std::get<Height>(piece->what);
  }
  static AttachmentWanted part(std::uint64_t number) {
    return {crypto::sha256(crypto::as_bytes(std::to_string(number))), 0};
  }

  AnswerQueue queue_;
  std::uint64_t now_ms_ = 1'000'000;
  std::string full_;
};

TEST_F(AnswerQueueTest, MakesOnePieceAtATimeAndPeersTakeTurns) {
  queue_.ask("a", DecidedWanted{{1}, 3});
  queue_.ask("b", AttachmentWanted(part(1)));
  queue_.ask("b", AttachmentWanted(part(2)));
  std::string turns;
  while (const auto piece = next()) {
    EXPECT_FALSE(next().has_value());
    turns += piece->org;
    queue_.finish(AnswerQueue::Made{100, 100});
  }
  EXPECT_EQ(turns, "ababa");
  EXPECT_FALSE(queue_.is_held_up());
}

TEST_F(AnswerQueueTest, PartsOfSnapshotsTakeTheirTurnAndCostTheirBytes) {
  const replica::SnapshotPartId id{crypto::sha256({}), 3};
  for (int i = 0; i < 2; ++i) {
    queue_.ask("a", replica::SnapshotWanted{});
    queue_.ask("a", replica::SnapshotWanted{id});  // the same again is no other question
  }
  queue_.ask("b", DecidedWanted{{1}, 1});
  std::string turns;
  std::vector<std::optional<replica::SnapshotPartId>> parts;
  while (const auto piece = next()) {
    turns += piece->org;
    const auto* wanted = std::get_if<replica::SnapshotWanted>(&piece->what);
    if (wanted != nullptr) parts.push_back(wanted->part);
    queue_.finish(AnswerQueue::Made{3 * kAnswerBytesPerSecond, 0});
  }
  EXPECT_EQ(turns, "ab");
  EXPECT_TRUE(queue_.is_held_up());  // it has spent more than it may
  now_ms_ += 10'000;
  ASSERT_TRUE(next().has_value());
  queue_.finish(AnswerQueue::Made{});
  EXPECT_FALSE(next().has_value());
  EXPECT_FALSE(parts.front().has_value());
}

TEST_F(AnswerQueueTest, EndsAnAnswerWithTheBlockThatReachesItsBytes) {
  queue_.ask("a", DecidedWanted{{5}, 16});
  EXPECT_EQ(make_block(kDecidedAnswerBytes / 2), Height{5});
  EXPECT_EQ(make_block(kDecidedAnswerBytes / 2), Height{6});
  EXPECT_EQ(make_block(1), std::nullopt);
}

TEST_F(AnswerQueueTest, EndsAnAnswerWhereTheStoreEnds) {
  queue_.ask("a", DecidedWanted{{5}, 16});
  ASSERT_TRUE(next().has_value());
  queue_.finish(std::nullopt);
  EXPECT_FALSE(next().has_value());
  EXPECT_FALSE(queue_.is_held_up());
}

TEST_F(AnswerQueueTest, ReadsNothingForAPeerWhoseQueueIsFull) {
  queue_.ask("a", DecidedWanted{{1}, 1});
  full_ = "a";
  EXPECT_FALSE(next().has_value());
  EXPECT_TRUE(queue_.is_held_up());
  queue_.ask("b", DecidedWanted{{1}, 1});
  EXPECT_EQ(next()->org, "b");
}

TEST_F(AnswerQueueTest, LetsAPeerSpendSoManyBytesASecond) {
  std::size_t read = 0;
  std::uint64_t number = 0;
  for (std::uint64_t ms = 0; ms < 10'000; ms += 10, now_ms_ += 10) {
    queue_.ask("greedy", AttachmentWanted(part(++number)));
    while (next()) {
      queue_.finish(AnswerQueue::Made{kAttachmentBytesMax, 0});
      read += kAttachmentBytesMax;
    }
  }
  EXPECT_LE(read, 12 * kAnswerBytesPerSecond + kAttachmentBytesMax);
  EXPECT_GE(read, 10 * kAnswerBytesPerSecond);
  queue_.ask("modest", AttachmentWanted(part(1)));
  ASSERT_TRUE(next().has_value());  // another's greed is not its own
}

TEST_F(AnswerQueueTest, GivesNoNewBudgetForANewConnection) {
  for (int i = 0; i < 100; ++i) {
    queue_.ask("greedy", AttachmentWanted(part(1)));
    if (next()) queue_.finish(AnswerQueue::Made{kAttachmentBytesMax, 0});
    queue_.forget("greedy");
  }
  queue_.ask("greedy", AttachmentWanted(part(1)));
  EXPECT_FALSE(next().has_value());
}

TEST_F(AnswerQueueTest, HearsABoundedNumberOfQuestionsAndNoneTwice) {
  for (std::uint64_t i = 0; i < 10 * kAnswersWaitingMax; ++i) {
    queue_.ask("a", AttachmentWanted(part(i / 2)));
  }
  std::size_t made = 0;
  for (; next(); ++made) queue_.finish(AnswerQueue::Made{1, 0});
  EXPECT_EQ(made, kAnswersWaitingMax);
}

TEST_F(AnswerQueueTest, ForgetsAPeerThatLeavesInTheMiddle) {
  queue_.ask("a", DecidedWanted{{1}, 16});
  ASSERT_TRUE(next().has_value());
  queue_.forget("a");
  queue_.ask("a", DecidedWanted{{9}, 1});
  queue_.finish(AnswerQueue::Made{1, 1});  // of the connection that is gone
  EXPECT_EQ(make_block(1), Height{9});
}

}  // namespace
}  // namespace treeproof::node
