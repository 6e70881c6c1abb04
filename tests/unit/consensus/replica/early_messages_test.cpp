#include <gtest/gtest.h>

#include "consensus/replica/peer_book.h"

namespace treeproof::replica {
namespace {

bft::CommitCertificate of_height(std::uint64_t height) { return {{height}, Round{0}, {}, {}}; }

// Who floods with far heights loses those, not what is needed next. [rule 18]
TEST(PeerBook, KeepsTheNearestOfTooManyEarlyMessages) {
  PeerBook book;
  const Height near{2};
  book.keep_early("a", near, of_height(near.value));
  for (std::uint64_t i = 0; i < 2 * PeerBook::kEarlyPerPeerMax; ++i) {
    book.keep_early("a", Height{1'000 + i}, of_height(1'000 + i));
  }
  EXPECT_EQ(book.take_early(near).size(), 1u);
  std::size_t kept = 0;
  for (std::uint64_t i = 0; i < 2 * PeerBook::kEarlyPerPeerMax; ++i) {
    kept += book.take_early(Height{1'000 + i}).size();
  }
  EXPECT_EQ(kept, PeerBook::kEarlyPerPeerMax - 1);
}

TEST(PeerBook, EveryPeerHasItsOwnRoomForEarlyMessages) {
  PeerBook book;
  for (std::uint64_t i = 0; i < 2 * PeerBook::kEarlyPerPeerMax; ++i) {
    book.keep_early("a", Height{2}, of_height(2));
  }
  book.keep_early("b", Height{2}, of_height(2));
  std::size_t of_b = 0;
  for (const auto& [org, message] : book.take_early(Height{2})) of_b += org == "b" ? 1 : 0;
  EXPECT_EQ(of_b, 1u);
}

}  // namespace
}  // namespace treeproof::replica
