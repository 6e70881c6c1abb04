// The inside of a replica: it wires its parts, whose rules are theirs. One source file per trade.
// Caller: Replica. One thread. Pure. Source: docs/architecture.md "The path of a signed record".
#pragma once

#include "consensus/bft/agreement.h"
#include "consensus/replica/attachment_desk.h"
#include "consensus/replica/attachment_stock.h"
#include "consensus/replica/body_shelf.h"
#include "consensus/replica/catch_up.h"
#include "consensus/replica/evidence_pool.h"
#include "consensus/replica/link_watch.h"
#include "consensus/replica/vote_right.h"

namespace treeproof::replica {

class ReplicaCore {
 public:
  ReplicaCore(ReplicaConfig config, Chain chain);
  Effects start(std::span<const Journal> journal, const Now& now);
  Effects step(Event event, const Now& now);
  const Chain& chain() const noexcept { return chain_; }
  const bft::Agreement& agreement() const noexcept { return *agreement_; }
  const Mempool& pool() const noexcept { return pool_; }
  Height highest_seen() const { return peers_.highest(*chain_.tip().validators); }
  bool is_starved() const { return catch_up_.is_starved(chain_.tip().height, peers_); }
  Voting voting() const { return right_.with(*chain_.tip().validators); }

 private:
  void on(Submitted&& event);
  void on(AttachmentOffered&& event);
  void on(AttachmentsStored&& event);
  void on(PendingAsked&& event);
  void on(PeerConnected&& event);
  void on(PeerDisconnected&& event);
  void on(Received&& event);
  void on(JobsDone&& event);
  void on(Signed&& event);
  void on(Committed&& event);
  void on(TimerFired&& event);
  void on(Withdrawn&& event);
  void on(LinksChecked&& event);
  void on(EvidenceKept&& event);
  // replica_peers.cpp: messages, each from an authenticated peer
  void take(const std::string& org, Status&& message);
  void take(const std::string& org, Statements&& message);
  void take(const std::string& org, Body&& message);
  void take(const std::string& org, BodyWanted&& message);
  void take(const std::string& org, Decided&& message);
  void take(const std::string& org, DecidedWanted&& message);
  void take(const std::string& org, AttachmentsHeld&& message);
  void take(const std::string& org, AttachmentWanted&& message);
  void take(const std::string& org, AttachmentPart&& message);
  void take(const std::string& org, OwnVoteWanted&& message);
  void take(const std::string& org, OwnVoteHeld&& message);
  void take(const std::string& org, EvidenceShown&& message);
  void verify_agreement(const std::string& org, VerifyAgreement::Message message);
  void look_back(const std::string& org, const bft::CommitCertificate& certificate);
  void hear_own(const std::string& org, Height decided, std::optional<bft::SignPosition> proven);
  void ask_for_decided();
  void verify_decided();
  void take_certified(const bft::CommitCertificate& certificate);
  void resend();
  void introduce(const std::string& org);
  void say_again(const std::string& org);
  // replica_agreement.cpp, replica_replay.cpp
  void start_height();
  void feed(VerifyAgreement&& job);
  std::optional<PastDecision> decision_at(Height height) const;
  void obey(bft::Outputs outputs);
  void obey_one(bft::GetValue output);
  void obey_one(const bft::SendProposal& output);
  void obey_one(const bft::SendVote& output);
  void obey_one(bft::ScheduleTimeout output);
  void obey_one(bft::CancelTimeouts output);
  void obey_one(const bft::Decide& output);
  void obey_one(const bft::FetchBlock& output);
  void obey_one(const bft::ReportEvidence& output);
  void obey_one(const bft::Alarm& output);
  void raise_alarm(bft::AlarmKind kind, std::vector<bft::CommitCertificate> quorums);
  void arm_propose_timer(Round round);
  void propose(Round round);
  void wake();
  bool may_propose_now();
  void request_sign(PendingSign pending);
  void sign_next();
  void raise_floor(const bft::SignPosition& floor);
  void replay_one(const Journal& record);
  void replay_body(const std::shared_ptr<const ledger::Block>& block);
  // replica_bodies.cpp
  bool shelve(const EarlyBody& body);
  bool fill_statements(ShelvedBody& body, std::vector<VerifyStatement>& checks);
  void check_previous_commit(ShelvedBody& body);
  void advance(const crypto::Hash& header_hash);
  void judge(ShelvedBody& body);
  void refuse_body(const crypto::Hash& header_hash);
  bft::Validity timeliness(const Candidate& candidate) const;
  void keep_candidate(ExecutedBlockPtr block, TimeMs received);
  void set_verdict(const bft::BlockId& block, bft::Validity verdict);
  // replica_pool.cpp, replica_attachments.cpp, replica_evidence.cpp
  void admit(ledger::StatementPtr statement, Origin origin, std::optional<Ticket> ticket);
  Awaited& verify(VerifyStatement check);
  bool answer_recorded(const ledger::SignedStatement& statement, std::span<const Ticket> tickets);
  void admit_verified(const ledger::VerifiedStatement& verified);
  void drop_forged(const ledger::SignedStatement& statement);
  bool prejudge(PoolEntry& entry);
  void settle(PoolEntry& entry);
  void answer(const PoolEntry& entry, const Answer& answer);
  void refuse(const crypto::Hash& id, const ledger::Refusal& refusal);
  void settle_after_commit(const ExecutedBlock& block);
  void check_links();
  void seek_attachment(const ledger::AttachmentRef& announced);
  void note_stored(const crypto::Hash& root);
  void note_attachment(const crypto::Hash& root);
  void request_attachments();
  void claim(const bft::Evidence& evidence, const std::string& peer);
  void take_evidence(const VerifyEvidence& job, const JobResult& result);
  void admit_evidence(const bft::VerifiedEvidence& evidence);
  bool check_evidence(ShelvedBody& body);
  void emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void send(const std::string& org, const Message& message);  // to all, where none is named
  void journal(const Message& message, Height height);
  Effects take_effects();

  ReplicaConfig config_;
  Chain chain_;
  VoteRight right_;
  std::optional<bft::Agreement> agreement_;
  Mempool pool_;
  BodyShelf shelf_;
  AttachmentDesk desk_;
  EvidencePool evidence_;
  AttachmentStock stock_;
  LinkWatch links_;
  PeerBook peers_;
  CatchUp catch_up_;
  std::map<crypto::Hash, Candidate> executed_;  // of this height
  std::optional<bft::Decide> decided_;          // waiting for its body or its Committed
  bool committing_ = false, replaying_ = false;
  std::map<crypto::Hash, Awaited> verifying_;     // by leaf: statements whose signature is checked
  std::map<std::uint64_t, PendingSign> signing_;  // in the order asked for
  Turn turn_;
  std::uint64_t next_sign_ = 1, sign_issued_ = 0, heartbeat_ms_ = 0, iat_max_age_s_ = 0;
  std::vector<ledger::StatementPtr> gossip_;  // by this step, as the jobs
  std::vector<Job> jobs_;
  Now now_;
  Effects effects_;
};

}  // namespace treeproof::replica
