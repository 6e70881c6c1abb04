#include "tests/scenarios/host.h"

#include <cassert>
#include <utility>

#include "crypto/hash.h"

namespace treeproof::scenarios {

crypto::SecretKey key_of(const std::string& org) {
  return *crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(org)));
}

namespace {

template <typename Signed>
void sign_as(Signed& message, const std::string& signer) {
  message.kid = key_of(message.org).public_key().kid();
  message.signature = key_of(signer).sign(bft::sign_digest(message, kChain));
}

bft::SignStep step_of(const bft::Proposal&) { return bft::SignStep::proposal; }
bft::SignStep step_of(const bft::Vote& vote) { return bft::sign_step(vote.type); }

}  // namespace

void sign(bft::Vote& message, const std::string& signer) { sign_as(message, signer); }
void sign(bft::Proposal& message, const std::string& signer) { sign_as(message, signer); }

bft::BlockId block_of(const crypto::Hash& header_hash) {
  return {header_hash, 2 + std::uint64_t{header_hash[0]}, crypto::sha256(header_hash)};
}

bft::BlockId block_of(const std::string& name) {
  return block_of(crypto::sha256(crypto::as_bytes(name)));
}

Host::Host(std::string org, ValidatorSet validators, Verdict verdict, Send send)
    : org_(std::move(org)),
      validators_(std::move(validators)),
      verdict_(std::move(verdict)),
      send_(std::move(send)) {}

void Host::start() {
  announced_ = Round{0};
  timers_.clear();
  wanted_.reset();
  machine_.emplace(bft::AgreementConfig{kHeight, validators_, org_, {}});
  obey(machine_->start(Round{0}));
}

void Host::receive(const Message& message) {
  if (!machine_) return;
  const auto verified = std::visit(
      [&](const auto& chosen) { return bft::verify(chosen, kChain, validators_); }, message);
  if (!verified) {
    refusals_.emplace(bft::to_string(verified.error()));
    return;
  }
  const auto held = [&](const auto& chosen) {
    using T = std::decay_t<decltype(chosen)>;
    if constexpr (std::same_as<T, bft::Vote> || std::same_as<T, bft::Proposal>) {
      return machine_->holds(chosen);
    } else {
      return false;
    }
  };
  if (std::visit(held, message)) return;
  take(message);
  if (const auto* proposal = std::get_if<bft::Proposal>(&message)) {
    if (machine_) body_arrives(proposal->header_hash);
  }
}

// The verdict is in the journal at the place in the order where the machine hears it.
void Host::body_arrives(const crypto::Hash& header_hash) {
  if (!machine_ || machine_->validity(header_hash) != bft::Validity::unknown) return;
  const auto verdict = verdict_(header_hash);
  if (verdict) take(GivenVerdict{block_of(header_hash), *verdict});
}

bool Host::propose(const bft::BlockId& block) {
  if (!machine_ || !wanted_ || *wanted_ != machine_->round()) return false;
  const Round round = *std::exchange(wanted_, std::nullopt);
  take(GivenVerdict{block, bft::Validity::valid});
  if (machine_) obey(machine_->value_to_propose(round, block));
  return true;
}

bool Host::fire(bft::TimeoutKind kind) {
  if (!machine_ || timers_.erase(kind) == 0) return false;
  take(Timeout{kind, machine_->round()});
  return true;
}

void Host::send_again() {
  if (!machine_) return;
  if (machine_->decision()) return send_(machine_->decision()->certificate);
  if (machine_->round_certificate()) send_(*machine_->round_certificate());
  if (const bft::Proposal* own = machine_->own_proposal()) send_(*own);
  const Round valid_round = machine_->valid().round;
  if (valid_round.exists()) {
    if (auto polka = machine_->polka_certificate(valid_round)) send_(*std::move(polka));
  }
  for (const bft::Vote& vote : machine_->own_votes()) send_(vote);
}

// The journal first, then the machine. [rule 20]
void Host::take(const Record& record) {
  journal_.push_back(record);
  replay(record);
}

void Host::replay(const Record& record) {
  if (const auto* given = std::get_if<GivenVerdict>(&record)) {
    return obey(machine_->set_validity(given->block, given->validity));
  }
  if (const auto* timeout = std::get_if<Timeout>(&record)) {
    timers_.erase(timeout->kind);
    return obey(machine_->timeout(timeout->kind, timeout->round));
  }
  const auto receive_it = [this](const auto& chosen) {
    using T = std::decay_t<decltype(chosen)>;
    if constexpr (std::same_as<T, bft::Vote> || std::same_as<T, bft::Proposal>) {
      if (chosen.org == org_) unsigned_.erase({chosen.round, step_of(chosen)});
    }
    obey(machine_->receive(chosen));
  };
  std::visit(receive_it, std::get<Message>(record));
}

// What was asked for in the replay and is not in the journal never left: it is signed now, if the
// guard agrees.
void Host::restart() {
  crash_at_.reset();
  replaying_ = true;
  unsigned_.clear();
  start();
  for (const Record& record : journal_) replay(record);
  replaying_ = false;
  for (const auto& [position, message] : std::exchange(unsigned_, {})) {
    if (!machine_) return;
    std::visit([&](const auto& chosen) { sign_and_send(chosen, step_of(chosen)); }, message);
  }
}

void Host::obey(const bft::Outputs& outputs) {
  for (const bft::Output& output : outputs) {
    if (!machine_) return;
    std::visit([this](const auto& chosen) { obey_one(chosen); }, output);
  }
  if (machine_) after_round_change();
}

void Host::after_round_change() {
  if (machine_->round() <= announced_) return;
  announced_ = machine_->round();
  if (machine_->round_certificate() && !replaying_) send_(*machine_->round_certificate());
}

void Host::obey_one(const bft::GetValue& output) { wanted_ = output.round; }

void Host::obey_one(const bft::SendProposal& output) {
  sign_and_send(output.proposal, bft::SignStep::proposal);
}

void Host::obey_one(const bft::SendVote& output) {
  sign_and_send(output.vote, bft::sign_step(output.vote.type));
}

template <typename Signed>
void Host::sign_and_send(Signed message, bft::SignStep step) {
  if (replaying_) {
    unsigned_.insert_or_assign({message.round, step}, message);
    return;
  }
  const bft::SignRequest request{kHeight, message.round, step, bft::sign_digest(message, kChain)};
  const bft::GuardVerdict verdict = guard_.judge(request);
  if (verdict == bft::GuardVerdict::refuse) {
    guard_refusals_.insert(message.round);
    return;
  }
  sign(message, org_);
  if (verdict == bft::GuardVerdict::sign) guard_.record(request, message.signature);
  message.signature = guard_.stored_signature();
  if (crash_at_ == step) return crash();
  take(message);
  if constexpr (std::same_as<Signed, bft::Vote>) {
    votes_.push_back(message);
    const bool with_proof =
        machine_ && step == bft::SignStep::precommit && message.value && message.round > Round{0};
    if (with_proof) {  // [rule 17]
      if (auto polka = machine_->polka_certificate(message.round)) send_(*std::move(polka));
    }
  } else {
    proposals_.push_back(message);
  }
  send_(message);
}

void Host::obey_one(const bft::ScheduleTimeout& output) { timers_.insert(output.kind); }
void Host::obey_one(const bft::CancelTimeouts&) { timers_.clear(); }
void Host::obey_one(const bft::Decide& output) { decided_ = output; }

void Host::obey_one(const bft::FetchBlock& output) {
  fetched_.insert(output.header_hash);
  if (!replaying_) body_arrives(output.header_hash);
}

void Host::obey_one(const bft::ReportEvidence& output) { evidence_.push_back(output.evidence); }
void Host::obey_one(const bft::Alarm& output) { alarms_.insert(output.kind); }

}  // namespace treeproof::scenarios
