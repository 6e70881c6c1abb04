// Whom a node without a block asks for a snapshot, and what liars and silent peers cost it.
#include "consensus/replica/snapshot_desk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/signature.h"

namespace treeproof::replica {
namespace {

constexpr std::uint64_t kAhead = 100;

// A snapshot as peers have it.
struct Served {
  explicit Served(std::uint64_t height, std::size_t size, std::uint8_t fill) {
    crypto::Bytes all(size, fill);
    for (std::size_t at = 0; at < size; at += kSnapshotPartBytes) {
      const std::size_t end = std::min(size, at + kSnapshotPartBytes);
      all[at] = static_cast<std::uint8_t>(parts.size());
      parts.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                         all.begin() + static_cast<std::ptrdiff_t>(end));
      leaves.push_back(crypto::leaf_hash(parts.back()));
    }
    offer = {{height}, size, crypto::merkle_root(leaves)};
  }
  SnapshotPart part(std::uint64_t index) const {
    return {{offer.root, index}, crypto::inclusion_path(index, leaves), parts[index]};
  }
  std::vector<crypto::Bytes> parts;
  std::vector<crypto::Hash> leaves;
  SnapshotOffer offer;
};

std::shared_ptr<const ValidatorSet> four_validators() {
  std::vector<Validator> all;
  for (const char* org : {"desert-ngo", "platform", "river-ngo", "verifier"}) {
    const auto secret = crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(org)));
    all.push_back({org, 1, secret->public_key()});
  }
  return std::make_shared<const ValidatorSet>(ValidatorSet::make(std::move(all)).value());
}

class SnapshotDeskTest : public testing::Test {
 protected:
  using Steps = SnapshotDesk::Steps;

  // Everybody is connected and far ahead, and has been asked what there is.
  void seek() {
    for (const std::string& org : {kA, kB, kC}) take(desk_.connect(org, now_));
    take(desk_.hear(kA, {5'000}, now_));
    take(desk_.hear(kB, {5'000}, now_));
  }
  void offer(const std::string& org, const Served& served) {
    take(desk_.take(org, SnapshotOffered{served.offer}, now_));
  }
  void wait(std::uint64_t ms) {
    for (; ms > 0; ms -= std::min<std::uint64_t>(ms, 250)) {
      now_.value += std::min<std::uint64_t>(ms, 250);
      take(desk_.tick(now_));
    }
  }
  void take(Steps steps) {
    for (auto& request : steps.requests) asked_.push_back(std::move(request));
    for (auto& liar : steps.liars) liars_.push_back(std::move(liar));
    if (steps.next) given_.push_back(steps.next->id.index);
    is_complete_ = is_complete_ || steps.is_complete;
  }
  // Answers all questions for parts as they were asked, and reads what is given.
  void serve(const Served& served, const std::set<std::string>& silent = {}) {
    while (!asked_.empty() || given_.size() > read_) {
      auto asked = std::exchange(asked_, {});
      for (const auto& [org, wanted] : asked) {
        if (!wanted.part || silent.contains(org)) continue;
        most_of_one_ = std::max(most_of_one_, std::ranges::count(asked, org, [](const auto& one) {
                                  return one.wanted.part ? one.org : std::string();
                                }));
        take(desk_.take(org, served.part(wanted.part->index), now_));
      }
      for (; read_ < given_.size(); ++read_) take(desk_.read(given_[read_], now_));
    }
  }
  std::vector<std::string> asked_for_parts() const {
    std::vector<std::string> orgs;
    for (const auto& [org, wanted] : asked_) {
      if (wanted.part) orgs.push_back(org);
    }
    return orgs;
  }

  const std::string kA = "desert-ngo", kB = "river-ngo", kC = "verifier";
  SnapshotDesk desk_{four_validators(), kAhead};
  TimeMs now_{1'000'000};
  std::vector<SnapshotDesk::Request> asked_;
  std::vector<std::string> liars_;
  std::vector<std::uint64_t> given_;
  std::size_t read_ = 0;
  std::ptrdiff_t most_of_one_ = 0;
  bool is_complete_ = false;
  const Served good_{5'000, 7 * kSnapshotPartBytes + 5, 1};
};

TEST_F(SnapshotDeskTest, TakesEveryPartInOrderOnePartOfAPeerAtATime) {
  seek();
  EXPECT_TRUE(desk_.is_active());
  EXPECT_EQ(asked_.size(), 3u);
  for (const std::string& org : {kA, kB, kC}) offer(org, good_);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), good_.offer);
  serve(good_);
  EXPECT_TRUE(is_complete_);
  EXPECT_EQ(given_, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(most_of_one_, 1);
  EXPECT_TRUE(liars_.empty());
}

TEST_F(SnapshotDeskTest, WhoIsNotFarBehindAsksForNothing) {
  take(desk_.connect(kA, now_));
  take(desk_.hear(kA, {kAhead}, now_));
  EXPECT_FALSE(desk_.is_active());
  EXPECT_TRUE(asked_.empty());
  SnapshotDesk never(four_validators(), 0);
  never.hear(kA, {5'000}, now_);
  EXPECT_FALSE(never.is_active());
}

// One that names a height far ahead holds a node up for a moment, not longer.
TEST_F(SnapshotDeskTest, TheClaimOfAThirdOrLessCountsForNothing) {
  take(desk_.connect(kA, now_));
  take(desk_.hear(kA, {5'000}, now_));
  take(desk_.hear("stranger", {5'000}, now_));
  offer(kA, good_);
  wait(SnapshotDesk::kIdleMs);
  EXPECT_TRUE(desk_.is_over());
  EXPECT_TRUE(asked_for_parts().empty());
}

// A node that starts meets its peers one after the other.
TEST_F(SnapshotDeskTest, WaitsForASecondClaimAndThenForItsOffer) {
  take(desk_.connect(kA, now_));
  take(desk_.hear(kA, {5'000}, now_));
  wait(5 * SnapshotDesk::kAskMs);
  EXPECT_TRUE(desk_.is_active());
  take(desk_.connect(kB, now_));
  take(desk_.hear(kB, {5'000}, now_));
  wait(SnapshotDesk::kAskMs / 2);
  offer(kB, good_);
  EXPECT_TRUE(asked_for_parts().empty());
  wait(SnapshotDesk::kAskMs / 2);
  EXPECT_EQ(desk_.chosen(), good_.offer);
}

// Who takes its claim back and makes it again holds a node up no longer than who keeps to it.
TEST_F(SnapshotDeskTest, AClaimThatComesAndGoesIsNotWaitedForForEver) {
  for (const std::string& org : {kA, kB}) take(desk_.connect(org, now_));
  take(desk_.hear(kA, {5'000}, now_));
  for (std::uint64_t waited = 0; waited < SnapshotDesk::kIdleMs; waited += 1'000) {
    take(desk_.hear(kB, {waited % 2'000 == 0 ? 5'000u : 1u}, now_));
    wait(1'000);
  }
  EXPECT_TRUE(desk_.is_over());
}

TEST_F(SnapshotDeskTest, WithNoOfferItGivesUpAtOnceAndForGood) {
  seek();
  take(desk_.take(kA, SnapshotOffered{}, now_));
  wait(SnapshotDesk::kAskMs);
  EXPECT_TRUE(desk_.is_over());
  take(desk_.hear(kA, {9'000}, now_));
  EXPECT_TRUE(desk_.is_over());
}

TEST_F(SnapshotDeskTest, WhatAThirdOffersGoesBeforeWhatOneSaysIsNewer) {
  seek();
  offer(kA, Served(9'000, 10, 7));
  offer(kB, good_);
  offer(kC, good_);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), good_.offer);
}

// The liar's name comes first; the root that it puts under another height is the true one.
TEST_F(SnapshotDeskTest, ATrueRootUnderAFalseHeightCostsOnlyWhoSaysSo) {
  seek();
  Served renamed = good_;
  renamed.offer.height = {9'000};
  offer(kA, renamed);
  offer(kB, good_);
  offer(kC, good_);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), good_.offer);
  take(desk_.disconnect(kC, now_));
  take(desk_.disconnect(kB, now_));
  EXPECT_EQ(desk_.chosen(), renamed.offer);  // nobody else is left
  take(desk_.connect(kB, now_));
  offer(kB, good_);
  take(desk_.refuse(now_));
  EXPECT_EQ(liars_, (std::vector<std::string>{kA}));
  EXPECT_EQ(desk_.chosen(), good_.offer);
}

TEST_F(SnapshotDeskTest, AnOldOneIsTakenOnlyWhereThereIsNoNewerAndNeverOneThatHelpsNothing) {
  seek();
  offer(kA, Served(kAhead, 10, 7));
  offer(kB, Served(kAhead + 1, 10, 8));
  offer(kC, good_);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), good_.offer);
  take(desk_.disconnect(kC, now_));
  ASSERT_TRUE(desk_.chosen().has_value());
  EXPECT_EQ(desk_.chosen()->height, Height{kAhead + 1});
  take(desk_.disconnect(kB, now_));
  EXPECT_TRUE(desk_.is_over());
}

TEST_F(SnapshotDeskTest, AWrongPartCostsItsSenderAndNothingOfItIsGiven) {
  const auto wrong = [&](auto change) {
    SCOPED_TRACE(liars_.size());
    desk_ = SnapshotDesk(four_validators(), kAhead);
    asked_.clear();
    given_.clear();
    liars_.clear();
    read_ = 0;
    is_complete_ = false;
    seek();
    for (const std::string& org : {kA, kB}) offer(org, good_);
    wait(SnapshotDesk::kAskMs);
    const auto asked = std::exchange(asked_, {});
    const auto first = std::ranges::find_if(
        asked, [](const auto& one) { return one.wanted.part && one.wanted.part->index == 0; });
    ASSERT_NE(first, asked.end());
    const auto second = std::ranges::find_if(
        asked, [](const auto& one) { return one.wanted.part && one.wanted.part->index == 1; });
    ASSERT_NE(second, asked.end());
    SnapshotPart part = good_.part(0);
    change(part);
    take(desk_.take(first->org, std::move(part), now_));
    EXPECT_EQ(liars_, (std::vector<std::string>{first->org}));
    EXPECT_TRUE(given_.empty());
    take(desk_.take(second->org, good_.part(1), now_));
    serve(good_);
    EXPECT_TRUE(is_complete_);
  };
  wrong([](SnapshotPart& part) { part.bytes[9] ^= 1; });
  wrong([](SnapshotPart& part) { part.bytes.pop_back(); });
  wrong([](SnapshotPart& part) { part.bytes.push_back(0); });
  wrong([](SnapshotPart& part) { part.path.pop_back(); });
  wrong([](SnapshotPart& part) { part.path.push_back({}); });
  wrong([&](SnapshotPart& part) { part.bytes = good_.parts[1]; });
}

TEST_F(SnapshotDeskTest, WhatNobodyAskedForIsPassedOver) {
  seek();
  offer(kA, good_);
  offer(kB, good_);
  wait(SnapshotDesk::kAskMs);
  take(desk_.take(kC, good_.part(0), now_));
  take(desk_.take(kA, good_.part(7), now_));
  take(desk_.take(kA, Served(5'000, 10, 7).part(0), now_));
  EXPECT_TRUE(given_.empty());
  EXPECT_TRUE(liars_.empty());
}

TEST_F(SnapshotDeskTest, WhoOffersAndNeverServesIsAskedTwiceAndNoMore) {
  seek();
  for (const std::string& org : {kA, kB}) offer(org, good_);
  wait(SnapshotDesk::kAskMs);
  std::size_t asked_silent = 0;
  for (int i = 0; i < 200 && !is_complete_; ++i) {
    asked_silent += static_cast<std::size_t>(std::ranges::count(asked_for_parts(), kA));
    serve(good_, {kA});
    wait(250);
  }
  EXPECT_TRUE(is_complete_);
  EXPECT_EQ(asked_silent, SnapshotDesk::kFailuresMax);
  EXPECT_TRUE(liars_.empty());
}

TEST_F(SnapshotDeskTest, WhereTheOnlyHolderIsSilentAnotherSnapshotIsTaken) {
  const Served older{4'000, 3, 2};
  seek();
  offer(kA, good_);
  offer(kB, older);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), good_.offer);
  asked_.clear();
  wait(3 * SnapshotDesk::kLateMs);
  EXPECT_EQ(desk_.chosen(), older.offer);
  serve(older);
  EXPECT_TRUE(is_complete_);
}

TEST_F(SnapshotDeskTest, WhoOffersWhatTheHostRefusesIsAskedForNothingAgain) {
  const Served fake{6'000, kSnapshotPartBytes, 2};
  seek();
  offer(kA, fake);
  offer(kB, good_);
  wait(SnapshotDesk::kAskMs);
  EXPECT_EQ(desk_.chosen(), fake.offer);
  ASSERT_EQ(asked_for_parts(), (std::vector<std::string>{kA}));
  take(desk_.take(kA, fake.part(0), now_));
  EXPECT_EQ(given_, (std::vector<std::uint64_t>{0}));
  asked_.clear();
  given_.clear();
  take(desk_.refuse(now_));
  EXPECT_EQ(liars_, (std::vector<std::string>{kA}));
  EXPECT_EQ(desk_.chosen(), good_.offer);
  offer(kA, good_);
  serve(good_);
  EXPECT_TRUE(is_complete_);
  EXPECT_EQ(std::ranges::count(asked_for_parts(), kA), 0);
}

TEST_F(SnapshotDeskTest, AfterManySnapshotsThatDoNotHoldItReplaysBlocks) {
  seek();
  for (std::size_t i = 0; i < 2 * SnapshotDesk::kChoicesMax && !desk_.is_over(); ++i) {
    offer(kA, Served(6'000 + i, 10, static_cast<std::uint8_t>(i)));
    wait(SnapshotDesk::kAskMs);
  }
  EXPECT_TRUE(desk_.is_over());
}

TEST_F(SnapshotDeskTest, ATrickleIsNotEnough) {
  const Served older{4'000, 3, 2};
  seek();
  offer(kA, good_);
  offer(kB, older);
  wait(SnapshotDesk::kAskMs);
  for (std::uint64_t i = 0; i < 8 && desk_.chosen() == good_.offer; ++i) {
    asked_.clear();
    wait(SnapshotDesk::kLateMs - 500);
    if (desk_.chosen() == good_.offer && i < 7) desk_.note_progress(now_);
  }
  wait(SnapshotDesk::kIdleMs + 8 * SnapshotDesk::kMsPerPart);
  EXPECT_NE(desk_.chosen(), good_.offer);
}

TEST_F(SnapshotDeskTest, WhoLeavesLeavesItsPartsToOthers) {
  seek();
  for (const std::string& org : {kA, kB, kC}) offer(org, good_);
  wait(SnapshotDesk::kAskMs);
  asked_.clear();
  take(desk_.disconnect(kA, now_));
  take(desk_.disconnect(kB, now_));
  wait(SnapshotDesk::kLateMs);
  serve(good_);
  EXPECT_TRUE(is_complete_);
  take(desk_.connect(kA, now_));
  EXPECT_EQ(asked_.size(), 1u);  // what it offers now
}

}  // namespace
}  // namespace treeproof::replica
