#include "consensus/replica/attachment_stock.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace treeproof::replica {
namespace {

using Roots = std::vector<crypto::Hash>;

const crypto::Hash kRoot = crypto::sha256(crypto::as_bytes("attachment"));
constexpr std::uint64_t kStart = 1'000'000'000;

bool named(const crypto::Hash&) { return true; }
bool unnamed(const crypto::Hash&) { return false; }

class AttachmentStockTest : public testing::Test {
 protected:
  Roots look_after(std::uint64_t ms, const AttachmentStock::IsNamed& is_named) {
    now_.value += ms;
    return stock_.take_lapsed(now_, is_named);
  }
  AttachmentStock stock_;
  TimeMs now_{kStart};
};

TEST_F(AttachmentStockTest, GivesBackWhatNobodyNamesForAWhile) {
  stock_.note_stored(kRoot, now_);
  EXPECT_EQ(look_after(AttachmentStock::kPatienceMs, unnamed), Roots{});
  EXPECT_EQ(look_after(AttachmentStock::kLookEveryMs, unnamed), Roots{kRoot});
  EXPECT_TRUE(stock_.is_dropped(kRoot));
  stock_.end_step();
  EXPECT_FALSE(stock_.is_dropped(kRoot));
  EXPECT_EQ(look_after(2 * AttachmentStock::kPatienceMs, unnamed), Roots{});
}

TEST_F(AttachmentStockTest, KeepsWhatIsNamedNowAndThen) {
  stock_.note_stored(kRoot, now_);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(look_after(AttachmentStock::kPatienceMs - 1, named), Roots{});
  }
  EXPECT_EQ(look_after(AttachmentStock::kPatienceMs, unnamed), Roots{});
}

TEST_F(AttachmentStockTest, KeepsWhatIsCommittedOrOnItsWay) {
  stock_.note_stored(kRoot, now_);
  stock_.begin({kRoot, 1, 1});
  EXPECT_EQ(look_after(2 * AttachmentStock::kPatienceMs, unnamed), Roots{});
  EXPECT_TRUE(stock_.end(kRoot).has_value());
  EXPECT_FALSE(stock_.end(kRoot).has_value());
  stock_.note_committed(kRoot);
  EXPECT_EQ(look_after(2 * AttachmentStock::kPatienceMs, unnamed), Roots{});
}

TEST_F(AttachmentStockTest, LooksNowAndThenOnly) {
  std::size_t asked = 0;
  const auto count = [&](const crypto::Hash&) { return ++asked > 0; };
  stock_.note_stored(kRoot, now_);
  for (int i = 0; i < 100; ++i) look_after(AttachmentStock::kLookEveryMs / 10, count);
  EXPECT_LE(asked, 11u);
}

}  // namespace
}  // namespace treeproof::replica
