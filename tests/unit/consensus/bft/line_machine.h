// One Agreement whose outputs are read as lines of text, with shorthands for its inputs.
// Owns no assertion but its own preconditions. Used by the tests of Agreement. One thread.
// Source: docs/consensus.md rules 1 to 19.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft::testing {

inline const BlockId kRed = block("red");
inline const BlockId kBlue = block("blue");

// The proposers of rounds 0 to 3 are v4, v1, v2, v3.
class Machine {
 public:
  explicit Machine(std::string own_org = "v2", ValidatorSet validators = four())
      : own_org_(own_org), agreement_({kHeight, std::move(validators), std::move(own_org)}) {}

  template <typename Message>
  std::vector<std::string> receive(const Message& message) {
    return lines(agreement_.receive(message));
  }
  std::vector<std::string> start(std::int32_t round = 0) {
    return lines(agreement_.start({round}));
  }
  std::vector<std::string> valid(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::valid));
  }
  std::vector<std::string> untimely(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::untimely));
  }
  std::vector<std::string> invalid(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::invalid));
  }
  std::vector<std::string> timeout(TimeoutKind kind, std::int32_t round) {
    return lines(agreement_.timeout(kind, {round}));
  }
  std::vector<std::string> value(std::int32_t round, const BlockId& value) {
    return lines(agreement_.value_to_propose({round}, value));
  }
  // Prevotes of all the given validators; what the last one causes.
  std::vector<std::string> prevotes(std::initializer_list<std::string> orgs, std::int32_t round,
                                    std::optional<BlockId> value, std::int32_t valid_round = -1) {
    std::vector<std::string> last;
    for (const std::string& org : orgs) last = receive(prevote(org, round, value, valid_round));
    return last;
  }
  std::vector<std::string> precommits(std::initializer_list<std::string> orgs, std::int32_t round,
                                      std::optional<BlockId> value) {
    std::vector<std::string> last;
    for (const std::string& org : orgs) last = receive(precommit(org, round, value));
    return last;
  }
  // Locks red in round 0: proposal, polka, own precommit.
  void lock_red() {
    start();
    receive(proposal(0, kRed));
    valid(kRed);
    prevotes({"v1", "v2", "v3"}, 0, kRed);
    ASSERT_EQ(agreement_.locked().block, kRed);
  }
  // Leaves a round with precommits for nil of all others.
  void leave_round(std::int32_t round) {
    precommits({"v1", "v3", "v4"}, round, std::nullopt);
    timeout(TimeoutKind::precommit, round);
    ASSERT_EQ(agreement_.round().value, round + 1);
  }
  const Agreement& operator*() const { return agreement_; }
  const Agreement* operator->() const { return &agreement_; }

 private:
  static std::string name(const crypto::Hash& hash) {
    if (hash == kRed.header_hash) return "red";
    return hash == kBlue.header_hash ? "blue" : "other";
  }
  static std::string line(const GetValue& o) { return "get " + std::to_string(o.round.value); }
  static std::string line(const SendProposal& o) {
    return "propose " + std::to_string(o.proposal.round.value) + " " +
           name(o.proposal.header_hash) + " " + std::to_string(o.proposal.valid_round.value);
  }
  static std::string line(const SendVote& o) {
    const std::string kind = o.vote.type == VoteType::prevote ? "prevote " : "precommit ";
    const std::string value = o.vote.value ? name(o.vote.value->header_hash) : "nil";
    const std::string proof =
        o.vote.valid_round.exists() ? " " + std::to_string(o.vote.valid_round.value) : "";
    return kind + std::to_string(o.vote.round.value) + " " + value + proof;
  }
  static std::string line(const ScheduleTimeout& o) {
    const char* kinds[] = {"propose", "prevote", "precommit"};
    return std::string("timer ") + kinds[static_cast<int>(o.kind)] + " " +
           std::to_string(o.round.value);
  }
  static std::string line(const CancelTimeouts& o) {
    return "cancel " + std::to_string(o.round.value);
  }
  static std::string line(const Decide& o) {
    return "decide " + std::to_string(o.round.value) + " " + name(o.block.header_hash);
  }
  static std::string line(const FetchBlock& o) { return "fetch " + name(o.header_hash); }
  static std::string line(const ReportEvidence& o) {
    return "evidence " + offence_of(o.evidence).org;
  }
  static std::string line(const Alarm& o) {
    return o.kind == AlarmKind::second_quorum ? "alarm second quorum" : "alarm invalid";
  }
  static std::vector<std::string> lines(const Outputs& outputs) {
    std::vector<std::string> all;
    for (const Output& output : outputs) {
      all.push_back(std::visit([](const auto& o) { return line(o); }, output));
    }
    return all;
  }

  std::string own_org_;
  Agreement agreement_;
};

}  // namespace treeproof::bft::testing
