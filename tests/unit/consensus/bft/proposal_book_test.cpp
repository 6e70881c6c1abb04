#include "consensus/bft/proposal_book.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using Backing = ProposalBook::Backing;
using testing::block;
using testing::proposal;

const BlockId kRed = block("red");
const BlockId kBlue = block("blue");

TEST(ProposalBook, KeepsTwoOfARoundAndReturnsEvidenceOnce) {
  ProposalBook book;
  EXPECT_FALSE(book.add(proposal(0, kRed), {0}, Backing::none).has_value());
  EXPECT_FALSE(book.add(proposal(0, kRed), {0}, Backing::none).has_value());
  EXPECT_TRUE(book.add(proposal(0, kBlue), {0}, Backing::none).has_value());
  EXPECT_FALSE(book.add(proposal(0, block("green")), {0}, Backing::none).has_value());
  EXPECT_EQ(book.of_round({0}).size(), kProposalsPerRound);
}

TEST(ProposalBook, AnotherValidRoundIsAnotherProposal) {
  ProposalBook book;
  book.add(proposal(3, kRed, 0), {3}, Backing::none);
  EXPECT_TRUE(book.add(proposal(3, kRed, 1), {3}, Backing::none).has_value());
  EXPECT_NE(book.find({3}, kRed.header_hash, {1}), nullptr);
  EXPECT_EQ(book.find({3}, kRed.header_hash, {2}), nullptr);
}

TEST(ProposalBook, BackedProposalsHaveABoundOfTheirOwn) {
  ProposalBook book;
  for (int i = 0; i < 50; ++i) {
    book.add(proposal(0, block(std::to_string(i))), {0}, Backing::one_third);
  }
  EXPECT_EQ(book.of_round({0}).size(), kProposalsPerRoundMax);
}

TEST(ProposalBook, FarAheadAProposerHasRoomInItsHighestRoundOnly) {
  ProposalBook book;
  for (std::int32_t round = 2; round < 4'000; ++round) {
    book.add(proposal(round, kRed), {0}, Backing::none);
  }
  book.add(proposal(2, kRed), {0}, Backing::none);
  int kept = 0;
  for (std::int32_t round = 2; round < 4'000; ++round) kept += !book.of_round({round}).empty();
  EXPECT_EQ(kept, 4);
  EXPECT_FALSE(book.of_round({3'998}).empty());  // of the proposer of round 2 as well
}

TEST(ProposalBook, ForgetsPastRounds) {
  ProposalBook book;
  book.add(proposal(0, kRed), {0}, Backing::none);
  book.add(proposal(1, kBlue), {0}, Backing::none);
  book.advance({1});
  EXPECT_FALSE(book.names(kRed.header_hash));
  EXPECT_TRUE(book.names(kBlue.header_hash));
  EXPECT_FALSE(book.add(proposal(0, kRed), {1}, Backing::none).has_value());
  EXPECT_TRUE(book.of_round({0}).empty());
}

TEST(KnownBlocks, OnlyTimelinessMayChange) {
  KnownBlocks blocks;
  EXPECT_EQ(blocks.validity(kRed.header_hash), Validity::unknown);
  blocks.set(kRed, Validity::untimely);
  blocks.set(kRed, Validity::valid);
  EXPECT_EQ(blocks.validity(kRed.header_hash), Validity::valid);
  EXPECT_DEATH(blocks.set(kRed, Validity::invalid), "");
}

TEST(KnownBlocks, TheOldestThatNothingNeedsGoesFirst) {
  KnownBlocks blocks;
  blocks.set(kRed, Validity::valid);
  for (std::size_t i = 0; i < 2 * kKnownBlocksMax; ++i) {
    blocks.set(block(std::to_string(i)), Validity::valid);
  }
  blocks.trim([](const crypto::Hash& hash) { return hash == kRed.header_hash; });
  EXPECT_EQ(blocks.size(), kKnownBlocksMax);
  EXPECT_NE(blocks.find(kRed.header_hash), nullptr);
  EXPECT_EQ(blocks.find(block("0").header_hash), nullptr);
}

}  // namespace
}  // namespace treeproof::bft
