// The replica's side of agreement: what the round machine asks for, done in its order.
#include <algorithm>
#include <cassert>
#include <utility>

#include "consensus/replica/replica_core.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

constexpr std::size_t kProposeBytesMax = kBlockStatementBytesMax;

}  // namespace

void ReplicaCore::start_height() {
  const Tip& tip = chain_.tip();
  bft::AgreementConfig config{tip.height.next(), *tip.validators, {}, {}};
  if (voting() == Voting::yes) config.own_org = config_.org;
  agreement_.emplace(std::move(config));
  signing_.clear();
  turn_ = {};
  turn_.since = now_.real;
  const ledger::Parameters parameters = ledger::parameters_of(chain_.stored());
  heartbeat_ms_ = parameters.heartbeat_ms;
  iat_max_age_s_ = parameters.iat_max_age_s;
  // Its signers are known from the certificate even where their votes were forgotten. [rule 23]
  if (auto commit = bft::decode_commit_certificate(tip.commit)) peers_.note_signed(*commit);
  emit(SetTimer{{TimerKind::heartbeat, agreement_->height(), {}}, heartbeat_ms_});
  obey(agreement_->start(Round{0}));
  for (auto& [org, message] : peers_.take_early(agreement_->height())) {
    verify_agreement(org, std::move(message));
  }
  for (const EarlyBody& body : peers_.take_early_bodies()) shelve(body);
  verify_decided();
}

void ReplicaCore::feed(VerifyAgreement&& job) {
  peers_.note_signed(job.message);
  const bool is_live = !committing_ && !decided_;
  const auto take_message = [&](auto& message) {
    using T = std::decay_t<decltype(message)>;
    if constexpr (std::same_as<T, bft::CommitCertificate>) {
      // Not journaled: what it decides leaves this node only after the batch that holds it.
      // [rule 20]
      if (message.height == agreement_->height()) {
        take_certified(message);
        return obey(agreement_->receive(message));
      }
      const auto held = decision_at(message.height);
      const bool differs = held && held->certificate.block != message.block;
      if (differs) {
        raise_alarm(bft::AlarmKind::second_quorum, {held->certificate, std::move(message)});
      }
    } else {
      if (message.height != agreement_->height() || !is_live) return;
      if constexpr (std::same_as<T, bft::Proposal> || std::same_as<T, bft::Vote>) {
        if (agreement_->holds(message)) return;
        if (message.org == config_.org) return hear_own({}, {}, bft::position_of(message));
      }
      journal(message, message.height);
      if constexpr (std::same_as<T, bft::Proposal>) shelf_.want(message.header_hash);
      obey(agreement_->receive(message));
    }
  };
  std::visit(take_message, job.message);
}

// What was decided here, in the store or on the way to it.
std::optional<PastDecision> ReplicaCore::decision_at(Height height) const {
  if (height <= chain_.tip().height) return config_.past(height);
  if (height > agreement_->height() || !decided_) return std::nullopt;
  return PastDecision{decided_->certificate, chain_.tip().validators};
}

void ReplicaCore::obey(bft::Outputs outputs) {
  for (bft::Output& output : outputs) {
    std::visit([this](auto& chosen) { obey_one(std::move(chosen)); }, output);
  }
  if (agreement_->round() <= turn_.round_announced) return;
  turn_.round_announced = agreement_->round();
  for (const auto& [hash, candidate] : executed_) {  // a turn or a time may fit now
    if (!replaying_) set_verdict(candidate.block->id(), timeliness(candidate));
  }
  // [rule 17] whoever is behind learns why this round was entered
  if (const auto& certificate = agreement_->round_certificate()) send({}, *certificate);
}

void ReplicaCore::obey_one(bft::GetValue output) {
  turn_.value_wanted = output.round;
  if (!replaying_) wake();
}

bool ReplicaCore::may_propose_now() {
  // [rule 29] an empty first round is only a heartbeat; later rounds always propose
  return turn_.heartbeat_due || pool_.any_includable() || evidence_.is_due() ||
         agreement_->round() > Round{0};
}

void ReplicaCore::wake() {
  if (committing_ || decided_ || !may_propose_now()) return;
  if (std::exchange(turn_.propose_timer_held, false)) {
    obey_one(bft::ScheduleTimeout{bft::TimeoutKind::propose, Round{0}});
  }
  if (turn_.value_wanted && *turn_.value_wanted == agreement_->round()) {
    propose(*std::exchange(turn_.value_wanted, std::nullopt));
  }
}

void ReplicaCore::propose(Round round) {
  const TimeMs time{std::max(now_.chain.value, chain_.tip().time.value + 1)};
  Chain::Draft draft = chain_.build(time, ledger::OrgId{config_.org},
                                    pool_.select(kProposeBytesMax), evidence_.select());
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
  if (voting() != Voting::yes) return;
  signing_.emplace(next_sign_++, std::move(pending));
}

// [rule 23] Signs only above what peers hold of us, once more than 2/3, we included, have answered.
// One at a time: the guard keeps only its last signature, so the one before must be in the journal
// when it is replaced. Else a crash between both would lose a vote for good.
void ReplicaCore::sign_next() {
  const ValidatorSet& validators = *chain_.tip().validators;
  if (right_.settle(validators)) {
    if (const auto floor = right_.floor(validators)) raise_floor(*floor);
  }
  if (signing_.empty() || !right_.is_settled()) return;
  const auto& [id, pending] = *signing_.begin();
  if (std::exchange(sign_issued_, id) == id) return;
  bft::SignRequest request{pending.height, {}, {}, {}};
  std::visit(
      [&](const auto& message) {
        request.round = message.round;
        request.step = bft::position_of(message).step;
        request.digest = bft::sign_digest(message, chain_.chain_id());
      },
      pending.message);
  emit(Sign{id, request});
}

void ReplicaCore::raise_floor(const bft::SignPosition& floor) {
  right_.note_guard(floor.height);
  emit(RaiseFloor{floor.height, floor.round, floor.step});
}

void ReplicaCore::obey_one(bft::ScheduleTimeout output) {
  const bool is_propose = output.kind == bft::TimeoutKind::propose;
  if (is_propose && output.round == Round{0} && !may_propose_now()) {
    turn_.propose_timer_held = true;  // [rule 29]
    return;
  }
  if (is_propose) {
    turn_.propose_due.reset();
    return arm_propose_timer(output.round);
  }
  const TimerId timer{static_cast<TimerKind>(output.kind), agreement_->height(), output.round};
  emit(SetTimer{timer, bft::timeout_ms(output.kind, output.round, config_.timeouts)});
}

// [rule 15] A proposer that is not connected is waited for shortly. Called again for the same round
// it only shortens. Who just started does not know yet who is there.
void ReplicaCore::arm_propose_timer(Round round) {
  const std::string proposer = agreement_->proposer(round);
  const bool is_there =
      replaying_ || proposer == config_.org || peers_.connected().contains(proposer);
  const std::uint64_t wait_ms =
      is_there ? bft::timeout_ms(bft::TimeoutKind::propose, round, config_.timeouts)
               : bft::silent_proposer_timeout_ms(round, config_.timeouts);
  const TimeMs due{now_.real.value + wait_ms};
  if (turn_.propose_due && *turn_.propose_due <= due) return;
  turn_.propose_due = due;
  emit(SetTimer{{TimerKind::propose, agreement_->height(), round}, wait_ms});
}

// Timers that fire late name a round that the machine has left; it ignores them. [rule 6]
void ReplicaCore::obey_one(bft::CancelTimeouts) {}

void ReplicaCore::obey_one(const bft::FetchBlock& output) {
  shelf_.want(output.header_hash);
  if (shelf_.find(output.header_hash) == nullptr) send({}, BodyWanted{output.header_hash});
}

void ReplicaCore::obey_one(const bft::Alarm& output) {
  std::vector<bft::CommitCertificate> quorums{output.certificate};
  if (output.kind == bft::AlarmKind::second_quorum) {
    quorums.insert(quorums.begin(), decided_->certificate);
  }
  raise_alarm(output.kind, std::move(quorums));
}

// [rule 25] Two quorums in one height: store both, stop voting, keep serving; those who hold the
// other block see both when they are shown ours.
void ReplicaCore::raise_alarm(bft::AlarmKind kind, std::vector<bft::CommitCertificate> quorums) {
  if (!right_.alarm(kind)) return;
  signing_.clear();
  const Height height = quorums.front().height;
  emit(RecordAlarm{kind, std::move(quorums)});
  if (kind != bft::AlarmKind::second_quorum) return;
  config_.fork = height;
  for (const auto& org : peers_.connected()) emit(SendDecided{org, height, 1});
}

// A guard that signed nothing in a height follows the chain: never vote there again. [rule 23]
void ReplicaCore::obey_one(const bft::Decide& output) {
  decided_ = output;
  const auto executed = executed_.find(output.block.header_hash);
  if (executed == executed_.end() || committing_) return;
  committing_ = true;
  const Height height = agreement_->height();
  if (right_.guard_lags(height)) {
    raise_floor({height, Round{kRoundMax}, bft::SignStep::precommit});
  }
  emit(Commit{executed->second.block, output.certificate});
}

}  // namespace treeproof::replica
