#include "tests/conformance/bft/traced_machine.h"

#include <algorithm>
#include <utility>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft::conformance {

namespace {

using testing::block;

AgreementConfig config_of(const Trace& trace, const std::string& validator, std::uint64_t height) {
  std::vector<std::string> orgs;
  for (const auto& [org, weight] : trace.weights) orgs.push_back(org);
  AgreementConfig config{{height},
                         testing::validators_of({trace.weights.begin(), trace.weights.end()}),
                         validator,
                         [orgs](Round round) {
                           return orgs[static_cast<std::size_t>(round.value + 1) % orgs.size()];
                         }};
  return config;
}

std::vector<std::string> orgs_of(const Trace& trace) {
  std::vector<std::string> orgs;
  for (const auto& [org, weight] : trace.weights) orgs.push_back(org);
  return orgs;
}

std::string step_name(Step step) {
  switch (step) {
    case Step::unstarted:
      return "NoStep";
    case Step::propose:
      return "ProposeStep";
    case Step::prevote:
      return "PrevoteStep";
    case Step::precommit:
      return "PrecommitStep";
    case Step::commit:
      return "CommitStep";
  }
  return "?";
}

std::string timer_name(TimeoutKind kind) {
  if (kind == TimeoutKind::propose) return "propose";
  return kind == TimeoutKind::prevote ? "prevote" : "precommit";
}

TimeoutKind timer_kind(const std::string& name) {
  if (name == "propose") return TimeoutKind::propose;
  return name == "prevote" ? TimeoutKind::prevote : TimeoutKind::precommit;
}

std::string show(const TraceState& state) {
  return "round " + std::to_string(state.round) + " " + state.step + " locked " + state.locked +
         " valid " + state.valid;
}

}  // namespace

TracedMachine::TracedMachine(const Trace& trace, const std::string& validator, std::uint64_t height)
    : orgs_(orgs_of(trace)), height_(height), machine_(config_of(trace, validator, height)) {
  before_ = {height, -1, "NoStep", "none", "none"};
  for (const TraceStep& step : trace.steps) {
    for (const TraceVote& vote : step.votes) {
      if (vote.value) names_[block(*vote.value).header_hash] = *vote.value;
    }
    if (step.proposal) names_[block(step.proposal->value).header_hash] = step.proposal->value;
    if (!step.value.empty()) names_[block(step.value).header_hash] = step.value;
  }
}

Vote TracedMachine::vote_of(const TraceVote& vote) const {
  Vote made = vote.is_precommit ? testing::precommit(vote.org, vote.round, std::nullopt)
                                : testing::prevote(vote.org, vote.round, std::nullopt);
  made.height = {vote.height};
  if (vote.value) {
    made.value =
        vote.is_precommit ? block(*vote.value) : prevote_value(block(*vote.value).header_hash);
    made.valid_round = {vote.valid_round};
  }
  return made;
}

void TracedMachine::preload(const TraceVote& vote) { take(machine_.receive(vote_of(vote))); }

std::optional<std::string> TracedMachine::step(const TraceStep& step) {
  feed(step);
  note_bookkeeping(step);
  for (const std::string& expected : expected_of(step)) {
    if (auto difference = match(expected)) return difference;
  }
  auto difference = compare_state(step);
  if (step.after.step != before_.step) spec_blind_ = false;
  before_ = step.after;
  return difference;
}

void TracedMachine::feed(const TraceStep& step) {
  switch (step.input) {
    case TraceInput::start:
      return take(machine_.start({0}));
    case TraceInput::proposal:
      return feed_proposal(*step.proposal);
    case TraceInput::vote:
      return take(machine_.receive(vote_of(step.votes.front())));
    case TraceInput::certificate:
      return feed_certificate(step.votes);
    case TraceInput::timeout:
      return take(machine_.timeout(timer_kind(step.timer), {before_.round}));
    case TraceInput::value:
      return take(machine_.value_to_propose({before_.round}, block(step.value)));
    case TraceInput::pending:
      // A validator that starts late enters the round that its stored votes call for.
      if (step.skip_round && machine_.step() == Step::unstarted) {
        take(machine_.start({*step.skip_round}));
      }
      return;
    case TraceInput::step_change:
      return;
  }
}

void TracedMachine::feed_proposal(const TraceProposal& proposal) {
  if (proposal.org != machine_.proposer({proposal.round})) return;
  const BlockId value = block(proposal.value);
  take(machine_.receive(Proposal{{height_},
                                 {proposal.round},
                                 value.header_hash,
                                 {proposal.valid_round},
                                 proposal.org,
                                 {},
                                 {}}));
  const auto validity = proposal.value == "invalid" ? Validity::invalid : Validity::valid;
  take(machine_.set_validity(value, validity));
}

void TracedMachine::feed_certificate(const std::vector<TraceVote>& votes) {
  const TraceVote& first = votes.front();
  std::vector<CertificateSignature> signatures;
  for (const TraceVote& vote : votes) {
    signatures.push_back({vote.org, testing::key_of(vote.org).public_key().kid(), {}});
  }
  std::ranges::sort(signatures, {}, &CertificateSignature::org);
  if (!first.value) {
    for (const TraceVote& vote : votes) take(machine_.receive(vote_of(vote)));
  } else if (first.is_precommit) {
    take(machine_.receive(
        CommitCertificate{{height_}, {first.round}, block(*first.value), signatures}));
  } else {
    take(machine_.receive(PolkaCertificate{{height_},
                                           {first.round},
                                           block(*first.value).header_hash,
                                           {first.valid_round},
                                           signatures}));
  }
}

void TracedMachine::take(const Outputs& outputs) {
  for (const Output& output : outputs) {
    const std::string line = line_of(output);
    if (!line.empty()) ahead_.push_back(line);
  }
}

// Timers cancelled, blocks asked for and evidence have no counterpart in the specification.
std::string TracedMachine::line_of(const Output& output) const {
  if (const auto* asked = std::get_if<GetValue>(&output)) return value_line(asked->round.value);
  if (const auto* timer = std::get_if<ScheduleTimeout>(&output)) {
    return timer_line(timer_name(timer->kind), timer->round.value);
  }
  if (const auto* sent = std::get_if<SendProposal>(&output)) {
    return proposal_line(sent->proposal.round.value, name_of(sent->block.header_hash),
                         sent->proposal.valid_round.value);
  }
  if (const auto* sent = std::get_if<SendVote>(&output)) {
    const Vote& vote = sent->vote;
    return vote_line(vote.type == VoteType::precommit, vote.round.value,
                     vote.value ? name_of(vote.value->header_hash) : "nil");
  }
  if (const auto* decide = std::get_if<Decide>(&output)) {
    return decide_line(decide->round.value, name_of(decide->block.header_hash));
  }
  return std::holds_alternative<Alarm>(output) ? "alarm" : "";
}

// Two things the specification does that have no meaning outside it: with every ProposalOutput its
// environment starts the propose timer in silence, and after a decision it still arms the precommit
// timer of the decided round, where a decided machine is silent.
std::vector<std::string> TracedMachine::expected_of(const TraceStep& step) {
  if (std::exchange(spec_decided_, spec_decided_ || step.after.step == "CommitStep")) return {};
  std::vector<std::string> expected = step.outputs;
  const std::string propose_timer = timer_line("propose", step.after.round);
  if (std::ranges::find(expected, propose_timer) != expected.end()) {
    propose_timers_.insert(step.after.round);
  }
  if (step.emitted_proposal && propose_timers_.insert(step.after.round).second) {
    expected.push_back(propose_timer);
  }
  return expected;
}

// What the specification keeps for later steps: a change of step that it has not looked at, and the
// precommit that follows the timer of a polka. A round entered straight from the propose step of
// another is no change of step, so there it never looks at a proposal that it already has.
void TracedMachine::note_bookkeeping(const TraceStep& step) {
  const bool polka_timer =
      !step.outputs.empty() && step.outputs.back().starts_with("timer prevote");
  spec_pending_ = step.after.step != before_.step || polka_timer;
  if (step.after.step == "ProposeStep" && before_.step == "ProposeStep" &&
      step.after.round != before_.round) {
    spec_blind_ = true;
  }
}

std::optional<std::string> TracedMachine::match(const std::string& expected) {
  // Blind to a stored proposal, it never casts the vote that the proposal calls for.
  const std::string round = std::to_string(machine_.round().value);
  const auto is_vote_of_blind_round = [&](const std::string& line) {
    return line.starts_with("prevote " + round + " ") ||
           line.starts_with("precommit " + round + " ");
  };
  while (spec_blind_ && !ahead_.empty() && ahead_.front() != expected &&
         is_vote_of_blind_round(ahead_.front())) {
    ahead_.pop_front();
  }
  if (ahead_.empty()) return "expected '" + expected + "', the machine said nothing more";
  if (ahead_.front() != expected) {
    return "expected '" + expected + "', the machine said " + show_ahead();
  }
  ahead_.pop_front();
  return std::nullopt;
}

std::optional<std::string> TracedMachine::compare_state(const TraceStep& step) const {
  if (machine_.decision().has_value() != (step.after.step == "CommitStep") && ahead_.empty()) {
    return "one of the two has decided and the other has not";
  }
  if (!ahead_.empty() || spec_blind_) return std::nullopt;
  const TraceState state{machine_.height().value, machine_.round().value,
                         step_name(machine_.step()), name_of(machine_.locked()),
                         name_of(machine_.valid())};
  if (state == step.after) return std::nullopt;
  return "expected state " + show(step.after) + ", the machine has " + show(state);
}

std::optional<std::string> TracedMachine::finish() const {
  if (ahead_.empty() || spec_pending_ || spec_blind_) return std::nullopt;
  return "the specification never said " + show_ahead();
}

std::string TracedMachine::name_of(const crypto::Hash& header_hash) const {
  const auto found = names_.find(header_hash);
  return found == names_.end() ? crypto::to_hex(header_hash) : found->second;
}

std::string TracedMachine::name_of(const LockedOrValid& held) const {
  if (!held.block) return "none";
  return name_of(held.block->header_hash) + "@" + std::to_string(held.round.value);
}

std::string TracedMachine::show_ahead() const {
  std::string all;
  for (const std::string& line : ahead_) all += (all.empty() ? "'" : ", '") + line + "'";
  return all;
}

}  // namespace treeproof::bft::conformance
