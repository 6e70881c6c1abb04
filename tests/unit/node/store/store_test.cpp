#include "node/store/store.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/conviction.h"
#include "crypto/hash.h"
#include "crypto/ics23.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

class StoreTest : public testing::Test {
 protected:
  void open() {
    store_.reset();
    store_ = open_store(folder_.path(), chain_.genesis());
  }
  void commit(const replica::Commit& commit) {
    const auto committed = store_->commit(commit);
    ASSERT_TRUE(committed.has_value()) << committed.error();
  }

  TemporaryFolder folder_;
  TestChain chain_;
  std::unique_ptr<Store> store_ = open_store(folder_.path(), chain_.genesis());
};

TEST_F(StoreTest, BeginsAtGenesisAndStaysThere) {
  expect_equal(*store_, chain_.model);
  open();
  expect_equal(*store_, chain_.model);
  const auto view = store_->latest();
  EXPECT_EQ(view->height(), Height{0});
  EXPECT_EQ(view->header_hash(), chain_.genesis().file_hash);
  EXPECT_EQ(view->header().log_size, 2u);
  EXPECT_EQ(view->header().state_root, chain_.model.build_state_map().root());
  EXPECT_EQ(view->height_of_log_index(1), Height{0});
  EXPECT_EQ(view->log_entry(0), ledger::genesis_log_entries(chain_.genesis())[0]);
  EXPECT_EQ(view->height_of_log_index(2), std::nullopt);
}

TEST_F(StoreTest, KeepsEvidenceUntilItIsForgotten) {
  const auto first = chain_.double_vote("verifier", {0});
  const auto second = chain_.double_vote("verifier", {1});
  ASSERT_TRUE(store_->put_evidence(first).has_value());
  ASSERT_TRUE(store_->put_evidence(second).has_value());
  ASSERT_TRUE(store_->put_evidence(first).has_value());
  open();
  EXPECT_EQ(store_->evidence().size(), 2u);
  const crypto::Hash offence = offence_id(bft::offence_of(second.evidence()));
  ASSERT_TRUE(store_->forget_evidence({&offence, 1}).has_value());
  open();
  const auto kept = store_->evidence();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(bft::encode(kept[0], chain_.consortium.chain_id()), first.bytes());
}

TEST_F(StoreTest, ExecutesABlockThatConvictsAgain) {
  const auto evidence = chain_.double_vote("verifier");
  commit(chain_.next({chain_.evidence("photo")}, {&evidence, 1}));
  commit(chain_.next_evidence(1));
  expect_equal(*store_, chain_.model);
  EXPECT_TRUE(ledger::is_convicted(store_->state(), {"verifier"}));
  store_.reset();
  const auto report = check_store(folder_.path(), chain_.genesis(), [](Height, Height) {});
  ASSERT_TRUE(report.has_value()) << report.error();
  EXPECT_TRUE(report->findings.empty());
  store_ = open_store(folder_.path(), chain_.genesis());
}

TEST_F(StoreTest, IsOpenOnceAndSaysToStopTheOther) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto again = Store::open(folder_.path(), chain_.genesis());
    ASSERT_FALSE(again.has_value());
    EXPECT_NE(again.error().find("in use by another process; stop"), std::string::npos);
    EXPECT_EQ(again.error().find("move the folder away"), std::string::npos);
  }
  const auto checked = check_store(folder_.path(), chain_.genesis(), [](Height, Height) {});
  ASSERT_FALSE(checked.has_value());
  EXPECT_NE(checked.error().find("in use by another process; stop"), std::string::npos);
  open();
}

TEST_F(StoreTest, IsTheModelAfterEveryCommitAndEveryReopening) {
  for (int height = 1; height <= 12; ++height) {
    commit(chain_.next_evidence(height % 4 == 0 ? 0 : 3));
    expect_equal(*store_, chain_.model);
    if (height % 3 == 0) {
      open();
      expect_equal(*store_, chain_.model);
    }
  }
}

TEST_F(StoreTest, TellsWhoDecidedWhatAndHadTo) {
  for (int height = 1; height <= 3; ++height) commit(chain_.next_evidence(1));
  for (const replica::Commit& commit : chain_.model.blocks()) {
    const Height height = commit.block->header.height;
    const auto past = store_->past(height);
    ASSERT_TRUE(past.has_value());
    EXPECT_EQ(past->certificate, commit.certificate);
    EXPECT_EQ(past->validators->hash(), commit.block->header.validators_hash);
  }
  EXPECT_FALSE(store_->past(Height{4}).has_value());
}

// [rule 25] What is seen once keeps the node silent in all its lives.
TEST_F(StoreTest, KeepsTwoQuorumsOfOneHeight) {
  using bft::AlarmKind;
  for (int height = 1; height <= 2; ++height) commit(chain_.next_evidence(1));
  const bft::CommitCertificate ours = chain_.model.blocks()[1].certificate;
  bft::CommitCertificate theirs = ours;
  theirs.block.header_hash[0] ^= 1;
  ASSERT_TRUE(store_->put_alarm({AlarmKind::quorum_for_invalid, {theirs}}).has_value());
  EXPECT_EQ(store_->fork(), std::nullopt);
  ASSERT_TRUE(store_->put_alarm({AlarmKind::second_quorum, {ours, theirs}}).has_value());
  open();
  EXPECT_EQ(store_->fork(), Height{2});
  store_.reset();
  const auto checked = check_store(folder_.path(), chain_.genesis(), [](Height, Height) {});
  ASSERT_TRUE(checked.has_value());
  EXPECT_TRUE(checked->findings.empty());
}

// Random creations, changes and removals of objects and pages.
ledger::StateChanges random_changes(std::mt19937& random) {
  ledger::StateChanges changes;
  for (int i = 0; i < 12; ++i) {
    const std::string id = "org/" + std::to_string(random() % 40);
    const auto number = std::to_string(random());
    switch (random() % 5) {
      case 0:
        changes.objects[{"object", id}] = typed_object("campaign", number);
        break;
      case 1:
        changes.objects[{"object", id}] = typed_object("pledge", number);
        break;
      case 2:
        changes.objects[{"object", id}] = nullptr;
        break;
      case 3:
        changes.objects[{"tally", id}] = shared(number);
        break;
      default:
        changes.pages[{id, static_cast<std::uint32_t>(random() % 3)}] =
            random() % 4 == 0 ? nullptr : shared(number);
    }
  }
  return changes;
}

TEST_F(StoreTest, RandomChangesLeaveTheModelAndItsHistory) {
  std::mt19937 random(11);
  std::vector<std::map<ledger::ObjectKey, ledger::SharedBytes>> history(1);
  std::vector<rpc::ChainViewPtr> views{store_->latest()};
  for (std::uint64_t height = 1; height <= 60; ++height) {
    const auto changes = random_changes(random);
    history.push_back(history.back());
    for (const auto& [key, value] : changes.objects) history.back()[key] = value;
    commit(chain_.fabricate(changes, {}, random() % 30));
    expect_equal(*store_, chain_.model);
    views.push_back(store_->latest());
    if (height % 20 == 0) {
      views.clear();
      open();
      expect_equal(*store_, chain_.model);
      views.resize(height + 1, store_->latest());
    }
  }
  const auto latest = store_->latest();
  for (std::uint64_t at = 0; at < history.size(); ++at) {
    for (const auto& [key, value] : history.back()) {
      const auto then = history[at].find(key);
      const auto wanted = then == history[at].end() ? nullptr : then->second;
      const auto held = latest->object_at(key, {at});
      ASSERT_EQ(held != nullptr, wanted != nullptr) << key.id << " at " << at;
      if (wanted) {
        EXPECT_EQ(*held, *wanted) << key.id << " at " << at;
      }
    }
  }
}

TEST_F(StoreTest, AViewStaysAsItWasWhileOthersAreCommitted) {
  const ledger::ObjectKey key{"tally", "a"};
  const ledger::PageKey page{"org/batch", 0};
  ledger::StateChanges changes;
  changes.objects[key] = shared("first");
  changes.pages[page] = shared("first page");
  commit(chain_.fabricate(changes));
  const auto view = store_->latest();
  const crypto::Hash hash = view->header_hash();
  changes.objects[key] = shared("second");
  changes.pages[page] = shared("second page");
  commit(chain_.fabricate(changes));

  EXPECT_EQ(view->height(), Height{1});
  EXPECT_EQ(view->header_hash(), hash);
  EXPECT_EQ(*view->object(key), bytes("first"));
  EXPECT_EQ(*view->page(page), bytes("first page"));
  EXPECT_EQ(view->block({2}), nullptr);
  EXPECT_EQ(view->certificate({2}), std::nullopt);
  EXPECT_EQ(view->validators({3}), nullptr);
  const auto latest = store_->latest();
  EXPECT_EQ(*latest->object(key), bytes("second"));
  EXPECT_EQ(*latest->page(page), bytes("second page"));
  EXPECT_EQ(*latest->object_at(key, {1}), bytes("first"));
  EXPECT_EQ(latest->object_at(key, {0}), nullptr);
}

TEST_F(StoreTest, ServesBlocksCertificatesAndValidatorsOfEveryHeight) {
  for (int i = 0; i < 5; ++i) commit(chain_.next_evidence(2));
  open();
  const auto view = store_->latest();
  for (const replica::Commit& made : chain_.model.blocks()) {
    const Height height = made.block->header.height;
    ASSERT_NE(view->block(height), nullptr);
    EXPECT_EQ(*view->block(height), *made.block->block);
    EXPECT_EQ(view->certificate(height), made.certificate);
    EXPECT_EQ(*view->validators(height), *chain_.model.tip().validators);
    const auto decided = store_->decided(height);
    ASSERT_TRUE(decided.has_value());
    EXPECT_EQ(*decided->block, *made.block->block);
    EXPECT_EQ(decided->certificate, made.certificate);
  }
  EXPECT_EQ(store_->decided({6}), std::nullopt);
  EXPECT_EQ(store_->decided({0}), std::nullopt);
  EXPECT_NE(view->validators({6}), nullptr);
}

TEST_F(StoreTest, KeepsTheValidatorsOfEachHeightWhenTheyChange) {
  commit(chain_.next_evidence(1));
  auto made = chain_.fabricate({});
  auto changed = std::make_shared<replica::ExecutedBlock>(*made.block);
  const auto all = made.block->next_validators->all();
  auto fewer = ValidatorSet::make({all.begin(), all.begin() + 3}).value();
  changed->next_validators = std::make_shared<const ValidatorSet>(fewer);
  changed->header.next_validators_hash = fewer.hash();
  commit({changed, made.certificate});
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto view = store_->latest();
    EXPECT_EQ(view->validators({2})->size(), 4u);
    EXPECT_EQ(view->validators({3})->size(), 3u);
    EXPECT_EQ(store_->tip().validators->size(), 3u);
    EXPECT_EQ(store_->tip().previous_validators->size(), 4u);
    if (reopened == 0) break;
  }
}

TEST_F(StoreTest, FindsEveryLogEntryWithItsHeightAndItsProof) {
  for (const std::size_t count : {3u, 0u, 1u, 40u, 0u, 0u, 300u}) {
    commit(chain_.fabricate({}, {}, count));
  }
  open();
  const auto view = store_->latest();
  ASSERT_EQ(view->header().log_size, chain_.log_leaves.size());
  for (std::uint64_t index = 0; index < chain_.log_leaves.size(); ++index) {
    const auto entry = view->log_entry(index);
    ASSERT_TRUE(entry.has_value()) << index;
    EXPECT_EQ(crypto::leaf_hash(*entry), chain_.log_leaves[index]);
    const auto path = crypto::inclusion_path(
        index, view->header().log_size,
        [&](std::uint32_t level, std::uint64_t at) { return view->log_subtree(level, at); });
    EXPECT_TRUE(crypto::verify_inclusion(chain_.log_leaves[index], index, view->header().log_size,
                                         path, view->header().log_root));
  }
  EXPECT_EQ(view->height_of_log_index(2), Height{1});
  EXPECT_EQ(view->height_of_log_index(4), Height{1});
  EXPECT_EQ(view->height_of_log_index(5), Height{3});
  EXPECT_EQ(view->height_of_log_index(6), Height{4});
  EXPECT_EQ(view->height_of_log_index(46), Height{7});
  EXPECT_EQ(view->log_entry(chain_.log_leaves.size()), std::nullopt);
}

TEST_F(StoreTest, ListsObjectsByPrefixAndByType) {
  ledger::StateChanges changes;
  for (const char* id : {"a/1", "a/2", "b/1", "b/2", "b/3"}) {
    changes.objects[{"object", id}] = typed_object(id[0] == 'a' ? "plot" : "campaign", id);
  }
  changes.objects[{"object", "a/3"}] = typed_object("pledge", "a/3");  // no index
  changes.objects[{"objects", "b/9"}] = typed_object("plot", "another namespace");
  commit(chain_.fabricate(changes));
  commit(chain_.fabricate({{{{"object", "b/2"}, nullptr}}, {}}));
  const auto view = store_->latest();
  const auto ids = [](const auto& found) {
    std::vector<std::string> names;
    for (const auto& [id, value] : found) names.push_back(id);
    return names;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids(view->objects("object", "", "", 9)), (Ids{"a/1", "a/2", "a/3", "b/1", "b/3"}));
  EXPECT_EQ(ids(view->objects("object", "b/", "", 9)), (Ids{"b/1", "b/3"}));
  EXPECT_EQ(ids(view->objects("object", "a/", "a/1", 1)), (Ids{"a/2"}));
  EXPECT_EQ(ids(view->objects("object", "a/", "b/1", 9)), Ids{});
  EXPECT_EQ(ids(view->objects_of_type("campaign", "", 9)), (Ids{"b/1", "b/3"}));
  EXPECT_EQ(ids(view->objects_of_type("plot", "a/1", 9)), (Ids{"a/2"}));
  EXPECT_EQ(ids(view->objects_of_type("pledge", "", 9)), (Ids{"a/3"}));
  EXPECT_EQ(ids(view->objects_of_type("pledge", "a/3", 9)), Ids{});
  EXPECT_EQ(ids(view->objects_of_type("evidence", "", 9)), Ids{});
  EXPECT_EQ(*view->objects("object", "a/2", "", 1).front().second, *typed_object("plot", "a/2"));
}

TEST_F(StoreTest, ProvesExistenceAndAbsenceForTheLastHeights) {
  std::mt19937 random(3);
  std::vector<std::map<ledger::ObjectKey, ledger::SharedBytes>> history(1);
  std::vector<crypto::Hash> roots{store_->latest()->header().state_root};
  constexpr std::uint64_t kHeights = 90;
  for (std::uint64_t height = 1; height <= kHeights; ++height) {
    ledger::StateChanges changes;
    history.push_back(history.back());
    for (int i = 0; i < 6; ++i) {
      const ledger::ObjectKey key{"tally", std::to_string(random() % 60)};
      const auto value = random() % 4 == 0 ? nullptr : shared(std::to_string(random()));
      changes.objects[key] = value;
      history.back()[key] = value;
    }
    commit(chain_.fabricate(changes));
    roots.push_back(store_->latest()->header().state_root);
  }
  // The newest first: an older one would find the map still behind, and for longer.
  for (std::uint64_t at = kHeights + 1; at-- > 0;) {
    for (int id = 0; id < 60; id += 7) {
      const ledger::ObjectKey key{"tally", std::to_string(id)};
      const auto proof = store_->state_proof(key, {at});
      ASSERT_EQ(proof.has_value(), at + 64 >= kHeights) << at;
      if (!proof) continue;
      const auto then = history[at].find(key);
      const auto wanted = then == history[at].end() ? nullptr : then->second;
      const crypto::Hash hash = crypto::state_key(key.name_space, key.id);
      ASSERT_EQ(proof->value != nullptr, wanted != nullptr);
      if (wanted) {
        EXPECT_EQ(*proof->value, *wanted);
        EXPECT_TRUE(crypto::verify_existence(proof->ics23, roots[at], hash, *wanted));
      } else {
        EXPECT_TRUE(crypto::verify_absence(proof->ics23, roots[at], hash));
      }
    }
  }
  EXPECT_EQ(store_->state_proof({"tally", "1"}, {kHeights + 1}), std::nullopt);
}

TEST_F(StoreTest, ProvesAfterAReopeningWhatItHasExecutedSince) {
  for (int i = 0; i < 3; ++i) commit(chain_.next_evidence(5));
  open();
  commit(chain_.next_evidence(5));
  const crypto::Hash root = store_->latest()->header().state_root;
  const ledger::ObjectKey key{"object", "desert-ngo/photo-17"};
  const auto proof = store_->state_proof(key, {4});
  ASSERT_TRUE(proof && proof->value);
  EXPECT_TRUE(crypto::verify_existence(proof->ics23, root,
                                       crypto::state_key(key.name_space, key.id), *proof->value));
  const auto before = store_->state_proof(key, {3});
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->value, nullptr);
  EXPECT_TRUE(crypto::verify_absence(before->ics23,
                                     chain_.model.blocks()[2].block->header.state_root,
                                     crypto::state_key(key.name_space, key.id)));
  EXPECT_EQ(store_->state_proof(key, {2}), std::nullopt);
}

}  // namespace
}  // namespace treeproof::store
