// One height of Tendermint in its accountable variant: a pure machine that takes inputs and
// returns outputs. It orders opaque header hashes.
// Does not own signing, time, blocks, the journal or other heights: its host, the replica, does
// all outputs in order, and feeds back what it signed. One thread at a time.
// Source: arXiv 1807.04938 algorithm 1 ([L..] are its lines); docs/consensus.md rules 1-19, 29.
#pragma once

#include <functional>
#include <set>

#include "consensus/bft/outputs.h"
#include "consensus/bft/proposal_book.h"
#include "consensus/bft/vote_tally.h"

namespace treeproof::bft {

enum class Step : std::uint8_t { unstarted, propose, prevote, precommit, commit };

struct LockedOrValid {
  Round round = kNoRound;
  std::optional<BlockId> block;
};

struct AgreementConfig {
  Height height;
  ValidatorSet validators;
  std::string own_org;  // empty, or no validator: the machine follows and stays silent
  // Overrides ValidatorSet::proposer; for specifications with another order. [rule 11]
  std::function<std::string(Round)> proposer_org = {};
};

class Agreement {
 public:
  explicit Agreement(AgreementConfig config);

  // Enters the first round; messages may have been received before. Once.
  Outputs start(Round first);

  // Messages of this height whose signatures hold, own ones included; the host verified them.
  // A proposal of another than the proposer of its round is dropped. [rule 12]
  Outputs receive(const Proposal& proposal);
  Outputs receive(const Vote& vote);
  // Verified certificates, of any round. [rule 18]
  Outputs receive(const CommitCertificate& certificate);
  Outputs receive(const PolkaCertificate& certificate);
  Outputs receive(const RoundCertificate& certificate);

  // The verdict on a block whose body was received and executed, in no round in particular. Only
  // timeliness may be changed by a later call. Requires: not unknown. [rules 10, 14]
  Outputs set_validity(const BlockId& block, Validity validity);
  // The answer to GetValue: a block built and executed here, hence valid. Late ones are ignored.
  Outputs value_to_propose(Round round, const BlockId& block);
  // A timer of ScheduleTimeout; late ones are ignored.
  Outputs timeout(TimeoutKind kind, Round round);

  // What the host sends again while stuck, on reconnect, or to a lagging peer. [rule 17]
  // Own last prevote and precommit, as signed and fed back.
  std::vector<Vote> own_votes() const;
  // Own proposal of the current round, else nullptr.
  const Proposal* own_proposal() const;
  std::optional<PolkaCertificate> polka_certificate(Round round) const;
  // Why the current round was entered; nothing in round 0.
  const std::optional<RoundCertificate>& round_certificate() const { return round_certificate_; }
  const std::optional<Decide>& decision() const { return decision_; }

  // Whether this very message is held: an exact duplicate needs no verification. [rule 19]
  bool holds(const Vote& vote) const { return tally_.holds(vote); }
  bool holds(const Proposal& proposal) const { return proposals_.holds(proposal); }
  Validity validity(const crypto::Hash& header_hash) const { return blocks_.validity(header_hash); }

  Height height() const { return height_; }
  Round round() const { return round_; }
  Step step() const { return step_; }
  const LockedOrValid& locked() const { return locked_; }
  const LockedOrValid& valid() const { return valid_; }
  const ValidatorSet& validators() const { return tally_.validators(); }
  const std::string& own_org() const { return own_org_; }
  std::string proposer(Round round) const;

 private:
  enum class Trigger : std::uint8_t { vote, other };
  struct Fired {  // rules that fire once in a round [rule 4]
    bool value_given = false;
    bool prevote_timer = false;
    bool polka = false;
    bool precommit_timer = false;
  };

  void enter_round(Round round);
  Outputs run(Trigger trigger);
  bool apply_one_rule(Trigger trigger);
  bool decide_any_round();
  bool skip_round();
  bool answer_proposals();
  bool precommit_polka();
  bool precommit_nil_polka();
  bool schedule_prevote_timer();
  bool schedule_precommit_timer();
  // The prevote that a proposal calls for: a value or nil, or nothing yet.
  struct Answer {
    std::optional<crypto::Hash> value;
  };
  std::optional<Answer> answer_to(const Proposal& proposal) const;
  void cast_prevote(const std::optional<crypto::Hash>& value, Round valid_round);
  void cast_precommit(const std::optional<BlockId>& value);
  void send_proposal(const BlockId& block, Round valid_round);
  void decide(const CommittedBlock& committed);
  void raise_alarm(AlarmKind kind, const CommitCertificate& certificate);
  void fetch_supported_blocks();
  void count(const Vote& vote);
  void report(std::vector<DoubleVote> conflicts, const std::vector<Vote>& counted);
  void report_amnesia(const Vote& vote);
  bool is_needed(const crypto::Hash& header_hash) const;

  Height height_;
  std::string own_org_;
  std::optional<crypto::Kid> own_kid_;  // set when this node is a validator of the height
  std::function<std::string(Round)> proposer_org_;

  Round round_ = kNoRound;
  Step step_ = Step::unstarted;
  LockedOrValid locked_;
  LockedOrValid valid_;
  Fired fired_;

  VoteTally tally_;
  ProposalBook proposals_;
  KnownBlocks blocks_;
  std::set<crypto::Hash> fetched_;
  std::optional<Vote> own_prevote_;
  std::optional<Vote> own_precommit_;
  std::optional<RoundCertificate> round_certificate_;
  std::optional<Decide> decision_;
  std::set<AlarmKind> alarms_;
  Outputs outputs_;
};

}  // namespace treeproof::bft
