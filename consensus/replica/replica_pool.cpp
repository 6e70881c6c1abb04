// Statements on their way into a block, and the attachments that they announce.
#include <cassert>

#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

namespace {

// A statement that fails in a block is kept for this many heights when a peer sent it: what it
// builds on may be decided already where it comes from.
constexpr std::uint64_t kPatienceHeights = 2;

bool waits(ledger::Reason reason) {
  return reason == ledger::Reason::consents_missing || reason == ledger::Reason::attachment_missing;
}

}  // namespace

void ReplicaCore::admit(ledger::StatementPtr statement, Origin origin,
                        std::optional<Ticket> ticket) {
  const crypto::Hash id = statement->id;
  if (PoolEntry* held = pool_.find(id)) {
    if (!ticket) return;
    held->tickets.push_back(*ticket);
    settle(*held);
    return;
  }
  if (const auto awaited = verifying_.find(statement->leaf); awaited != verifying_.end()) {
    if (ticket) awaited->second.tickets.push_back(*ticket);
    return;
  }
  std::vector<Ticket> tickets;
  if (ticket) tickets.push_back(*ticket);
  if (answer_recorded(*statement, tickets)) return;
  const auto key = chain_.key_of(statement->issuer, statement->kid);
  if (!key) {
    const ledger::Refusal refusal{
        ledger::Reason::key_unknown,
        {{"issuer", statement->issuer.text}, {"kid", crypto::to_hex(statement->kid)}}};
    if (ticket) emit(AnswerSubmitted{*ticket, refusal});
    return;
  }
  Awaited& awaited = verify({std::move(statement), *key});
  awaited.origin = origin;
  awaited.tickets = std::move(tickets);
}

// One check of the same bytes, whoever waits for it.
Awaited& ReplicaCore::verify(VerifyStatement check) {
  const auto [awaited, is_new] =
      verifying_.try_emplace(check.statement->leaf, Awaited{Origin::peer, chain_.tip().height, {}});
  if (is_new) jobs_.push_back(std::move(check));
  return awaited->second;
}

// Idempotent: a recorded statement gets the same receipts again. False: it is not recorded.
bool ReplicaCore::answer_recorded(const ledger::SignedStatement& statement,
                                  std::span<const Ticket> tickets) {
  const auto record = ledger::record_of(chain_.stored(), statement.object());
  if (!record || record->statement != statement.id) return false;
  for (const Ticket& ticket : tickets) {
    emit(AnswerSubmitted{ticket, AnswerCommitted{{record->height}, record->log_index}});
  }
  return true;
}

// A signature held: into the bodies that wait for it, and into the pool. What only a body brought
// is pooled too: gossip that comes after it is known then, and a body that fails loses nothing.
void ReplicaCore::admit_verified(const ledger::VerifiedStatement& verified) {
  for (const auto& hash : shelf_.hashes()) {
    ShelvedBody* body = shelf_.find(hash);
    const auto places = body->unverified.extract(verified->leaf);
    if (places.empty()) continue;
    for (const std::size_t place : places.mapped()) body->statements[place] = verified;
    advance(hash);
  }
  const auto found = verifying_.extract(verified->leaf);
  assert(!found.empty());
  Awaited& awaited = found.mapped();
  const bool may_be_recorded = committing_ || awaited.since < chain_.tip().height;
  if (may_be_recorded && answer_recorded(*verified, awaited.tickets)) return;
  PoolEntry entry{verified, awaited.origin, chain_.tip().height, 0, {}, true, true, {}};
  entry.tickets = std::move(awaited.tickets);
  if (const auto* attachment = ledger::attachment_of(verified->payload)) {
    entry.attachment = attachment->root;
    entry.attachment_ready = false;
  }
  entry.consents_ready = ledger::missing_consents(*verified, chain_.stored()).empty();
  const Origin origin = entry.origin;
  if (origin == Origin::client && !prejudge(entry)) return;
  if (const auto refusal = pool_.add(entry)) {
    const auto reason = *refusal == PoolRefusal::full ? ledger::Reason::pool_full
                                                      : ledger::Reason::pool_share_exceeded;
    answer(entry, ledger::Refusal{reason, {}});
    return;
  }
  if (origin == Origin::client) gossip_.push_back(verified.pointer());
  if (entry.attachment) note_attachment(*entry.attachment);
  if (PoolEntry* held = pool_.find(verified->id)) settle(*held);
}

// Tells a client at once what no block would take. False: answered and done.
bool ReplicaCore::prejudge(PoolEntry& entry) {
  const TimeMs time{std::max(now_.chain.value, chain_.tip().time.value + 1)};
  const auto checked =
      ledger::check_statement(entry.statement, chain_.stored(), chain_.next_context(time));
  if (checked || waits(checked.error().reason)) return true;
  answer(entry, checked.error());
  return false;
}

// Wakes agreement when the entry can be included, else tells its clients what it waits for.
void ReplicaCore::settle(PoolEntry& entry) {
  pool_.refresh(entry.statement->id);
  if (entry.includable()) return wake();
  answer(entry, PendingStatement{entry.statement.pointer(),
                                 ledger::missing_consents(*entry.statement, chain_.stored()),
                                 !entry.attachment_ready});
}

void ReplicaCore::answer(const PoolEntry& entry, const Answer& answer) {
  for (const Ticket& ticket : entry.tickets) emit(AnswerSubmitted{ticket, answer});
}

// Only these bytes are forged: the same statement may wait here with its true signature.
void ReplicaCore::drop_forged(const ledger::SignedStatement& statement) {
  const auto awaited = verifying_.extract(statement.leaf);
  assert(!awaited.empty());
  for (const Ticket& ticket : awaited.mapped().tickets) {
    emit(AnswerSubmitted{ticket, ledger::Refusal{ledger::Reason::signature_invalid, {}}});
  }
  for (const auto& hash : shelf_.hashes()) {  // a body with a forged statement is no body
    if (shelf_.find(hash)->unverified.contains(statement.leaf)) shelf_.remove(hash);
  }
}

void ReplicaCore::refuse(const crypto::Hash& id, const ledger::Refusal& refusal) {
  const PoolEntry* entry = pool_.find(id);
  if (entry == nullptr) return;
  const bool patient = entry->origin == Origin::peer &&
                       chain_.tip().height.value < entry->since.value + kPatienceHeights;
  if (patient) return;
  answer(*entry, refusal);
  pool_.remove(id);
}

// Something changed about an attachment: held here, or announced by another validator.
void ReplicaCore::note_attachment(const crypto::Hash& root) {
  const bool held = chain_.stored().attachment(root) != nullptr;
  if (held) desk_.note_held(config_.org, root);
  const ValidatorSet& validators = *chain_.tip().validators;
  const std::uint64_t power = desk_.power_holding(root, validators);
  for (PoolEntry* entry : pool_.announcing(root)) {
    if (!held && !storing_.contains(root)) {
      desk_.want(*ledger::attachment_of(entry->statement->payload));
    }
    const bool ready = held && validators.is_quorum(power);
    if (ready == entry->attachment_ready) continue;
    entry->attachment_ready = ready;
    settle(*entry);
  }
  for (const auto& hash : shelf_.hashes()) advance(hash);
  request_attachments();
}

void ReplicaCore::settle_after_commit(const ExecutedBlock& block) {
  std::uint64_t log_index = block.header.log_size - block.statements.size();
  for (const auto& statement : block.statements) {
    if (const PoolEntry* entry = pool_.find(statement->id)) {
      answer(*entry, AnswerCommitted{block.header.height, log_index});
      pool_.remove(statement->id);
    }
    ++log_index;
  }
  for (PoolEntry* entry : pool_.waiting()) {
    const std::uint64_t lapses_s = entry->statement->issued_at_s + iat_max_age_s_;
    if (lapses_s < chain_.tip().time.seconds()) {
      refuse(crypto::Hash(entry->statement->id), {ledger::Reason::iat_too_old, {}});
      continue;
    }
    const bool ready = ledger::missing_consents(*entry->statement, chain_.stored()).empty();
    if (ready == entry->consents_ready) continue;
    entry->consents_ready = ready;
    pool_.refresh(entry->statement->id);
  }
  auto settled = evidence_.settle(chain_.stored(), chain_.tip().height.next());
  if (!settled.empty()) emit(ForgetEvidence{std::move(settled)});
}

void ReplicaCore::request_attachments() {
  if (replaying_) return;
  for (const auto& request : desk_.next_requests(peers_.connected())) {
    send(request.org, request.wanted);
  }
}

}  // namespace treeproof::replica
