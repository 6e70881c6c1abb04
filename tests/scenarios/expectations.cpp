// What a scenario may expect, each as a question to one validator.
#include <algorithm>
#include <map>

#include "tests/scenarios/player.h"

namespace treeproof::scenarios {

namespace {

const char* evidence_name(const bft::Evidence& evidence) {
  return std::visit(
      [](const auto& chosen) {
        using T = std::decay_t<decltype(chosen)>;
        if constexpr (std::same_as<T, bft::DoubleVote>) return "double_vote";
        if constexpr (std::same_as<T, bft::DoubleProposal>) return "double_proposal";
        if constexpr (std::same_as<T, bft::ForgedRoot>) return "forged_root";
        if constexpr (std::same_as<T, bft::Amnesia>) return "amnesia";
        return "wrong_proposer";
      },
      evidence);
}

constexpr const char* kSteps[] = {"unstarted", "propose", "prevote", "precommit", "commit"};

std::string state_of(const Host& host, const Stage& stage) {
  if (!host.is_up()) return "it is down";
  const bft::Agreement& machine = host.machine();
  const auto held = [&](const bft::LockedOrValid& it) {
    if (!it.block) return std::string("nothing");
    return stage.name_of(it.block->header_hash) + " " + std::to_string(it.round.value);
  };
  std::string text = "it is in round " + std::to_string(machine.round().value) + " step " +
                     kSteps[static_cast<std::size_t>(machine.step())] + ", locked " +
                     held(machine.locked()) + ", valid " + held(machine.valid());
  if (host.decided()) text += ", decided " + stage.name_of(host.decided()->block.header_hash);
  for (const bft::Vote& vote : host.votes()) {
    const auto name = [&](const crypto::Hash& hash) { return stage.name_of(hash); };
    text += "; " + describe(vote, name);
  }
  for (const std::string& refusal : host.refusals()) text += "; refused " + refusal;
  for (const bft::Evidence& evidence : host.evidence()) {
    text += "; accuses " + bft::offence_of(evidence).org + " of " + evidence_name(evidence);
  }
  return text;
}

bool holds_block(const bft::LockedOrValid& held, const Step& step, Stage& stage) {
  return held.block == stage.block(step.value) && held.round.value == *step.round;
}

bool has_voted(const Host& host, const Step& step, bft::VoteType type, Stage& stage) {
  return std::ranges::any_of(host.votes(), [&](const bft::Vote& vote) {
    if (vote.type != type || vote.round.value != *step.round) return false;
    if (step.valid_round && vote.valid_round.value != *step.valid_round) return false;
    if (step.value == "nil") return !vote.value;
    return vote.value && vote.value->header_hash == stage.block(step.value).header_hash;
  });
}

bool has_any_vote(const Host& host, const Step& step, bft::VoteType type) {
  return std::ranges::any_of(host.votes(), [&](const bft::Vote& vote) {
    return vote.type == type && vote.round.value == *step.round;
  });
}

bool has_proposed(const Host& host, const Step& step, Stage& stage) {
  return std::ranges::any_of(host.proposals(), [&](const bft::Proposal& proposal) {
    const bool same_round = proposal.round.value == *step.round;
    const bool same_proof = proposal.valid_round.value == step.valid_round.value_or(-1);
    const bool any = step.verb == Verb::expect_not_proposed;
    return same_round &&
           (any || (same_proof && proposal.header_hash == stage.block(step.value).header_hash));
  });
}

bool has_decided(const Host& host, const Step& step, Stage& stage) {
  if (!host.decided() || host.decided()->block != stage.block(step.value)) return false;
  return !step.round || host.decided()->round.value == *step.round;
}

bool is_in_round(const Host& host, const Step& step) {
  if (!host.is_up() || host.machine().round().value != *step.round) return false;
  return step.word.empty() || step.word == kSteps[static_cast<std::size_t>(host.machine().step())];
}

bool accuses(const Host& host, const Step& step) {
  return std::ranges::any_of(host.evidence(), [&](const bft::Evidence& evidence) {
    return bft::offence_of(evidence).org == step.to.front() && evidence_name(evidence) == step.word;
  });
}

bool waits_for(const Host& host, const std::string& word) {
  if (word == "propose") return host.waits_for(bft::TimeoutKind::propose);
  return host.waits_for(word == "prevote" ? bft::TimeoutKind::prevote
                                          : bft::TimeoutKind::precommit);
}

bool is_alarmed(const Host& host, const std::string& word) {
  return host.alarms().contains(word == "second_quorum" ? bft::AlarmKind::second_quorum
                                                        : bft::AlarmKind::quorum_for_invalid);
}

bool is_locked(const Step& step, const Host& host, Stage& stage) {
  return host.is_up() && holds_block(host.machine().locked(), step, stage);
}

bool is_valid(const Step& step, const Host& host, Stage& stage) {
  return host.is_up() && holds_block(host.machine().valid(), step, stage);
}

using Question = bool (*)(const Step&, const Host&, Stage&);

const std::map<Verb, Question>& questions() {
  using S = const Step&;
  using H = const Host&;
  using bft::VoteType;
  static const std::map<Verb, Question> kAll = {
      // of the machine in this life
      {Verb::expect_locked, is_locked},
      {Verb::expect_not_locked,
       [](S, H host, Stage&) { return host.is_up() && !host.machine().locked().block; }},
      {Verb::expect_valid, is_valid},
      {Verb::expect_no_valid,
       [](S, H host, Stage&) { return host.is_up() && !host.machine().valid().block; }},
      {Verb::expect_round, [](S step, H host, Stage&) { return is_in_round(host, step); }},
      {Verb::expect_waiting, [](S step, H host, Stage&) { return waits_for(host, step.word); }},
      {Verb::expect_not_waiting,
       [](S step, H host, Stage&) { return !waits_for(host, step.word); }},
      // of all its lives
      {Verb::expect_decided,
       [](S step, H host, Stage& stage) { return has_decided(host, step, stage); }},
      {Verb::expect_undecided, [](S, H host, Stage&) { return !host.decided(); }},
      {Verb::expect_proposed,
       [](S step, H host, Stage& stage) { return has_proposed(host, step, stage); }},
      {Verb::expect_not_proposed,
       [](S step, H host, Stage& stage) { return !has_proposed(host, step, stage); }},
      {Verb::expect_prevoted,
       [](S step, H host, Stage& stage) {
         return has_voted(host, step, VoteType::prevote, stage);
       }},
      {Verb::expect_precommitted,
       [](S step, H host, Stage& stage) {
         return has_voted(host, step, VoteType::precommit, stage);
       }},
      {Verb::expect_not_prevoted,
       [](S step, H host, Stage&) { return !has_any_vote(host, step, VoteType::prevote); }},
      {Verb::expect_not_precommitted,
       [](S step, H host, Stage&) { return !has_any_vote(host, step, VoteType::precommit); }},
      {Verb::expect_accuses, [](S step, H host, Stage&) { return accuses(host, step); }},
      {Verb::expect_accuses_nobody, [](S, H host, Stage&) { return host.evidence().empty(); }},
      {Verb::expect_refused,
       [](S step, H host, Stage&) { return host.refusals().contains(step.word); }},
      {Verb::expect_alarm, [](S step, H host, Stage&) { return is_alarmed(host, step.word); }},
      {Verb::expect_fetch,
       [](S step, H host, Stage& stage) {
         return host.fetched().contains(stage.block(step.value).header_hash);
       }},
      {Verb::expect_guard_refusal,
       [](S step, H host, Stage&) { return host.guard_refusals().contains(Round{*step.round}); }},
  };
  return kAll;
}

}  // namespace

Complaint unmet(const Step& step, const std::string& node, Stage& stage) {
  const Host& host = stage.host(node);
  if (questions().at(step.verb)(step, host, stage)) return std::nullopt;
  return "not so for " + node + ": " + state_of(host, stage);
}

}  // namespace treeproof::scenarios
