#include "tests/simulation/history.h"

#include <cassert>

namespace treeproof::simulation {

bft::CommitCertificate certificate_of(const replica::ExecutedBlock& block,
                                      const Consortium& consortium, const MemoryStore& store) {
  bft::CommitCertificate certificate{block.header.height, Round{0}, block.id(), {}};
  const replica::Tip tip = store.tip();
  for (const Validator& validator : tip.validators->all()) {
    const crypto::SecretKey& key = consortium.member(validator.org).node_key;
    bft::Vote vote;
    vote.type = bft::VoteType::precommit;
    vote.height = certificate.height;
    vote.round = certificate.round;
    vote.value = certificate.block;
    vote.org = validator.org;
    vote.kid = key.public_key().kid();
    const auto signature = key.sign(bft::sign_digest(vote, consortium.chain_id()));
    certificate.signatures.push_back({vote.org, vote.kid, signature});
  }
  return certificate;
}

History::History(const Consortium& consortium)
    : consortium_(consortium),
      store_(consortium.empty_store()),
      chain_(consortium.chain_id(), store_, store_.build_state_map(), store_.tip()) {}

const replica::Commit& History::extend(std::span<const ledger::StatementPtr> statements) {
  std::vector<ledger::VerifiedStatement> verified;
  for (const auto& statement : statements) {
    const auto key = chain_.key_of(statement->issuer, statement->kid);
    verified.push_back(ledger::VerifiedStatement::verify(statement, key.value()).value());
  }
  auto draft = chain_.build(next_time(), {"platform"}, verified, {});
  assert(draft.refused.empty());
  const replica::Commit commit{draft.block, certificate_of(*draft.block, consortium_, store_)};
  store_.commit(commit);
  chain_.commit(commit.block, commit.certificate);
  return store_.blocks().back();
}

void History::extend_by(std::uint64_t heights) {
  for (std::uint64_t i = 0; i < heights; ++i) extend();
}

ledger::StatementPtr History::sign(const std::string& org, const ledger::Payload& payload) const {
  return consortium_.sign(org, payload, next_time().seconds());
}

}  // namespace treeproof::simulation
