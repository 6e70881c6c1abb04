// The tour: four replicas agree on one record, from a planter's submission to receipts that a
// stranger can check. Run it alone and read along:
//   build/dev/tests/tour/tour --gtest_filter='*'
// Every replica here is the one that a node runs; only network, disk and clock are simulated.
#include <gtest/gtest.h>

#include <iostream>

#include "consensus/bft/certificates.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {
namespace {

void say(const std::string& line) { std::cout << "  " << line << "\n"; }

TEST(Tour, OneRecordFromSubmissionToReceipts) {
  // A consortium: a platform, two planting NGOs, a verifier. Each has a node key, which votes, and
  // a work key, which signs records. Genesis names them; its hash is part of the chain's name.
  World world({});
  const Consortium& consortium = world.consortium();
  say("1. the chain is " + consortium.chain_id());

  // An NGO has a photo of a planting. The record holds its fingerprint, never the photo.
  ledger::Evidence photo;
  photo.ref = {"photo-1"};
  photo.sha256 = crypto::sha256(crypto::as_bytes("the bytes of a photo"));
  photo.kind = ledger::EvidenceKind::photo;
  photo.day = consortium.genesis().time.day();
  photo.bytes = 2'000'000;
  const auto statement = consortium.sign("desert-ngo", photo, consortium.genesis().time.seconds());
  say("2. desert-ngo signs evidence " + statement->object().text + ", " +
      std::to_string(statement->bytes.size()) + " bytes, id " + crypto::to_hex(statement->id));

  // It hands the record to any node. That node checks the signature and every rule at once, tells
  // the others, and whoever's turn it is proposes a block. The header says which log root and state
  // root come out; the others execute the block themselves before they vote for it.
  world.submit("river-ngo", statement);
  say("3. it is submitted to the node of river-ngo");
  ASSERT_TRUE(world.run_liveness_phase(1, 10'000));
  ASSERT_EQ(world.violation(), std::nullopt);

  // More than two thirds precommitted: the block is decided, and each store has it on disk.
  const replica::Commit& decided = world.store_of("verifier").blocks().front();
  const ledger::Header& header = decided.block->header;
  ASSERT_EQ(decided.block->statements.size(), 1u);
  ASSERT_EQ(decided.block->statements.front()->id, statement->id);
  say("4. block " + std::to_string(header.height.value) + " of " + header.proposer.text +
      " is decided in round " + std::to_string(decided.certificate.round.value) + " after " +
      std::to_string(world.now_us() / 1'000) + " ms");
  for (const auto& org : consortium.validators()) {
    EXPECT_EQ(world.store_of(org).tip().header_hash, decided.block->header_hash);
    say("   " + org + " stores " + crypto::to_hex(decided.block->header_hash).substr(0, 16));
  }

  // Each precommit is a receipt: a signature over the log's root. Counted together they are a
  // quorum, which anyone can check with the validators' keys alone.
  const ValidatorSet validators = ledger::genesis_validators(consortium.genesis());
  EXPECT_TRUE(bft::verify(decided.certificate, consortium.chain_id(), validators).has_value());
  for (const auto& receipt : decided.certificate.signatures) say("5. receipt of " + receipt.org);

  // And the record is in the log under that root: entry 2, after genesis and the validators.
  std::vector<crypto::Hash> leaves;
  for (const auto& entry : ledger::genesis_log_entries(consortium.genesis())) {
    leaves.push_back(crypto::leaf_hash(entry));
  }
  leaves.push_back(crypto::leaf_hash(statement->bytes));
  const auto path = crypto::inclusion_path(2, leaves);
  EXPECT_TRUE(crypto::verify_inclusion(leaves[2], 2, header.log_size, path, header.log_root));
  say("6. log entry 2 of " + std::to_string(header.log_size) + ", path of " +
      std::to_string(path.size()) + " hashes to root " + crypto::to_hex(header.log_root));

  // Change one bit of the record, and the path leads elsewhere.
  crypto::Bytes forged = statement->bytes;
  forged.back() ^= 1;
  EXPECT_FALSE(crypto::verify_inclusion(crypto::leaf_hash(forged), 2, header.log_size, path,
                                        header.log_root));
  say("7. with one bit changed it is not");
}

}  // namespace
}  // namespace treeproof::simulation
