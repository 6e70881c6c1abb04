// A snapshot on its way in, as a node's storage takes it: nothing of it counts before finish().
// Owns nothing: the port that the seeker feeds and a storage implements. Callers: the node's
// snapshot seeker, from one thread at a time. Pure.
// Source: docs/consensus.md rule 28; docs/adr/0012.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/leaves.h"
#include "consensus/replica/snapshot_reader.h"

namespace treeproof::replica {

struct RestoreFailure {
  std::optional<SnapshotRefusal> refused;  // nothing: this disk failed
  std::string why;
};

class SnapshotIntake {
 public:
  template <class T>
  using Done = std::expected<T, RestoreFailure>;

  virtual ~SnapshotIntake() = default;
  // The next bytes of the snapshot, cut anywhere. After a failure this is of no use.
  virtual Done<void> take(crypto::ByteSpan bytes) = 0;
  // After the last byte: whether the roots hold.
  virtual Done<void> end() = 0;
  // After end(): attachments that the state names and the storage lacks, at most `limit`.
  virtual std::vector<ledger::AttachmentRef> missing(std::size_t limit) = 0;
  // Checks what needs the attachments and makes it durable. The store is to be opened again.
  virtual Done<void> finish() = 0;
  // Of the snapshot's block, once it was taken in.
  virtual std::optional<Height> height() const = 0;
};

}  // namespace treeproof::replica
