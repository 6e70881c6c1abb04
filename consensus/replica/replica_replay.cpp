// The journal of the current height, taken in again after a restart, before any message.
// What was valid then is executed again from the journal alone; what was signed is not signed anew.
#include <cassert>

#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

void ReplicaCore::replay_one(const Journal& record) {
  crypto::CborReader in(record.payload);
  if (record.kind == kJournalTimeout) {
    in.array_exact(2);
    const auto kind = static_cast<bft::TimeoutKind>(in.uint(2));
    const Round round{static_cast<std::int32_t>(in.integer(0, kRoundMax))};
    assert(in.ok());
    return obey(agreement_->timeout(kind, round));
  }
  if (record.kind == kJournalVerdict) {
    in.array_exact(4);
    const crypto::Hash hash = in.hash();
    const std::uint64_t log_size = in.uint();
    const crypto::Hash log_root = in.hash();
    const auto verdict = static_cast<bft::Validity>(in.uint(3));
    assert(in.ok());
    return obey(agreement_->set_validity({hash, log_size, log_root}, verdict));
  }
  auto message = decode(record.kind, record.payload, chain_.chain_id());
  assert(message.has_value());  // our own record, its checksum held
  const auto take_again = [&](auto& chosen) {
    using T = std::decay_t<decltype(chosen)>;
    if constexpr (std::same_as<T, Body>) {
      replay_body(chosen.block);
    } else if constexpr (std::same_as<T, bft::Proposal> || std::same_as<T, bft::Vote>) {
      peers_.note_signed(chosen);
      if (chosen.org == config_.org) right_.note_own(bft::position_of(chosen));
      const auto is_this = [&](const auto& entry) {
        const auto same = [&](const auto& other) {
          return bft::position_of(other) == bft::position_of(chosen);
        };
        return chosen.org == config_.org && std::visit(same, entry.second.message);
      };
      std::erase_if(signing_, is_this);
      obey(agreement_->receive(chosen));
    } else if constexpr (std::same_as<T, bft::PolkaCertificate> ||
                         std::same_as<T, bft::RoundCertificate>) {
      peers_.note_signed(chosen);
      obey(agreement_->receive(chosen));
    }
  };
  std::visit(take_again, *message);
}

// A body in the journal was valid when it was written: same chain below, same verdict.
void ReplicaCore::replay_body(const std::shared_ptr<const ledger::Block>& block) {
  std::vector<ledger::VerifiedStatement> statements;
  for (const crypto::Bytes& bytes : block->statements) {
    auto parsed = ledger::parse_statement(bytes, chain_.chain_id());
    assert(parsed.has_value());
    const auto key = chain_.key_of((*parsed)->issuer, (*parsed)->kid);
    assert(key.has_value());
    auto verified = ledger::VerifiedStatement::verify(*parsed, *key);
    assert(verified.has_value());
    statements.push_back(*std::move(verified));
  }
  const auto claims = chain_.claims_of(*block);
  assert(claims.has_value());
  const auto evidence = verify_all(*claims, chain_.chain_id());
  assert(evidence.has_value());
  auto executed = chain_.execute(block, std::move(statements), *evidence);
  assert(executed.has_value());
  executed_.insert_or_assign((*executed)->header_hash, Candidate{*executed, now_.real});
}

}  // namespace treeproof::replica
