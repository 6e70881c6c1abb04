// Bodies of the current height: completed from the pool, checked, executed, judged.
#include <cassert>

#include "consensus/replica/replica_core.h"
#include "crypto/merkle.h"

namespace treeproof::replica {

// False: it is not the body of its header.
bool ReplicaCore::shelve(const EarlyBody& received) {
  const auto& [block, hash, from] = received;
  if (committing_ || executed_.contains(hash)) return true;
  const auto header = ledger::decode_header(block->header_bytes);
  if (!header || header->height != agreement_->height()) return false;
  // A body that does not match its header is "not received", never "invalid".
  crypto::Frontier log = chain_.tip().log;
  std::vector<crypto::Hash> leaves;
  for (const auto& statement : block->statements) {
    leaves.push_back(crypto::leaf_hash(statement));
    log.append(leaves.back());
  }
  const bool matches = header->log_size == log.size() && header->log_root == log.root() &&
                       header->evidence_hash == ledger::evidence_hash(*block);
  if (!matches) return false;

  ShelvedBody* body =
      shelf_.put({block, hash, 0, now_.real, from, std::move(leaves), {}, {}, {}, false});
  if (body == nullptr) return true;
  check_previous_commit(*body);
  std::vector<VerifyStatement> checks;  // only of a body that is kept
  if (!fill_statements(*body, checks) || !check_evidence(*body)) {
    refuse_body(hash);
    return true;
  }
  for (VerifyStatement& check : checks) verify(std::move(check));
  request_attachments();
  advance(hash);
  return true;
}

// Finds each statement in the pool, or has it verified. False: one can never be valid here.
bool ReplicaCore::fill_statements(ShelvedBody& body, std::vector<VerifyStatement>& checks) {
  body.statements.resize(body.block->statements.size());
  for (std::size_t i = 0; i < body.statements.size(); ++i) {
    ledger::StatementPtr statement;
    bool at_hand = false;
    if (const PoolEntry* pooled = pool_.find_leaf(body.leaves[i])) {
      body.statements[i] = pooled->statement;
      statement = pooled->statement.pointer();
      at_hand = pooled->attachment_held;
    } else {
      auto parsed = ledger::parse_statement(body.block->statements[i], chain_.chain_id());
      if (!parsed) return false;
      const auto key = chain_.key_of((*parsed)->issuer, (*parsed)->kid);
      if (!key) return false;
      statement = *std::move(parsed);
      body.unverified[statement->leaf].push_back(i);
      checks.push_back({statement, *key});
    }
    const auto* attachment = ledger::attachment_of(statement->payload);
    if (attachment == nullptr || at_hand) continue;
    body.attachments_missing.insert(attachment->root);
    desk_.note_held(body.from, attachment->root);
    for (const auto& [org, decided] : peers_.decided()) {  // nobody decides without it
      if (decided >= agreement_->height()) desk_.note_held(org, attachment->root);
    }
    seek_attachment(*attachment);
  }
  return true;
}

void ReplicaCore::check_previous_commit(ShelvedBody& body) {
  const Tip& tip = chain_.tip();
  if (body.block->previous_commit == tip.commit) {
    body.commit_checked = true;
    return;
  }
  // Another quorum's signatures for the same block: as good as ours once they verify.
  auto commit = bft::decode_commit_certificate(body.block->previous_commit);
  if (!commit || commit->height != tip.height) return;
  if (commit->block.header_hash != tip.header_hash) return look_back(body.from, *commit);
  jobs_.push_back(
      VerifyPreviousCommit{body.header_hash, *std::move(commit), tip.previous_validators});
}

void ReplicaCore::advance(const crypto::Hash& header_hash) {
  ShelvedBody* body = shelf_.find(header_hash);
  if (body == nullptr || replaying_ || committing_) return;
  if (body->complete()) judge(*body);
}

void ReplicaCore::judge(ShelvedBody& body) {
  std::vector<ledger::VerifiedStatement> statements;
  for (const auto& statement : body.statements) statements.push_back(*statement);
  auto executed = chain_.execute(body.block, std::move(statements), *body.evidence);
  const crypto::Hash hash = body.header_hash;
  if (!executed) return refuse_body(hash);
  const TimeMs received = body.received;
  shelf_.remove(hash);
  keep_candidate(*executed, received);
  set_verdict((*executed)->id(), timeliness(executed_.at(hash)));
}

// Whoever proposed it, it is invalid: its header says all of it.
void ReplicaCore::refuse_body(const crypto::Hash& header_hash) {
  const ShelvedBody* body = shelf_.find(header_hash);
  const auto header = ledger::decode_header(body->block->header_bytes);
  shelf_.remove(header_hash);
  set_verdict({header_hash, header->log_size, header->log_root}, bft::Validity::invalid);
}

// Durable before any vote for it leaves: whoever precommitted a block can serve it after a crash.
void ReplicaCore::keep_candidate(ExecutedBlockPtr block, TimeMs received) {
  journal(Body{block->block, block->header_hash}, block->header.height);
  executed_.insert_or_assign(block->header_hash, Candidate{block, received});
}

void ReplicaCore::set_verdict(const bft::BlockId& block, bft::Validity verdict) {
  crypto::CborWriter payload;
  payload.array(4).bytes(block.header_hash).uint(block.log_size).bytes(block.log_root);
  payload.uint(static_cast<std::uint64_t>(verdict));
  emit(Journal{agreement_->height(), kJournalVerdict, payload.finish()});
  obey(agreement_->set_validity(block, verdict));
}

// What is judged for fresh proposals only: time, proposer and emptiness. [rules 14, 29] In its own
// turn a proposer has no doubt of its block, however far its clock is off: the journal would hold
// another verdict than the one that it voted by, and its guard refuse the vote after a crash.
bft::Validity ReplicaCore::timeliness(const Candidate& candidate) const {
  const ledger::Header& header = candidate.block->header;
  const bool is_own = header.proposer.text == config_.org;
  if (is_own && agreement_->proposer(agreement_->round()) == config_.org) {
    return bft::Validity::valid;
  }
  // Chain milliseconds run `rate` times as fast as real ones: judge in real time.
  const auto chain_lead = static_cast<std::int64_t>(header.time.value - now_.chain.value);
  const auto lead = chain_lead / static_cast<std::int64_t>(now_.rate);
  const TimeMs block_time{now_.real.value + static_cast<std::uint64_t>(lead)};
  const Round round = agreement_->round();
  const ledger::Block& block = *candidate.block->block;
  const bool empty = block.statements.empty() && block.evidence == ledger::Block{}.evidence;
  const bool early_empty = empty && round == Round{0} &&
                           candidate.received.value < turn_.since.value + heartbeat_ms_ / 2;
  const bool own_turn = header.proposer.text == agreement_->proposer(round);
  const bool timely = bft::is_timely(block_time, candidate.received, round, config_.timeliness);
  return timely && own_turn && !early_empty ? bft::Validity::valid : bft::Validity::untimely;
}

}  // namespace treeproof::replica
