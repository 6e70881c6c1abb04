// What a crash, a lying disk or a wrong hand leaves behind, and what the store makes of it.
#include <gtest/gtest.h>

#include "node/store/block_files.h"
#include "node/store/check_findings.h"
#include "node/store/database.h"
#include "node/store/key_layout.h"
#include "node/store/store.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

class RecoveryTest : public testing::Test {
 protected:
  void close() { store_.reset(); }
  void open() {
    close();
    store_ = open_store(folder_.path(), chain_.genesis());
  }
  void commit_evidence(int heights) {
    for (int i = 0; i < heights; ++i) {
      ASSERT_TRUE(store_->commit(chain_.next_evidence(2)).has_value());
    }
  }
  std::string refusal() {
    close();
    const auto store = Store::open(folder_.path(), chain_.genesis());
    EXPECT_FALSE(store.has_value());
    return store ? std::string() : store.error();
  }
  Findings findings() {
    close();
    const auto report = check_store(folder_.path(), chain_.genesis(), [](Height, Height) {});
    EXPECT_TRUE(report.has_value()) << report.error();
    return report->findings;
  }
  // Changes LevelDB behind the store's back.
  void put(std::string_view key, std::string_view value) {
    close();
    const auto database = Database::open(path("ledger")).value();
    Batch batch;
    batch.put(key, value);
    ASSERT_TRUE(database->write(batch, Durability::synced).has_value());
  }
  std::filesystem::path path(std::string_view name) const { return folder_.path() / name; }
  std::filesystem::path blocks() const { return path("blocks") / "blocks-000000.segment"; }

  TemporaryFolder folder_;
  TestChain chain_;
  std::unique_ptr<Store> store_ = open_store(folder_.path(), chain_.genesis());
};

TEST_F(RecoveryTest, HeightsThatLevelDbLostAreExecutedAgain) {
  commit_evidence(3);
  close();
  copy_folder(path("ledger"), path("ledger-before"));
  open();
  commit_evidence(4);
  close();
  copy_folder(path("ledger-before"), path("ledger"));
  open();
  expect_equal(*store_, chain_.model);
  EXPECT_EQ(store_->latest()->height(), Height{7});
  EXPECT_TRUE(store_->state_proof({"object", "desert-ngo/photo-3"}, {7})->value);
  commit_evidence(1);
  expect_equal(*store_, chain_.model);
  EXPECT_EQ(findings(), Findings{});
}

TEST_F(RecoveryTest, TheWholeLedgerIsMadeAgainFromTheBlocks) {
  commit_evidence(5);
  close();
  std::filesystem::remove_all(path("ledger"));
  open();
  expect_equal(*store_, chain_.model);
  EXPECT_EQ(findings(), Findings{});
}

TEST_F(RecoveryTest, ABlockThatWasNotWrittenWholeIsCut) {
  commit_evidence(2);
  const auto before = std::filesystem::file_size(blocks());
  close();
  copy_folder(folder_.path(), folder_.path().string() + "-whole");
  open();
  commit_evidence(1);
  close();
  const auto after = std::filesystem::file_size(blocks());
  const std::string third = folder_.path().string() + "-third";
  copy_folder(folder_.path(), third);
  simulation::MemoryStore two(chain_.genesis());
  for (int i = 0; i < 2; ++i) two.commit(chain_.model.blocks()[static_cast<std::size_t>(i)]);
  for (auto size = before + 1; size < after; size += 37) {
    // LevelDB of the second height beside a torn third block.
    copy_folder(folder_.path().string() + "-whole", folder_.path());
    std::filesystem::copy_file(third + "/blocks/blocks-000000.segment", blocks(),
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(blocks(), size);
    open();
    expect_equal(*store_, two);
    EXPECT_EQ(std::filesystem::file_size(blocks()), before);
    ASSERT_TRUE(store_->commit(chain_.model.blocks()[2]).has_value());
    close();
  }
  open();
  expect_equal(*store_, chain_.model);
  std::filesystem::remove_all(folder_.path().string() + "-whole");
  std::filesystem::remove_all(third);
}

TEST_F(RecoveryTest, BlocksThatLevelDbKnowsMustBeThere) {
  commit_evidence(3);
  close();
  std::filesystem::resize_file(blocks(), std::filesystem::file_size(blocks()) - 1);
  const std::string why = refusal();
  EXPECT_NE(why.find("treeproof store check"), std::string::npos) << why;
  EXPECT_NE(why.find("catches up from its peers"), std::string::npos) << why;
}

TEST_F(RecoveryTest, ADamagedBlockIsNamed) {
  commit_evidence(3);
  close();
  flip_byte(blocks(), 200);
  EXPECT_NE(refusal().find("block of height 1"), std::string::npos);
  ASSERT_EQ(findings().size(), 1u);
  EXPECT_NE(findings().front().find("block 1"), std::string::npos);
}

TEST_F(RecoveryTest, ABlockBehindTheTipThatNobodyCertifiedIsNotExecuted) {
  commit_evidence(1);
  auto next = chain_.next_evidence(1);
  next.certificate.signatures.resize(2);
  close();
  {
    const auto files = BlockFiles::open(path("blocks")).value();
    ASSERT_TRUE(files->append(next.block->block, next.certificate).has_value());
  }
  EXPECT_NE(refusal().find("bft_no_quorum"), std::string::npos);
}

TEST_F(RecoveryTest, AnObjectThatChangedBehindItsBackIsNoticed) {
  commit_evidence(2);
  const ledger::ObjectKey key{"object", "desert-ngo/photo-1"};
  std::string value(8, '\0');
  value += "something else";
  put(object_key(key), value);
  EXPECT_NE(refusal().find("state root"), std::string::npos);
  ASSERT_EQ(findings().size(), 1u);
  EXPECT_NE(findings().front().find("photo-1"), std::string::npos);
}

TEST_F(RecoveryTest, ChecksNameEveryIndexThatDiffers) {
  commit_evidence(2);
  EXPECT_EQ(findings(), Findings{});
  put(type_key("campaign", "platform/never"), "");
  put(log_index_key(3), "12345678");
  put(tile_key(0, 0), std::string(32, 'x'));
  const auto found = findings();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_NE(found[0].find("i\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x03"), std::string::npos)
      << found[0];
  EXPECT_NE(found[2].find("should not be there"), std::string::npos) << found[2];
  open();  // what follows from the blocks alone does not keep the node from starting
}

TEST_F(RecoveryTest, AMissingTipOrAnotherGenesisIsRefused) {
  commit_evidence(2);
  close();
  ledger::Genesis other = chain_.genesis();
  other.file_hash = hash_of("another file");
  const auto wrong = Store::open(folder_.path(), other);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_NE(wrong.error().find("another genesis"), std::string::npos);
  {
    const auto database = Database::open(path("ledger")).value();
    Batch batch;
    batch.erase(kTipKey);
    ASSERT_TRUE(database->write(batch, Durability::synced).has_value());
  }
  EXPECT_NE(refusal().find("tip is missing"), std::string::npos);
}

TEST_F(RecoveryTest, TwoProcessesNeverShareAFolder) {
  EXPECT_FALSE(Store::open(folder_.path(), chain_.genesis()).has_value());
}

TEST_F(RecoveryTest, TheFirstFailedWriteIsFinal) {
  commit_evidence(3);
  simulation::MemoryStore acknowledged(chain_.genesis());
  for (const auto& commit : chain_.model.blocks()) acknowledged.commit(commit);
  const auto lost = chain_.next_evidence(3);
  std::string why;
  {
    const FullDisk full(std::filesystem::file_size(blocks()) + 300);
    const auto committed = store_->commit(lost);
    ASSERT_FALSE(committed.has_value());
    why = committed.error();
  }
  EXPECT_NE(why.find("can no longer be written"), std::string::npos) << why;
  EXPECT_EQ(store_->commit(lost).error(), why);
  EXPECT_EQ(store_->put_evidence(chain_.double_vote("verifier")).error(), why);
  EXPECT_EQ(store_->forget_evidence({}).error(), why);
  EXPECT_EQ(store_->latest()->height(), Height{3});
  open();
  expect_equal(*store_, acknowledged);
  ASSERT_TRUE(store_->commit(lost).has_value());
  expect_equal(*store_, chain_.model);
}

TEST_F(RecoveryTest, ACheckSaysWhatItChecked) {
  commit_evidence(4);
  close();
  std::vector<std::uint64_t> steps;
  const auto report = check_store(folder_.path(), chain_.genesis(), [&](Height done, Height of) {
    EXPECT_EQ(of, Height{4});
    steps.push_back(done.value);
  });
  ASSERT_TRUE(report.has_value()) << report.error();
  EXPECT_EQ(report->tip, Height{4});
  EXPECT_EQ(report->blocks, 4u);
  EXPECT_EQ(report->statements, 8u);
  EXPECT_TRUE(report->findings.empty());
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_FALSE(std::filesystem::exists(path("check")));
  EXPECT_FALSE(check_store(path("nothing"), chain_.genesis(), [](Height, Height) {}).has_value());
}

}  // namespace
}  // namespace treeproof::store
