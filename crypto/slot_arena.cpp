#include "crypto/slot_arena.h"

#include <cassert>
#include <cstring>

namespace treeproof::crypto {

std::uint32_t SlotArena::take() {
  if (first_free_ != kNone) {
    const std::uint32_t place = first_free_;
    std::memcpy(&first_free_, at(place), sizeof first_free_);
    return place;
  }
  assert(taken_ < kPlacesMax);
  if (taken_ % kChunkSlots == 0) {
    chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(kChunkSlots * slot_bytes_));
  }
  return taken_++;
}

void SlotArena::release(std::uint32_t place) {
  std::memcpy(at(place), &first_free_, sizeof first_free_);
  first_free_ = place;
}

std::size_t SlotArena::memory_bytes() const noexcept {
  return chunks_.size() * kChunkSlots * slot_bytes_ + chunks_.capacity() * sizeof chunks_[0];
}

}  // namespace treeproof::crypto
