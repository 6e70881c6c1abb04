// Attachments on disk: compressed records in segment files, found by their root through LevelDB,
// with those used last in memory.
// Owns segment files and cache; not the database. put() on one thread at a time, all else on any.
// Source: docs/protocol.md section 4 "Attachments"; docs/ledger.md "Size".
//
//   content of a record = 32 bytes root, u64 leaves, u64 bytes, the bytes in one zstd frame
//
// Of what remains of redacted ones (redacted_attachment.h) leaves has its highest bit set. A record
// of zeros was erased.
//
// The index entry of a record is durable with the next synced batch; until then its record alone
// is, and index_rest() finds it again after a crash. It stands under another key once a committed
// statement announces the attachment; what none announces can be dropped.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "consensus/ledger/redacted_attachment.h"
#include "node/store/byte_cache.h"
#include "node/store/database.h"
#include "node/store/segment_files.h"
#include "node/store/store.h"

namespace treeproof::store {

using RemainsPtr = std::shared_ptr<const ledger::RedactedAttachment>;

class AttachmentFiles {
 public:
  // The folder is made where it is missing.
  static std::expected<std::unique_ptr<AttachmentFiles>, std::string> open(
      const std::filesystem::path& folder, Database& database);

  // Indexes what was written behind `from` and cuts a torn end. Before the first put.
  std::expected<void, std::string> index_rest(SegmentPosition from);
  // Durable when it returns; the same root again is no write, unless what is held was damaged.
  std::expected<void, std::string> put(std::span<const PackedAttachment> attachments);
  // Null where it is not held whole: every read checks it against its root.
  ledger::AttachmentPtr get(const crypto::Hash& root) const;
  // As get, without the cache and with what is wrong.
  std::expected<ledger::AttachmentPtr, std::string> read(const crypto::Hash& root) const;
  // What remains of one whose leaves were redacted; get() has nothing of it. Null where it is
  // whole, damaged or not held. Checked against its root once while those used last stay in memory.
  RemainsPtr remains(const crypto::Hash& root) const;
  // Puts what remains in the place of what is held; whoever writes the batch, synced, may erase
  // that place then. On put()'s thread. Requires: it is held.
  std::expected<Place, std::string> replace(const ledger::RedactedAttachment& remains,
                                            Batch& batch);
  std::expected<void, std::string> erase(const crypto::Hash& root, const Place& place);
  // Where an attachment stands, damaged or not.
  std::optional<Place> find(const crypto::Hash& root) const;
  // All before it are durable and found by their roots.
  SegmentPosition end() const;
  // Whether an index entry says so, and no read found damage.
  bool is_held(const crypto::Hash& root) const;

  // A committed statement announces it: part of the batch of its height.
  void claim(const crypto::Hash& root, Batch& batch) const;
  std::vector<crypto::Hash> unclaimed() const;
  // Unclaimed ones are not held when it returns. The replica's thread, as claim().
  std::expected<void, std::string> drop(std::span<const crypto::Hash> roots);
  // A synced batch says that index_rest() will go on from here.
  void note_indexed(SegmentPosition end);
  // Gives back the space of what was dropped, as far as index_rest() will not come past it. On
  // put()'s thread.
  std::expected<void, std::string> give_back();

 private:
  AttachmentFiles(std::unique_ptr<SegmentFiles> files, Database& database);
  struct Remains {  // as they stand in that place: more may have been redacted since
    Place place;
    RemainsPtr remains;
  };
  struct Record {
    ledger::AttachmentRef announced;  // bytes: of what follows
    bool is_redacted = false;
    crypto::Bytes bytes;
  };
  std::expected<Record, std::string> read_record(const crypto::Hash& root,
                                                 const Place& place) const;
  std::string key_to_put(const crypto::Hash& root) const;
  void keep(const ledger::AttachmentPtr& attachment) const;

  std::unique_ptr<SegmentFiles> files_;
  Database& database_;
  mutable std::mutex lock_;  // guards all below
  SegmentPosition end_;
  SegmentPosition indexed_;
  mutable ByteCache<crypto::Hash, ledger::AttachmentPtr, crypto::HashHasher> cache_;
  mutable ByteCache<crypto::Hash, Remains, crypto::HashHasher> remains_;
  mutable std::set<crypto::Hash> damaged_;
  std::vector<Place> dropped_;  // whose space is still taken
};

}  // namespace treeproof::store
