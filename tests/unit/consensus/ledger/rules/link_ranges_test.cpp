// The encoding of what an allocation derived, read from a stranger.
#include <gtest/gtest.h>

#include "consensus/ledger/allocation_links.h"

namespace treeproof::ledger {
namespace {

const std::vector<LinkRange> kRanges{{{"platform/r1"}, 0, {"desert-ngo/b1"}, 10, 5},
                                     {{"platform/r1"}, 7, {"desert-ngo/b2"}, 20, 2},
                                     {{"platform/r2"}, 3, {"desert-ngo/b1"}, 0, 4}};

TEST(LinkRanges, ComeBackAndNameEachIdOnce) {
  const crypto::Bytes bytes = encode(kRanges);
  EXPECT_EQ(decode_link_ranges(bytes), kRanges);
  EXPECT_EQ(decode_link_ranges(encode(std::vector<LinkRange>{})), std::vector<LinkRange>{});
  const auto text = crypto::as_text(bytes);
  EXPECT_EQ(text.find("platform/r1"), text.rfind("platform/r1"));
}

TEST(LinkRanges, EveryTruncationIsRefused) {
  const crypto::Bytes bytes = encode(kRanges);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_link_ranges(crypto::ByteSpan(bytes).first(size)).has_value()) << size;
  }
}

crypto::Bytes encoded(const std::vector<std::string>& ids,
                      const std::vector<std::uint64_t>& items) {
  crypto::CborWriter out;
  out.array(2).array(ids.size());
  for (const std::string& id : ids) out.text(id);
  out.array(items.size());
  for (const std::uint64_t item : items) out.uint(item);
  return out.finish();
}

TEST(LinkRanges, ThereIsOneEncodingForEachList) {
  const std::string r = "platform/r1";
  const std::string b = "desert-ngo/b1";
  EXPECT_TRUE(decode_link_ranges(encoded({r, b}, {0, 0, 1, 10, 5})).has_value());
  EXPECT_FALSE(decode_link_ranges(encoded({b, r}, {1, 0, 0, 10, 5})).has_value());         // order
  EXPECT_FALSE(decode_link_ranges(encoded({r, b, "x/y"}, {0, 0, 1, 10, 5})).has_value());  // spare
  EXPECT_FALSE(decode_link_ranges(encoded({r, r}, {0, 0, 1, 10, 5})).has_value());         // twice
  EXPECT_FALSE(decode_link_ranges(encoded({r, "no id"}, {0, 0, 1, 10, 5})).has_value());
  EXPECT_FALSE(decode_link_ranges(encoded({r}, {0, 0, 1, 10, 5})).has_value());  // none
  EXPECT_FALSE(decode_link_ranges(encoded({r, b}, {0, 0, 1, 10})).has_value());  // four items
}

}  // namespace
}  // namespace treeproof::ledger
