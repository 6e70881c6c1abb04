// Attachments that no committed statement announces: dropped on demand, their space given back.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "crypto/hash.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

constexpr std::size_t kBytes = 1u << 20;

class UnclaimedAttachments : public testing::Test {
 protected:
  // What does not compress: a chain of hashes.
  static ledger::AttachmentPtr make(const std::string& name) {
    std::vector<crypto::Bytes> leaves;
    crypto::Hash hash = hash_of(name);
    for (std::size_t bytes = 0; bytes < kBytes; bytes += sizeof(hash)) {
      leaves.push_back(crypto::CborWriter().bytes(hash).finish());
      hash = crypto::sha256(hash);
    }
    return ledger::Attachment::build(leaves);
  }
  void put(const ledger::AttachmentPtr& attachment) {
    const PackedAttachment packed[] = {pack(attachment)};
    ASSERT_TRUE(store_->put_attachments(packed).has_value());
  }
  void commit(const std::vector<ledger::StatementPtr>& statements) {
    ASSERT_TRUE(store_->commit(chain_.next(statements)).has_value());
  }
  void drop(const crypto::Hash& root) {
    const crypto::Hash roots[] = {root};
    ASSERT_TRUE(store_->drop_attachments(roots).has_value());
  }
  bool holds(const ledger::AttachmentPtr& attachment) const {
    const crypto::Hash& root = attachment->announced().root;
    const bool held = store_->state().holds(root);
    EXPECT_EQ(held, store_->latest()->attachment(root) != nullptr);
    return held;
  }
  void reopen() {
    store_.reset();
    store_ = open_store(folder_.path(), chain_.genesis());
  }
  std::uint64_t disk_bytes() const {
    struct stat status{};
    const auto file = folder_.path() / "attachments" / "attachments-000000.segment";
    EXPECT_EQ(::stat(file.c_str(), &status), 0);
    return static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  // A plot with this outline.
  std::pair<ledger::StatementPtr, ledger::AttachmentPtr> plot() {
    constexpr std::int32_t kSide = 10'000;
    const geometry::Polygon square{{{{0, 0}, {0, kSide}, {kSide, kSide}, {kSide, 0}, {0, 0}}}};
    const std::vector<crypto::Bytes> leaves{geometry::encode_ring(square.rings.front())};
    const auto outline = ledger::Attachment::build(leaves);
    chain_.model.put_attachment(outline);
    ledger::Plot plot;
    plot.ref = {"plot"};
    plot.country = {"CN"};
    plot.area = geometry::area_m2(square);
    plot.capacity = 100;
    plot.uncertainty_m = 10;
    plot.geometry = outline->announced();
    const auto time = chain_.model.tip().time.seconds() + 1;
    return {chain_.consortium.sign("desert-ngo", plot, time), outline};
  }

  TemporaryFolder folder_;
  TestChain chain_;
  std::unique_ptr<Store> store_ = open_store(folder_.path(), chain_.genesis());
};

TEST_F(UnclaimedAttachments, AreNotHeldOnceDropped) {
  const auto kept = make("kept");
  const auto dropped = make("dropped");
  put(kept);
  put(dropped);
  EXPECT_EQ(store_->unclaimed_attachments().size(), 2u);
  drop(dropped->announced().root);
  EXPECT_FALSE(holds(dropped));
  EXPECT_TRUE(holds(kept));
  commit({});  // makes it durable
  reopen();
  EXPECT_FALSE(holds(dropped));
  EXPECT_TRUE(holds(kept));
  EXPECT_EQ(store_->unclaimed_attachments(), std::vector<crypto::Hash>{kept->announced().root});
  put(dropped);
  EXPECT_TRUE(holds(dropped));
}

TEST_F(UnclaimedAttachments, BecomeTheChainsOwnWhenAStatementCommitsThem) {
  const auto [statement, outline] = plot();
  put(outline);
  commit({statement});
  EXPECT_TRUE(store_->unclaimed_attachments().empty());
  drop(outline->announced().root);
  EXPECT_TRUE(holds(outline));
  reopen();
  drop(outline->announced().root);
  EXPECT_TRUE(holds(outline));
}

TEST_F(UnclaimedAttachments, GiveTheirSpaceBack) {
  const auto kept = make("kept");
  const auto dropped = make("dropped");
  put(dropped);
  put(kept);
  const std::uint64_t before = disk_bytes();
  ASSERT_GT(before, 2 * kBytes);
  drop(dropped->announced().root);
  ASSERT_TRUE(store_->give_back_space().has_value());
  EXPECT_EQ(disk_bytes(), before);  // opening might have to read past it
  commit({});
  ASSERT_TRUE(store_->give_back_space().has_value());
  EXPECT_LT(disk_bytes(), before - kBytes / 2) << "or no holes on this file system";
  reopen();
  EXPECT_TRUE(holds(kept));
}

// What lies behind a hole is found again where its index entry was lost.
TEST_F(UnclaimedAttachments, LeaveWhatWasStoredAfterThemInPlace) {
  const auto dropped = make("dropped");
  put(dropped);
  commit({});
  const auto later = make("later");
  put(later);
  drop(dropped->announced().root);
  ASSERT_TRUE(store_->give_back_space().has_value());
  TemporaryFolder copy;
  copy_folder(folder_.path(), copy.path() / "store");  // as a crash leaves it
  const auto after = open_store(copy.path() / "store", chain_.genesis());
  EXPECT_NE(after->latest()->attachment(later->announced().root), nullptr);
}

}  // namespace
}  // namespace treeproof::store
