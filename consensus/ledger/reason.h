// Why something from outside was refused: one stable name per reason, with the numbers behind it.
// Owns the list of reasons and their sentences. Callers: everyone who refuses. Pure.
// Source: docs/ledger.md; docs/refusals.md is the table for people.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/cbor.h"

namespace treeproof::ledger {

enum class Reason : std::uint16_t {
#define TREEPROOF_REASON(name, sentence) name,
#include "consensus/ledger/reasons.inc"
#undef TREEPROOF_REASON
};
// Every reason, in the order of the table.
std::span<const Reason> all_reasons() noexcept;

// The stable name, such as "plot_overlaps"; never changes once published.
std::string_view name(Reason reason) noexcept;
// One sentence: what is wrong and what to do.
std::string_view sentence(Reason reason) noexcept;
// cbor_truncated and so on. Requires: error is not none.
Reason reason_of(crypto::CborError error) noexcept;

struct Number {
  std::string label;  // such as "overlap_m2", "limit", "conflicting_plot"
  std::string value;  // decimal, an identifier or hex
  bool operator==(const Number&) const = default;
};
using Numbers = std::vector<Number>;

struct Refusal {
  Reason reason{};
  Numbers numbers;
  bool operator==(const Refusal&) const = default;
};

// "plot_overlaps: conflicting_plot=desert-ngo/277, overlap_m2=4210".
std::string to_string(const Refusal& refusal);

}  // namespace treeproof::ledger
