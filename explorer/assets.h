// The explorer page as it was built, inside the binary: every file gzipped once, at build time.
// Owns no HTTP. Called by the node, which hands the assets to the server of rpc/. The bytes live as
// long as the program; safe from any thread. Source: docs/api.md "Explorer".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace treeproof::explorer {

struct Asset {
  std::string_view path;          // as requested: "/", or "/assets/NAME-HASH.js", never to change
  std::string_view content_type;  // with its charset where it is text
  std::span<const std::uint8_t> gzip_bytes;  // to be sent with Content-Encoding: gzip
};

// Ascending by path.
std::span<const Asset> assets();

}  // namespace treeproof::explorer
