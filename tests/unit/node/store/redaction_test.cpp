// Redacted leaves: their bytes go from every file, and all else goes on.
#include <gtest/gtest.h>

#include <fstream>

#include "consensus/ledger/chunked_list.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/redaction.h"
#include "crypto/merkle.h"
#include "node/store/key_layout.h"
#include "tests/unit/node/store/snapshot_fixture.h"

namespace treeproof::store {
namespace {

const ledger::ObjectId kBatch{"desert-ngo/b1"};
const ledger::ObjectId kRedemption{"platform/r1"};
const ledger::ObjectId kAllocation{"platform/a1"};
constexpr std::uint64_t kUnit = 3;  // of tree 8
constexpr std::uint64_t kTree = 5;  // of unit 0

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// How many files below the folder hold these bytes.
std::size_t files_with(const std::filesystem::path& folder, crypto::ByteSpan wanted) {
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const bool holds = content_of(entry.path()).find(crypto::as_text(wanted)) != std::string::npos;
    found += holds ? 1 : 0;
  }
  return found;
}

// The chain of snapshots, of which unit 3 and later tree 5 are redacted.
class RedactionTest : public testing::Test {
 protected:
  RedactionTest() { store_ = made_.store.get(); }

  const ledger::Attachment& trees() const { return *made_.attachments[0]; }
  const ledger::Attachment& units() const { return *made_.attachments[1]; }
  crypto::Hash commitment(std::uint64_t unit) const {
    return ledger::decode<ledger::RedeemLeaf>(units().leaf(unit))->front().commitment;
  }
  // In a block of its own; not erased yet.
  void redact(const ledger::Attachment& of, std::uint64_t from, std::uint64_t count,
              const ledger::ObjectId& user) {
    ledger::State state(made_.chain.model);
    const std::string root = crypto::to_hex(of.announced().root);
    const ledger::ObjectId proposal{"platform/redact"};
    const std::array ranges{ledger::RedactedRange{from, count, proposal}};
    ledger::append_items<ledger::RedactedRange>(state, ledger::kRedactionNamespace, root, ranges);
    const std::array uses{ledger::AttachmentUse{user}};
    ledger::append_items<ledger::AttachmentUse>(state, ledger::kUsesNamespace, root, uses);
    ASSERT_TRUE(store_->commit(made_.chain.fabricate(state.take_changes())).has_value());
  }
  void redact_unit() { redact(units(), kUnit, 1, kRedemption); }
  void redact_tree() { redact(trees(), kTree, 1, kBatch); }
  void erase() { ASSERT_TRUE(store_->erase_redacted().has_value()); }
  void close() {
    made_.store.reset();
    store_ = nullptr;
  }
  void open() {
    made_.store = open_store(made_.folder.path(), made_.chain.genesis());
    store_ = made_.store.get();
  }
  std::string with_database(const std::function<std::string(Database&)>& task) {
    const auto database = Database::open(made_.folder.path() / "ledger").value();
    return task(*database);
  }
  // What a certificate opens, as rpc puts it together; nothing where its leaves are gone.
  bool opens(std::uint64_t link) const {
    const auto view = store_->latest();
    const auto object = ledger::find<ledger::AllocationObject>(*view, kAllocation);
    const std::uint64_t tree = link < 10 ? 5 + link : 8'190 + link - 10;
    const auto tree_leaf = view->leaf(trees().announced().root, tree);
    const auto unit_leaf = view->leaf(units().announced().root, link);
    if (!tree_leaf || !unit_leaf) return false;
    const ledger::LinkRange range{kRedemption, link, kBatch, tree, 1};
    const ledger::LogMoment then{object->record.log_index};
    const crypto::Bytes leaf = ledger::link_leaf(*view, range, then, *tree_leaf, *unit_leaf);
    const auto hashes = view->link_hashes(kAllocation);
    EXPECT_EQ(hashes.size(), object->payload.links.count);
    EXPECT_EQ(crypto::merkle_root(hashes), object->payload.links.root);
    return hashes.at(link) == crypto::leaf_hash(leaf);
  }
  std::vector<std::string> findings(const std::filesystem::path& folder) {
    return check_store(folder, made_.chain.genesis(), [](Height, Height) {})->findings;
  }

  SnapshotChain made_;
  Store* store_ = nullptr;
};

TEST_F(RedactionTest, TakesTheBytesFromEveryFile) {
  const crypto::Hash gone = commitment(kUnit);
  const crypto::Hash stays = commitment(kUnit + 1);
  EXPECT_EQ(files_with(made_.folder.path(), gone), 1u);
  redact_unit();
  erase();
  EXPECT_EQ(files_with(made_.folder.path(), gone), 0u);
  EXPECT_EQ(files_with(made_.folder.path(), stays), 1u);
  close();
  EXPECT_EQ(files_with(made_.folder.path(), gone), 0u);
}

TEST_F(RedactionTest, ShowsNothingOfThemFromTheirBlockOn) {
  const crypto::Hash root = units().announced().root;
  EXPECT_EQ(store_->latest()->find_commitment(commitment(kUnit))->second, kUnit);
  redact_unit();
  for (const bool is_erased : {false, true}) {
    if (is_erased) erase();
    EXPECT_EQ(store_->latest()->attachment(root), nullptr);
    EXPECT_FALSE(store_->latest()->holds(root));
    EXPECT_EQ(store_->latest()->leaf(root, kUnit), std::nullopt);
    EXPECT_EQ(store_->latest()->find_commitment(commitment(kUnit)), std::nullopt);
  }
  EXPECT_EQ(store_->latest()->find_commitment(commitment(kUnit + 1))->second, kUnit + 1);
  const auto view = store_->latest();
  EXPECT_EQ(*view->leaf(root, kUnit + 1), crypto::to_bytes(units().leaf(kUnit + 1)));
  EXPECT_EQ(view->leaf(root, SnapshotChain::kUnits), std::nullopt);
}

TEST_F(RedactionTest, ShowsNothingOfWhatRemainedUntilALaterBlock) {
  const crypto::Hash root = units().announced().root;
  redact_unit();
  erase();
  EXPECT_TRUE(store_->latest()->leaf(root, 5).has_value());
  redact(units(), 5, 2, kRedemption);  // not erased yet
  EXPECT_EQ(store_->latest()->leaf(root, 5), std::nullopt);
  EXPECT_EQ(store_->latest()->find_commitment(commitment(6)), std::nullopt);
  EXPECT_TRUE(store_->latest()->leaf(root, 7).has_value());
}

// A whole batch would be read, unpacked and hashed for each leaf.
TEST_F(RedactionTest, LeavesWhatIsCheckedOnce) {
  const crypto::Hash root = units().announced().root;
  redact_unit();
  erase();
  EXPECT_TRUE(store_->latest()->leaf(root, 7).has_value());
  const auto segment = made_.folder.path() / "attachments" / "attachments-000000.segment";
  const std::string zeros(std::filesystem::file_size(segment), '\0');
  std::fstream(segment, std::ios::in | std::ios::out | std::ios::binary) << zeros << std::flush;
  ASSERT_EQ(content_of(segment), zeros);
  EXPECT_EQ(store_->latest()->leaf(root, 8), crypto::to_bytes(units().leaf(8)));
}

TEST_F(RedactionTest, LeavesTheCertificatesOfOthers) {
  redact_unit();
  erase();
  redact_tree();
  erase();
  for (std::uint64_t link = 0; link < 14; ++link) {
    EXPECT_EQ(opens(link), link != kUnit && link != 0) << link;
  }
  redact(units(), 5, 2, kRedemption);  // of what remains
  erase();
  EXPECT_FALSE(opens(5));
  EXPECT_TRUE(opens(7));
  close();
  open();
  EXPECT_FALSE(opens(kUnit));
  EXPECT_TRUE(opens(7));
}

TEST_F(RedactionTest, IsCarriedOutAfterACrash) {
  const crypto::Hash gone = commitment(kUnit);
  redact_unit();
  const TemporaryFolder crashed;
  copy_folder(made_.folder.path(), crashed.path());
  EXPECT_EQ(files_with(crashed.path(), gone), 1u);
  const auto reopened = open_store(crashed.path(), made_.chain.genesis());
  EXPECT_EQ(files_with(crashed.path(), gone), 0u);
  EXPECT_TRUE(reopened->latest()->leaf(units().announced().root, 7).has_value());
}

TEST_F(RedactionTest, GoesOnWhereWhatRemainsStoodAlready) {
  const crypto::Hash gone = commitment(kUnit);
  const crypto::Hash root = units().announced().root;
  const auto segment = made_.folder.path() / "attachments" / "attachments-000000.segment";
  redact_unit();
  close();
  const std::string place =
      with_database([&](Database& database) { return database.get(unclaimed_key(root)).value(); });
  const std::string before = content_of(segment);
  open();  // erases
  close();
  EXPECT_EQ(files_with(made_.folder.path(), gone), 0u);
  {  // as if the zeros had not come to the disk
    std::fstream now(segment, std::ios::in | std::ios::out | std::ios::binary);
    now.write(before.data(), static_cast<std::streamsize>(before.size()));
  }
  with_database([&](Database& database) {
    Batch batch;
    batch.put(redacted_place_key(crypto::as_bytes(place)), root);
    EXPECT_TRUE(database.write(batch, Durability::synced).has_value());
    return std::string();
  });
  EXPECT_EQ(files_with(made_.folder.path(), gone), 1u);
  open();
  EXPECT_EQ(files_with(made_.folder.path(), gone), 0u);
  EXPECT_TRUE(opens(7));
}

TEST_F(RedactionTest, IsNoDamage) {
  redact_unit();
  redact_tree();
  erase();
  close();
  EXPECT_EQ(findings(made_.folder.path()), std::vector<std::string>{});
}

TEST_F(RedactionTest, IsInNoSnapshotMadeLaterAndNeedsNoneOfTheBytes) {
  const crypto::Hash gone = commitment(kUnit);
  redact_unit();
  redact_tree();
  erase();
  const auto snapshot = made_.snapshot(SnapshotContent::with_attachments);
  EXPECT_EQ(crypto::as_text(snapshot).find(crypto::as_text(gone)), std::string_view::npos);
  const TemporaryFolder other;
  const auto failure = restore(other.path(), made_.chain.genesis(), made_.trust(), snapshot);
  ASSERT_FALSE(failure.has_value()) << failure->why;
  {
    const auto restored = open_store(other.path(), made_.chain.genesis());
    expect_equal(*restored, made_.chain.model);
    EXPECT_EQ(restored->latest()->links(kAllocation), store_->latest()->links(kAllocation));
    EXPECT_EQ(restored->latest()->leaf(units().announced().root, 7), std::nullopt);
  }
  EXPECT_EQ(findings(other.path()), std::vector<std::string>{});
}

}  // namespace
}  // namespace treeproof::store
