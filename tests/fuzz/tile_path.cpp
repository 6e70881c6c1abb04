#include <cassert>
#include <string>

#include "rpc/log_tiles.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

// C2SP tlog-tiles: 1234067 is x001/x234/067.
std::string text_of(const rpc::TilePath& path) {
  const auto three_digits = [](std::uint64_t number) {
    const std::string digits = std::to_string(number % 1'000);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string index = three_digits(path.index);
  for (std::uint64_t rest = path.index / 1'000; rest > 0; rest /= 1'000) {
    index = "x" + three_digits(rest) + "/" + index;
  }
  const std::string level = path.level ? std::to_string(*path.level) : "entries";
  const std::string width = path.width == rpc::kTileWidth ? "" : ".p/" + std::to_string(path.width);
  return level + "/" + index + width;
}

}  // namespace

int fuzz_tile_path(crypto::ByteSpan input) {
  const auto path = rpc::parse_tile_path(crypto::as_text(input));
  if (!path) return kRefused;
  assert(text_of(*path) == crypto::as_text(input));
  return kTaken;
}

}  // namespace treeproof::fuzz
