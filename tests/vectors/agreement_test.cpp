// Golden bytes of headers, blocks, proposals, votes and the certificates made of votes.
#include <gtest/gtest.h>

#include "consensus/bft/evidence.h"
#include "crypto/hash.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

Json block_json(const DecidedBlock& decided) {
  const crypto::Bytes block = ledger::encode_block(decided.block());
  const crypto::Bytes commit = bft::encode(decided.commit);
  return {{"validators", readable(decided.validators.encode())},
          {"header", readable(decided.block().header_bytes)},
          {"header_bytes", crypto::to_hex(decided.block().header_bytes)},
          {"header_hash", crypto::to_hex(decided.header_hash())},
          {"statements", decided.block().statements.size()},
          {"evidence", crypto::to_hex(decided.block().evidence)},
          {"previous_commit", crypto::to_hex(decided.block().previous_commit)},
          {"block_bytes", crypto::to_hex(block)},
          {"block_sha256", crypto::to_hex(crypto::sha256(block))},
          {"commit", readable(commit)},
          {"commit_bytes", crypto::to_hex(commit)}};
}

// Both messages of this kind: proposals and votes are signed and encoded the same way.
template <class Message>
Message signed_by(std::string_view org, Message message) {
  const crypto::SecretKey secret = secret_of(node_key_of(org));
  message.org = std::string(org);
  message.kid = secret.public_key().kid();
  message.signature = secret.sign(bft::sign_digest(message, Story::told().chain_id()));
  return message;
}

template <class Message>
Json message_json(const Message& message) {
  const crypto::Bytes bytes = bft::encode(message, Story::told().chain_id());
  return signed_item(node_key_of(message.org), bytes);
}

bft::Vote vote(std::string_view org, bft::VoteType type, std::optional<bft::BlockId> value,
               Round valid_round = kNoRound) {
  bft::Vote vote;
  vote.type = type;
  vote.height = {2};
  vote.round = {1};
  vote.value = value;
  vote.valid_round = valid_round;
  return signed_by(org, vote);
}

// [COSE_Sign1 with detached payload, log root].
Json receipt_json(const bft::Vote& precommit) {
  const crypto::Bytes bytes = bft::encode(precommit, Story::told().chain_id());
  crypto::CborReader in(bytes);
  in.array_exact(2);
  const crypto::ByteSpan sign1 = in.item();
  const crypto::Hash log_root = in.hash();
  EXPECT_TRUE(in.finish().has_value());
  Json json = signed_item(node_key_of(precommit.org), sign1, log_root);
  json["message_bytes"] = crypto::to_hex(bytes);
  return json;
}

Json polka_json(const crypto::Hash& header_hash) {
  bft::PolkaCertificate polka{{2}, {1}, header_hash, kNoRound, {}};
  for (const std::string_view org : {kCoast, kDesert, kPlatform}) {
    const auto prevote = vote(org, bft::VoteType::prevote, bft::prevote_value(header_hash));
    polka.signatures.push_back({prevote.org, prevote.kid, prevote.signature});
  }
  EXPECT_TRUE(bft::verify(polka, Story::told().chain_id(), Story::told().validators()).has_value());
  const crypto::Bytes bytes = bft::encode(polka);
  return {{"value", readable(bytes)}, {"bytes", crypto::to_hex(bytes)}};
}

Json round_json() {
  const Story& story = Story::told();
  bft::RoundCertificate certificate{{2}, {2}, {}};
  for (const std::string_view org : {kCoast, kDesert, kPlatform}) {
    certificate.votes.push_back(vote(org, bft::VoteType::precommit, std::nullopt));
  }
  EXPECT_TRUE(bft::verify(certificate, story.chain_id(), story.validators()).has_value());
  return {{"height", 2},
          {"round", 2},
          {"bytes", crypto::to_hex(bft::encode(certificate, story.chain_id()))}};
}

Json piece_json(const bft::Evidence& evidence) {
  const Story& story = Story::told();
  const auto verified =
      bft::VerifiedEvidence::verify(evidence, story.chain_id(), story.validators());
  EXPECT_TRUE(verified.has_value());
  const Offence offence = bft::offence_of(evidence);
  return {{"org", offence.org},
          {"height", offence.height.value},
          {"round", offence.round.value},
          {"step", ledger::name(offence.step)},
          {"offence_hash", crypto::to_hex(offence_id(offence))},
          {"bytes", crypto::to_hex(bft::encode(evidence, story.chain_id()))}};
}

// Locked in round 0, it votes for another block in round 2.
bft::Amnesia forgotten(const bft::BlockId& locked) {
  const auto in_round = [](std::int32_t round, bft::Vote vote) {
    vote.round = {round};
    return signed_by(kCoast, vote);
  };
  const auto other = bft::prevote_value(crypto::sha256(locked.header_hash));
  return {{in_round(0, vote(kCoast, bft::VoteType::precommit, locked)),
           in_round(1, vote(kCoast, bft::VoteType::precommit, std::nullopt))},
          in_round(2, vote(kCoast, bft::VoteType::prevote, other))};
}

// One piece of each kind, against whom the validators of height 2 make it.
Json evidence_json(const DecidedBlock& second) {
  const Story& story = Story::told();
  const bft::BlockId& committed = second.commit.block;
  const std::string& proposer = story.validators().proposer({2}, {1}).org;
  const std::string& other = story.validators().proposer({2}, {2}).org;
  bft::Proposal proposal;
  proposal.height = {2};
  proposal.round = {1};
  proposal.header_hash = second.header_hash();
  bft::Proposal second_proposal = proposal;
  second_proposal.header_hash = crypto::sha256(committed.header_hash);
  bft::BlockId forged = committed;
  forged.log_root = crypto::sha256(committed.log_root);
  const auto voted = bft::prevote_value(committed.header_hash);
  const bft::DoubleVote votes{vote(kCoast, bft::VoteType::prevote, voted),
                              vote(kCoast, bft::VoteType::prevote, std::nullopt)};
  const bft::DoubleProposal proposals{signed_by(proposer, proposal),
                                      signed_by(proposer, second_proposal)};
  const bft::ForgedRoot root{vote(kCoast, bft::VoteType::precommit, forged), second.commit};
  const bft::Amnesia forgot = forgotten(committed);
  return {{"double_vote", piece_json(votes)},
          {"double_proposal", piece_json(proposals)},
          {"forged_root", piece_json(root)},
          {"wrong_proposer", piece_json(bft::WrongProposer{signed_by(other, proposal)})},
          {"amnesia", piece_json(forgot)}};
}

TEST(Golden, Agreement) {
  const Story& story = Story::told();
  const DecidedBlock& second = story.blocks()[1];
  Json blocks = Json::array();
  for (const DecidedBlock& decided : story.blocks()) blocks.push_back(block_json(decided));
  bft::Proposal proposal;
  proposal.height = {2};
  proposal.round = {1};
  proposal.header_hash = second.header_hash();
  const auto voted = bft::prevote_value(second.header_hash());
  const auto precommit = bft::votes_of(second.commit).front();
  expect_golden(
      "agreement.json",
      Json{{"blocks", std::move(blocks)},
           {"proposal", message_json(signed_by(second.header().proposer.text, proposal))},
           {"prevote", message_json(vote(kCoast, bft::VoteType::prevote, voted))},
           {"prevote_of_valid_round",
            message_json(vote(kCoast, bft::VoteType::prevote, voted, {0}))},
           {"prevote_nil", message_json(vote(kCoast, bft::VoteType::prevote, std::nullopt))},
           {"precommit_nil", message_json(vote(kCoast, bft::VoteType::precommit, std::nullopt))},
           {"precommit", receipt_json(precommit)},
           {"polka_certificate", polka_json(second.header_hash())},
           {"round_certificate", round_json()},
           {"evidence", evidence_json(second)}});
}

}  // namespace
}  // namespace treeproof::vectors
