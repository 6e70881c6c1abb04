#include "consensus/bft/guard.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "crypto/hash.h"

namespace treeproof::bft {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::uint64_t kGuardVersion = 1;

SignPosition position(const SignRequest& request) {
  return {request.height, request.round, request.step};
}

}  // namespace

SignStep sign_step(VoteType type) noexcept {
  return type == VoteType::prevote ? SignStep::prevote : SignStep::precommit;
}

SignPosition position_of(const Proposal& proposal) noexcept {
  return {proposal.height, proposal.round, SignStep::proposal};
}

SignPosition position_of(const Vote& vote) noexcept {
  return {vote.height, vote.round, sign_step(vote.type)};
}

GuardVerdict GuardState::judge(const SignRequest& request) const noexcept {
  if (position(request) > position(last_)) return GuardVerdict::sign;
  if (holds_signature_ && request == last_) return GuardVerdict::stored;
  return GuardVerdict::refuse;
}

void GuardState::record(const SignRequest& request, const crypto::Signature& signature) {
  assert(judge(request) == GuardVerdict::sign);
  last_ = request;
  signature_ = signature;
  holds_signature_ = true;
  ++sequence_;
}

void GuardState::raise_floor(Height height, Round round, SignStep step) noexcept {
  const SignRequest floor{height, round, step, {}};
  if (position(floor) <= position(last_)) return;
  last_ = floor;
  signature_ = {};
  holds_signature_ = false;
  ++sequence_;
}

std::size_t guard_slot_offset(const GuardState& state) noexcept {
  return state.sequence() % 2 * kGuardSlotBytes;
}

crypto::Bytes encode_guard_slot(const GuardState& state) {
  crypto::CborWriter body;
  body.array(7).uint(kGuardVersion).uint(state.sequence_).uint(state.last_.height.value);
  body.integer(state.last_.round.value).uint(static_cast<std::uint64_t>(state.last_.step));
  body.bytes(state.last_.digest);
  if (state.holds_signature_) {
    body.bytes(state.signature_);
  } else {
    body.null();
  }
  const crypto::Bytes record = body.finish();
  crypto::Bytes slot;
  crypto::append_u32be(slot, static_cast<std::uint32_t>(record.size()));
  slot.insert(slot.end(), record.begin(), record.end());
  const crypto::Hash checksum = crypto::sha256(slot);
  slot.insert(slot.end(), checksum.begin(), checksum.begin() + kChecksumBytes);
  slot.resize(kGuardSlotBytes);
  return slot;
}

std::expected<GuardState, Refusal> decode_guard_slot(crypto::ByteSpan bytes) {
  if (bytes.size() != kGuardSlotBytes) return std::unexpected(Refusal::malformed);
  const std::size_t length = crypto::read_u32be(bytes);
  if (length == 0 || length > kGuardSlotBytes - kLengthBytes - kChecksumBytes) {
    return std::unexpected(Refusal::bad_checksum);
  }
  const crypto::Hash checksum = crypto::sha256(bytes.first(kLengthBytes + length));
  const crypto::ByteSpan stored = bytes.subspan(kLengthBytes + length, kChecksumBytes);
  if (!std::equal(stored.begin(), stored.end(), checksum.begin())) {
    return std::unexpected(Refusal::bad_checksum);
  }
  crypto::CborReader in(bytes.subspan(kLengthBytes, length));
  GuardState state;
  in.array_exact(7);
  if (in.uint() != kGuardVersion) in.fail(crypto::CborError::out_of_range);
  state.sequence_ = in.uint();
  state.last_.height = {in.uint()};
  state.last_.round = {static_cast<std::int32_t>(in.integer(0, kRoundMax))};
  state.last_.step =
      static_cast<SignStep>(in.uint(static_cast<std::uint64_t>(SignStep::precommit)));
  state.last_.digest = in.hash();
  state.holds_signature_ = !in.next_is_null();
  if (state.holds_signature_) {
    std::ranges::copy(in.bytes_exact(state.signature_.size()), state.signature_.begin());
  } else {
    in.null();
  }
  if (!in.finish() || state.last_.step < SignStep::proposal) {
    return std::unexpected(Refusal::malformed);
  }
  return state;
}

std::expected<GuardState, Refusal> decode_guard_file(crypto::ByteSpan bytes) {
  if (bytes.size() != kGuardFileBytes) return std::unexpected(Refusal::malformed);
  auto even = decode_guard_slot(bytes.first(kGuardSlotBytes));
  auto odd = decode_guard_slot(bytes.subspan(kGuardSlotBytes));
  if (!even) return odd;
  if (!odd) return even;
  return even->sequence() > odd->sequence() ? even : odd;
}

crypto::Bytes new_guard_file() {
  crypto::Bytes file = encode_guard_slot({});
  file.resize(kGuardFileBytes);
  return file;
}

}  // namespace treeproof::bft
