// Statements on their way into a block.
#include <cassert>

#include "consensus/replica/replica_core.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

// A statement that fails in a block is kept for this many heights when a peer sent it: what it
// builds on may be decided already where it comes from.
constexpr std::uint64_t kPatienceHeights = 2;

bool waits(ledger::Reason reason) {
  return reason == ledger::Reason::consents_missing || reason == ledger::Reason::attachment_missing;
}

bool is_patient(const PoolEntry& entry, Height tip) {
  return entry.origin == Origin::peer && tip.value < entry.since.value + kPatienceHeights;
}

ledger::Reason reason_of(PoolRefusal refusal) {
  switch (refusal) {
    case PoolRefusal::organisation_share:
      return ledger::Reason::pool_share_exceeded;
    case PoolRefusal::attachment_quota:
      return ledger::Reason::attachment_quota_exceeded;
    case PoolRefusal::full:
      break;
  }
  return ledger::Reason::pool_full;
}

// False: as many wait already as may.
bool keep(std::vector<Ticket>& tickets, const Ticket& ticket) {
  if (tickets.size() >= kWaitersPerStatementMax) return false;
  tickets.push_back(ticket);
  return true;
}

AnswerSubmitted too_many(const Ticket& ticket) {
  return {ticket, ledger::Refusal{ledger::Reason::waiters_too_many, {}}};
}

// The state without one attachment: nothing reads it, or checks it again, on this thread. [rule 30]
class Without final : public ledger::StateReader {
 public:
  Without(const crypto::Hash& hidden, const ledger::StateReader& state)
      : hidden_(hidden), state_(state) {}
  ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
    return state_.object(key);
  }
  ledger::SharedBytes page(const ledger::PageKey& key) const override { return state_.page(key); }
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    return root == hidden_ ? nullptr : state_.attachment(root);
  }
  bool holds(const crypto::Hash& root) const override {
    return root != hidden_ && state_.holds(root);
  }

 private:
  crypto::Hash hidden_;
  const ledger::StateReader& state_;
};

std::vector<ledger::OrgId> consents_missing(const PoolEntry& entry,
                                            const ledger::StateReader& state) {
  if (!entry.attachment || entry.attachment_held) {
    return ledger::missing_consents(*entry.statement, state);
  }
  return ledger::missing_consents(*entry.statement, Without(*entry.attachment, state));
}

}  // namespace

void ReplicaCore::on(Withdrawn&& event) {
  if (PoolEntry* entry = pool_.find(event.statement->id)) {
    std::erase(entry->tickets, event.ticket);
  }
  const auto awaited = verifying_.find(event.statement->leaf);
  if (awaited != verifying_.end()) std::erase(awaited->second.tickets, event.ticket);
}

void ReplicaCore::on(PendingAsked&& event) {
  AnswerPending answer{event.ticket, {}};
  for (const PoolEntry* entry : pool_.all()) {
    answer.pending.push_back({entry->statement.pointer(), consents_missing(*entry, chain_.stored()),
                              !entry->attachment_ready});
  }
  emit(std::move(answer));
}

// The links of a statement that waits were derived again.
void ReplicaCore::on(LinksChecked&& event) {
  const bool holds = links_.finish(event);
  const PoolEntry* entry = pool_.find(event.statement);
  if (entry == nullptr) links_.remove(event.statement);
  const bool waits = entry != nullptr && !entry->includable();
  if (waits && holds && event.refusal && says_stale(*event.refusal)) {
    refuse(event.statement, *event.refusal);
  }
  check_links();
}

void ReplicaCore::admit(ledger::StatementPtr statement, Origin origin,
                        std::optional<Ticket> ticket) {
  const crypto::Hash id = statement->id;
  if (PoolEntry* held = pool_.find(id)) {
    if (!ticket) return;
    if (!keep(held->tickets, *ticket)) return emit(too_many(*ticket));
    settle(*held);
    return;
  }
  if (const auto awaited = verifying_.find(statement->leaf); awaited != verifying_.end()) {
    if (ticket && !keep(awaited->second.tickets, *ticket)) emit(too_many(*ticket));
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
  const auto* attachment = ledger::attachment_of(verified->payload);
  if (attachment != nullptr) {
    entry.attachment = attachment->root;
    entry.attachment_ready = false;
  }
  entry.consents_ready = consents_missing(entry, chain_.stored()).empty();
  const Origin origin = entry.origin;
  if (origin == Origin::client && !prejudge(entry)) return;
  if (const auto refusal = pool_.add(entry)) {
    answer(entry, ledger::Refusal{reason_of(*refusal), {}});
    return;
  }
  if (origin == Origin::client) gossip_.push_back(verified.pointer());
  if (attachment != nullptr) seek_attachment(*attachment);
  if (PoolEntry* held = pool_.find(verified->id)) settle(*held);
}

// Tells a client at once what no block would take. False: answered and done.
bool ReplicaCore::prejudge(PoolEntry& entry) {
  const TimeMs time{std::max(now_.chain.value, chain_.tip().time.value + 1)};
  const Without unread(entry.attachment.value_or(crypto::Hash{}), chain_.stored());
  const auto checked = ledger::check_statement(entry.statement, unread, chain_.next_context(time));
  if (checked || waits(checked.error().reason)) return true;
  answer(entry, checked.error());
  return false;
}

// Wakes agreement when the entry can be included, else tells its clients what it waits for.
void ReplicaCore::settle(PoolEntry& entry) {
  pool_.refresh(entry.statement->id);
  if (entry.includable()) return wake();
  answer(entry,
         PendingStatement{entry.statement.pointer(), consents_missing(entry, chain_.stored()),
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

// What a block would not take. An entry that only lacks something goes back to wait for it.
void ReplicaCore::refuse(const crypto::Hash& id, const ledger::Refusal& refusal) {
  PoolEntry* entry = pool_.find(id);
  if (entry == nullptr) return;
  if (waits(refusal.reason)) {
    if (refusal.reason == ledger::Reason::attachment_missing) {  // damaged since it was checked
      for (PoolEntry* other : pool_.announcing(*entry->attachment)) {
        other->attachment_held = other->attachment_ready = false;
        pool_.refresh(other->statement->id);
      }
      seek_attachment(*ledger::attachment_of(entry->statement->payload));
    } else {
      entry->consents_ready = false;
    }
    return settle(*entry);
  }
  if (is_patient(*entry, chain_.tip().height)) return;
  answer(*entry, refusal);
  links_.remove(id);
  pool_.remove(id);
}

void ReplicaCore::settle_after_commit(const ExecutedBlock& block) {
  std::uint64_t log_index = block.header.log_size - block.statements.size();
  for (const auto& statement : block.statements) {
    if (const PoolEntry* entry = pool_.find(statement->id)) {
      answer(*entry, AnswerCommitted{block.header.height, log_index});
      links_.remove(statement->id);
      pool_.remove(statement->id);
    }
    const auto* consent = std::get_if<ledger::Consent>(&statement->payload);
    PoolEntry* consented = consent == nullptr ? nullptr : pool_.find(consent->statement);
    if (consented != nullptr) {
      consented->consents_ready = consents_missing(*consented, chain_.stored()).empty();
      pool_.refresh(consent->statement);
    }
    const auto* attachment = ledger::attachment_of(statement->payload);
    if (attachment != nullptr) stock_.note_committed(attachment->root);
    ++log_index;
  }
  links_.touch(block.effects.changes);
  const Tip& tip = chain_.tip();
  for (PoolEntry* entry : pool_.waiting()) {
    const crypto::Hash id = entry->statement->id;
    if (entry->statement->issued_at_s + iat_max_age_s_ < tip.time.seconds()) {
      refuse(id, {ledger::Reason::iat_too_old, {}});
      continue;
    }
    const bool was_spared = tip.height.value == entry->since.value + kPatienceHeights;
    if (was_spared && LinkWatch::concerns(*entry->statement)) links_.add(id);
  }
  auto settled = evidence_.settle(chain_.stored(), chain_.tip().height.next());
  if (!settled.empty()) emit(ForgetEvidence{std::move(settled)});
  check_links();
}

// [rule 30] One waiting statement after the other is judged again, on a worker.
void ReplicaCore::check_links() {
  const auto waits = [this](const crypto::Hash& id) {
    const PoolEntry* entry = pool_.find(id);
    return entry != nullptr && !entry->includable();
  };
  const auto id = links_.next(waits);
  if (!id) return;
  const TimeMs time{std::max(now_.chain.value, chain_.tip().time.value + 1)};
  emit(CheckLinks{pool_.find(*id)->statement, chain_.next_context(time)});
}

}  // namespace treeproof::replica
