// The `upon` rules of algorithm 1, each as a function that says whether it fired.
#include <cassert>
#include <utility>

#include "consensus/bft/agreement.h"
#include "consensus/types/limits.h"

namespace treeproof::bft {

// Applies rules until none fires: one input may have several consequences. [rule 1]
Outputs Agreement::run(Trigger trigger) {
  while (step_ != Step::commit && apply_one_rule(trigger)) trigger = Trigger::other;
  if (step_ != Step::commit) fetch_supported_blocks();
  return std::exchange(outputs_, {});
}

// A decision comes before all else, a skip before anything in the round that it leaves. A vote that
// completes a quorum arms its timer before the precommit that may follow; on entering the prevote
// step the precommit comes first, and then no timer is needed. No rule shadows another, since all
// are tried again after each that fires. [rule 4]
bool Agreement::apply_one_rule(Trigger trigger) {
  if (decide_any_round()) return true;
  if (!round_.exists()) return false;
  if (skip_round() || answer_proposals()) return true;
  if (trigger == Trigger::vote && precommit_nil_polka()) return true;
  if (trigger == Trigger::vote && schedule_prevote_timer()) return true;
  return precommit_polka() || precommit_nil_polka() || schedule_prevote_timer() ||
         schedule_precommit_timer();
}

// [L49] in any round of the height, past and future ones too. [rule 3]
bool Agreement::decide_any_round() {
  for (const CommittedBlock& committed : tally_.committed()) {
    const KnownBlocks::Known* known = blocks_.find(committed.block.header_hash);
    if (known == nullptr) continue;
    if (known->validity == Validity::invalid || known->block != committed.block) {
      raise_alarm(AlarmKind::quorum_for_invalid, tally_.commit_certificate(committed));
      continue;
    }
    decide(committed);
    return true;
  }
  return false;
}

void Agreement::decide(const CommittedBlock& committed) {
  if (round_.exists()) outputs_.push_back(CancelTimeouts{round_});
  step_ = Step::commit;
  decision_ = Decide{committed.round, committed.block, tally_.commit_certificate(committed)};
  outputs_.push_back(*decision_);
  for (const CommittedBlock& other : tally_.committed()) {
    const bool differs = other.block != committed.block;
    if (differs) raise_alarm(AlarmKind::second_quorum, tally_.commit_certificate(other));
  }
  for (Vote& forged : tally_.precommits_forging(committed.block)) {
    outputs_.push_back(ReportEvidence{ForgedRoot{std::move(forged), decision_->certificate}});
  }
}

void Agreement::raise_alarm(AlarmKind kind, const CommitCertificate& certificate) {
  if (alarms_.insert(kind).second) outputs_.push_back(Alarm{kind, certificate});
}

// [L55] to the highest round that more than 1/3 have reached. [rules 6, 16]
bool Agreement::skip_round() {
  const Round target = tally_.skip_target(round_);
  if (!target.exists()) return false;
  enter_round(target);
  return true;
}

// [L22] [L28] The first proposal that can be voted for, else the first that calls for nil. [rule 8]
bool Agreement::answer_proposals() {
  if (step_ != Step::propose) return false;
  bool nil = false;
  for (const Proposal& proposal : proposals_.of_round(round_)) {
    const std::optional<Answer> answer = answer_to(proposal);
    if (answer && answer->value) {
      cast_prevote(answer->value, proposal.valid_round);
      return true;
    }
    nil = nil || answer;
  }
  if (nil) cast_prevote(std::nullopt, kNoRound);
  return nil;
}

std::optional<Agreement::Answer> Agreement::answer_to(const Proposal& proposal) const {
  const Validity validity = blocks_.validity(proposal.header_hash);
  if (validity == Validity::invalid) return Answer{};  // [L26] [L32] no proof makes it acceptable
  const bool fresh = !proposal.valid_round.exists();
  const bool proven = fresh || (proposal.valid_round < round_ &&
                                tally_.has_polka_for(proposal.valid_round, proposal.header_hash));
  if (!proven) return std::nullopt;  // the propose timer keeps running [rule 5]
  const bool same = locked_.block && locked_.block->header_hash == proposal.header_hash;
  const bool unlocked = fresh ? !locked_.block : locked_.round <= proposal.valid_round;
  if (!same && !unlocked) return Answer{};                       // [L23] [L29] [rule 2]
  if (fresh && validity == Validity::untimely) return Answer{};  // [rule 14]
  if (validity == Validity::unknown) return std::nullopt;
  return Answer{proposal.header_hash};  // [L24] [L30]
}

// [L36] in the current round only; in the precommit step only valid value and round change. [rule
// 3]
bool Agreement::precommit_polka() {
  if (fired_.polka || (step_ != Step::prevote && step_ != Step::precommit)) return false;
  for (const Polka& polka : tally_.polkas(round_)) {
    const KnownBlocks::Known* known = blocks_.find(polka.header_hash);
    if (known == nullptr || known->validity == Validity::invalid) continue;
    if (proposals_.find(round_, polka.header_hash, polka.valid_round) == nullptr) continue;
    fired_.polka = true;
    const BlockId block = known->block;
    if (step_ == Step::prevote) {
      locked_ = {round_, block};
      cast_precommit(block);
    }
    valid_ = {round_, block};
    return true;
  }
  return false;
}

// [L44] The lock stays. [rule 1]
bool Agreement::precommit_nil_polka() {
  if (step_ != Step::prevote || !tally_.has_nil_polka(round_)) return false;
  cast_precommit(std::nullopt);
  return true;
}

// [L34]
bool Agreement::schedule_prevote_timer() {
  if (fired_.prevote_timer || step_ != Step::prevote) return false;
  if (!tally_.has_any_prevotes(round_)) return false;
  fired_.prevote_timer = true;
  outputs_.push_back(ScheduleTimeout{TimeoutKind::prevote, round_});
  return true;
}

// [L47]
bool Agreement::schedule_precommit_timer() {
  if (fired_.precommit_timer || !tally_.has_any_precommits(round_)) return false;
  fired_.precommit_timer = true;
  outputs_.push_back(ScheduleTimeout{TimeoutKind::precommit, round_});
  return true;
}

// The block that has precommits is asked for by hash, proposed to this node or not. [rule 8]
void Agreement::fetch_supported_blocks() {
  for (const SupportedBlock& supported : tally_.supported()) {
    if (blocks_.find(supported.header_hash) != nullptr) continue;
    if (!fetched_.insert(supported.header_hash).second) continue;
    outputs_.push_back(FetchBlock{supported.header_hash, supported.round});
  }
}

}  // namespace treeproof::bft
