// A signature is checked once on a node, whoever brought the statement; and a forged copy of a
// statement does nothing to the true one.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/unit/consensus/replica/lonely_replica.h"

namespace treeproof::replica {
namespace {

using ledger::Reason;

class SignatureChecks : public LonelyReplica {
 protected:
  ledger::StatementPtr photo(std::uint64_t number = 1) const {
    ledger::Evidence evidence;
    evidence.ref = {"photo-" + std::to_string(number)};
    evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
    evidence.bytes = 1;
    const std::uint64_t time_s = consortium_.genesis().time.seconds();
    evidence.day = static_cast<std::int32_t>(time_s / 86'400);
    return consortium_.sign("desert-ngo", evidence, time_s);
  }
  // The same statement, by its id, with another signature.
  ledger::StatementPtr forged(const ledger::StatementPtr& genuine) const {
    crypto::Bytes bytes = genuine->bytes;
    bytes.back() ^= 1;
    const auto parsed = ledger::parse_statement(std::move(bytes), consortium_.chain_id());
    EXPECT_TRUE(parsed.has_value() && (*parsed)->id == genuine->id);
    return *parsed;
  }
  void receive_gossip(const ledger::StatementPtr& statement) {
    step(Received{"verifier", Statements{{statement}}});
  }
  // A proposed body of the first height that is as its header says; its rest does not matter here.
  void receive_body(const ledger::StatementPtr& statement) {
    ledger::Block block;
    block.statements = {statement->bytes};
    crypto::Frontier log = store_.tip().log;
    log.append(statement->leaf);
    ledger::Header header;
    header.chain_id = consortium_.chain_id();
    header.height = Height{1};
    header.proposer = {"verifier"};
    header.log_size = log.size();
    header.log_root = log.root();
    header.evidence_hash = ledger::evidence_hash(block);
    block.header_bytes = ledger::encode_header(header);
    const crypto::Hash hash = ledger::header_hash(block.header_bytes);
    step(Received{"verifier", Body{std::make_shared<const ledger::Block>(block), hash}});
  }
};

TEST_F(SignatureChecks, AreSharedByGossipAndBodies) {
  receive_gossip(photo());
  receive_body(photo());
  receive_gossip(photo());
  EXPECT_EQ(jobs_.size(), 1u);
  run_jobs();
  receive_gossip(photo());
  EXPECT_TRUE(jobs_.empty());
  EXPECT_EQ(replica_->pool().size(), 1u);
}

TEST_F(SignatureChecks, OfABodyCountForGossipThatComesLater) {
  receive_body(photo());
  EXPECT_EQ(jobs_.size(), 1u);
  run_jobs();
  receive_gossip(photo());
  receive_body(photo());
  EXPECT_TRUE(jobs_.empty());
  EXPECT_EQ(replica_->pool().size(), 1u);
}

TEST_F(SignatureChecks, OfAForgedCopyDoNotRefuseTheClientsStatement) {
  receive_gossip(forged(photo()));
  submit(photo());
  EXPECT_FALSE(answers_.contains(ticket_));  // no refusal: it waits for its block
  EXPECT_EQ(replica_->pool().size(), 1u);
}

TEST_F(SignatureChecks, OfAForgedBodyLeaveThePoolAsItIs) {
  submit(photo());
  receive_body(forged(photo()));
  EXPECT_EQ(jobs_.size(), 1u);
  run_jobs();
  EXPECT_FALSE(answers_.contains(ticket_));
  EXPECT_EQ(replica_->pool().size(), 1u);
}

TEST_F(SignatureChecks, TellTheClientOfAForgedStatement) {
  submit(forged(photo()));
  EXPECT_EQ(refusal().reason, Reason::signature_invalid);
  EXPECT_EQ(replica_->pool().size(), 0u);
}

}  // namespace
}  // namespace treeproof::replica
