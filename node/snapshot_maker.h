// Makes a snapshot every so many heights, on a thread of its own, for peers that begin from
// nothing. Owns that thread and the shelf; the store writes. Caller: the host, on the loop's
// thread; the shelf may be read from any. A snapshot that cannot be written costs a line in the
// log. Source: docs/consensus.md rule 28; docs/adr/0012.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/store/snapshot_shelf.h"

namespace treeproof::node {

class SnapshotMaker {
 public:
  // `every` in heights; 0: only those that are there are offered. Requires: the store outlives
  // this.
  SnapshotMaker(const std::filesystem::path& home, std::uint64_t every, const store::Store& store);
  ~SnapshotMaker();  // gives up what is under way
  SnapshotMaker(const SnapshotMaker&) = delete;
  SnapshotMaker& operator=(const SnapshotMaker&) = delete;

  // After each commit. The state of a height is written once the next block carries its
  // certificate: so all nodes make the same bytes. One that is still busy makes none.
  void committed(const rpc::ChainViewPtr& view);
  const store::SnapshotShelf& shelf() const noexcept { return shelf_; }

 private:
  void work();
  void write(const rpc::ChainView& view);

  store::SnapshotShelf shelf_;
  std::uint64_t every_;
  const store::Store& store_;
  rpc::ChainViewPtr due_;  // waits for the block after it
  std::mutex lock_;        // guards the three below
  std::condition_variable changed_;
  rpc::ChainViewPtr order_;
  bool is_busy_ = true;  // looking through the shelf first
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace treeproof::node
