// The small parts of the store: checksum, cache, filter, runs, tiles, keys.
#include <gtest/gtest.h>

#include <random>

#include "node/store/byte_cache.h"
#include "node/store/crc32c.h"
#include "node/store/key_filter.h"
#include "node/store/key_layout.h"
#include "node/store/log_tiles.h"
#include "node/store/sorted_runs.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

TEST(Crc32c, IsThatOfRfc3720) {
  EXPECT_EQ(crc32c(bytes("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c(crypto::Bytes(32, 0x00)), 0x8a9136aau);
  EXPECT_EQ(crc32c(crypto::Bytes(32, 0xff)), 0x62a8ab43u);
}

TEST(Crc32c, GoesOnFromAPart) {
  const crypto::Bytes whole = bytes("a text that is longer than eight bytes");
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const crypto::ByteSpan all = whole;
    EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all));
  }
}

using TextCache = ByteCache<std::string, int>;

TEST(ByteCache, ForgetsWhatWasUsedLongestAgo) {
  TextCache cache(30);
  cache.put("a", 1, 10);
  cache.put("b", 2, 10);
  cache.put("c", 3, 10);
  ASSERT_NE(cache.find("a"), nullptr);
  cache.put("d", 4, 10);
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_EQ(*cache.find("a"), 1);
  EXPECT_EQ(*cache.find("d"), 4);
  EXPECT_EQ(cache.bytes(), 30u);
}

TEST(ByteCache, CountsAReplacedValueOnce) {
  TextCache cache(100);
  cache.put("a", 1, 60);
  cache.put("a", 2, 20);
  EXPECT_EQ(*cache.find("a"), 2);
  EXPECT_EQ(cache.bytes(), 20u);
}

TEST(KeyFilter, NeverDeniesAKeyAndRarelyAssumesOne) {
  KeyFilter filter;
  const auto key = [](std::size_t i) { return "object key " + std::to_string(i); };
  EXPECT_FALSE(filter.may_hold(key(0)));
  constexpr std::size_t kKeys = 400'000;  // several parts
  for (std::size_t i = 0; i < kKeys; ++i) filter.add(key(i));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < kKeys; ++i) {
    ASSERT_TRUE(filter.may_hold(key(i)));
    wrong += filter.may_hold(key(kKeys + i));
  }
  EXPECT_LT(wrong, kKeys / 50);
  EXPECT_LT(filter.memory_bytes(), kKeys * 4);
}

crypto::Hash numbered_hash(std::uint64_t number) { return hash_of(std::to_string(number)); }

// Adds `count` numbers with two entries each, `at_once` at a time.
void fill(SortedRuns& runs, std::uint32_t end, std::uint32_t at_once) {
  while (runs.covered() < end) {
    Entries entries;
    const std::uint32_t first = runs.covered();
    const std::uint32_t last = std::min(end, first + at_once);
    for (std::uint32_t number = first; number < last; ++number) {
      entries.push_back(make_entry(numbered_hash(2 * number), number));
      entries.push_back(make_entry(numbered_hash(2 * number + 1), number));
    }
    runs.add(std::move(entries), last);
  }
}

void expect_found(const SortedRuns& runs, std::uint32_t end) {
  for (std::uint32_t number = 0; number < end; number += 97) {
    const auto found = runs.find(numbered_hash(2 * number + 1));
    EXPECT_NE(std::ranges::find(found, number), found.end()) << number;
    EXPECT_LE(found.size(), 2u);
  }
}

TEST(SortedRuns, FindEveryEntryInFewRuns) {
  const TemporaryFolder folder;
  SortedRuns runs(folder.path(), "test", 0);
  fill(runs, 5'000, 7);
  expect_found(runs, 5'000);
  EXPECT_TRUE(runs.find(hash_of("another")).empty());
  EXPECT_LE(runs.runs().size(), 15u);
}

TEST(SortedRuns, KeepLargeRunsInFilesAndSayWhatTheyCover) {
  const TemporaryFolder folder;
  constexpr std::uint32_t kEnd = 300'000;
  {
    SortedRuns runs(folder.path(), "test", 0);
    fill(runs, kEnd, 5'000);
    expect_found(runs, kEnd);
    EXPECT_TRUE(runs.damage().empty());
  }
  SortedRuns again(folder.path(), "test", kEnd);
  EXPECT_GE(again.covered(), kEnd / 2);
  EXPECT_LE(again.covered(), kEnd);
  expect_found(again, again.covered());
  fill(again, kEnd, 1'000);
  expect_found(again, kEnd);
}

TEST(SortedRuns, DropARunThatCoversMoreThanThereIs) {
  const TemporaryFolder folder;
  {
    SortedRuns runs(folder.path(), "test", 0);
    fill(runs, 200'000, 200'000);
    fill(runs, 400'000, 200'000);
  }
  EXPECT_EQ(SortedRuns(folder.path(), "test", 399'999).covered(), 0u);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SortedRuns, NameADamagedFile) {
  const TemporaryFolder folder;
  SortedRuns runs(folder.path(), "test", 0);
  fill(runs, 200'000, 200'000);
  fill(runs, 400'000, 200'000);
  ASSERT_EQ(runs.runs().size(), 1u);
  flip_byte(runs.runs().front().file, 1'000);
  EXPECT_EQ(SortedRuns(folder.path(), "test", 400'000).damage().size(), 1u);
}

TEST(LogTiles, GiveTheSubtreesOfATreeInMemory) {
  const TemporaryFolder folder;
  const auto database = Database::open(folder.path()).value();
  std::mt19937 random(7);
  LogTiles tiles;
  std::vector<crypto::Hash> leaves;
  crypto::Frontier frontier;
  std::map<std::pair<std::uint32_t, std::uint64_t>, crypto::Hash> expected;
  while (leaves.size() < 70'000) {
    const std::size_t added = leaves.size() < 1'200 ? random() % 60 : 9'000 + random() % 999;
    std::vector<crypto::Hash> more;
    for (std::size_t i = 0; i < added; ++i) more.push_back(numbered_hash(leaves.size() + i));
    for (const crypto::Hash& leaf : more) {
      frontier.append(leaf, [&](std::uint32_t level, std::uint64_t index,
                                const crypto::Hash& hash) { expected[{level, index}] = hash; });
    }
    leaves.insert(leaves.end(), more.begin(), more.end());
    Batch batch;
    tiles.append(more, batch);
    ASSERT_TRUE(database->write(batch, Durability::buffered).has_value());
    if (random() % 3 == 0) tiles = LogTiles::load(*database, leaves.size());
  }
  std::size_t compared = 0;
  for (const auto& [place, hash] : expected) {
    if (++compared % 37 != 0 && place.first < 8) continue;
    ASSERT_EQ(log_subtree(*database, {}, place.first, place.second), hash)
        << place.first << " " << place.second;
  }
  const auto path =
      crypto::inclusion_path(1'234, leaves.size(), [&](std::uint32_t level, std::uint64_t index) {
        return log_subtree(*database, {}, level, index);
      });
  EXPECT_TRUE(crypto::verify_inclusion(leaves[1'234], 1'234, leaves.size(), path, frontier.root()));
}

TEST(KeyLayout, NewerHeightsComeFirst) {
  const ledger::ObjectKey key{"object", "org/a"};
  EXPECT_LT(history_key(key, {9}), history_key(key, {8}));
  EXPECT_LT(validators_key({256}), validators_key({255}));
  EXPECT_LT(block_key({255}), block_key({256}));
}

}  // namespace
}  // namespace treeproof::store
