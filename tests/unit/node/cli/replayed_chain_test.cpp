#include "node/cli/replayed_chain.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tests/simulation/world.h"

namespace treeproof::cli {
namespace {

// The blocks that four simulated nodes decided.
class ReplayedChainTest : public testing::Test {
 protected:
  ReplayedChainTest() : world_({}) { world_.run_ms(1'500); }

  const ledger::Genesis& genesis() const { return world_.consortium().genesis(); }
  // What the log will need beside it.
  void hold_attachments(ReplayedChain& chain) const {
    const auto& store = world_.store_of("platform");
    for (const auto& commit : store.blocks()) {
      for (const auto& statement : commit.block->statements) {
        const auto* announced = ledger::attachment_of(statement->payload);
        if (announced != nullptr) chain.put_attachment(store.attachment(announced->root));
      }
    }
  }
  std::vector<LoggedBlock> log() const {
    std::vector<LoggedBlock> blocks;
    for (const auto& commit : world_.store_of("platform").blocks()) {
      blocks.push_back({*commit.block->block, commit.certificate});
    }
    return blocks;
  }
  // What a replay says of the log when one block of it was changed.
  std::string finding_after(const std::function<void(std::vector<LoggedBlock>&)>& change) const {
    auto blocks = log();
    change(blocks);
    ReplayedChain chain(genesis());
    hold_attachments(chain);
    for (LoggedBlock& block : blocks) {
      if (auto added = chain.add(std::move(block)); !added) return added.error();
    }
    return "";
  }
  std::size_t block_with_statements() const {
    const auto blocks = log();
    for (std::size_t i = 1; i + 1 < blocks.size(); ++i) {
      if (!blocks[i].block.statements.empty()) return i;
    }
    return 0;
  }

  simulation::World world_;
};

TEST_F(ReplayedChainTest, RecomputesAnHonestLog) {
  ReplayedChain chain(genesis());
  hold_attachments(chain);
  for (LoggedBlock& block : log()) {
    const auto added = chain.add(std::move(block));
    ASSERT_TRUE(added.has_value()) << added.error();
  }
  const auto& store = world_.store_of("platform");
  EXPECT_GT(chain.statements(), 0u);
  EXPECT_EQ(chain.tip().header_hash, store.tip().header_hash);
  EXPECT_EQ(chain.view().height(), store.tip().height);
  EXPECT_EQ(chain.view().build_state_map().root(), store.build_state_map().root());
}

TEST_F(ReplayedChainTest, FindsAForgedSignatureOfACertificate) {
  const std::string finding =
      finding_after([](auto& blocks) { blocks[0].certificate.signatures[0].signature[40] ^= 1; });
  EXPECT_EQ(finding, "height 1: the certificate does not hold: bft_bad_signature");
}

TEST_F(ReplayedChainTest, FindsTooFewSignatures) {
  const std::string finding =
      finding_after([](auto& blocks) { blocks[0].certificate.signatures.resize(2); });
  EXPECT_EQ(finding, "height 1: the certificate does not hold: bft_no_quorum");
}

TEST_F(ReplayedChainTest, FindsAStatementLeftOut) {
  const std::size_t at = block_with_statements();
  ASSERT_GT(at, 0u);
  const std::string finding =
      finding_after([at](auto& blocks) { blocks[at].block.statements.pop_back(); });
  EXPECT_EQ(finding, "height " + std::to_string(at + 1) + ": recomputing it gives wrong_log");
}

TEST_F(ReplayedChainTest, FindsAStatementAltered) {
  const std::size_t at = block_with_statements();
  ASSERT_GT(at, 0u);
  const std::string finding =
      finding_after([at](auto& blocks) { blocks[at].block.statements[0].back() ^= 1; });
  EXPECT_NE(finding.find("is not valid"), std::string::npos) << finding;
}

TEST_F(ReplayedChainTest, FindsAHeaderThatWasNotCertified) {
  const std::string finding = finding_after([](auto& blocks) {
    auto header = ledger::decode_header(blocks[0].block.header_bytes).value();
    header.state_root[0] ^= 1;
    blocks[0].block.header_bytes = ledger::encode_header(header);
  });
  EXPECT_EQ(finding, "height 1: the certificate is for another block");
}

TEST_F(ReplayedChainTest, FindsABlockLeftOut) {
  const std::string finding = finding_after([](auto& blocks) { blocks.erase(blocks.begin() + 1); });
  EXPECT_EQ(finding, "height 3: it does not follow height 1");
}

TEST_F(ReplayedChainTest, ItsViewAnswersLikeTheLog) {
  ReplayedChain chain(genesis());
  hold_attachments(chain);
  for (LoggedBlock& block : log()) ASSERT_TRUE(chain.add(std::move(block)).has_value());
  const ReplayedView& view = chain.view();
  std::vector<crypto::Hash> leaves;
  for (std::uint64_t i = 0; i < view.header().log_size; ++i) {
    const auto entry = view.log_entry(i);
    ASSERT_TRUE(entry.has_value()) << i;
    leaves.push_back(crypto::leaf_hash(*entry));
  }
  EXPECT_EQ(crypto::merkle_root(leaves), view.header().log_root);
  EXPECT_EQ(view.log_entry(leaves.size()), std::nullopt);
  EXPECT_EQ(view.log_subtree(1, 0), crypto::node_hash(leaves[0], leaves[1]));
  EXPECT_EQ(view.height_of_log_index(0), Height{0});
  EXPECT_EQ(view.height_of_log_index(leaves.size() - 1)->value > 0, true);
}

TEST_F(ReplayedChainTest, ItsViewKeepsVersionsAndPages) {
  ReplayedChain chain(genesis());
  hold_attachments(chain);
  for (LoggedBlock& block : log()) ASSERT_TRUE(chain.add(std::move(block)).has_value());
  const ReplayedView& view = chain.view();
  const auto all = view.objects("object", "", "", 10'000);
  ASSERT_GT(all.size(), 2u);
  const auto& [id, value] = all.back();
  EXPECT_EQ(view.object_at({"object", id}, Height{0}), nullptr);
  EXPECT_EQ(*view.object_at({"object", id}, view.height()), *value);
  std::vector<std::string> paged;
  for (std::string cursor;;) {
    const auto page = view.objects("object", "", cursor, 2);
    if (page.empty()) break;
    for (const auto& [key, bytes] : page) paged.push_back(key);
    cursor = paged.back();
  }
  EXPECT_EQ(paged.size(), all.size());
}

}  // namespace
}  // namespace treeproof::cli
