#include "consensus/bft/guard.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

SignRequest request(std::uint64_t height, std::int32_t round, SignStep step,
                    std::string_view what = "bytes") {
  return {{height}, {round}, step, crypto::sha256(crypto::as_bytes(what))};
}

crypto::Signature signature(std::uint8_t fill) {
  crypto::Signature made;
  made.fill(fill);
  return made;
}

GuardState at(std::uint64_t height, std::int32_t round, SignStep step) {
  GuardState state;
  state.record(request(height, round, step), signature(7));
  return state;
}

TEST(Guard, PlacesOfMessagesAscendAsAValidatorSigns) {
  const Proposal proposal{Height{2}, Round{1}, {}, kNoRound, {}, {}, {}};
  Vote vote{VoteType::prevote, Height{2}, Round{1}, {}, kNoRound, {}, {}, {}};
  const SignPosition prevote = position_of(vote);
  vote.type = VoteType::precommit;
  EXPECT_LT(position_of(proposal), prevote);
  EXPECT_LT(prevote, position_of(vote));
  vote.round = Round{0};
  EXPECT_LT(position_of(vote), position_of(proposal));
}

crypto::Bytes file_of(const GuardState& older, const GuardState& newer) {
  crypto::Bytes file(kGuardFileBytes);
  for (const GuardState* state : {&older, &newer}) {
    const crypto::Bytes slot = encode_guard_slot(*state);
    std::ranges::copy(slot, file.begin() + static_cast<std::ptrdiff_t>(guard_slot_offset(*state)));
  }
  return file;
}

TEST(Guard, SignsStrictlyUpwardsInHeightRoundAndStep) {
  const GuardState state = at(5, 2, SignStep::prevote);
  EXPECT_EQ(state.judge(request(5, 2, SignStep::precommit)), GuardVerdict::sign);
  EXPECT_EQ(state.judge(request(5, 3, SignStep::proposal)), GuardVerdict::sign);
  EXPECT_EQ(state.judge(request(6, 0, SignStep::proposal)), GuardVerdict::sign);
  EXPECT_EQ(state.judge(request(5, 2, SignStep::proposal)), GuardVerdict::refuse);
  EXPECT_EQ(state.judge(request(5, 1, SignStep::precommit)), GuardVerdict::refuse);
  EXPECT_EQ(state.judge(request(4, 9, SignStep::precommit)), GuardVerdict::refuse);
}

TEST(Guard, TheSameRequestGetsTheStoredSignature) {
  const GuardState state = at(5, 2, SignStep::prevote);
  EXPECT_EQ(state.judge(request(5, 2, SignStep::prevote)), GuardVerdict::stored);
  EXPECT_EQ(state.stored_signature(), signature(7));
}

TEST(Guard, RefusesOtherBytesOfTheSameStep) {
  const GuardState state = at(5, 2, SignStep::prevote);
  EXPECT_EQ(state.judge(request(5, 2, SignStep::prevote, "others")), GuardVerdict::refuse);
}

TEST(Guard, AnEmptyGuardSignsTheFirstProposal) {
  EXPECT_EQ(GuardState().judge(request(1, 0, SignStep::proposal)), GuardVerdict::sign);
}

TEST(Guard, NeverSignsAtOrBelowTheFloorThatPeersReport) {
  GuardState state = at(5, 2, SignStep::prevote);
  state.raise_floor({9}, {1}, SignStep::precommit);
  EXPECT_EQ(state.judge(request(9, 1, SignStep::precommit)), GuardVerdict::refuse);
  EXPECT_EQ(state.judge(request(5, 2, SignStep::prevote)), GuardVerdict::refuse);
  EXPECT_EQ(state.judge(request(9, 2, SignStep::proposal)), GuardVerdict::sign);
  const GuardState raised = state;
  state.raise_floor({3}, {0}, SignStep::proposal);
  EXPECT_EQ(state, raised);
}

TEST(Guard, SlotsComeBackFromTheirBytes) {
  GuardState floor;
  floor.raise_floor({3}, {1}, SignStep::prevote);
  for (const GuardState& state : {GuardState(), at(1, 0, SignStep::proposal), floor}) {
    const crypto::Bytes slot = encode_guard_slot(state);
    EXPECT_EQ(slot.size(), kGuardSlotBytes);
    const auto back = decode_guard_slot(slot);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, state);
  }
}

TEST(Guard, RecordsAlternateBetweenTheSlots) {
  GuardState state = at(1, 0, SignStep::proposal);
  const std::size_t first = guard_slot_offset(state);
  state.record(request(1, 0, SignStep::prevote), signature(8));
  EXPECT_NE(guard_slot_offset(state), first);
}

TEST(Guard, TheNewerSlotWins) {
  const GuardState older = at(1, 0, SignStep::proposal);
  GuardState newer = older;
  newer.record(request(1, 0, SignStep::prevote), signature(8));
  EXPECT_EQ(decode_guard_file(file_of(older, newer)), newer);
}

TEST(Guard, ATornWriteOfAnyLengthLeavesTheOlderSlot) {
  const GuardState older = at(1, 0, SignStep::proposal);
  GuardState newer = older;
  newer.record(request(1, 0, SignStep::prevote), signature(8));
  GuardState before;  // what the slot held two records ago
  const crypto::Bytes torn_over = file_of(older, before);
  const crypto::Bytes slot = encode_guard_slot(newer);
  const std::size_t record_bytes = 4 + crypto::read_u32be(slot) + 8;
  for (std::size_t written = 0; written < record_bytes; ++written) {
    crypto::Bytes file = torn_over;
    std::copy_n(slot.begin(), written,
                file.begin() + static_cast<std::ptrdiff_t>(guard_slot_offset(newer)));
    const auto read = decode_guard_file(file);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, older) << written;
  }
}

TEST(Guard, RefusesAFileWithoutAnySlot) {
  EXPECT_EQ(testing::refusal_of(decode_guard_file(crypto::Bytes(kGuardFileBytes))),
            Refusal::bad_checksum);
  EXPECT_EQ(testing::refusal_of(decode_guard_file(crypto::Bytes(17))), Refusal::malformed);
  EXPECT_EQ(decode_guard_file(new_guard_file()), GuardState());
}

TEST(Guard, RefusesEveryChangedByteOfARecord) {
  const crypto::Bytes slot = encode_guard_slot(at(5, 2, SignStep::prevote));
  const std::size_t record_bytes = 4 + crypto::read_u32be(slot) + 8;
  for (std::size_t i = 0; i < record_bytes; ++i) {
    crypto::Bytes changed = slot;
    changed[i] ^= 0x10;
    EXPECT_FALSE(decode_guard_slot(changed).has_value()) << i;
  }
}

}  // namespace
}  // namespace treeproof::bft
