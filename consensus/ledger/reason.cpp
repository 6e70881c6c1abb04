#include "consensus/ledger/reason.h"

#include <array>
#include <cassert>

namespace treeproof::ledger {

namespace {

struct Row {
  Reason reason;
  std::string_view name;
  std::string_view sentence;
};

constexpr Row kRows[] = {
#define TREEPROOF_REASON(name, sentence) {Reason::name, #name, sentence},
#include "consensus/ledger/reasons.inc"
#undef TREEPROOF_REASON
};

constexpr auto kReasons = [] {
  std::array<Reason, std::size(kRows)> reasons{};
  for (std::size_t i = 0; i < reasons.size(); ++i) reasons[i] = kRows[i].reason;
  return reasons;
}();

const Row& row(Reason reason) noexcept {
  const auto index = static_cast<std::size_t>(reason);
  assert(index < std::size(kRows));
  return kRows[index];
}

}  // namespace

std::span<const Reason> all_reasons() noexcept { return kReasons; }

std::string_view name(Reason reason) noexcept { return row(reason).name; }

std::string_view sentence(Reason reason) noexcept { return row(reason).sentence; }

Reason reason_of(crypto::CborError error) noexcept {
  using crypto::CborError;
  assert(error != CborError::none);
  const auto first = static_cast<std::size_t>(CborError::truncated);
  const auto offset = static_cast<std::size_t>(error) - first;
  static_assert(static_cast<std::size_t>(Reason::cbor_out_of_range) -
                    static_cast<std::size_t>(Reason::cbor_truncated) ==
                static_cast<std::size_t>(CborError::out_of_range) -
                    static_cast<std::size_t>(CborError::truncated));
  return static_cast<Reason>(static_cast<std::size_t>(Reason::cbor_truncated) + offset);
}

std::string to_string(const Refusal& refusal) {
  std::string text(name(refusal.reason));
  const char* separator = ": ";
  for (const Number& number : refusal.numbers) {
    text += separator + number.label + "=" + number.value;
    separator = ", ";
  }
  return text;
}

}  // namespace treeproof::ledger
