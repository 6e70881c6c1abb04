// A snapshot taken in beside an empty store, which becomes the store when it opens next.
// Owns a folder of its own until finish() and the reader that checks every record; attachments go
// into the empty store, which checks them by their roots. Callers: host, cli. One thread, which
// need not be the replica's. Source: docs/consensus.md rule 28; docs/protocol.md section 12.
//
//   <folder>/restoring  what was taken in so far: void after a crash
//   <folder>/restored   whole and durable: replaces the empty ledger and blocks on opening
//
// The rename from one to the other is the moment at which the snapshot counts.
#pragma once

#include "consensus/replica/snapshot_intake.h"
#include "node/store/beginning_record.h"
#include "node/store/disk_store.h"
#include "node/store/log_tiles.h"

namespace treeproof::store {

using replica::RestoreFailure;

class Restoration final : public replica::SnapshotIntake {
 public:
  // Requires: the store outlives this and nothing else writes attachments to it meanwhile, but on
  // the same thread. Refuses a store that has a block.
  static Done<std::unique_ptr<Restoration>> begin(const std::filesystem::path& folder, Store& empty,
                                                  proofs::Trust trust);
  ~Restoration() override;

  Done<void> take(crypto::ByteSpan bytes) override;
  Done<void> end() override;
  std::vector<ledger::AttachmentRef> missing(std::size_t limit) override;
  Done<void> finish() override;
  std::optional<Height> height() const override;

 private:
  Restoration(StoreFolders folders, Store& empty, proofs::Trust trust);
  std::expected<void, std::string> open_parts();
  std::expected<void, std::string> put(const replica::SnapshotRecord& record);
  std::expected<void, std::string> put(const replica::SnapshotHead& head);
  std::expected<void, std::string> put(const replica::SnapshotSetChange& change);
  std::expected<void, std::string> put(const replica::SnapshotBlock& block);
  std::expected<void, std::string> put(const replica::SnapshotLog& log);
  std::expected<void, std::string> put(const replica::SnapshotObject& object);
  std::expected<void, std::string> put(const replica::SnapshotAttachment& attachment);
  std::expected<void, std::string> put(const replica::SnapshotEnd&);
  std::expected<void, std::string> flush(std::size_t bytes_max);
  Done<void> check_links() const;
  std::expected<void, std::string> seal();

  StoreFolders folders_;
  Store& empty_;
  replica::SnapshotReader reader_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<BlockFiles> blocks_;
  std::unique_ptr<Batch> batch_;
  std::size_t batch_bytes_ = 0;
  LogTiles tiles_;
  TipRecord tip_;
  Additions additions_;
  std::string missing_from_;  // where missing() goes on
};

// Puts a snapshot that was finished in the place of the empty store, and clears away what was not.
// Goes on where a crash interrupted it. Requires: the folder is claimed and not open.
std::expected<void, std::string> complete_restoration(const StoreFolders& folders);

}  // namespace treeproof::store
