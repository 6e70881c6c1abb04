#include <algorithm>
#include <cassert>
#include <utility>

#include "crypto/cbor.h"
#include "crypto/cbor_head.h"

namespace treeproof::crypto {

CborHead::CborHead(std::uint8_t major, std::uint64_t argument) noexcept {
  const auto type = static_cast<std::uint8_t>(major << 5);
  if (argument < 24) {
    bytes_[0] = static_cast<std::uint8_t>(type | argument);
    return;
  }
  const unsigned width_code = argument <= 0xFF         ? 0
                              : argument <= 0xFFFF     ? 1
                              : argument <= UINT32_MAX ? 2
                                                       : 3;
  bytes_[0] = static_cast<std::uint8_t>(type | (24 + width_code));
  for (unsigned left = 1u << width_code; left > 0; --left) {
    bytes_[size_++] = static_cast<std::uint8_t>(argument >> (8 * (left - 1)));
  }
}

void CborWriter::head(std::uint8_t major, std::uint64_t value) {
  if (value < 24) return out_.push_back(static_cast<std::uint8_t>(major << 5 | value));
  const CborHead head(major, value);
  out_.insert(out_.end(), head.bytes().begin(), head.bytes().end());
}

void CborWriter::open(std::uint64_t items, bool is_map) {
  tag_pending_ = false;
  const bool is_key = depth_ > 0 && levels_[depth_ - 1].at_key;
  assert(!is_key && depth_ < kCborDepthMax);
  levels_[depth_++] = {items, 0, 0, is_map, is_map};
}

// Counts the item that began at `item_at`, and every container that it completes.
void CborWriter::close_item(std::size_t item_at) {
  tag_pending_ = false;
  while (depth_ > 0) {
    CborLevel& level = levels_[depth_ - 1];
    assert(level.items_left > 0);
    if (level.at_key) {
      const ByteSpan key = ByteSpan(out_).subspan(item_at);
      const ByteSpan previous =
          ByteSpan(out_).subspan(level.previous_key_at, level.previous_key_size);
      assert(previous.empty() || previous.front() < key.front() ||
             std::ranges::lexicographical_compare(previous, key));
      level.previous_key_at = item_at;
      level.previous_key_size = key.size();
    }
    level.at_key = level.is_map && !level.at_key;
    if (--level.items_left > 0) return;
    --depth_;
  }
}

CborWriter& CborWriter::uint(std::uint64_t value) {
  const std::size_t at = out_.size();
  head(0, value);
  close_item(at);
  return *this;
}

CborWriter& CborWriter::integer(std::int64_t value) {
  if (value >= 0) return uint(static_cast<std::uint64_t>(value));
  const std::size_t at = out_.size();
  head(1, ~static_cast<std::uint64_t>(value));
  close_item(at);
  return *this;
}

CborWriter& CborWriter::bytes(ByteSpan value) {
  const std::size_t at = out_.size();
  head(2, value.size());
  out_.insert(out_.end(), value.begin(), value.end());
  close_item(at);
  return *this;
}

CborWriter& CborWriter::text(std::string_view value) {
  assert(is_utf8(as_bytes(value)));
  const std::size_t at = out_.size();
  head(3, value.size());
  out_.insert(out_.end(), value.begin(), value.end());
  close_item(at);
  return *this;
}

CborWriter& CborWriter::array(std::size_t items) {
  head(4, items);
  open(items, false);
  if (items == 0) close_empty();
  return *this;
}

CborWriter& CborWriter::map(std::size_t pairs) {
  head(5, pairs);
  open(2 * std::uint64_t{pairs}, true);
  if (pairs == 0) close_empty();
  return *this;
}

void CborWriter::close_empty() {
  --depth_;
  close_item(out_.size());
}

CborWriter& CborWriter::boolean(bool value) {
  const std::size_t at = out_.size();
  out_.push_back(value ? 0xF5 : 0xF4);
  close_item(at);
  return *this;
}

CborWriter& CborWriter::null() {
  const std::size_t at = out_.size();
  out_.push_back(0xF6);
  close_item(at);
  return *this;
}

CborWriter& CborWriter::tag(std::uint64_t number) {
  const bool is_key = depth_ > 0 && levels_[depth_ - 1].at_key;
  assert(!is_key && !tag_pending_);
  head(6, number);
  tag_pending_ = true;
  return *this;
}

CborWriter& CborWriter::raw(ByteSpan encoded_item) {
  assert(!encoded_item.empty());
  const std::size_t at = out_.size();
  out_.insert(out_.end(), encoded_item.begin(), encoded_item.end());
  close_item(at);
  return *this;
}

Bytes CborWriter::finish() {
  assert(depth_ == 0 && !tag_pending_);
  return std::exchange(out_, {});
}

}  // namespace treeproof::crypto
