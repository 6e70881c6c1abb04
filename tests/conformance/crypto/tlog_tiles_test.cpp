#include <gtest/gtest.h>

#include <sstream>

#include "crypto/merkle.h"
#include "tests/conformance/crypto/vectors.h"

namespace treeproof::crypto {
namespace {

constexpr std::uint64_t kEntries = 15;

std::filesystem::path log_folder() {
  return conformance::vectors_folder() / "tessera-tlog-tiles/log";
}

// An entry bundle of the C2SP tlog-tiles form: each entry behind its length in 2 bytes.
std::vector<Hash> leaves_of_bundle(std::uint64_t width) {
  const auto path = log_folder() / "tile/entries/000.p" / std::to_string(width);
  const std::string text = conformance::read_file(path);
  ByteSpan rest = as_bytes(text);
  std::vector<Hash> leaves;
  while (rest.size() >= 2) {
    const std::size_t length = std::size_t{rest[0]} << 8 | rest[1];
    if (length > rest.size() - 2) break;
    leaves.push_back(leaf_hash(rest.subspan(2, length)));
    rest = rest.subspan(2 + length);
  }
  EXPECT_TRUE(rest.empty()) << path;
  return leaves;
}

// Origin, size and root are the first three lines of a checkpoint.
std::optional<Bytes> root_of_checkpoint(std::uint64_t size) {
  std::istringstream lines(
      conformance::read_file(log_folder() / ("checkpoint." + std::to_string(size))));
  std::string origin;
  std::string size_line;
  std::string root;
  std::getline(lines, origin);
  std::getline(lines, size_line);
  std::getline(lines, root);
  EXPECT_EQ(size_line, std::to_string(size));
  return from_base64(root);
}

TEST(TlogTiles, EveryCheckpointHasTheRootOfItsEntries) {
  if (!std::filesystem::exists(log_folder())) GTEST_SKIP() << log_folder() << " is not there";
  const auto leaves = leaves_of_bundle(kEntries);
  ASSERT_EQ(leaves.size(), kEntries);
  Frontier frontier;
  for (std::uint64_t size = 0; size <= kEntries; ++size) {
    const auto root = root_of_checkpoint(size);
    ASSERT_TRUE(root) << size;
    EXPECT_EQ(to_hex(*root), to_hex(frontier.root())) << size;
    EXPECT_EQ(to_hex(*root), to_hex(merkle_root(std::span(leaves).first(size)))) << size;
    if (size < kEntries) frontier.append(leaves[size]);
  }
}

TEST(TlogTiles, EveryPartialTileHoldsTheLeafHashesOfItsEntries) {
  if (!std::filesystem::exists(log_folder())) GTEST_SKIP() << log_folder() << " is not there";
  for (std::uint64_t width = 1; width <= kEntries; ++width) {
    Bytes tile;
    for (const Hash& leaf : leaves_of_bundle(width))
      tile.insert(tile.end(), leaf.begin(), leaf.end());
    const auto path = log_folder() / "tile/0/000.p" / std::to_string(width);
    EXPECT_EQ(to_hex(as_bytes(conformance::read_file(path))), to_hex(tile)) << path;
  }
}

TEST(TlogTiles, CheckpointsAreConsistentWithOneAnother) {
  if (!std::filesystem::exists(log_folder())) GTEST_SKIP() << log_folder() << " is not there";
  const auto leaves = leaves_of_bundle(kEntries);
  const HashSource source = [&](std::uint32_t level, std::uint64_t index) {
    return merkle_root(std::span(leaves).subspan(index << level, std::size_t{1} << level));
  };
  const auto root = [](std::uint64_t size) {
    Hash hash{};
    const Bytes bytes = root_of_checkpoint(size).value_or(Bytes(32, 0));
    std::copy_n(bytes.begin(), hash.size(), hash.begin());
    return hash;
  };
  for (std::uint64_t to = 1; to <= kEntries; ++to) {
    for (std::uint64_t from = 1; from <= to; ++from) {
      const auto path = consistency_path(from, to, source);
      EXPECT_TRUE(verify_consistency(from, to, path, root(from), root(to))) << from << "-" << to;
    }
  }
}

}  // namespace
}  // namespace treeproof::crypto
