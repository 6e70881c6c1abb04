// Drives one Agreement through the steps of one validator at one height of a trace and says where
// it first differs from the specification.
// Does not own the trace. Used by the conformance test. One thread.
// Source: vectors/tendermint-traces/README.md; docs/consensus.md, "How it is proven".
#pragma once

#include <deque>

#include "consensus/bft/agreement.h"
#include "tests/conformance/bft/tendermint_trace.h"

namespace treeproof::bft::conformance {

class TracedMachine {
 public:
  TracedMachine(const Trace& trace, const std::string& validator, std::uint64_t height);

  // A vote that had reached the validator before its first step.
  void preload(const TraceVote& vote);
  // Does the step's input and compares outputs and state; the difference, or nothing.
  std::optional<std::string> step(const TraceStep& step);
  // What the machine said and the specification never did, unless a consequence was still pending.
  std::optional<std::string> finish() const;

 private:
  void feed(const TraceStep& step);
  void feed_proposal(const TraceProposal& proposal);
  void feed_certificate(const std::vector<TraceVote>& votes);
  void take(const Outputs& outputs);
  std::string line_of(const Output& output) const;
  std::vector<std::string> expected_of(const TraceStep& step);
  std::optional<std::string> match(const std::string& expected);
  void note_bookkeeping(const TraceStep& step);
  std::optional<std::string> compare_state(const TraceStep& step) const;
  Vote vote_of(const TraceVote& vote) const;
  std::string name_of(const crypto::Hash& header_hash) const;
  std::string name_of(const LockedOrValid& held) const;
  std::string show_ahead() const;

  std::vector<std::string> orgs_;  // in order
  std::uint64_t height_;
  Agreement machine_;
  std::map<crypto::Hash, std::string> names_;
  std::deque<std::string> ahead_;  // said, and not yet seen in the trace
  std::set<std::int32_t> propose_timers_;
  TraceState before_;
  bool spec_decided_ = false;
  bool spec_pending_ = false;
  bool spec_blind_ = false;
};

}  // namespace treeproof::bft::conformance
