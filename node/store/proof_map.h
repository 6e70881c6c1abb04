// The state map of the last heights, for proofs: a second map beside the replica's, on a thread of
// its own, so that no proof ever waits for the replica nor the other way round.
// Owns its map and what undoes the last kProofHeights of it; no values. push() on the replica's
// thread, look() on any. Source: docs/protocol.md section 5; docs/architecture.md step 9.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "consensus/replica/chain.h"
#include "node/store/follower.h"

namespace treeproof::store {

inline constexpr std::size_t kProofHeights = 64;

class ProofMap {
 public:
  // The map of the height at which the store was opened; built on the new thread.
  ProofMap(std::vector<crypto::StateMapChange> objects, Height at);

  void push(replica::ExecutedBlockPtr block);
  // Shows the map as it was after this height, which was committed. False: it is too long ago.
  using Look = std::function<void(const crypto::StateMap&)>;
  bool look(Height at, const Look& with_map);

 private:
  struct Step {
    std::vector<crypto::StateMapChange> changes;
    crypto::StateMap::Undo undo;
  };
  void take(const std::vector<replica::ExecutedBlockPtr>& blocks);

  std::mutex lock_;  // guards the two flags and, while nobody is busy, all below
  std::condition_variable free_;
  bool is_busy_ = false;            // someone looks
  bool is_writer_waiting_ = false;  // goes before everyone who looks: no flood of them starves it
  crypto::StateMap map_;
  Height height_;
  std::deque<Step> steps_;                        // of the last heights, oldest first
  Follower<replica::ExecutedBlockPtr> follower_;  // last: stops first
};

}  // namespace treeproof::store
