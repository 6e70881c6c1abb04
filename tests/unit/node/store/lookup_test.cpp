// Lookups of commitments and links, and the attachments behind them.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "consensus/ledger/campaign_objects.h"
#include "node/store/attachment_files.h"
#include "node/store/lookup_indexes.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

struct Unit {
  std::string redemption;
  std::uint64_t index;
  bool operator==(const Unit&) const = default;
};

// The leaves of a redeem of `units`; every third unit is co-planted by three.
ledger::AttachmentPtr leaves_of(const std::string& redemption, std::size_t units,
                                std::map<crypto::Hash, Unit>& where) {
  std::set<std::vector<crypto::Hash>> sorted;
  for (std::size_t unit = 0; unit < units; ++unit) {
    std::set<crypto::Hash> shares;
    for (std::size_t i = 0; i < (unit % 3 == 0 ? 3u : 1u); ++i) {
      shares.insert(hash_of(redemption + std::to_string(unit) + "," + std::to_string(i)));
    }
    sorted.insert({shares.begin(), shares.end()});
  }
  std::vector<crypto::Bytes> leaves;
  for (const auto& commitments : sorted) {
    ledger::RedeemLeaf leaf;
    for (const crypto::Hash& commitment : commitments) {
      leaf.push_back({commitment, 300 / commitments.size()});
      where[commitment] = {redemption, leaves.size()};
    }
    leaves.push_back(ledger::encode(leaf));
  }
  return ledger::Attachment::build(leaves);
}

ledger::SharedBytes redemption_object(const ledger::AttachmentPtr& leaves) {
  ledger::RedemptionObject object;
  object.payload.ref = {"r"};
  object.payload.campaign = {"platform/c"};
  object.payload.programme = {"platform/p"};
  object.payload.units = leaves->leaf_count();
  object.payload.leaves = leaves->announced();
  return std::make_shared<const crypto::Bytes>(ledger::encode(object));
}

class LookupTest : public testing::Test {
 protected:
  void open() {
    store_.reset();
    store_ = open_store(folder_.path(), chain_.genesis());
  }
  void redeem(const std::string& id, std::size_t units) {
    const auto leaves = leaves_of(id, units, where_);
    const std::array packed{store::pack(leaves)};
    ASSERT_TRUE(store_->put_attachments(packed).has_value());
    ledger::StateChanges changes;
    changes.objects[{"object", id}] = redemption_object(leaves);
    ASSERT_TRUE(store_->commit(chain_.fabricate(changes)).has_value());
  }
  void expect_all_found() const {
    const auto view = store_->latest();
    for (const auto& [commitment, unit] : where_) {
      const auto found = view->find_commitment(commitment);
      ASSERT_TRUE(found.has_value()) << unit.redemption << " " << unit.index;
      EXPECT_EQ((Unit{found->first.text, found->second}), unit);
    }
  }

  TemporaryFolder folder_;
  TestChain chain_;
  std::unique_ptr<Store> store_ = open_store(folder_.path(), chain_.genesis());
  std::map<crypto::Hash, Unit> where_;
};

TEST_F(LookupTest, EveryShareOfEveryUnitLeadsToItsUnit) {
  for (int i = 0; i < 9; ++i) redeem("platform/r" + std::to_string(i), 1 + 40u * unsigned(i));
  expect_all_found();
  EXPECT_EQ(store_->latest()->find_commitment(hash_of("nobody's")), std::nullopt);
  open();
  expect_all_found();
}

TEST_F(LookupTest, ARedemptionIsFoundFromItsHeightOn) {
  redeem("platform/r0", 4);
  const auto view = store_->latest();
  const crypto::Hash first = where_.begin()->first;
  redeem("platform/r1", 4);
  EXPECT_TRUE(view->find_commitment(first).has_value());
  for (const auto& [commitment, unit] : where_) {
    EXPECT_EQ(view->find_commitment(commitment).has_value(), unit.redemption == "platform/r0");
  }
}

TEST_F(LookupTest, LookupsAreMadeAgainWhereTheirFolderIsGone) {
  for (int i = 0; i < 3; ++i) redeem("platform/r" + std::to_string(i), 200);
  store_.reset();
  std::filesystem::remove_all(folder_.path() / "lookups");
  open();
  expect_all_found();
}

TEST_F(LookupTest, LinksLeadFromTreesAndUnitsToTheirAllocation) {
  // "platform/a1" gives interleaved units of two redemptions trees of two batches.
  const std::vector<ledger::LinkRange> first{{{"platform/r1"}, 0, {"desert-ngo/b1"}, 10, 5},
                                             {{"platform/r1"}, 7, {"desert-ngo/b1"}, 20, 2},
                                             {{"platform/r2"}, 3, {"desert-ngo/b2"}, 0, 4}};
  const std::vector<ledger::LinkRange> second{{{"platform/r1"}, 5, {"desert-ngo/b1"}, 15, 2},
                                              {{"platform/r2"}, 0, {"desert-ngo/b1"}, 0, 3}};
  ASSERT_TRUE(store_->commit(chain_.fabricate({}, {{{"platform/a1"}, first}})).has_value());
  const auto before = store_->latest();
  ASSERT_TRUE(store_->commit(chain_.fabricate({}, {{{"platform/a2"}, second}})).has_value());
  const auto view = store_->latest();
  EXPECT_EQ(view->links({"platform/a1"}), first);
  EXPECT_EQ(view->links({"platform/a2"}), second);
  EXPECT_TRUE(view->links({"platform/a3"}).empty());
  for (const std::string allocation : {"platform/a1", "platform/a2"}) {
    std::uint64_t link = 0;
    for (const auto& range : view->links({allocation})) {
      for (std::uint64_t i = 0; i < range.count; ++i, ++link) {
        const auto by_tree = view->link_of_tree(range.plant, range.tree_from + i);
        const auto by_unit = view->link_of_unit(range.redeem, range.unit_from + i);
        ASSERT_TRUE(by_tree && by_unit);
        EXPECT_EQ(by_tree->allocation.text, allocation);
        EXPECT_EQ(by_tree->link_index, link);
        EXPECT_EQ(by_unit->allocation.text, allocation);
        EXPECT_EQ(by_unit->link_index, link);
      }
    }
  }
  EXPECT_EQ(view->link_of_tree({"desert-ngo/b1"}, 22).has_value(), false);
  EXPECT_EQ(view->link_of_tree({"desert-ngo/b"}, 10).has_value(), false);
  EXPECT_EQ(view->link_of_unit({"platform/r2"}, 7).has_value(), false);
  EXPECT_EQ(before->link_of_tree({"desert-ngo/b1"}, 0).has_value(), false);
}

class AttachmentTest : public testing::Test {
 protected:
  AttachmentTest() { reopen({}); }
  void reopen(SegmentPosition indexed) {
    attachments_.reset();
    attachments_ = AttachmentFiles::open(folder_.path() / "attachments", *database_).value();
    const auto noted = attachments_->index_rest(indexed);
    ASSERT_TRUE(noted.has_value()) << noted.error();
  }
  ledger::AttachmentPtr make(const std::string& name, std::size_t units = 50) {
    std::map<crypto::Hash, Unit> unused;
    return leaves_of(name, units, unused);
  }
  bool put(const std::vector<ledger::AttachmentPtr>& attachments) {
    std::vector<PackedAttachment> packed;
    std::ranges::transform(attachments, std::back_inserter(packed), pack);
    return attachments_->put(packed).has_value();
  }
  std::filesystem::path segment() const {
    return folder_.path() / "attachments" / "attachments-000000.segment";
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = Database::open(folder_.path() / "ledger").value();
  std::unique_ptr<AttachmentFiles> attachments_;
};

TEST_F(AttachmentTest, ComesBackAsItWasPut) {
  const auto first = make("first");
  const auto second = make("second", 3'000);
  ASSERT_TRUE(put({first, second}));
  reopen(attachments_->end());
  for (const auto& given : {first, second}) {
    const auto got = attachments_->get(given->announced().root);
    ASSERT_NE(got, nullptr);
    EXPECT_EQ(got->announced(), given->announced());
    EXPECT_TRUE(crypto::equal(got->bytes(), given->bytes()));
    EXPECT_EQ(attachments_->get(given->announced().root), got);  // from memory
  }
  EXPECT_EQ(attachments_->get(hash_of("another")), nullptr);
}

TEST_F(AttachmentTest, IsWrittenOnce) {
  const auto attachment = make("first");
  ASSERT_TRUE(put({attachment}));
  const SegmentPosition end = attachments_->end();
  ASSERT_TRUE(put({attachment}));
  EXPECT_EQ(attachments_->end(), end);
  const auto twice = make("twice");
  ASSERT_TRUE(put({twice, attachment, twice}));
  const SegmentPosition both = attachments_->end();
  reopen({});
  ASSERT_TRUE(put({twice}));
  ASSERT_TRUE(put({attachment}));
  EXPECT_EQ(attachments_->end(), both);
  EXPECT_LT(both.offset, 3 * end.offset);
}

TEST_F(AttachmentTest, ADamagedOneIsNotHeldAndCanBePutAgain) {
  const auto attachment = make("first");
  ASSERT_TRUE(put({attachment}));
  const SegmentPosition end = attachments_->end();
  reopen(end);
  for (std::uint64_t offset = 0; offset < end.offset; offset += 211) {
    flip_byte(segment(), offset);
    EXPECT_FALSE(attachments_->read(attachment->announced().root).has_value()) << offset;
    flip_byte(segment(), offset);
  }
  flip_byte(segment(), end.offset / 2);
  EXPECT_EQ(attachments_->get(attachment->announced().root), nullptr);
  ASSERT_TRUE(put({attachment}));
  EXPECT_NE(attachments_->get(attachment->announced().root), nullptr);
  reopen(attachments_->end());
  EXPECT_NE(attachments_->get(attachment->announced().root), nullptr);
}

TEST_F(AttachmentTest, IsFoundAgainWhereItsIndexEntryIsLost) {
  const auto first = make("first");
  const auto second = make("second");
  ASSERT_TRUE(put({first}));
  const SegmentPosition after_first = attachments_->end();
  ASSERT_TRUE(put({second}));
  attachments_.reset();
  database_.reset();
  std::filesystem::remove_all(folder_.path() / "ledger");
  database_ = Database::open(folder_.path() / "ledger").value();
  reopen(after_first);
  EXPECT_EQ(attachments_->get(first->announced().root), nullptr);
  EXPECT_NE(attachments_->get(second->announced().root), nullptr);
  reopen({});
  EXPECT_NE(attachments_->get(first->announced().root), nullptr);
}

TEST_F(AttachmentTest, ATornEndIsCutAtEveryByte) {
  const auto first = make("first", 2);
  const auto second = make("second", 2);
  ASSERT_TRUE(put({first}));
  const SegmentPosition after_first = attachments_->end();
  ASSERT_TRUE(put({second}));
  const SegmentPosition end = attachments_->end();
  for (std::uint64_t size = end.offset - 1; size >= after_first.offset; --size) {
    attachments_.reset();
    std::filesystem::resize_file(segment(), size);
    reopen({});
    EXPECT_EQ(attachments_->end(), after_first);
    EXPECT_NE(attachments_->get(first->announced().root), nullptr);
    if (size < after_first.offset + 10) break;
    attachments_.reset();  // put the torn bytes back
    std::ofstream(segment(), std::ios::app | std::ios::binary)
        << std::string(size - 1 - after_first.offset, 'x');
  }
}

}  // namespace
}  // namespace treeproof::store
