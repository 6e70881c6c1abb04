#include "rpc/log_tiles.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

crypto::Hash hash_at(const std::string& bytes, std::size_t index) {
  crypto::Hash hash;
  std::ranges::copy(crypto::as_bytes(bytes).subspan(index * 32, 32), hash.begin());
  return hash;
}

TEST(LogTiles, PathsHaveOneForm) {
  EXPECT_EQ(parse_tile_path("0/000"), (TilePath{0, 0, 256}));
  EXPECT_EQ(parse_tile_path("1/x001/x234/067"), (TilePath{1, 1'234'067, 256}));
  EXPECT_EQ(parse_tile_path("0/001.p/9"), (TilePath{0, 1, 9}));
  EXPECT_EQ(parse_tile_path("entries/x001/000.p/255"), (TilePath{std::nullopt, 1'000, 255}));
  for (const char* path : {"",           "0",          "0/",
                           "0/1",        "0/0000",     "00/000",
                           "8/000",      "0/x000/001", "0/001/x002",
                           "0/x001",     "0/000.p/0",  "0/000.p/256",
                           "0/000.p/01", "0/000.p/",   "0/000.p/1/",
                           "-1/000",     "0/00a",      "0/x999/x999/x999/x999/x999/x999/999",
                           "data/000",   "entries/",   "0/000/"}) {
    EXPECT_EQ(parse_tile_path(path), std::nullopt) << path;
  }
}

// 2^56 tiles of 256 would wrap around to the first one.
TEST(LogTiles, PathsEndWhereItemsCannotBeCountedAnyMore) {
  EXPECT_EQ(parse_tile_path("0/x072/x057/x594/x037/x927/934"),
            (TilePath{0, (std::uint64_t{1} << 56) - 2, 256}));
  for (const char* group : {"935", "936", "999"}) {
    const std::string path = "0/x072/x057/x594/x037/x927/" + std::string(group);
    EXPECT_EQ(parse_tile_path(path), std::nullopt) << path;
  }
  EXPECT_EQ(tile(*season_chain().latest(), {0, (std::uint64_t{1} << 56) - 2, 256}), std::nullopt);
}

TEST(LogTiles, EntriesBelowTheBaseArePrunedAndHashesAreNot) {
  TestChain& chain = season_chain();
  const std::uint64_t size = chain.latest()->header().log_size;
  const TilePath entries{std::nullopt, 0, size};
  const TilePath longer{std::nullopt, 0, size + 1};
  const auto hashes = tile(*chain.latest(), {0, 0, size});
  chain.base = chain.latest()->height().value;
  const auto view = chain.latest();
  EXPECT_EQ(tile(*view, entries), std::nullopt);
  EXPECT_TRUE(is_pruned(*view, entries));
  EXPECT_EQ(tile(*view, longer), std::nullopt);
  EXPECT_FALSE(is_pruned(*view, longer));
  EXPECT_EQ(tile(*view, {0, 0, size}), hashes);
  chain.base = 0;
}

TEST(LogTiles, RecomputeTheRootOfTheHeader) {
  const auto view = season_chain().latest();
  const std::uint64_t size = view->header().log_size;
  const auto hashes = tile(*view, {0, 0, size});
  const auto entries = tile(*view, {std::nullopt, 0, size});
  ASSERT_TRUE(hashes && entries);
  ASSERT_EQ(hashes->size(), size * 32);
  std::vector<crypto::Hash> leaves;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto length = static_cast<std::size_t>(static_cast<std::uint8_t>((*entries)[at])) << 8 |
                        static_cast<std::uint8_t>((*entries)[at + 1]);
    const std::string entry = entries->substr(at + 2, length);
    at += 2 + length;
    leaves.push_back(crypto::leaf_hash(crypto::as_bytes(entry)));
    EXPECT_EQ(leaves.back(), hash_at(*hashes, i));
  }
  EXPECT_EQ(at, entries->size());
  EXPECT_EQ(crypto::merkle_root(leaves), view->header().log_root);
}

TEST(LogTiles, ReachOverFullTilesAndLevels) {
  TestChain chain;
  while (chain.latest()->header().log_size < 300) {
    chain.must("desert-ngo",
               photo("p" + std::to_string(chain.latest()->header().log_size), chain.day()));
  }
  const auto view = chain.latest();
  const auto first = tile(*view, {0, 0, 256});
  const auto rest = tile(*view, {0, 1, 44});
  const auto above = tile(*view, {1, 0, 1});
  ASSERT_TRUE(first && rest && above);
  std::vector<crypto::Hash> full;
  for (std::size_t i = 0; i < 256; ++i) full.push_back(hash_at(*first, i));
  EXPECT_EQ(crypto::merkle_root(full), hash_at(*above, 0));
  for (std::size_t i = 0; i < 44; ++i) full.push_back(hash_at(*rest, i));
  EXPECT_EQ(crypto::merkle_root(full), view->header().log_root);
  EXPECT_EQ(tile(*view, {0, 1, 45}), std::nullopt);
  EXPECT_EQ(tile(*view, {0, 1, 256}), std::nullopt);
  EXPECT_EQ(tile(*view, {1, 0, 2}), std::nullopt);
  EXPECT_EQ(tile(*view, {7, 0, 1}), std::nullopt);
}

TEST(LogTiles, ACheckpointIsASignedNoteOfTheHeader) {
  const auto view = season_chain().latest();
  const auto note = checkpoint(*view);
  ASSERT_TRUE(note.has_value());
  const std::string& chain_id = season_chain().chain_id();
  const auto& header = view->header();
  const std::string text = chain_id + "\n" + std::to_string(header.log_size) + "\n" +
                           crypto::to_base64(header.log_root) + "\n\n";
  ASSERT_TRUE(note->starts_with(text));
  std::string_view lines = std::string_view(*note).substr(text.size());
  for (int i = 0; i < 3; ++i) {
    const std::string dash = "\xe2\x80\x94 " + chain_id + "/";
    ASSERT_TRUE(lines.starts_with(dash)) << lines;
    const std::string_view line = lines.substr(0, lines.find('\n'));
    const auto blob = crypto::from_base64(line.substr(line.rfind(' ') + 1));
    ASSERT_TRUE(blob.has_value());
    const std::string org(line.substr(dash.size(), line.rfind(' ') - dash.size()));
    const auto& key = view->validators(view->height())->find(org)->key;
    const auto key_id = note_key_id(chain_id + "/" + org, key.bytes());
    EXPECT_TRUE(crypto::equal(crypto::ByteSpan(*blob).first(4), key_id));
    bft::Vote vote;
    vote.type = bft::VoteType::precommit;
    vote.height = view->height();
    vote.value = bft::BlockId{view->header_hash(), header.log_size, header.log_root};
    vote.org = org;
    vote.kid = key.kid();
    crypto::Signature signature;
    std::ranges::copy(crypto::ByteSpan(*blob).last(64), signature.begin());
    EXPECT_TRUE(key.verify(bft::sign_digest(vote, chain_id), signature));
    lines.remove_prefix(line.size() + 1);
  }
  EXPECT_TRUE(lines.empty());
}

TEST(LogTiles, ThereIsNoCheckpointBeforeTheFirstBlock) {
  EXPECT_EQ(checkpoint(*TestChain().latest()), std::nullopt);
}

}  // namespace
}  // namespace treeproof::rpc
