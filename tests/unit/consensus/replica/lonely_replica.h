// A replica whose doors a test opens itself: nothing runs, and nobody answers, unless the test does
// it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "consensus/replica/replica.h"
#include "crypto/hash.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::replica {

// One replica without peers: it decides nothing, so that its pool only grows.
class LonelyReplica : public testing::Test {
 protected:
  LonelyReplica() {
    ReplicaConfig config;
    config.org = "platform";
    config.past = [this](Height height) { return store_.past(height); };
    replica_.emplace(config,
                     Chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip()));
    obey(replica_->start({}, now()));
  }

  Now now() const {
    const TimeMs time{consortium_.genesis().time.value + 1'000};
    return {time, time, 1};
  }
  // Keeps what is asked for and said; does nothing else.
  void obey(Effects effects) {
    for (Effect& effect : effects) {
      if (const auto* jobs = std::get_if<RunJobs>(&effect)) {
        jobs_.insert(jobs_.end(), jobs->jobs.begin(), jobs->jobs.end());
      } else if (const auto* answer = std::get_if<AnswerSubmitted>(&effect)) {
        answers_.insert_or_assign(answer->ticket.value, answer->answer);
      } else if (const auto* refused = std::get_if<RefuseAttachment>(&effect)) {
        answers_.insert_or_assign(refused->ticket.value, Answer(refused->refusal));
      } else if (std::holds_alternative<StoreAttachment>(effect)) {
        ++stored_;
      } else if (auto* message = std::get_if<Send>(&effect)) {
        sent_.push_back(std::move(*message));
      } else if (const auto* evidence = std::get_if<RecordEvidence>(&effect)) {
        recorded_.push_back(evidence->evidence);
      } else if (const auto* forgotten = std::get_if<ForgetEvidence>(&effect)) {
        forgotten_.insert(forgotten->offences.begin(), forgotten->offences.end());
      } else if (const auto* dropped = std::get_if<DropPeer>(&effect)) {
        dropped_.insert(dropped->org);
      } else if (const auto* load = std::get_if<LoadAttachment>(&effect)) {
        loads_.push_back(load->root);
      }
    }
  }
  void step(Event event) { obey(replica_->step(std::move(event), now())); }
  // Runs the checks that are asked for, and those that they lead to.
  void run_jobs() {
    while (!jobs_.empty()) {
      JobsDone done;
      for (const Job& job : std::exchange(jobs_, {})) {
        done.results.push_back(run(job, consortium_.chain_id()));
      }
      step(std::move(done));
    }
  }
  void submit(const ledger::StatementPtr& statement) {
    step(Submitted{statement, {++ticket_}});
    run_jobs();
  }
  // A plot whose outline would have these many bytes, were it ever sent.
  ledger::StatementPtr plot(const std::string& org, const std::string& ref,
                            std::uint64_t attachment_bytes = 10) const {
    ledger::Plot plot;
    plot.ref = {ref};
    plot.country = {"CN"};
    plot.area = plot.capacity = 1;
    plot.geometry = {crypto::sha256(crypto::as_bytes(ref)), 1, attachment_bytes};
    return consortium_.sign(org, plot, consortium_.genesis().time.seconds());
  }
  void offer(const crypto::Hash& root) { step(AttachmentOffered{root, {++ticket_}}); }
  // The refusal of the last ticket; fails the test where there is none.
  ledger::Refusal refusal() const {
    const auto answer = answers_.find(ticket_);
    const bool refused =
        answer != answers_.end() && std::holds_alternative<ledger::Refusal>(answer->second);
    EXPECT_TRUE(refused);
    return refused ? std::get<ledger::Refusal>(answer->second) : ledger::Refusal{};
  }
  // About 60,000 bytes: a proposal of 512 species.
  ledger::StatementPtr large(const std::string& org, std::uint64_t number) const {
    ledger::SpeciesPut change;
    for (int i = 0; i < 512; ++i) {
      const std::string digits = std::to_string(1'000 + i);
      ledger::Species species;
      species.code = {"species-of-a-long-list-" + digits};
      species.name = {std::string(70, 'x') + digits};
      change.species.push_back(species);
    }
    const ledger::Propose payload{{"list-" + std::to_string(number)}, change};
    return consortium_.sign(org, payload, consortium_.genesis().time.seconds());
  }
  // Statements that peers pass on, until this many of the organisation are pending.
  void gossip(const std::string& org, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      step(Received{"verifier", Statements{{large(org, i)}}});
    }
    run_jobs();
  }

  simulation::Consortium consortium_{5};
  simulation::MemoryStore store_{consortium_.genesis()};
  std::optional<Replica> replica_;
  std::vector<Job> jobs_;
  std::map<std::uint64_t, Answer> answers_;
  std::uint64_t ticket_ = 0;
  std::size_t stored_ = 0;
  std::vector<Send> sent_;
  std::vector<bft::VerifiedEvidence> recorded_;
  std::set<crypto::Hash> forgotten_;
  std::set<std::string> dropped_;
  std::vector<crypto::Hash> loads_;
};

}  // namespace treeproof::replica
