// The inside of a host: the loop's thread with everything that only it may touch.
// Owns executors, timers, tickets and the replica. Seen by host.cpp, host_effects.cpp,
// host_answers.cpp and host_snapshots.cpp only.
// Thread rule: every member function runs on the loop's thread unless it says otherwise.
// Source: docs/architecture.md "The path of a signed record".
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>

#include "consensus/replica/snapshot_seeker.h"
#include "node/answer_queue.h"
#include "node/host.h"
#include "node/snapshot_maker.h"

namespace treeproof::node {

struct Host::Loop final : public network::MeshHandler {
  struct Submit {
    ledger::StatementPtr statement;
    std::function<void(const replica::Answer&)> answer;
  };
  using PendingAnswer = std::function<void(const std::vector<replica::PendingStatement>&)>;
  using UploadAnswer = std::function<void(std::expected<void, ledger::Refusal>)>;
  struct Upload {
    std::shared_ptr<const crypto::Bytes> bytes;
    UploadAnswer answer;
  };
  struct CheckedAttachment {
    crypto::Hash root{};
    replica::Ticket ticket;
    std::expected<store::PackedAttachment, ledger::Refusal> packed;
  };

  Loop(HostConfig config, const ledger::Genesis& genesis, const crypto::SecretKey& node_key,
       store::Store& store, store::JournalFile& journal, store::GuardFile* guard);

  std::string run();
  void post(replica::Event event);  // from any thread
  void handle(replica::Event event);
  void drain();
  replica::Now now() const;
  void fail(std::string why);
  void update_directory();
  void tell_voting();
  void tell_starving();
  void expire_submits();
  std::uint64_t real_ms() const { return now().real.value; }
  void publish_status();
  rpc::NodeMeasures measures() const;

  // MeshHandler
  void on_connected(const std::string& org) override;
  void on_disconnected(const std::string& org, network::Reason reason) override;
  void on_refused(const std::string& peer, const network::Refusal& refusal) override;
  void on_frame(const std::string& org, std::uint8_t kind, crypto::Bytes payload) override;

  // host_effects.cpp
  void execute(replica::Effects effects);
  void execute_one(const replica::Journal& effect);
  void execute_one(const replica::Sign& effect);
  void execute_one(const replica::RaiseFloor& effect);
  void execute_one(const replica::Send& effect);
  void execute_one(const replica::DropPeer& effect);
  void execute_one(const replica::SendDecided& effect);
  void execute_one(const replica::SendAttachmentPart& effect);
  void execute_one(const replica::RunJobs& effect);
  void execute_one(const replica::StoreAttachment& effect);
  void execute_one(const replica::LoadAttachment& effect);
  void execute_one(const replica::DropAttachments& effect);
  void execute_one(const replica::CheckLinks& effect);
  void execute_one(const replica::SetTimer& effect);
  void execute_one(const replica::Commit& effect);
  void execute_one(const replica::AnswerSubmitted& effect);
  void execute_one(const replica::RefuseAttachment& effect);
  void execute_one(const replica::AnswerPending& effect);
  void execute_one(const replica::RecordEvidence& effect);
  void execute_one(const replica::ForgetEvidence& effect);
  void execute_one(const replica::RecordAlarm& effect);
  // On the thread that puts attachments.
  void tidy_up(std::function<std::expected<void, store::StoreError>()> task);
  void sync_journal();
  void run_jobs(std::span<const replica::Job> jobs);  // on a worker
  void take_job_results();
  void attachment_checked(CheckedAttachment checked);
  void store_checked();
  void attachments_stored(std::vector<CheckedAttachment> all,
                          const std::expected<void, store::StoreError>& stored);
  // host_answers.cpp
  struct MadeAnswer {
    std::uint8_t kind = 0;
    std::shared_ptr<const crypto::Bytes> payload;  // null: the store has none
    AnswerQueue::Made made;
  };
  void make_answers();
  MadeAnswer make_answer(const AnswerQueue::Piece& piece) const;  // on a worker
  void answer_made(const std::string& org, MadeAnswer answer);
  // host_snapshots.cpp
  replica::SeekerPorts seeker_ports(const ledger::Genesis& genesis);
  bool is_for_snapshots(const std::string& org, replica::Message& message);

  HostConfig config;
  std::string chain_id;
  ChainClock clock;
  store::Store& store;
  store::JournalFile& journal;
  store::GuardFile* guard;
  const crypto::SecretKey& node_key;
  network::EventLoop loop;
  network::Mesh mesh;
  replica::Replica replica;

  SnapshotMaker maker;
  replica::SnapshotSeeker seeker;
  bool restored = false;
  bool is_starving = false;  // as it was told last
  AnswerQueue answers;
  std::unique_ptr<network::EventLoop::Timer> seeker_later;
  std::unique_ptr<network::EventLoop::Timer> answers_later;
  std::unique_ptr<network::EventLoop::Timer> submits_later;

  std::deque<replica::Event> events;  // that effects made; before anything from outside
  bool draining = false;
  bool journal_dirty = false;
  std::string failure;
  std::map<replica::TimerId, std::unique_ptr<network::EventLoop::Timer>> timers;
  std::map<replica::Ticket, Submit> submits;
  std::multimap<std::uint64_t, replica::Ticket> submits_end_ms;  // some are answered already
  std::map<replica::Ticket, PendingAnswer> pendings;
  std::map<replica::Ticket, Upload> uploads;
  std::vector<CheckedAttachment> checked;  // to be stored together, once the disk is free
  bool storing = false;
  std::atomic<std::uint64_t> next_ticket{1};
  std::atomic<bool> stopping{false};

  std::mutex results_lock;  // guards what workers finished and the loop has not taken yet
  std::vector<replica::JobResult> results;

  std::mutex status_lock;  // guards the two below: read by HTTP threads
  rpc::NodeStatus status;
  std::map<std::uint64_t, std::function<void(Height)>> listeners;
  std::uint64_t next_listener = 0;
};

}  // namespace treeproof::node
