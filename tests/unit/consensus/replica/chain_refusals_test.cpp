#include <gtest/gtest.h>

#include <functional>

#include "consensus/replica/chain.h"
#include "tests/simulation/consortium.h"

namespace treeproof::replica {
namespace {

// A block that a proposer builds, with one field of its header changed before it is judged.
class ChainRefusals : public testing::Test {
 protected:
  ChainRefusals()
      : chain_(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip()),
        built_(chain_.build(TimeMs{store_.tip().time.value + 5}, {"platform"}, {}, {}).block) {}

  using Change = std::function<void(ledger::Header&)>;
  std::optional<BlockRefusal> refusal(const Change& change) {
    ledger::Header header = built_->header;
    change(header);
    auto block = std::make_shared<ledger::Block>(*built_->block);
    block->header_bytes = ledger::encode_header(header);
    const auto executed = chain_.execute(block, {}, {});
    return executed ? std::nullopt : std::optional(executed.error());
  }

  const simulation::Consortium& consortium_ = simulation::Consortium::of(4);
  simulation::MemoryStore store_ = consortium_.empty_store();
  Chain chain_;
  ExecutedBlockPtr built_;
};

TEST_F(ChainRefusals, TakesWhatItBuilt) {
  EXPECT_EQ(refusal([](ledger::Header&) {}), std::nullopt);
}

// [rule 10] what a header says of the log, the state and the next validators must come out.
TEST_F(ChainRefusals, AHeaderSaysWhatExecutionGives) {
  EXPECT_EQ(refusal([](ledger::Header& header) { header.state_root[0] ^= 1; }),
            BlockRefusal::wrong_state);
  EXPECT_EQ(refusal([](ledger::Header& header) { header.log_root[0] ^= 1; }),
            BlockRefusal::wrong_log);
  EXPECT_EQ(refusal([](ledger::Header& header) { header.next_validators_hash[0] ^= 1; }),
            BlockRefusal::wrong_next_validators);
}

// [rule 14] a time equal to the last block's is not after it.
TEST_F(ChainRefusals, TimeIsStrictlyAfterTheLastBlock) {
  const TimeMs last = store_.tip().time;
  EXPECT_EQ(refusal([&](ledger::Header& header) { header.time = last; }),
            BlockRefusal::time_not_after);
  EXPECT_EQ(refusal([&](ledger::Header& header) { header.time = {last.value + 1}; }), std::nullopt);
}

TEST_F(ChainRefusals, AHeaderNamesItsPlaceInTheChain) {
  EXPECT_EQ(refusal([](ledger::Header& header) { header.previous[0] ^= 1; }),
            BlockRefusal::wrong_previous);
  EXPECT_EQ(refusal([](ledger::Header& header) { header.height = header.height.next(); }),
            BlockRefusal::wrong_height);
  EXPECT_EQ(refusal([](ledger::Header& header) { header.validators_hash[0] ^= 1; }),
            BlockRefusal::wrong_validators);
  EXPECT_EQ(refusal([](ledger::Header& header) { header.proposer = {"nobody"}; }),
            BlockRefusal::proposer_unknown);
}

}  // namespace
}  // namespace treeproof::replica
