// A snapshot restored: what the store that comes out of it holds, and what it cannot.
#include <gtest/gtest.h>

#include "node/store/key_layout.h"
#include "tests/unit/node/store/snapshot_fixture.h"

namespace treeproof::store {
namespace {

class SnapshotTest : public testing::Test {
 protected:
  void restore_all() {
    const auto failure = restore(other_.path(), chain().genesis(), made_.trust(),
                                 made_.snapshot(SnapshotContent::with_attachments));
    ASSERT_FALSE(failure.has_value()) << failure->why;
    restored_ = open_store(other_.path(), chain().genesis());
  }
  TestChain& chain() { return made_.chain; }
  void commit_to_both(const replica::Commit& commit) {
    ASSERT_TRUE(made_.store->commit(commit).has_value());
    ASSERT_TRUE(restored_->commit(commit).has_value());
  }

  SnapshotChain made_;
  TemporaryFolder other_;
  std::unique_ptr<Store> restored_;
};

TEST_F(SnapshotTest, ARestoredStoreHoldsTheStateTheLogAndTheValidators) {
  restore_all();
  expect_equal(*restored_, chain().model);
  const auto whole = made_.store->latest();
  const auto view = restored_->latest();
  EXPECT_EQ(view->base(), view->height());
  EXPECT_EQ(whole->base(), Height{0});
  EXPECT_EQ(view->header(), whole->header());
  EXPECT_EQ(*view->block(view->height()), *whole->block(view->height()));
  EXPECT_EQ(view->certificate(view->height()), whole->certificate(view->height()));
  for (std::uint64_t h = 1; h <= view->height().value + 1; ++h) {
    EXPECT_EQ(*view->validators({h}), *whole->validators({h})) << h;
  }
  for (std::uint64_t i = 0; i < view->header().log_size; ++i) {
    ASSERT_EQ(view->log_subtree(0, i), whole->log_subtree(0, i)) << i;
  }
  EXPECT_EQ(view->log_subtree(8, 0), whole->log_subtree(8, 0));
  for (const auto& attachment : made_.attachments) {
    EXPECT_NE(view->attachment(attachment->announced().root), nullptr);
  }
}

TEST_F(SnapshotTest, AttachmentsOfTheStateAreNeverGivenBack) {
  restore_all();
  EXPECT_TRUE(restored_->unclaimed_attachments().empty());
  std::vector<crypto::Hash> roots;
  for (const auto& attachment : made_.attachments) roots.push_back(attachment->announced().root);
  ASSERT_TRUE(restored_->drop_attachments(roots).has_value());
  ASSERT_TRUE(restored_->give_back_space().has_value());
  restored_.reset();
  restored_ = open_store(other_.path(), chain().genesis());
  for (const auto& root : roots) EXPECT_NE(restored_->latest()->attachment(root), nullptr);
}

TEST_F(SnapshotTest, LookupsAreMadeAgainFromTheState) {
  restore_all();
  const auto whole = made_.store->latest();
  const auto view = restored_->latest();
  EXPECT_EQ(view->links({"platform/a1"}), whole->links({"platform/a1"}));
  EXPECT_EQ(view->links({"desert-ngo/s1"}), whole->links({"desert-ngo/s1"}));
  EXPECT_EQ(view->link_of_tree({"desert-ngo/b1"}, 8'191)->link_index, 11u);
  EXPECT_EQ(view->link_of_unit({"platform/r1"}, 5)->link_index, 5u);
  EXPECT_EQ(view->link_of_tree({"desert-ngo/b1"}, 101)->allocation.text, "desert-ngo/s1");
  EXPECT_EQ(view->link_of_unit({"platform/r1"}, 4)->allocation.text, "desert-ngo/s1");
  const auto found = view->find_commitment(hash_of("unit 7"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, *whole->find_commitment(hash_of("unit 7")));
  EXPECT_EQ(view->objects_of_type("redeem", "", 10).size(), 1u);
  EXPECT_EQ(view->objects_of_type("replace", "", 10).size(), 1u);
  EXPECT_TRUE(view->objects_of_type("campaign", "", 10).empty());  // removed before
  EXPECT_TRUE(restored_->state_proof({"object", "desert-ngo/b1"}, view->height())->value);
  EXPECT_FALSE(restored_->state_proof({"object", "platform/none"}, view->height())->value);
}

TEST_F(SnapshotTest, WhatIsBelowTheBaseIsNotHeldAndNotMadeUp) {
  restore_all();
  const auto view = restored_->latest();
  const Height below{view->height().value - 1};
  EXPECT_EQ(view->block(below), nullptr);
  EXPECT_EQ(view->header_bytes(below), std::nullopt);
  EXPECT_EQ(view->certificate(below), std::nullopt);
  EXPECT_EQ(restored_->decided(below), std::nullopt);
  EXPECT_EQ(view->height_of_log_index(2), std::nullopt);
  EXPECT_EQ(view->log_entry(2), std::nullopt);
  EXPECT_EQ(view->log_entry(1), ledger::genesis_log_entries(chain().genesis())[1]);
  const std::uint64_t last = view->header().log_size - 1;
  EXPECT_EQ(view->log_entry(last), made_.store->latest()->log_entry(last));
  EXPECT_EQ(view->log_entry(last - 3), std::nullopt);  // the base has three statements
  EXPECT_EQ(view->object_at({"tally", "a"}, below), nullptr);
  // but for headers at which the validators changed, which certificates and snapshots need
  EXPECT_EQ(view->header_bytes({4}), made_.store->latest()->header_bytes({4}));
  EXPECT_TRUE(view->certificate({4}).has_value());
}

TEST_F(SnapshotTest, TheChainGoesOnFromIt) {
  restore_all();
  commit_to_both(chain().next_evidence(5));
  commit_to_both(chain().next_evidence(0));
  expect_equal(*restored_, chain().model);
  restored_.reset();
  restored_ = open_store(other_.path(), chain().genesis());
  expect_equal(*restored_, chain().model);
  EXPECT_EQ(restored_->latest()->base(), Height{6});
  EXPECT_EQ(*restored_->latest()->object_at({"tally", "a"}, {6}), bytes("second"));
  EXPECT_EQ(restored_->latest()->object_at({"object", "desert-ngo/photo-307"}, {6}), nullptr);
  EXPECT_NE(restored_->decided({6}), std::nullopt);
}

TEST_F(SnapshotTest, BlocksThatOutranLevelDbAreExecutedAgainOnIt) {
  restore_all();
  restored_.reset();
  copy_folder(other_.path() / "ledger", other_.path() / "ledger-before");
  restored_ = open_store(other_.path(), chain().genesis());
  for (int i = 0; i < 3; ++i) commit_to_both(chain().next_evidence(2));
  restored_.reset();
  copy_folder(other_.path() / "ledger-before", other_.path() / "ledger");
  restored_ = open_store(other_.path(), chain().genesis());
  expect_equal(*restored_, chain().model);
}

TEST_F(SnapshotTest, EveryNodeWritesTheSameBytes) {
  restore_all();
  const auto state = SnapshotContent::state;
  EXPECT_EQ(made_.snapshot(state).size(), snapshot_of(records_of(made_.snapshot(state))).size());
  commit_to_both(chain().next_evidence(4));
  crypto::Bytes again;
  const auto written =
      restored_->write_snapshot(*restored_->latest(), state, [&](crypto::ByteSpan part) {
        again.insert(again.end(), part.begin(), part.end());
        return std::expected<void, std::string>{};
      });
  ASSERT_TRUE(written.has_value()) << written.error();
  EXPECT_EQ(again, made_.snapshot(state));
}

// What the simulator's nodes offer one another is what real ones would.
TEST_F(SnapshotTest, TheSimulatorWritesTheSameBytes) {
  const simulation::MemoryStore& model = chain().model;
  EXPECT_EQ(model.snapshot(chain().consortium.chain_id(), model.blocks().back().certificate),
            made_.snapshot(SnapshotContent::state));
}

TEST_F(SnapshotTest, ACheckSaysWhereItBeginsAndFindsWhatChanged) {
  restore_all();
  commit_to_both(chain().next_evidence(2));
  restored_.reset();
  const auto check = [&] {
    return check_store(other_.path(), chain().genesis(), [](Height, Height) {}).value();
  };
  const CheckReport report = check();
  EXPECT_EQ(report.base, Height{6});
  EXPECT_EQ(report.tip, Height{7});
  EXPECT_EQ(report.blocks, 2u);
  EXPECT_EQ(report.findings, std::vector<std::string>{});
  const auto change = [&](const std::string& key, char last) {
    const auto database = Database::open(other_.path() / "ledger").value();
    auto value = database->get(key).value();
    value.back() = last;
    Batch batch;
    batch.put(key, value);
    ASSERT_TRUE(database->write(batch, Durability::synced).has_value());
  };
  change(page_key({"desert-ngo/b1", 1}), 'x');
  change(links_key({"platform/a1"}), 5);
  const auto found = check().findings;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0].find("b1: its pages"), std::string::npos) << found[0];
  EXPECT_NE(found[1].find("a1: its links"), std::string::npos) << found[1];
  change(object_key({"tally", "a"}), 'x');
  EXPECT_NE(check().findings.back().find("certified state root"), std::string::npos);
}

TEST_F(SnapshotTest, AttachmentsMayComeByThemselves) {
  const auto bytes = made_.snapshot(SnapshotContent::state);
  auto empty = open_store(other_.path(), chain().genesis());
  auto restoration = Restoration::begin(other_.path(), *empty, made_.trust()).value();
  ASSERT_TRUE(restoration->take(bytes).has_value());
  ASSERT_TRUE(restoration->end().has_value());
  EXPECT_EQ(restoration->finish().error().refused, replica::SnapshotRefusal::attachment_missing);
  std::size_t rounds = 0;
  for (auto missing = restoration->missing(2); !missing.empty();
       missing = restoration->missing(2)) {
    ASSERT_LE(missing.size(), 2u);
    ASSERT_LE(++rounds, SnapshotChain::kAttachments);
    for (const auto& attachment : made_.attachments) {
      if (attachment->announced() != missing.front()) continue;
      const std::array packed{pack(attachment)};
      ASSERT_TRUE(empty->put_attachments(packed).has_value());
    }
  }
  EXPECT_EQ(rounds, SnapshotChain::kAttachments);
  ASSERT_TRUE(restoration->finish().has_value());
  restoration.reset();
  empty.reset();
  restored_ = open_store(other_.path(), chain().genesis());
  expect_equal(*restored_, chain().model);
  EXPECT_NE(restored_->latest()->attachment(made_.attachments[1]->announced().root), nullptr);
}

TEST_F(SnapshotTest, AStoreThatHasABlockIsNotReplaced) {
  const auto begun = Restoration::begin(made_.folder.path(), *made_.store, made_.trust());
  ASSERT_FALSE(begun.has_value());
  EXPECT_FALSE(begun.error().refused);
}

}  // namespace
}  // namespace treeproof::store
