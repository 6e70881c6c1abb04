#include "consensus/ledger/sample.h"

#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "consensus/ledger/geometry/wide_integer.h"
#include "crypto/hash.h"

namespace treeproof::ledger {
namespace {

const ObjectId kBatch = {"desert-ngo/277"};

TEST(SampleDraw, MatchesItsGoldenVector) {
  const crypto::Hash header = crypto::sha256(crypto::as_bytes("header"));
  const std::vector<std::uint64_t> expected = {16025, 117842, 47692, 29992, 104281, 97083,
                                               89962, 9550,   20326, 58309, 83396,  32257};
  EXPECT_EQ(sample_draw(header, kBatch, 150'000, 12), expected);
}

TEST(SampleDraw, SkipsWordsThatWouldFavourLowNumbers) {
  // Word by word as the header of sample.h says, written down a second time.
  const crypto::Hash header = crypto::sha256(crypto::as_bytes("other"));
  std::vector<std::uint64_t> order(1'000);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::uint32_t k = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto whole = static_cast<geometry::UInt128>(1) << 64;
    const std::uint64_t left = order.size() - i;
    std::uint64_t word = 0;
    do {
      crypto::Bytes input = crypto::to_bytes(header);
      for (const char c : kBatch.text) input.push_back(static_cast<std::uint8_t>(c));
      crypto::append_u32be(input, k++);
      word = crypto::read_u64be(crypto::sha256(input));
    } while (word >= whole - whole % left);
    std::swap(order[i], order[i + word % left]);
  }
  EXPECT_EQ(sample_draw(header, kBatch, 1'000, 1'000), order);
}

TEST(SampleDraw, DependsOnHeaderAndBatch) {
  const crypto::Hash one = crypto::sha256(crypto::as_bytes("1"));
  const crypto::Hash two = crypto::sha256(crypto::as_bytes("2"));
  EXPECT_NE(sample_draw(one, kBatch, 1'000, 10), sample_draw(two, kBatch, 1'000, 10));
  EXPECT_NE(sample_draw(one, kBatch, 1'000, 10), sample_draw(one, {"desert-ngo/278"}, 1'000, 10));
}

RC_GTEST_PROP(SampleDrawProperty, IsAPermutationWhoseBeginningsAgree, ()) {
  const auto members = *rc::gen::inRange<std::uint64_t>(1, 3'000);
  const auto size = *rc::gen::inRange<std::uint64_t>(0, members + 1);
  const crypto::Hash header = crypto::sha256(crypto::as_bytes(std::to_string(members)));
  const auto all = sample_draw(header, kBatch, members, members);
  const auto some = sample_draw(header, kBatch, members, size);
  RC_ASSERT(std::equal(some.begin(), some.end(), all.begin()));
  const std::set<std::uint64_t> distinct(all.begin(), all.end());
  RC_ASSERT(distinct.size() == members);
  RC_ASSERT(*distinct.rbegin() == members - 1);
}

}  // namespace
}  // namespace treeproof::ledger
