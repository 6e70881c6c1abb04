#include "consensus/bft/agreement.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "consensus/types/limits.h"

namespace treeproof::bft {

Agreement::Agreement(AgreementConfig config)
    : height_(config.height),
      own_org_(std::move(config.own_org)),
      proposer_org_(std::move(config.proposer_org)),
      tally_(config.height, std::move(config.validators)) {
  if (const Validator* own = validators().find(own_org_)) own_kid_ = own->key.kid();
}

std::string Agreement::proposer(Round round) const {
  return proposer_org_ ? proposer_org_(round) : validators().proposer(height_, round).org;
}

Outputs Agreement::start(Round first) {
  assert(first.exists() && !round_.exists());
  if (step_ == Step::commit) return {};
  enter_round(first);
  return run(Trigger::other);
}

// [L11-L21]
void Agreement::enter_round(Round round) {
  assert(round > round_ && round.value <= kRoundMax);
  if (round_.exists()) outputs_.push_back(CancelTimeouts{round_});
  round_ = round;
  step_ = Step::propose;
  fired_ = {};
  report(tally_.advance(round), {});
  proposals_.advance(round);
  round_certificate_ = tally_.round_certificate(round);
  if (own_kid_ && proposer(round) == own_org_) {
    if (valid_.block) {
      send_proposal(*valid_.block, valid_.round);  // [L16]
    } else {
      outputs_.push_back(GetValue{round});  // [L18]
    }
  }
  outputs_.push_back(ScheduleTimeout{TimeoutKind::propose, round});  // [L21]
}

Outputs Agreement::value_to_propose(Round round, const BlockId& block) {
  const bool asked = own_kid_ && round == round_ && proposer(round) == own_org_;
  if (step_ == Step::commit || !asked || fired_.value_given) return {};
  blocks_.set(block, Validity::valid);
  send_proposal(block, kNoRound);
  return run(Trigger::other);
}

Outputs Agreement::receive(const Proposal& proposal) {
  assert(proposal.height == height_);
  if (step_ == Step::commit || proposal.org != proposer(proposal.round)) return {};
  const bool backed = tally_.is_supported(proposal.round, proposal.header_hash);
  const auto backing = backed ? ProposalBook::Backing::one_third : ProposalBook::Backing::none;
  const Round current = std::max(round_, Round{0});
  if (auto evidence = proposals_.add(proposal, current, backing)) {
    outputs_.push_back(ReportEvidence{*std::move(evidence)});
  }
  return run(Trigger::other);
}

Outputs Agreement::receive(const Vote& vote) {
  assert(vote.height == height_);
  if (step_ == Step::commit) return {};
  count(vote);
  return run(Trigger::vote);
}

Outputs Agreement::receive(const PolkaCertificate& certificate) {
  assert(certificate.height == height_);
  if (step_ == Step::commit) return {};
  report(tally_.add(certificate), votes_of(certificate));
  return run(Trigger::vote);
}

Outputs Agreement::receive(const CommitCertificate& certificate) {
  assert(certificate.height == height_);
  if (step_ == Step::commit) {
    if (certificate.block != decision_->block) raise_alarm(AlarmKind::second_quorum, certificate);
    return std::exchange(outputs_, {});
  }
  report(tally_.add(certificate), votes_of(certificate));
  return run(Trigger::vote);
}

void Agreement::report(std::vector<DoubleVote> conflicts, const std::vector<Vote>& counted) {
  for (DoubleVote& votes : conflicts) outputs_.push_back(ReportEvidence{std::move(votes)});
  for (const Vote& vote : counted) report_amnesia(vote);
}

void Agreement::report_amnesia(const Vote& vote) {
  if (auto evidence = tally_.forgotten_lock(vote)) {
    outputs_.push_back(ReportEvidence{*std::move(evidence)});
  }
}

Outputs Agreement::receive(const RoundCertificate& certificate) {
  assert(certificate.height == height_);
  if (step_ == Step::commit) return {};
  for (const Vote& vote : certificate.votes) count(vote);
  return run(Trigger::vote);
}

void Agreement::count(const Vote& vote) {
  const Round current = std::max(round_, Round{0});
  if (auto evidence = tally_.add(vote, current)) {
    outputs_.push_back(ReportEvidence{*std::move(evidence)});
  }
  report_amnesia(vote);
  if (!own_kid_ || vote.org != own_org_) return;
  std::optional<Vote>& own = vote.type == VoteType::prevote ? own_prevote_ : own_precommit_;
  if (!own || own->round <= vote.round) own = vote;
}

Outputs Agreement::set_validity(const BlockId& block, Validity validity) {
  blocks_.set(block, validity);
  blocks_.trim([this](const crypto::Hash& hash) { return is_needed(hash); });
  if (step_ == Step::commit) return {};
  return run(Trigger::other);
}

bool Agreement::is_needed(const crypto::Hash& header_hash) const {
  const auto is = [&](const LockedOrValid& held) {
    return held.block && held.block->header_hash == header_hash;
  };
  const auto supported = tally_.supported();
  return is(locked_) || is(valid_) || proposals_.names(header_hash) ||
         std::ranges::find(supported, header_hash, &SupportedBlock::header_hash) != supported.end();
}

Outputs Agreement::timeout(TimeoutKind kind, Round round) {
  if (step_ == Step::commit || !round_.exists() || round != round_) return {};
  switch (kind) {
    case TimeoutKind::propose:  // [L57-L60]
      if (step_ == Step::propose) cast_prevote(std::nullopt, kNoRound);
      break;
    case TimeoutKind::prevote:  // [L61-L64]
      if (step_ == Step::prevote) cast_precommit(std::nullopt);
      break;
    case TimeoutKind::precommit:  // [L65-L67]
      if (round_.value < kRoundMax) enter_round(round_.next());
      break;
  }
  return run(Trigger::other);
}

void Agreement::send_proposal(const BlockId& block, Round valid_round) {
  fired_.value_given = true;
  Proposal proposal{height_, round_, block.header_hash, valid_round, own_org_, *own_kid_, {}};
  outputs_.push_back(SendProposal{std::move(proposal), block});
}

void Agreement::cast_prevote(const std::optional<crypto::Hash>& value, Round valid_round) {
  step_ = Step::prevote;
  if (!own_kid_) return;
  Vote vote{VoteType::prevote, height_, round_, {}, kNoRound, own_org_, *own_kid_, {}};
  if (value) {
    vote.value = prevote_value(*value);
    vote.valid_round = valid_round;
  }
  outputs_.push_back(SendVote{std::move(vote)});
}

void Agreement::cast_precommit(const std::optional<BlockId>& value) {
  step_ = Step::precommit;
  if (!own_kid_) return;
  outputs_.push_back(
      SendVote{{VoteType::precommit, height_, round_, value, kNoRound, own_org_, *own_kid_, {}}});
}

std::vector<Vote> Agreement::own_votes() const {
  std::vector<Vote> votes;
  if (own_prevote_) votes.push_back(*own_prevote_);
  if (own_precommit_) votes.push_back(*own_precommit_);
  return votes;
}

const Proposal* Agreement::own_proposal() const {
  for (const Proposal& proposal : proposals_.of_round(round_)) {
    if (own_kid_ && proposal.org == own_org_) return &proposal;
  }
  return nullptr;
}

std::optional<PolkaCertificate> Agreement::polka_certificate(Round round) const {
  return tally_.polka_certificate(round);
}

}  // namespace treeproof::bft
