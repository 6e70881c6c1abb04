// Decimal numbers as files write them, scaled to integers exactly: no floating point between the
// file and what is signed. Owns nothing. Callers: the intakes. Pure.
// Source: docs/importing.md "Numbers".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace treeproof::import {

// "-123.16579" with 7 decimals is -1231657900; further digits round half away from zero.
// Digits with an optional sign and point; nothing for any other text, or 10^12 and more.
// Requires: decimals <= 7.
std::optional<std::int64_t> scaled_decimal(std::string_view text, unsigned decimals) noexcept;

// Digits alone; nothing for any other text, or above 64 bits.
std::optional<std::uint64_t> whole_number(std::string_view text) noexcept;

}  // namespace treeproof::import
