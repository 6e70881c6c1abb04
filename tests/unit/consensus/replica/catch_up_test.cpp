#include "consensus/replica/catch_up.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"

namespace treeproof::replica {
namespace {

class CatchUpTest : public testing::Test {
 protected:
  void claim(const std::string& org, std::uint64_t height) {
    peers_.connect(org);
    peers_.note_decided(org, {height});
  }
  std::vector<CatchUp::Request> ask(std::uint64_t own = 0) {
    return catch_up_.next_requests({own}, peers_, now_);
  }
  static Decided block(std::uint64_t height, std::size_t bytes = 100) {
    auto body = std::make_shared<ledger::Block>();
    body->header_bytes.resize(bytes);
    return {bft::CommitCertificate{{height}, {}, {}, {}}, std::move(body)};
  }
  bool take(const std::string& org, std::uint64_t height, std::size_t bytes = 100) {
    return catch_up_.take(org, block(height, bytes), now_);
  }
  void pass(std::uint64_t ms) {
    now_.value += ms;
    catch_up_.expire(now_);
  }

  PeerBook peers_;
  CatchUp catch_up_;
  TimeMs now_{1'000'000};
};

TEST_F(CatchUpTest, AsksEachPeerForOtherHeights) {
  claim("a", 100);
  claim("b", 100);
  const auto requests = ask();
  ASSERT_EQ(requests.size(), 4u);
  std::set<std::string> orgs;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].wanted.from, Height{1 + i * kDecidedWantedMax});
    EXPECT_EQ(requests[i].wanted.count, kDecidedWantedMax);
    orgs.insert(requests[i].org);
  }
  EXPECT_EQ(orgs.size(), 2u);
  EXPECT_TRUE(ask().empty());  // all of them are under way
}

TEST_F(CatchUpTest, AsksNobodyForMoreThanItSaysItHas) {
  claim("a", 3);
  const auto requests = ask();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].wanted.count, 3u);
  EXPECT_TRUE(ask(3).empty());
}

TEST_F(CatchUpTest, KeepsOnlyWhatThisPeerWasAskedFor) {
  claim("a", 16);
  peers_.connect("b");
  ask();
  EXPECT_FALSE(take("b", 1));   // another one
  EXPECT_FALSE(take("a", 17));  // beyond the question
  EXPECT_FALSE(take("a", 1'000'000));
  EXPECT_EQ(catch_up_.find({1'000'000}), nullptr);
  EXPECT_TRUE(take("a", 2));
  EXPECT_FALSE(take("a", 2));  // a second time
  EXPECT_TRUE(take("a", 1));
  ASSERT_NE(catch_up_.find({1}), nullptr);
}

TEST_F(CatchUpTest, AsksAnotherPeerOnceOneLetItsTimePass) {
  claim("a", 16);
  ASSERT_EQ(ask().size(), 1u);
  claim("b", 16);
  pass(CatchUp::kPatienceMs - 1);
  EXPECT_TRUE(ask().empty());
  pass(1);
  const auto again = ask();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].org, "b");
  EXPECT_FALSE(take("a", 1));  // its late answer
}

TEST_F(CatchUpTest, LosesItsPatienceWithWhoSendsAllButTheNextBlock) {
  claim("a", 16);
  ask();
  for (std::uint64_t height = 2; height <= 16; ++height) {
    now_.value += CatchUp::kPatienceMs / 20;
    EXPECT_TRUE(take("a", height));
  }
  claim("b", 16);
  pass(CatchUp::kPatienceMs / 2);
  const auto again = ask();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].org, "b");
  EXPECT_EQ(again[0].wanted.from, Height{1});
  EXPECT_EQ(again[0].wanted.count, 1u);
}

TEST_F(CatchUpTest, GivesASlowPeerMoreTimeAndLessToDo) {
  claim("a", 16);
  std::uint64_t waited_ms = 0;
  std::uint64_t asked = 0;
  for (; waited_ms < 1'000'000; waited_ms += 500, pass(500)) asked += ask().size();
  EXPECT_GE(asked, 5u);
  EXPECT_LE(asked, 15u);
}

TEST_F(CatchUpTest, IsStarvedOnceNobodyWhoIsAheadGivesAnything) {
  claim("a", 16);
  claim("b", 16);
  EXPECT_FALSE(catch_up_.is_starved({0}, peers_));
  std::uint64_t waited_ms = 0;
  for (; !catch_up_.is_starved({0}, peers_); waited_ms += 500, pass(500)) {
    ASSERT_LT(waited_ms, 60'000u);
    ask();
  }
  EXPECT_GE(waited_ms, 10'000u);
  EXPECT_FALSE(catch_up_.is_starved({16}, peers_));  // nobody is ahead
  claim("c", 16);
  EXPECT_FALSE(catch_up_.is_starved({0}, peers_));  // it was not asked yet
}

TEST_F(CatchUpTest, ForgivesWhoDoesWellAgain) {
  claim("a", 100);
  ask();
  pass(CatchUp::kPatienceMs);
  EXPECT_TRUE(ask().empty());  // excluded
  pass(CatchUp::kPatienceMs);
  ASSERT_FALSE(ask().empty());
  EXPECT_TRUE(take("a", 1));
  catch_up_.move_to({1});
  pass(2 * CatchUp::kPatienceMs);  // its second chance had twice the time
  EXPECT_TRUE(ask(1).empty());
  pass(CatchUp::kPatienceMs);  // and the next exclusion is as short as the first
  EXPECT_FALSE(ask(1).empty());
}

TEST_F(CatchUpTest, KeepsNothingOfALiar) {
  claim("a", 2);
  ask();
  EXPECT_TRUE(take("a", 1));
  catch_up_.fail("a", now_);
  EXPECT_EQ(catch_up_.find({1}), nullptr);
  EXPECT_FALSE(take("a", 2));
  claim("b", 2);
  const auto again = ask();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].org, "b");
  EXPECT_EQ(again[0].wanted.count, 2u);
}

TEST_F(CatchUpTest, FreesTheHeightsOfAPeerThatLeaves) {
  claim("a", 16);
  ask();
  peers_.disconnect("a");
  catch_up_.leave("a");
  EXPECT_TRUE(ask().empty());
  peers_.connect("a");
  EXPECT_EQ(ask().size(), 1u);  // no blame
}

TEST_F(CatchUpTest, AsksAnewForWhatAnAnswerLeftOutBecauseOfItsBytes) {
  claim("a", 16);
  ask();
  EXPECT_TRUE(take("a", 1, kDecidedAnswerBytes / 2));
  EXPECT_TRUE(ask().empty());
  EXPECT_TRUE(take("a", 2, kDecidedAnswerBytes / 2));
  const auto more = ask();
  ASSERT_EQ(more.size(), 1u);
  EXPECT_EQ(more[0].wanted.from, Height{3});
}

TEST_F(CatchUpTest, HoldsABoundedAmountOfBlocks) {
  claim("a", 1'000);
  std::size_t bytes = 0;
  for (int turn = 0; turn < 50; ++turn) {
    for (const auto& request : ask()) {
      for (std::uint64_t i = 1; i < request.wanted.count; ++i) {  // never the very next one
        const std::uint64_t height = request.wanted.from.value + i;
        if (take("a", height, kFrameBytesMax)) bytes += kFrameBytesMax;
      }
    }
  }
  EXPECT_LE(bytes, kCatchUpBytesMax + 2 * kDecidedAnswerBytes);
}

}  // namespace
}  // namespace treeproof::replica
