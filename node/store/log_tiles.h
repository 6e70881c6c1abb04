// The log's full subtrees in tiles: eight levels to a tile, 256 hashes wide, as C2SP tlog-tiles
// serve them. Only each level's lowest is stored, the others follow from one tile.
// Owns the unfinished tiles at the right edge. Callers: height_writer (appends), views (read).
// One thread for the edge. Source: docs/protocol.md section 4; C2SP tlog-tiles.
//
//   hash j of tile t at tile level L = full subtree 256 t + j at level 8 L of the log
#pragma once

#include "crypto/merkle.h"
#include "node/store/database.h"

namespace treeproof::store {

class LogTiles {
 public:
  // The right edge of a log of this size, as stored; empty for size 0.
  static LogTiles load(const Database& database, std::uint64_t size);

  // Appends leaf hashes and puts every tile that changed.
  void append(std::span<const crypto::Hash> leaves, Batch& batch);

 private:
  static constexpr std::size_t kTileLevels = 8;
  struct Edge {
    std::uint64_t tile = 0;
    std::vector<crypto::Hash> hashes;  // fewer than 256
  };
  void push(std::size_t tile_level, const crypto::Hash& hash, Batch& batch);
  std::array<Edge, kTileLevels> edges_;
};

// Calls for the leaf hashes of entries 0 to size, a tile or less at a time, until it says an error;
// one of its own where tiles are missing.
using VisitLeaves =
    std::function<std::expected<void, std::string>(std::span<const crypto::Hash> leaves)>;
std::expected<void, std::string> each_log_leaf(const Database& database, const Snapshot& snapshot,
                                               std::uint64_t size, const VisitLeaves& visit);

// Requires: the subtree is full in the log as of the snapshot.
crypto::Hash log_subtree(const Database& database, const Snapshot& snapshot, std::uint32_t level,
                         std::uint64_t index);

}  // namespace treeproof::store
