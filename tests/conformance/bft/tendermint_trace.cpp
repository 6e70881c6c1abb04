#include "tests/conformance/bft/tendermint_trace.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace treeproof::bft::conformance {

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& what, const json& at) {
  throw std::runtime_error(what + ": " + at.dump());
}

// "Nil" or {"Val": name}; a plain name where the specification has no nil.
std::optional<std::string> read_value(const json& value) {
  if (value.is_object()) return value.at("Val").get<std::string>();
  if (value == "Nil") return std::nullopt;
  return value.get<std::string>();
}

std::string timer_name(const std::string& name) {
  if (name == "ProposeTimeout") return "propose";
  if (name == "PrevoteTimeout") return "prevote";
  if (name == "PrecommitTimeout") return "precommit";
  throw std::runtime_error("unknown timer " + name);
}

TraceProposal read_proposal(const json& from) {
  return {from.at("srcAddress"), from.at("height"), from.at("round"),
          read_value(from.at("proposal")).value_or("Nil"), from.at("validRound")};
}

TraceVote read_vote(const json& from) {
  const std::string type = from.at("voteType");
  if (type != "Prevote" && type != "Precommit") fail("unknown vote type", from);
  return {from.at("srcAddress"),
          from.at("height"),
          from.at("round"),
          type == "Precommit",
          read_value(from.at("valueId")),
          -1};
}

const json& elements(const json& set) { return set.is_object() ? set.at("#set") : set; }

void read_pending(const json& pending, TraceStep& step) {
  step.input = TraceInput::pending;
  if (pending.is_object() && pending.contains("NewRoundCInput")) {
    step.skip_round = pending.at("NewRoundCInput").get<std::int32_t>();
  }
}

void read_input(const json& input, TraceStep& step) {
  if (input == "StartDInput") {
    step.input = TraceInput::start;
  } else if (input == "StepChangeDInput") {
    step.input = TraceInput::step_change;
  } else if (input.contains("PendingDInput")) {
    read_pending(input.at("PendingDInput"), step);
  } else if (input.contains("ProposalDInput")) {
    step.input = TraceInput::proposal;
    step.proposal = read_proposal(input.at("ProposalDInput"));
  } else if (input.contains("VoteDInput")) {
    step.input = TraceInput::vote;
    step.votes.push_back(read_vote(input.at("VoteDInput")));
  } else if (input.contains("CertificateDInput")) {
    step.input = TraceInput::certificate;
    for (const json& vote : elements(input.at("CertificateDInput"))) {
      step.votes.push_back(read_vote(vote));
    }
  } else if (input.contains("TimeoutDInput")) {
    step.input = TraceInput::timeout;
    step.timer = timer_name(input.at("TimeoutDInput"));
  } else if (input.contains("ProposeValueDInput")) {
    step.input = TraceInput::value;
    step.value = input.at("ProposeValueDInput");
  } else {
    fail("unknown input", input);
  }
}

void read_output(const json& output, TraceStep& step) {
  if (output == "NoConsensusOutput" || output.contains("ErrorOutput")) return;
  std::vector<std::string>& lines = step.outputs;
  if (output.contains("TimeoutOutput")) {
    const json& timer = output.at("TimeoutOutput");
    lines.push_back(timer_line(timer_name(timer.at(1)), timer.at(0)));
  } else if (output.contains("GetValueAndScheduleTimeoutOutput")) {
    const json& asked = output.at("GetValueAndScheduleTimeoutOutput");
    lines.push_back(value_line(asked.at(1)));
    lines.push_back(timer_line(timer_name(asked.at(2)), asked.at(1)));
  } else if (output.contains("ProposalOutput")) {
    const TraceProposal sent = read_proposal(output.at("ProposalOutput"));
    lines.push_back(proposal_line(sent.round, sent.value, sent.valid_round));
    step.emitted_proposal = sent;
  } else if (output.contains("VoteOutput")) {
    step.emitted_vote = read_vote(output.at("VoteOutput"));
    const TraceVote& vote = *step.emitted_vote;
    lines.push_back(vote_line(vote.is_precommit, vote.round, vote.value.value_or("nil")));
  } else if (output.contains("DecidedOutput")) {
    const json& decided = output.at("DecidedOutput");
    lines.push_back(decide_line(decided.at(0), decided.at(1)));
  } else {
    fail("unknown output", output);
  }
}

std::string held(const json& value, const json& round) {
  const auto name = read_value(value);
  return name ? *name + "@" + std::to_string(round.get<std::int32_t>()) : "none";
}

TraceState read_state(const json& after) {
  return {after.at("height"), after.at("round"), after.at("step"),
          held(after.at("lockedValue"), after.at("lockedRound")),
          held(after.at("validValue"), after.at("validRound"))};
}

using ValidRounds = std::map<std::tuple<std::uint64_t, std::int32_t, std::string>, std::int32_t>;

void give_valid_round(TraceVote& vote, const ValidRounds& valid_rounds) {
  if (vote.is_precommit || !vote.value) return;
  const auto found = valid_rounds.find({vote.height, vote.round, *vote.value});
  if (found != valid_rounds.end()) vote.valid_round = found->second;
}

}  // namespace

std::string vote_line(bool is_precommit, std::int32_t round, const std::string& value) {
  return (is_precommit ? "precommit " : "prevote ") + std::to_string(round) + " " + value;
}
std::string timer_line(const std::string& timer, std::int32_t round) {
  return "timer " + timer + " " + std::to_string(round);
}
std::string proposal_line(std::int32_t round, const std::string& value, std::int32_t valid_round) {
  return "proposal " + std::to_string(round) + " " + value + " " + std::to_string(valid_round);
}
std::string value_line(std::int32_t round) { return "get value " + std::to_string(round); }
std::string decide_line(std::int32_t round, const std::string& value) {
  return "decide " + std::to_string(round) + " " + value;
}

Trace read_trace(const std::filesystem::path& path) {
  std::ifstream file(path);
  const json document = json::parse(file);
  Trace trace;
  trace.name = path.filename().string();
  for (const auto& [org, weight] : document.at("weights").items()) trace.weights[org] = weight;
  ValidRounds valid_rounds;
  for (const json& from : document.at("steps")) {
    TraceStep step;
    step.number = trace.steps.size();
    step.validator = from.at("validator");
    read_input(from.at("input"), step);
    read_output(from.at("output"), step);
    step.after = read_state(from.at("after"));
    step.decided = from.at("decided");
    for (const auto& seen : {step.proposal, step.emitted_proposal}) {
      if (seen) valid_rounds[{seen->height, seen->round, seen->value}] = seen->valid_round;
    }
    trace.steps.push_back(std::move(step));
  }
  for (TraceStep& step : trace.steps) {
    for (TraceVote& vote : step.votes) give_valid_round(vote, valid_rounds);
    if (step.emitted_vote) give_valid_round(*step.emitted_vote, valid_rounds);
  }
  return trace;
}

}  // namespace treeproof::bft::conformance
