// The snapshots that a node keeps for its peers: the two newest, whole and durable, without
// attachments, and what proves that a part is of one.
// Owns the files of one folder and their parts' hashes (32 bytes for a MiB). Callers: the node's
// snapshot maker (writes), the host's workers (read). Reading from any thread; one writer.
// Source: docs/consensus.md rule 28; docs/protocol.md sections 10 and 12.
//
//   <folder>/<height>.snapshot  whole
//   <folder>/<height>.partial   being written: removed when the folder is looked through
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "consensus/replica/messages.h"
#include "node/store/file.h"
#include "node/store/store.h"

namespace treeproof::store {

class SnapshotShelf {
 public:
  static constexpr std::size_t kKept = 2;

  explicit SnapshotShelf(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Reads what an earlier life left, every byte of it.
  std::expected<void, std::string> look_through();
  // Writes the snapshot of a height and removes the one before the last. `fill` writes it; its
  // error leaves what was there before.
  using Fill = std::function<std::expected<void, std::string>(const SnapshotOut& out)>;
  std::expected<void, std::string> put(Height height, const Fill& fill);

  std::optional<replica::SnapshotOffer> newest() const;
  // Nothing where the snapshot or the part is not held, or cannot be read any more.
  std::optional<replica::SnapshotPart> part(const replica::SnapshotPartId& id) const;

 private:
  struct Kept {
    replica::SnapshotOffer offer;
    File file;
    std::vector<crypto::Hash> leaves;  // one of each part
  };
  std::filesystem::path path_of(Height height, std::string_view ending) const;
  std::expected<std::shared_ptr<const Kept>, std::string> read_whole(Height height) const;
  std::expected<void, std::string> keep(std::shared_ptr<const Kept> added);

  std::filesystem::path folder_;
  mutable std::mutex lock_;                        // guards what is kept
  std::vector<std::shared_ptr<const Kept>> kept_;  // ascending by height
};

}  // namespace treeproof::store
