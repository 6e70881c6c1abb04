// What an organisation of a test consortium signs against the rules, and evidence of it.
// Owns nothing; the consortium outlives it. Callers: tests of the replica and the store. One
// thread. Source: docs/consensus.md rule 25.
#pragma once

#include "consensus/bft/evidence.h"
#include "crypto/hash.h"
#include "tests/simulation/consortium.h"

namespace treeproof::simulation {

class Offender {
 public:
  explicit Offender(const Consortium& consortium, std::string org)
      : consortium_(consortium), org_(std::move(org)) {}

  bft::Vote prevote(Height height, Round round, std::string_view block) const {
    bft::Vote vote;
    vote.height = height;
    vote.round = round;
    vote.value = bft::prevote_value(crypto::sha256(crypto::as_bytes(block)));
    return signed_by_it(vote);
  }
  bft::Evidence double_vote(Height height, Round round = {0}) const {
    return bft::DoubleVote{prevote(height, round, "one"), prevote(height, round, "other")};
  }
  // Its second signature is another's.
  bft::Evidence forged(Height height) const {
    bft::DoubleVote votes{prevote(height, {0}, "one"), prevote(height, {0}, "other")};
    votes.second.signature = votes.first.signature;
    return votes;
  }
  // Locked in round 0, it votes for another block in round 1.
  bft::Evidence amnesia(Height height) const {
    bft::Vote lock = prevote(height, {0}, "one");
    lock.type = bft::VoteType::precommit;
    lock.value->log_size = 2;
    return bft::Amnesia{{signed_by_it(lock)}, prevote(height, {1}, "other")};
  }
  // Of the first round that is another's.
  bft::Proposal out_of_turn(Height height, const ValidatorSet& validators) const {
    bft::Proposal proposal;
    proposal.height = height;
    if (validators.proposer(height, {0}).org == org_) proposal.round = {1};
    return signed_by_it(proposal);
  }
  bft::VerifiedEvidence verified(const bft::Evidence& evidence,
                                 const ValidatorSet& validators) const {
    return bft::VerifiedEvidence::verify(evidence, consortium_.chain_id(), validators).value();
  }

 private:
  template <class Message>
  Message signed_by_it(Message message) const {
    const crypto::SecretKey& key = consortium_.member(org_).node_key;
    message.org = org_;
    message.kid = key.public_key().kid();
    message.signature = key.sign(bft::sign_digest(message, consortium_.chain_id()));
    return message;
  }
  const Consortium& consortium_;
  std::string org_;
};

}  // namespace treeproof::simulation
