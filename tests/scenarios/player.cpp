#include "tests/scenarios/player.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace treeproof::scenarios {

namespace {

std::set<std::string> byzantine_of(const Script& script) {
  std::set<std::string> all;
  for (const Step& step : script.steps) {
    if (step.verb == Verb::byzantine) all.insert(step.who.begin(), step.who.end());
  }
  return all;
}

bft::TimeoutKind timeout_kind(const std::string& word) {
  if (word == "propose") return bft::TimeoutKind::propose;
  return word == "prevote" ? bft::TimeoutKind::prevote : bft::TimeoutKind::precommit;
}

bft::SignStep sign_step(const std::string& word) {
  if (word == "proposal") return bft::SignStep::proposal;
  return word == "prevote" ? bft::SignStep::prevote : bft::SignStep::precommit;
}

bool is_lie(Verb verb) { return verb >= Verb::lie_proposal && verb <= Verb::show_polka; }
bool is_expectation(Verb verb) { return verb >= Verb::expect_locked; }

// Steps that cannot fail.
const std::map<Verb, void (*)(Stage&, const Step&)>& network_acts() {
  static const std::map<Verb, void (*)(Stage&, const Step&)> kActs = {
      {Verb::validators, [](Stage&, const Step&) {}},
      {Verb::byzantine, [](Stage&, const Step&) {}},
      {Verb::invalid,
       [](Stage& stage, const Step& it) { stage.judge(it.value, bft::Validity::invalid, it.who); }},
      {Verb::untimely,
       [](Stage& stage, const Step& it) {
         stage.judge(it.value, bft::Validity::untimely, it.who);
       }},
      {Verb::withhold, [](Stage& stage, const Step& it) { stage.withhold(it.value, it.who); }},
      {Verb::body, [](Stage& stage, const Step& it) { stage.bring_body(it.value, it.who); }},
      {Verb::hold, [](Stage& stage, const Step& it) { stage.hold(it); }},
      {Verb::release, [](Stage& stage, const Step&) { stage.release(); }},
      {Verb::partition, [](Stage& stage, const Step& it) { stage.divide(it.sides); }},
      {Verb::heal, [](Stage& stage, const Step&) { stage.heal(); }},
      {Verb::resend, [](Stage& stage, const Step& it) { stage.send_again(it.who); }},
  };
  return kActs;
}

class Player {
 public:
  explicit Player(const Script& script)
      : script_(script), stage_(script.steps.front().number, byzantine_of(script)) {}

  std::optional<Failure> play() {
    stage_.begin();
    for (const Step& step : script_.steps) {
      Complaint complaint = perform(step);
      if (!complaint) complaint = stage_.broken_promise();
      if (complaint) return Failure{step.line, *complaint, drawn(*complaint)};
    }
    for (const std::string& node : stage_.correct({})) {
      for (const bft::AlarmKind alarm : stage_.host(node).alarms()) {
        if (expected_alarms_.contains({node, alarm})) continue;
        const std::string what = node + " raised an alarm that was not expected";
        return Failure{script_.steps.back().line, what, drawn(what)};
      }
    }
    return std::nullopt;
  }

 private:
  std::string drawn(const std::string& complaint) {
    stage_.diagram().heading(complaint);
    return stage_.diagram().text();
  }

  Complaint perform(const Step& step) {
    if (is_expectation(step.verb)) return expect(step);
    if (is_lie(step.verb)) return lie(step);
    for (const std::string& node : step.who) {
      const bool of_correct = step.verb != Verb::byzantine;
      if (of_correct && stage_.is_byzantine(node)) return node + " is Byzantine";
    }
    return of_network(step);
  }

  Complaint of_network(const Step& step) {
    const auto act = network_acts().find(step.verb);
    if (act != network_acts().end()) {
      act->second(stage_, step);
      return std::nullopt;
    }
    if (step.verb == Verb::deliver) return stage_.deliver(step);
    if (step.verb == Verb::drop) return stage_.drop(step);
    if (step.verb == Verb::pass_rounds || step.verb == Verb::pass_until_decided) {
      return pass_time(step);
    }
    return of_nodes(step);
  }

  Complaint of_nodes(const Step& step) {
    for (const std::string& node : step.who) {
      if (auto complaint = of_node(step, node)) return complaint;
    }
    return std::nullopt;
  }

  Complaint of_node(const Step& step, const std::string& node) {
    Host& host = stage_.host(node);
    if (step.verb == Verb::propose) {
      const bool asked = host.propose(stage_.block(step.value));
      return asked ? std::nullopt : Complaint(node + " has nothing to propose now");
    }
    if (step.verb == Verb::timeout) {
      stage_.diagram().note(node, "timeout " + step.word);
      const bool ran = host.fire(timeout_kind(step.word));
      return ran ? std::nullopt : Complaint(node + " has no such timer");
    }
    if (step.verb == Verb::crash_at_vote) {
      host.crash_at(sign_step(step.word));
      return std::nullopt;
    }
    stage_.diagram().note(node, step.verb == Verb::crash ? "crash" : "restart");
    host.crash();
    if (step.verb == Verb::restart_without_journal) host.forget_journal();
    if (step.verb != Verb::crash) host.restart();
    return std::nullopt;
  }

  Complaint pass_time(const Step& step) {
    const Names who = stage_.correct(step.who);
    const auto all = [&](const auto& holds) {
      return std::ranges::all_of(who, [&](const std::string& node) {
        return stage_.host(node).is_up() && holds(stage_.host(node));
      });
    };
    if (step.verb == Verb::pass_until_decided) {
      return stage_.pass_time(who, Stage::Leaders::propose, [&] {
        return all([](const Host& host) { return host.decided().has_value(); });
      });
    }
    return stage_.pass_time(who, Stage::Leaders::silent, [&] {
      return all([&](const Host& host) { return host.machine().round().value >= *step.round; });
    });
  }

  // A Byzantine validator signs as itself, or with its own key in another's name.
  Complaint lie(const Step& step) {
    const std::string& liar = step.who.front();
    if (!stage_.is_byzantine(liar)) return liar + " is correct and does not sign at will";
    const std::string org = step.as.empty() ? liar : step.as;
    const Round round{*step.round};
    const Round valid_round{step.valid_round.value_or(-1)};
    std::optional<bft::BlockId> value;
    if (step.value != "nil") value = stage_.block(step.value);
    if (step.verb == Verb::lie_forged_root && value) value->log_root[0] ^= 1;
    if (step.verb == Verb::show_commit || step.verb == Verb::show_polka) {
      stage_.hand_over(liar, step.to, certificate(step, *value, round, valid_round));
    } else if (step.verb == Verb::lie_proposal) {
      bft::Proposal proposal{kHeight, round, value->header_hash, valid_round, org, {}, {}};
      sign(proposal, liar);
      stage_.hand_over(liar, step.to, proposal);
    } else {
      const bool prevote = step.verb == Verb::lie_prevote;
      if (value && prevote) value = bft::prevote_value(value->header_hash);
      const auto type = prevote ? bft::VoteType::prevote : bft::VoteType::precommit;
      bft::Vote vote{type, kHeight, round, value, valid_round, org, {}, {}};
      sign(vote, liar);
      stage_.hand_over(liar, step.to, vote);
    }
    return std::nullopt;
  }

  // Signatures of correct validators are those that they gave; others are forged by the liar.
  Message certificate(const Step& step, const bft::BlockId& block, Round round,
                      Round valid_round) const {
    const bool commit = step.verb == Verb::show_commit;
    std::vector<bft::CertificateSignature> signatures;
    for (const std::string& signer : step.signers) {
      const auto type = commit ? bft::VoteType::precommit : bft::VoteType::prevote;
      const bft::BlockId value = commit ? block : bft::prevote_value(block.header_hash);
      bft::Vote vote{type, kHeight, round, value, valid_round, signer, {}, {}};
      sign(vote, stage_.is_byzantine(signer) ? signer : step.who.front());
      if (!stage_.is_byzantine(signer)) {
        for (const bft::Vote& given : stage_.host(signer).votes()) {
          if (bft::same_statement(given, vote)) vote = given;
        }
      }
      signatures.push_back({signer, vote.kid, vote.signature});
    }
    if (commit) return bft::CommitCertificate{kHeight, round, block, std::move(signatures)};
    return bft::PolkaCertificate{kHeight, round, block.header_hash, valid_round,
                                 std::move(signatures)};
  }

  Complaint expect(const Step& step) {
    for (const std::string& node : step.who) {
      if (stage_.is_byzantine(node)) return node + " is Byzantine";
      if (auto complaint = unmet(step, node, stage_)) return complaint;
      if (step.verb != Verb::expect_alarm) continue;
      expected_alarms_.emplace(node, step.word == "second_quorum"
                                         ? bft::AlarmKind::second_quorum
                                         : bft::AlarmKind::quorum_for_invalid);
    }
    return std::nullopt;
  }

  const Script& script_;
  Stage stage_;
  std::set<std::pair<std::string, bft::AlarmKind>> expected_alarms_;
};

}  // namespace

std::optional<Failure> play(const Script& script) { return Player(script).play(); }

}  // namespace treeproof::scenarios
