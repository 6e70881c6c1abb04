#include "node/store/log_tiles.h"

#include <cassert>
#include <cstring>

#include "node/store/file.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kTileHashes = 256;
constexpr std::uint32_t kTileLevelBits = 8;

crypto::ByteSpan bytes_of(std::span<const crypto::Hash> hashes) {
  return {reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size_bytes()};
}

std::vector<crypto::Hash> read_tile(const Database& database, const Snapshot& snapshot,
                                    std::uint32_t tile_level, std::uint64_t tile) {
  const auto stored = database.get(tile_key(tile_level, tile), snapshot);
  if (!stored) return {};
  std::vector<crypto::Hash> hashes(stored->size() / sizeof(crypto::Hash));
  std::memcpy(hashes.data(), stored->data(), hashes.size() * sizeof(crypto::Hash));
  return hashes;
}

}  // namespace

LogTiles LogTiles::load(const Database& database, std::uint64_t size) {
  LogTiles tiles;
  for (std::uint32_t level = 0; level < kTileLevels; ++level) {
    Edge& edge = tiles.edges_[level];
    const std::uint64_t hashes = size >> (kTileLevelBits * level);
    edge.tile = hashes / kTileHashes;
    const std::size_t partial = hashes % kTileHashes;
    if (partial == 0) continue;
    edge.hashes = read_tile(database, {}, level, edge.tile);
    edge.hashes.resize(partial);
  }
  return tiles;
}

void LogTiles::append(std::span<const crypto::Hash> leaves, Batch& batch) {
  if (leaves.empty()) return;
  std::array<std::uint64_t, kTileLevels> before{};
  for (std::size_t level = 0; level < kTileLevels; ++level) {
    before[level] = edges_[level].tile * kTileHashes + edges_[level].hashes.size();
  }
  for (const crypto::Hash& leaf : leaves) push(0, leaf, batch);
  for (std::uint32_t level = 0; level < kTileLevels; ++level) {
    const Edge& edge = edges_[level];
    const std::uint64_t now = edge.tile * kTileHashes + edge.hashes.size();
    const bool changed = now != before[level] && !edge.hashes.empty();
    if (changed) batch.put(tile_key(level, edge.tile), bytes_of(edge.hashes));
  }
}

void LogTiles::push(std::size_t tile_level, const crypto::Hash& hash, Batch& batch) {
  Edge& edge = edges_[tile_level];
  edge.hashes.push_back(hash);
  if (edge.hashes.size() < kTileHashes) return;
  batch.put(tile_key(static_cast<std::uint32_t>(tile_level), edge.tile), bytes_of(edge.hashes));
  const crypto::Hash root = crypto::merkle_root(edge.hashes);
  ++edge.tile;
  edge.hashes.clear();
  if (tile_level + 1 < kTileLevels) push(tile_level + 1, root, batch);
}

std::expected<void, std::string> each_log_leaf(const Database& database, const Snapshot& snapshot,
                                               std::uint64_t size, const VisitLeaves& visit) {
  for (std::uint64_t at = 0; at < size; at += kTileHashes) {
    auto tile = read_tile(database, snapshot, 0, at / kTileHashes);
    const std::size_t wanted = std::min<std::uint64_t>(kTileHashes, size - at);
    if (tile.size() < wanted) return std::unexpected("the tiles of the log are not whole");
    tile.resize(wanted);
    if (auto done = visit(tile); !done) return done;
  }
  return {};
}

crypto::Hash log_subtree(const Database& database, const Snapshot& snapshot, std::uint32_t level,
                         std::uint64_t index) {
  const std::uint32_t within = level % kTileLevelBits;
  const std::uint64_t first = index << within;
  const auto tile = read_tile(database, snapshot, level / kTileLevelBits, first / kTileHashes);
  const std::size_t at = first % kTileHashes;
  const std::size_t count = std::size_t{1} << within;
  if (at + count > tile.size()) {
    stop_on_disk_failure("it lost subtree " + std::to_string(index) + " at level " +
                         std::to_string(level) + " of the log");
  }
  return crypto::merkle_root(std::span(tile).subspan(at, count));
}

}  // namespace treeproof::store
