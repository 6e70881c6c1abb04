// The sign guard: what a node may still sign, so that no crash makes it sign twice.
// Owns no file: node/store writes the two slots and syncs before a signature leaves. Callers: the
// host that signs, `keys new`. Pure.
// Source: docs/consensus.md rule 23.
#pragma once

#include <array>
#include <compare>

#include "consensus/bft/messages.h"

namespace treeproof::bft {

enum class SignStep : std::uint8_t { proposal = 1, prevote = 2, precommit = 3 };

SignStep sign_step(VoteType type) noexcept;

// A place in the order in which one validator signs.
struct SignPosition {
  Height height;
  Round round;
  SignStep step = SignStep::proposal;
  auto operator<=>(const SignPosition&) const = default;
};
SignPosition position_of(const Proposal& proposal) noexcept;
SignPosition position_of(const Vote& vote) noexcept;

struct SignRequest {
  Height height;
  Round round;
  SignStep step = SignStep::proposal;
  crypto::Hash digest{};
  bool operator==(const SignRequest&) const = default;
};

enum class GuardVerdict : std::uint8_t {
  sign,    // above everything signed before: sign, record, sync, send
  stored,  // the same request again: send stored_signature()
  refuse   // at or below what was signed, with other bytes
};

class GuardState {
 public:
  // A guard that has signed nothing.
  GuardState() = default;

  GuardVerdict judge(const SignRequest& request) const noexcept;
  // Requires: judge(request) == sign.
  void record(const SignRequest& request, const crypto::Signature& signature);
  // Signs only above this from now on: the highest vote of its own that peers hold. Never lowers.
  void raise_floor(Height height, Round round, SignStep step) noexcept;

  Height height() const noexcept { return last_.height; }
  Round round() const noexcept { return last_.round; }
  const crypto::Signature& stored_signature() const noexcept { return signature_; }
  // Counts records; the slot of a record is its number modulo 2.
  std::uint64_t sequence() const noexcept { return sequence_; }

  bool operator==(const GuardState&) const = default;

 private:
  friend std::expected<GuardState, Refusal> decode_guard_slot(crypto::ByteSpan bytes);
  friend crypto::Bytes encode_guard_slot(const GuardState& state);

  SignRequest last_{};
  bool holds_signature_ = false;
  crypto::Signature signature_{};
  std::uint64_t sequence_ = 0;
};

// One slot fills a disk page, so that a torn write of one never touches the other.
inline constexpr std::size_t kGuardSlotBytes = 4'096;
inline constexpr std::size_t kGuardFileBytes = 2 * kGuardSlotBytes;

// Where the slot of this state belongs in the file.
std::size_t guard_slot_offset(const GuardState& state) noexcept;
// u32 length, CBOR [1, sequence, height, round, step, digest, signature or null], first 8 bytes of
// SHA-256 of all before, zeros up to kGuardSlotBytes.
crypto::Bytes encode_guard_slot(const GuardState& state);
std::expected<GuardState, Refusal> decode_guard_slot(crypto::ByteSpan bytes);
// The newer of the slots that hold; refused when neither does. A slot that was never written is
// all zeros and does not hold. Requires: bytes.size() == kGuardFileBytes, else refused.
std::expected<GuardState, Refusal> decode_guard_file(crypto::ByteSpan bytes);
// The file of a new key: an empty state in slot 0.
crypto::Bytes new_guard_file();

}  // namespace treeproof::bft
