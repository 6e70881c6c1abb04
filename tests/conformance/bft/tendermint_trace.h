// One run of the executable Tendermint specification, as text lines that can be compared.
// Owns no machine. Used by the conformance test. One thread.
// Source: vectors/tendermint-traces/README.md; docs/consensus.md, "How it is proven".
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace treeproof::bft::conformance {

struct TraceVote {
  std::string org;
  std::uint64_t height = 0;
  std::int32_t round = 0;
  bool is_precommit = false;
  std::optional<std::string> value;
  std::int32_t valid_round = -1;  // of the proposal of this round and value anywhere in the trace
  bool operator==(const TraceVote&) const = default;
};

struct TraceProposal {
  std::string org;
  std::uint64_t height = 0;
  std::int32_t round = 0;
  std::string value;
  std::int32_t valid_round = -1;
};

enum class TraceInput { start, proposal, vote, certificate, timeout, value, pending, step_change };

struct TraceState {
  std::uint64_t height = 0;
  std::int32_t round = -1;
  std::string step;
  std::string locked;  // "none" or "value@round"
  std::string valid;
  bool operator==(const TraceState&) const = default;
};

struct TraceStep {
  std::size_t number = 0;  // from 0, in the file
  std::string validator;
  TraceInput input = TraceInput::start;
  std::optional<TraceProposal> proposal;
  std::vector<TraceVote> votes;            // the vote, or those of the certificate
  std::string timer;                       // "propose", "prevote" or "precommit"
  std::string value;                       // of ProposeValueDInput
  std::optional<std::int32_t> skip_round;  // of PendingDInput NewRoundCInput
  std::vector<std::string> outputs;        // "prevote 0 blue", "timer propose 1", ...
  std::optional<TraceVote> emitted_vote;
  std::optional<TraceProposal> emitted_proposal;
  TraceState after;
  std::uint64_t decided = 0;
};

struct Trace {
  std::string name;
  std::map<std::string, std::uint64_t> weights;
  std::vector<TraceStep> steps;
};

// Throws with the place on anything that it does not know: a trace is never half understood.
Trace read_trace(const std::filesystem::path& path);

// The lines in which outputs are compared.
std::string vote_line(bool is_precommit, std::int32_t round, const std::string& value);
std::string timer_line(const std::string& timer, std::int32_t round);
std::string proposal_line(std::int32_t round, const std::string& value, std::int32_t valid_round);
std::string value_line(std::int32_t round);
std::string decide_line(std::int32_t round, const std::string& value);

}  // namespace treeproof::bft::conformance
