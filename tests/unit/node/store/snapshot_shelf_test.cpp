// The snapshots that a node keeps for its peers.
#include "node/store/snapshot_shelf.h"

#include <gtest/gtest.h>

#include <fstream>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"
#include "tests/unit/node/store/snapshot_fixture.h"

namespace treeproof::store {
namespace {

SnapshotShelf::Fill filled_with(const crypto::Bytes& bytes) {
  return [bytes](const SnapshotOut& out) {
    for (std::size_t at = 0; at < bytes.size(); at += 700'001) {
      const auto rest = crypto::ByteSpan(bytes).subspan(at);
      auto done = out(rest.first(std::min<std::size_t>(rest.size(), 700'001)));
      if (!done) return done;
    }
    return std::expected<void, std::string>{};
  };
}

class SnapshotShelfTest : public testing::Test {
 protected:
  crypto::Bytes whole(const SnapshotShelf& shelf, const replica::SnapshotOffer& offer) {
    crypto::Bytes all;
    const std::uint64_t parts = (offer.bytes + kSnapshotPartBytes - 1) / kSnapshotPartBytes;
    for (std::uint64_t index = 0; index < parts; ++index) {
      const auto part = shelf.part({offer.root, index});
      if (!part) return {};
      EXPECT_TRUE(crypto::verify_inclusion(crypto::leaf_hash(part->bytes), index, parts, part->path,
                                           offer.root));
      all.insert(all.end(), part->bytes.begin(), part->bytes.end());
    }
    EXPECT_FALSE(shelf.part({offer.root, parts}).has_value());
    return all;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "snapshots";
};

TEST_F(SnapshotShelfTest, ServesInPartsWhatWasPutThere) {
  SnapshotShelf shelf(path_);
  EXPECT_FALSE(shelf.newest().has_value());
  for (const std::size_t size : {std::size_t{1}, kSnapshotPartBytes, 3 * kSnapshotPartBytes + 9}) {
    crypto::Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i / 999);
    ASSERT_TRUE(shelf.put({size}, filled_with(bytes)).has_value());
    const auto offer = shelf.newest();
    ASSERT_TRUE(offer.has_value());
    EXPECT_EQ(offer->height, Height{size});
    EXPECT_EQ(offer->bytes, size);
    EXPECT_EQ(whole(shelf, *offer), bytes);
  }
  EXPECT_FALSE(shelf.part({{}, 0}).has_value());
}

TEST_F(SnapshotShelfTest, KeepsTheTwoNewestAndFindsThemAgain) {
  std::vector<replica::SnapshotOffer> offers;
  {
    SnapshotShelf shelf(path_);
    for (const std::uint64_t height : {10, 20, 30}) {
      const crypto::Bytes bytes(100, static_cast<std::uint8_t>(height));
      ASSERT_TRUE(shelf.put({height}, filled_with(bytes)).has_value());
      offers.push_back(*shelf.newest());
    }
    EXPECT_FALSE(shelf.part({offers[0].root, 0}).has_value());
    EXPECT_TRUE(shelf.part({offers[1].root, 0}).has_value());
  }
  EXPECT_EQ(files(), SnapshotShelf::kKept);
  std::ofstream(path_ / "40.partial") << "half";
  std::ofstream(path_ / "notes.snapshot") << "not ours";
  SnapshotShelf again(path_);
  ASSERT_TRUE(again.look_through().has_value());
  EXPECT_EQ(again.newest(), offers[2]);
  EXPECT_TRUE(again.part({offers[1].root, 0}).has_value());
  EXPECT_FALSE(std::filesystem::exists(path_ / "40.partial"));
  EXPECT_TRUE(std::filesystem::exists(path_ / "notes.snapshot"));
}

TEST_F(SnapshotShelfTest, WhatIsNotWrittenToItsEndLeavesNothing) {
  SnapshotShelf shelf(path_);
  ASSERT_TRUE(shelf.put({10}, filled_with(crypto::Bytes(100))).has_value());
  const auto before = shelf.newest();
  const auto stopped = shelf.put({20}, [](const SnapshotOut& out) {
    EXPECT_TRUE(out(crypto::Bytes(3 * kSnapshotPartBytes)).has_value());
    return std::expected<void, std::string>(std::unexpected("stopped"));
  });
  EXPECT_EQ(stopped.error(), "stopped");
  {
    const FullDisk full(kSnapshotPartBytes);
    EXPECT_FALSE(shelf.put({30}, filled_with(crypto::Bytes(3 * kSnapshotPartBytes))).has_value());
  }
  EXPECT_EQ(shelf.newest(), before);
  EXPECT_EQ(files(), 1u);
}

// A part that is read no more is not sent; nothing else is harmed.
TEST_F(SnapshotShelfTest, AFileThatWasCutIsNotServedBeyondItsEnd) {
  SnapshotShelf shelf(path_);
  ASSERT_TRUE(shelf.put({10}, filled_with(crypto::Bytes(2 * kSnapshotPartBytes))).has_value());
  const auto offer = *shelf.newest();
  std::filesystem::resize_file(path_ / "10.snapshot", kSnapshotPartBytes);
  EXPECT_TRUE(shelf.part({offer.root, 0}).has_value());
  EXPECT_FALSE(shelf.part({offer.root, 1}).has_value());
}

// The state of a height is the same bytes on every node once the next block carries its
// certificate, also on one that has gone on since, and on one that began at a snapshot.
TEST_F(SnapshotShelfTest, EveryNodeWritesTheSameSnapshotOfAHeight) {
  SnapshotChain made;
  TemporaryFolder other;
  ASSERT_FALSE(restore(other.path(), made.chain.genesis(), made.trust(),
                       made.snapshot(SnapshotContent::with_attachments))
                   .has_value());
  const auto restored = open_store(other.path(), made.chain.genesis());
  std::vector<std::pair<Store*, rpc::ChainViewPtr>> nodes{{made.store.get(), nullptr},
                                                          {restored.get(), nullptr}};
  const auto commit = made.chain.next_evidence(3);
  for (auto& [store, view] : nodes) {
    ASSERT_TRUE(store->commit(commit).has_value());
    view = store->latest();
  }
  for (int i = 0; i < 2; ++i) {
    const auto later = made.chain.next_evidence(2);
    for (auto& [store, view] : nodes) ASSERT_TRUE(store->commit(later).has_value());
  }
  std::vector<replica::SnapshotOffer> offers;
  for (auto& [store, view] : nodes) {
    SnapshotShelf shelf(path_ / std::to_string(offers.size()));
    ASSERT_TRUE(shelf
                    .put(view->height(),
                         [&](const SnapshotOut& out) {
                           return store->write_snapshot(*view, SnapshotContent::state, out);
                         })
                    .has_value());
    offers.push_back(*shelf.newest());
  }
  EXPECT_EQ(offers[0], offers[1]);
}

}  // namespace
}  // namespace treeproof::store
