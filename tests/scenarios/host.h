// One correct validator of a scenario: an Agreement machine with what a node puts around it, that
// is verification, journal, sign guard and replay.
// Owns the machine, its journal and guard; no network and no time. Caller: Stage. One thread.
// Source: docs/consensus.md rules 12, 17, 20 and 23.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "consensus/bft/agreement.h"
#include "consensus/bft/guard.h"
#include "tests/scenarios/sequence_diagram.h"

namespace treeproof::scenarios {

inline constexpr std::string_view kChain = "scenario-00000000000000000000000000000000";
// A multiple of every number of validators, so that a leads round 0, b round 1 and so on.
inline constexpr Height kHeight{420};

crypto::SecretKey key_of(const std::string& org);
// As a signs for itself, or as a forger signs for the organisation named in the message.
void sign(bft::Vote& message, const std::string& signer);
void sign(bft::Proposal& message, const std::string& signer);
bft::BlockId block_of(const std::string& name);
bft::BlockId block_of(const crypto::Hash& header_hash);

class Host {
 public:
  // What a node knows of a block once its body is there; nothing while it is withheld.
  using Verdict = std::function<std::optional<bft::Validity>(const crypto::Hash& header_hash)>;
  using Send = std::function<void(Message message)>;

  Host(std::string org, ValidatorSet validators, Verdict verdict, Send send);

  void start();
  // From the network: verified first.
  void receive(const Message& message);
  void body_arrives(const crypto::Hash& header_hash);
  // False: nobody asked for a value now, or for this timer.
  bool propose(const bft::BlockId& block);
  bool fire(bft::TimeoutKind kind);
  // What a stuck or reconnected node sends. [rule 17]
  void send_again();
  void crash() { machine_.reset(); }
  // Dies when it has recorded this vote in the guard, before the journal has it.
  void crash_at(bft::SignStep step) { crash_at_ = step; }
  void forget_journal() { journal_.clear(); }
  void restart();

  bool is_up() const { return machine_.has_value(); }
  const bft::Agreement& machine() const { return *machine_; }
  bool waits_for(bft::TimeoutKind kind) const { return timers_.contains(kind); }
  bool wants_value() const { return wanted_.has_value(); }
  const std::optional<bft::Decide>& decided() const { return decided_; }

  const std::string& org() const { return org_; }
  // All that left the node, of all its lives.
  const std::vector<bft::Vote>& votes() const { return votes_; }
  const std::vector<bft::Proposal>& proposals() const { return proposals_; }
  const std::vector<bft::Evidence>& evidence() const { return evidence_; }
  const std::set<std::string, std::less<>>& refusals() const { return refusals_; }
  const std::set<bft::AlarmKind>& alarms() const { return alarms_; }
  const std::set<crypto::Hash>& fetched() const { return fetched_; }
  const std::set<Round>& guard_refusals() const { return guard_refusals_; }

 private:
  struct GivenVerdict {
    bft::BlockId block;
    bft::Validity validity;
  };
  struct Timeout {
    bft::TimeoutKind kind;
    Round round;
  };
  using Record = std::variant<Message, GivenVerdict, Timeout>;
  using Position = std::pair<Round, bft::SignStep>;

  void take(const Record& record);
  void replay(const Record& record);
  void obey(const bft::Outputs& outputs);
  void obey_one(const bft::GetValue& output);
  void obey_one(const bft::SendProposal& output);
  void obey_one(const bft::SendVote& output);
  void obey_one(const bft::ScheduleTimeout& output);
  void obey_one(const bft::CancelTimeouts& output);
  void obey_one(const bft::Decide& output);
  void obey_one(const bft::FetchBlock& output);
  void obey_one(const bft::ReportEvidence& output);
  void obey_one(const bft::Alarm& output);
  template <typename Signed>
  void sign_and_send(Signed message, bft::SignStep step);
  void after_round_change();

  std::string org_;
  ValidatorSet validators_;
  Verdict verdict_;
  Send send_;
  std::optional<bft::Agreement> machine_;
  std::vector<Record> journal_;
  bft::GuardState guard_;
  bool replaying_ = false;
  std::optional<bft::SignStep> crash_at_;
  std::map<Position, std::variant<bft::Proposal, bft::Vote>> unsigned_;  // asked for in a replay
  std::set<bft::TimeoutKind> timers_;
  std::optional<Round> wanted_;
  Round announced_;
  std::optional<bft::Decide> decided_;
  std::vector<bft::Vote> votes_;
  std::vector<bft::Proposal> proposals_;
  std::vector<bft::Evidence> evidence_;
  std::set<std::string, std::less<>> refusals_;
  std::set<bft::AlarmKind> alarms_;
  std::set<crypto::Hash> fetched_;
  std::set<Round> guard_refusals_;
};

}  // namespace treeproof::scenarios
