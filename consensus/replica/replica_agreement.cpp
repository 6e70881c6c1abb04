// The replica's side of agreement: what the round machine asks for, done in its order.
#include <algorithm>
#include <cassert>
#include <utility>

#include "consensus/replica/replica_core.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

VotePosition position_of(const bft::Proposal& proposal) {
  return {proposal.height, proposal.round, 1};
}
VotePosition position_of(const bft::Vote& vote) {
  return {vote.height, vote.round, vote.type == bft::VoteType::prevote ? 2u : 3u};
}

constexpr std::size_t kProposeBytesMax = kBlockStatementBytesMax;

// The end of the highest height that answers of more than 1/3 of the power call decided: at least
// one of them is correct. A single one could silence a validator by naming a height far ahead.
VotePosition said_decided(const std::map<std::string, VotePosition>& answers,
                          const ValidatorSet& validators) {
  VotePosition highest;
  for (const auto& [org, claim] : answers) {
    std::uint64_t power = 0;
    for (const auto& [other, position] : answers) {
      const Validator* validator = validators.find(other);
      const bool agrees = position.round == Round{kRoundMax} && position >= claim;
      if (validator != nullptr && agrees) power += validator->power;
    }
    const bool counts = claim.round == Round{kRoundMax} && validators.is_honest(power);
    if (counts) highest = std::max(highest, claim);
  }
  return highest;
}

}  // namespace

void ReplicaCore::start_height() {
  const Tip& tip = chain_.tip();
  bft::AgreementConfig config{tip.height.next(), *tip.validators, {}, {}};
  if (config_.may_sign) config.own_org = config_.org;
  agreement_.emplace(std::move(config));
  signing_.clear();
  wanted_.clear();
  value_wanted_.reset();
  propose_timer_held_ = false;
  heartbeat_due_ = false;
  round_announced_ = Round{0};
  height_since_ = now_.real;
  const ledger::Parameters parameters = ledger::parameters_of(chain_.stored());
  heartbeat_ms_ = parameters.heartbeat_ms;
  iat_max_age_s_ = parameters.iat_max_age_s;
  emit(SetTimer{{TimerKind::heartbeat, agreement_->height(), {}}, heartbeat_ms_});
  obey(agreement_->start(Round{0}));
  for (auto& [org, message] : peers_.take_early(agreement_->height())) {
    verify_agreement(org, std::move(message), agreement_->height());
  }
  early_bodies_.erase(early_bodies_.begin(), early_bodies_.lower_bound(agreement_->height()));
  if (auto early = early_bodies_.extract(agreement_->height()); !early.empty()) {
    const EarlyBody& body = early.mapped();
    shelve(body.block, body.header_hash, body.from);
  }
  for (const auto& [org, body] : std::exchange(next_bodies_, {})) {
    shelve(body.block, body.header_hash, org);
  }
}

void ReplicaCore::feed(VerifyAgreement&& job) {
  const bool is_live = !committing_ && !decided_;
  const auto take_message = [&](auto& message) {
    using T = std::decay_t<decltype(message)>;
    if (message.height != agreement_->height()) return;
    if constexpr (std::same_as<T, bft::Proposal> || std::same_as<T, bft::Vote>) {
      peers_.note_vote(message.org, position_of(message));
      if (agreement_->holds(message)) return;
    }
    if (!is_live) return;
    if constexpr (!std::same_as<T, bft::CommitCertificate>) journal(message, message.height);
    if constexpr (std::same_as<T, bft::Proposal>) want_body(message.header_hash);
    obey(agreement_->receive(message));
  };
  std::visit(take_message, job.message);
}

void ReplicaCore::obey(bft::Outputs outputs) {
  for (bft::Output& output : outputs) {
    std::visit([this](auto& chosen) { obey_one(std::move(chosen)); }, output);
  }
  after_round_change();
}

void ReplicaCore::after_round_change() {
  if (agreement_->round() <= round_announced_) return;
  round_announced_ = agreement_->round();
  for (const auto& [hash, candidate] : executed_) {  // a turn or a time may fit now
    if (!replaying_) set_verdict(candidate.block->id(), timeliness(candidate));
  }
  // [rule 17] whoever is behind learns why this round was entered
  if (const auto& certificate = agreement_->round_certificate()) broadcast(*certificate);
}

void ReplicaCore::obey_one(bft::GetValue output) {
  value_wanted_ = output.round;
  if (!replaying_) wake();
}

bool ReplicaCore::may_propose_now() {
  // [rule 29] an empty first round is only a heartbeat; later rounds always propose
  return heartbeat_due_ || pool_.any_includable() || agreement_->round() > Round{0};
}

void ReplicaCore::wake() {
  if (committing_ || decided_ || !may_propose_now()) return;
  if (std::exchange(propose_timer_held_, false)) {
    obey_one(bft::ScheduleTimeout{bft::TimeoutKind::propose, Round{0}});
  }
  if (value_wanted_ && *value_wanted_ == agreement_->round()) {
    propose(*std::exchange(value_wanted_, std::nullopt));
  }
}

void ReplicaCore::propose(Round round) {
  const TimeMs time{std::max(now_.chain.value, chain_.tip().time.value + 1)};
  Chain::Draft draft =
      chain_.build(time, ledger::OrgId{config_.org}, pool_.select(kProposeBytesMax));
  for (const auto& [id, refusal] : draft.refused) refuse(id, refusal);
  keep_candidate(draft.block, now_.real);
  set_verdict(draft.block->id(), bft::Validity::valid);
  obey(agreement_->value_to_propose(round, draft.block->id()));
}

void ReplicaCore::obey_one(const bft::SendProposal& output) {
  request_sign({output.proposal, output.proposal.height});
}

void ReplicaCore::obey_one(const bft::SendVote& output) {
  request_sign({output.vote, output.vote.height});
}

void ReplicaCore::request_sign(PendingSign pending) {
  if (silent_) return;
  const std::uint64_t id = next_sign_++;
  const auto found = signing_.emplace(id, std::move(pending)).first;
  if (!replaying_) issue_sign(id, found->second);
}

void ReplicaCore::issue_sign(std::uint64_t id, const PendingSign& pending) {
  if (!signing_enabled_) return enable_signing();  // issues all, this one too, once it may
  bft::SignRequest request{pending.height, {}, {}, {}};
  std::visit(
      [&](const auto& message) {
        request.round = message.round;
        request.step = static_cast<bft::SignStep>(position_of(message).step);
        request.digest = bft::sign_digest(message, chain_.chain_id());
      },
      pending.message);
  emit(Sign{id, request});
}

// [rule 23] Signs only above what peers hold of us, once more than 2/3, we included, have answered.
void ReplicaCore::enable_signing() {
  const ValidatorSet& validators = *chain_.tip().validators;
  const Validator* own = validators.find(config_.org);
  if (signing_enabled_ || own == nullptr || replaying_) return;
  std::uint64_t power = own->power;
  VotePosition highest;
  for (const auto& [org, position] : peers_.own_answers()) {
    const Validator* validator = org == config_.org ? nullptr : validators.find(org);
    if (validator == nullptr) continue;
    power += validator->power;
    if (position.round != Round{kRoundMax}) highest = std::max(highest, position);
  }
  if (!validators.is_quorum(power)) return;
  signing_enabled_ = true;
  highest = std::max(highest, said_decided(peers_.own_answers(), validators));
  if (highest.step != 0) {
    emit(RaiseFloor{highest.height, highest.round, static_cast<bft::SignStep>(highest.step)});
  }
  for (const auto& [id, pending] : signing_) issue_sign(id, pending);
}

void ReplicaCore::obey_one(bft::ScheduleTimeout output) {
  const bool hold =
      output.kind == bft::TimeoutKind::propose && output.round == Round{0} && !may_propose_now();
  if (hold) {
    propose_timer_held_ = true;  // [rule 29]
    return;
  }
  const TimerId timer{static_cast<TimerKind>(output.kind), agreement_->height(), output.round};
  emit(SetTimer{timer, bft::timeout_ms(output.kind, output.round, config_.timeouts)});
}

// Timers that fire late name a round that the machine has left; it ignores them. [rule 6]
void ReplicaCore::obey_one(bft::CancelTimeouts) {}

void ReplicaCore::obey_one(const bft::Decide& output) {
  decided_ = output;
  try_commit();
}

void ReplicaCore::obey_one(const bft::FetchBlock& output) {
  want_body(output.header_hash);
  if (shelf_.find(output.header_hash) == nullptr) broadcast(BodyWanted{output.header_hash});
}

void ReplicaCore::obey_one(const bft::ReportEvidence& output) {
  if (!replaying_) emit(RecordEvidence{output.evidence});
}

// [rule 25] Two quorums in one height: store both, stop voting, keep serving.
void ReplicaCore::obey_one(const bft::Alarm& output) {
  silent_ = true;
  if (output.kind == bft::AlarmKind::quorum_for_invalid) {
    emit(Halt{"a quorum committed a block that is invalid here: run treeproof store check"});
  }
}

void ReplicaCore::try_commit() {
  const auto executed = executed_.find(decided_->block.header_hash);
  if (executed == executed_.end() || committing_) return;
  committing_ = true;
  emit(Commit{executed->second.block, decided_->certificate});
}

}  // namespace treeproof::replica
