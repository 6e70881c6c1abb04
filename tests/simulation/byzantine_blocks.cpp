// The blocks that a liar makes in place of a good one.
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/simulation/byzantine.h"

namespace treeproof::simulation {

bft::BlockId ByzantineActor::id_of(const ledger::Block& block, const ledger::Header& header) {
  return {ledger::header_hash(block.header_bytes), header.log_size, header.log_root};
}

// As valid as the first one, a millisecond later.
std::optional<ByzantineActor::OtherBlock> ByzantineActor::later_block(const replica::Body& body) {
  const auto header = ledger::decode_header(body.block->header_bytes);
  if (!header || header->height != store_.tip().height.next()) return std::nullopt;
  replica::Chain chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip());
  std::vector<ledger::VerifiedStatement> statements;
  for (const crypto::Bytes& bytes : body.block->statements) {
    auto parsed = ledger::parse_statement(bytes, consortium_.chain_id());
    const auto key = chain.key_of((*parsed)->issuer, (*parsed)->kid);
    statements.push_back(*ledger::VerifiedStatement::verify(*parsed, *key));
  }
  const auto claims = chain.claims_of(*body.block);
  const auto evidence = replica::verify_all(*claims, consortium_.chain_id());
  const auto draft = chain.build(TimeMs{header->time.value + 1}, {org_}, statements, *evidence);
  return OtherBlock{draft.block->block, draft.block->id()};
}

ByzantineActor::OtherBlock ByzantineActor::with_wrong_root(const replica::Body& body) {
  ledger::Block block = *body.block;
  ledger::Header header = *ledger::decode_header(block.header_bytes);
  header.state_root[0] ^= 1;
  block.header_bytes = ledger::encode_header(header);
  return {std::make_shared<const ledger::Block>(block), id_of(block, header)};
}

// A signature of another's statement changed; or, in an empty block, a statement in another's name.
ByzantineActor::OtherBlock ByzantineActor::with_forged_statement(const replica::Body& body) {
  ledger::Block block = *body.block;
  ledger::Header header = *ledger::decode_header(block.header_bytes);
  if (block.statements.empty()) {
    ledger::Evidence payload;
    payload.ref = {"forged-" + std::to_string(random(1'000'000))};
    payload.bytes = 1;
    payload.day = header.time.day();
    block.statements.push_back(ledger::sign_statement(payload, {peers_.front()},
                                                      consortium_.chain_id(), header.time.seconds(),
                                                      consortium_.member(org_).node_key));
  } else {
    block.statements.back().back() ^= 1;
  }
  crypto::Frontier log = store_.tip().log;
  for (const crypto::Bytes& bytes : block.statements) log.append(crypto::leaf_hash(bytes));
  header.log_size = log.size();
  header.log_root = log.root();
  block.header_bytes = ledger::encode_header(header);
  return {std::make_shared<const ledger::Block>(block), id_of(block, header)};
}

// Two votes of another in its own hand, a vote and the same with another value, or a proposal that
// was in turn.
bft::Evidence ByzantineActor::false_evidence() {
  const std::string& accused = peers_[random(peers_.size())];
  const crypto::Kid kid = consortium_.member(accused).node_key.public_key().kid();
  if (seen_proposal_ && random(3) == 0) return bft::WrongProposer{*seen_proposal_};
  const Height height{1 + random(store_.tip().height.value + 1)};
  bft::Vote vote{bft::VoteType::prevote,
                 height,
                 {0},
                 bft::prevote_value(random_hash()),
                 kNoRound,
                 accused,
                 kid,
                 {}};
  const bft::Vote first = resigned(vote, vote.value);
  return bft::DoubleVote{first, resigned(vote, bft::prevote_value(random_hash()))};
}

ByzantineActor::OtherBlock ByzantineActor::with_false_evidence(const replica::Body& body) {
  ledger::Block block = *body.block;
  ledger::Header header = *ledger::decode_header(block.header_bytes);
  crypto::CborWriter evidence;
  evidence.array(1).raw(bft::encode(false_evidence(), consortium_.chain_id()));
  block.evidence = evidence.finish();
  header.evidence_hash = ledger::evidence_hash(block);
  block.header_bytes = ledger::encode_header(header);
  return {std::make_shared<const ledger::Block>(block), id_of(block, header)};
}

}  // namespace treeproof::simulation
