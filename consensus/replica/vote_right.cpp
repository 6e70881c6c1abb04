#include "consensus/replica/vote_right.h"

#include <algorithm>
#include <array>
#include <vector>

#include "consensus/ledger/objects.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

// A guard that signed nothing is new unless the chain holds a signature by its key. Any other is
// older than its chain when its height is: guards follow the chain. [rule 23]
bool is_as_new(const NodeKey& own, const ReplicaConfig& config, const Chain& chain) {
  const Height tip = chain.tip().height;
  if (own.guard >= tip) return true;
  if (own.guard.value > 0) return false;
  const auto org = ledger::get<ledger::OrgObject>(chain.stored(), config.org);
  const ledger::KeyEntry* registered = org ? org->key(own.key.bytes()) : nullptr;
  if (registered == nullptr) return true;
  const auto is_own = [&](const bft::CertificateSignature& signature) {
    return signature.org == config.org && signature.kid == own.key.kid();
  };
  for (Height at{registered->from_height + 1}; at <= tip; at = at.next()) {
    const auto decision = config.past(at);
    if (!decision) return false;  // below a snapshot: it may have signed there
    if (std::ranges::any_of(decision->certificate.signatures, is_own)) return false;
  }
  return true;
}

bft::SignPosition end_of(Height height) {
  return {height, Round{kRoundMax}, bft::SignStep::precommit};
}

}  // namespace

std::string_view to_string(Voting voting) noexcept {
  static constexpr std::array<std::string_view, 6> kTexts{
      "it votes",
      "there is no sign guard beside its node key",
      "its sign guard is older than its chain: register a new node key",
      "its organisation has no seat",
      "its seat votes with a newer node key: start it with that one",
      "it saw a quorum for what cannot be"};
  return kTexts[static_cast<std::size_t>(voting)];
}

VoteRight::VoteRight(const ReplicaConfig& config, const Chain& chain)
    : org_(config.org), own_(config.node_key) {
  if (own_ && is_as_new(*own_, config, chain)) guard_ = own_->guard;
  // Its home was emptied: what it signed above this chain, it has forgotten.
  if (guard_ && *guard_ > chain.tip().height.next()) proven_ = end_of(*guard_);
  if (config.fork) alarms_.insert(bft::AlarmKind::second_quorum);
}

Voting VoteRight::with(const ValidatorSet& validators) const {
  if (!alarms_.empty()) return Voting::alarmed;
  const Validator* seat = validators.find(org_);
  if (seat == nullptr) return Voting::no_seat;
  if (!own_) return Voting::no_guard;
  if (seat->key != own_->key) return Voting::another_key;
  return guard_ ? Voting::yes : Voting::older_guard;
}

bool VoteRight::is_news(const SignedMessage& message) const {
  const auto judge = [&](const auto& chosen) {
    const bool is_own = guard_ && chosen.org == org_ && chosen.kid == own_->key.kid();
    return is_own && (!proven_ || bft::position_of(chosen) > *proven_);
  };
  return std::visit(judge, message);
}

void VoteRight::hear(const std::string& org, Height decided,
                     std::optional<bft::SignPosition> proven) {
  if (!org.empty()) answers_.insert_or_assign(org, decided);
  if (proven) proven_ = std::max(proven_.value_or(*proven), *proven);
}

bool VoteRight::settle(const ValidatorSet& validators) {
  if (settled_ || with(validators) != Voting::yes) return false;
  std::uint64_t power = validators.find(org_)->power;
  for (const auto& [org, decided] : answers_) {
    const Validator* validator = org == org_ ? nullptr : validators.find(org);
    if (validator != nullptr) power += validator->power;
  }
  settled_ = validators.is_quorum(power);
  return settled_;
}

std::optional<bft::SignPosition> VoteRight::floor(const ValidatorSet& validators) const {
  const Height decided = said_decided(validators);
  if (!proven_ && decided.value == 0) return std::nullopt;
  return std::max(proven_ ? floor_at(*proven_) : end_of(decided), end_of(decided));
}

bft::SignPosition VoteRight::floor_at(const bft::SignPosition& proven) const {
  return proven > known_ ? end_of(proven.height) : proven;
}

// The highest height that answers of more than 1/3 of the power call decided: at least one of them
// is correct. A single one could silence a validator by naming a height far ahead.
Height VoteRight::said_decided(const ValidatorSet& validators) const {
  std::vector<std::pair<Height, std::uint64_t>> claims;
  for (const auto& [org, decided] : answers_) {
    const Validator* validator = validators.find(org);
    if (validator != nullptr) claims.emplace_back(decided, validator->power);
  }
  std::ranges::sort(claims, std::ranges::greater{});
  std::uint64_t power = 0;
  for (const auto& [decided, its_power] : claims) {
    power += its_power;
    if (validators.is_honest(power)) return decided;
  }
  return {};
}

void VoteRight::note_guard(Height height) noexcept {
  if (guard_) guard_ = std::max(*guard_, height);
}

}  // namespace treeproof::replica
