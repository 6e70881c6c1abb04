// Decided blocks and their certificates in segment files: the chain itself, synced before anything
// that follows from it is written. LevelDB can be made again from them, and what LevelDB loses
// without a word is missed beside them.
// Owns segment files and a cache of blocks; not their places. append() on the replica's thread,
// reads on any. A damaged record stops the process, but in try_read().
// Source: docs/consensus.md rule 24.
//
//   for each height: a record with the encoded block, a record with the encoded certificate
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "consensus/bft/certificates.h"
#include "consensus/ledger/block.h"
#include "node/store/byte_cache.h"
#include "node/store/segment_files.h"

namespace treeproof::store {

using BlockPtr = std::shared_ptr<const ledger::Block>;

struct BlockPlaces {
  Place block;
  Place certificate;
};
crypto::Bytes encode_places(const BlockPlaces& places);
// Nothing where the bytes are no places.
std::optional<BlockPlaces> decode_places(std::string_view stored);

struct StoredBlock {
  BlockPtr block;
  bft::CommitCertificate certificate;
};

class BlockFiles {
 public:
  // The folder is made where it is missing.
  static std::expected<std::unique_ptr<BlockFiles>, std::string> open(
      const std::filesystem::path& folder);

  // Durable when it returns.
  std::expected<BlockPlaces, std::string> append(const BlockPtr& block,
                                                 const bft::CommitCertificate& certificate);
  SegmentPosition end() const noexcept { return files_->end(); }
  // Visits whole blocks behind `from` until the visitor says false; returns where they end.
  using Visit = std::function<bool(const BlockPlaces&, StoredBlock, SegmentPosition end)>;
  std::expected<SegmentPosition, std::string> scan(SegmentPosition from, const Visit& visit) const;
  std::expected<void, std::string> cut(SegmentPosition end) { return files_->cut(end); }

  BlockPtr block(const BlockPlaces& places) const;
  bft::CommitCertificate certificate(const BlockPlaces& places) const;
  std::expected<StoredBlock, std::string> try_read(const BlockPlaces& places) const;

 private:
  explicit BlockFiles(std::unique_ptr<SegmentFiles> files);
  void keep(const Place& place, const BlockPtr& block) const;

  struct PlaceHasher {
    std::size_t operator()(const Place& place) const noexcept {
      return place.at.offset ^ std::size_t{place.at.segment} << 48;
    }
  };
  std::unique_ptr<SegmentFiles> files_;
  mutable std::mutex lock_;
  mutable ByteCache<Place, BlockPtr, PlaceHasher> cache_;
};

}  // namespace treeproof::store
