#include "node/store/proof_map.h"

#include <cassert>

namespace treeproof::store {

ProofMap::ProofMap(std::vector<crypto::StateMapChange> objects, Height at)
    : height_(at),
      follower_(
          at,
          [this, given = std::move(objects)]() mutable {
            const auto initial = std::move(given);
            map_.apply(initial);
          },
          [this](const std::vector<replica::ExecutedBlockPtr>& blocks) { take(blocks); }) {}

void ProofMap::push(replica::ExecutedBlockPtr block) {
  const Height height = block->header.height;
  follower_.push(height, std::move(block));
}

void ProofMap::take(const std::vector<replica::ExecutedBlockPtr>& blocks) {
  std::vector<Step> steps;
  for (const auto& block : blocks) steps.push_back({block->map_changes, {}});
  std::unique_lock hold(lock_);
  is_writer_waiting_ = true;
  free_.wait(hold, [&] { return !is_busy_; });
  for (Step& step : steps) {
    step.undo = map_.apply(step.changes);
    steps_.push_back(std::move(step));
    if (steps_.size() > kProofHeights) steps_.pop_front();
  }
  height_ = blocks.back()->header.height;
  is_writer_waiting_ = false;
  hold.unlock();
  free_.notify_all();
}

bool ProofMap::look(Height at, const Look& with_map) {
  follower_.wait_for(at);
  std::unique_lock hold(lock_);
  free_.wait(hold, [&] { return !is_busy_ && !is_writer_waiting_; });
  assert(at <= height_);
  const std::uint64_t back = height_.value - at.value;
  if (back > steps_.size()) return false;
  is_busy_ = true;
  hold.unlock();
  const auto first = steps_.end() - static_cast<std::ptrdiff_t>(back);
  for (auto step = steps_.end(); step != first;) map_.revert((--step)->undo);
  with_map(map_);
  for (auto step = first; step != steps_.end(); ++step) step->undo = map_.apply(step->changes);
  hold.lock();
  is_busy_ = false;
  hold.unlock();
  free_.notify_all();
  return true;
}

}  // namespace treeproof::store
