// The log as the static files of C2SP tlog-tiles: checkpoint, tiles of hashes, bundles of entries.
// Owns nothing. Callers: site. Safe from any thread.
// Source: https://c2sp.org/tlog-tiles, https://c2sp.org/tlog-checkpoint,
// https://c2sp.org/signed-note; docs/protocol.md section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rpc/ports.h"

namespace treeproof::rpc {

inline constexpr std::uint64_t kTileWidth = 256;

// "<L>/<N>[.p/<W>]" or "entries/<N>[.p/<W>]", what follows "/tile/".
struct TilePath {
  std::optional<std::uint32_t> level;  // nothing: entries
  std::uint64_t index = 0;
  std::uint64_t width = kTileWidth;  // below kTileWidth: a partial tile
  bool operator==(const TilePath&) const = default;
};
// Strict: one path for each tile.
std::optional<TilePath> parse_tile_path(std::string_view path);

// The tile's bytes; nothing where the log is not that long, or an entry of it is not held.
std::optional<std::string> tile(const ChainView& view, const TilePath& path);
// Whether the log is that long, and this node begins too late to hold the entries. Requires:
// tile() gave nothing.
bool is_pruned(const ChainView& view, const TilePath& path);

// A signed note: origin = chain id, one line for each organisation that certified the latest
// height, named "<chain id>/<org>", signature = key id || CBOR [height, round, header hash] ||
// precommit. Nothing before the first block.
std::optional<std::string> checkpoint(const ChainView& view);
// SHA-256(name || 0x0a || 0xff || "treeproof.org/secp256k1" || public key), the first 4 bytes.
std::array<std::uint8_t, 4> note_key_id(std::string_view name, const crypto::PublicKeyBytes& key);

}  // namespace treeproof::rpc
