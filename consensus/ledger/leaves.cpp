#include "consensus/ledger/leaves.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace treeproof::ledger {

namespace {

// Decimal without leading zeros, below the largest number of leaves.
std::optional<std::uint64_t> member_index(std::string_view text) noexcept {
  if (text.empty() || text.size() > 6 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (index >= kAttachmentLeavesMax) return std::nullopt;
  return index;
}

}  // namespace

bool MemberId::check(std::string_view text) noexcept {
  const std::size_t hash = text.find('#');
  if (hash == std::string_view::npos) return false;
  return ObjectId::check(text.substr(0, hash)) && member_index(text.substr(hash + 1)).has_value();
}

MemberId MemberId::of(const ObjectId& batch, std::uint64_t index) {
  assert(index < kAttachmentLeavesMax);
  return {batch.text + "#" + std::to_string(index)};
}

ObjectId MemberId::batch() const { return {text.substr(0, text.find('#'))}; }

std::uint64_t MemberId::index() const {
  const auto index = member_index(std::string_view(text).substr(text.find('#') + 1));
  assert(index.has_value());
  return *index;
}

}  // namespace treeproof::ledger
