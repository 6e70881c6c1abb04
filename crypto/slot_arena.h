// Memory slots of one size in chunks that never move: growth copies nothing and has no peak.
// Owns the bytes, not what they mean. Only StateNodes calls it. Not thread-safe.
// Source: docs/protocol.md section 5 (at most 100 bytes per key).
#pragma once

#include <memory>

#include "crypto/bytes.h"

namespace treeproof::crypto {

class SlotArena {
 public:
  static constexpr std::uint32_t kPlacesMax = 1u << 29;

  // Requires: slot_bytes >= 4, where a free slot keeps the place of the next one.
  explicit SlotArena(std::size_t slot_bytes) : slot_bytes_(slot_bytes) {}

  // A slot with unspecified bytes; freed slots first, the last freed before the others.
  std::uint32_t take();
  void release(std::uint32_t place);
  // Aligned as far as slot_bytes is a multiple of the alignment, at most to 16.
  std::uint8_t* at(std::uint32_t place) const noexcept {
    return chunks_[place / kChunkSlots].get() + place % kChunkSlots * slot_bytes_;
  }
  std::size_t memory_bytes() const noexcept;

 private:
  static constexpr std::uint32_t kChunkSlots = 256;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::size_t slot_bytes_;
  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::uint32_t taken_ = 0;
  std::uint32_t first_free_ = kNone;
};

}  // namespace treeproof::crypto
