// What a node answers when its pool or its attachments cannot take more: by the client's door.
#include <gtest/gtest.h>

#include <map>

#include "consensus/replica/replica.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::replica {
namespace {

using ledger::Reason;

// One replica without peers: it decides nothing, so that its pool only grows.
class LonelyReplica : public testing::Test {
 protected:
  LonelyReplica() {
    ReplicaConfig config;
    config.org = "platform";
    replica_.emplace(config,
                     Chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip()));
    obey(replica_->start({}, now()));
  }

  Now now() const {
    const TimeMs time{consortium_.genesis().time.value + 1'000};
    return {time, time, 1};
  }
  // Runs the signature checks that are asked for, keeps the answers, does nothing else.
  void obey(Effects effects) {
    for (Effect& effect : effects) {
      if (const auto* jobs = std::get_if<RunJobs>(&effect)) {
        JobsDone done;
        for (const Job& job : jobs->jobs) done.results.push_back(run(job, consortium_.chain_id()));
        obey(replica_->step(std::move(done), now()));
      } else if (const auto* answer = std::get_if<AnswerSubmitted>(&effect)) {
        answers_.insert_or_assign(answer->ticket.value, answer->answer);
      } else if (const auto* refused = std::get_if<RefuseAttachment>(&effect)) {
        answers_.insert_or_assign(refused->ticket.value, Answer(refused->refusal));
      } else if (std::holds_alternative<StoreAttachment>(effect)) {
        ++stored_;
      }
    }
  }
  void submit(const ledger::StatementPtr& statement) {
    obey(replica_->step(Submitted{statement, {++ticket_}}, now()));
  }
  void offer(const crypto::Hash& root) {
    obey(replica_->step(AttachmentOffered{root, {++ticket_}}, now()));
  }
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
      obey(replica_->step(Received{"verifier", Statements{{large(org, i)}}}, now()));
    }
  }

  simulation::Consortium consortium_{5};
  simulation::MemoryStore store_{consortium_.genesis()};
  std::optional<Replica> replica_;
  std::map<std::uint64_t, Answer> answers_;
  std::uint64_t ticket_ = 0;
  std::size_t stored_ = 0;
};

TEST_F(LonelyReplica, GivesAnOrganisationAQuarterOfItsPool) {
  const std::uint64_t fitting = kMempoolBytesMax / 4 / large("platform", 100)->bytes.size();
  gossip("platform", fitting);
  ASSERT_EQ(replica_->pool().size(), fitting);
  submit(large("platform", fitting));
  EXPECT_EQ(refusal().reason, Reason::pool_share_exceeded);
  submit(large("desert-ngo", 0));
  EXPECT_EQ(replica_->pool().size(), fitting + 1);
}

TEST_F(LonelyReplica, RefusesEveryoneOnceItsPoolIsFull) {
  const std::uint64_t fitting = kMempoolBytesMax / 4 / large("platform", 100)->bytes.size();
  for (const char* org : {"platform", "desert-ngo", "river-ngo", "verifier"}) gossip(org, fitting);
  std::uint64_t next = 0;
  while (replica_->pool().size() < kMempoolBytesMax / large("regulator", 100)->bytes.size()) {
    submit(large("regulator", next++));
  }
  submit(large("regulator", next));
  EXPECT_EQ(refusal().reason, Reason::pool_full);
}

TEST_F(LonelyReplica, TakesAnAttachmentOnceAndOnlyWhereItIsAwaited) {
  const crypto::Hash root = crypto::sha256(crypto::as_bytes("root"));
  offer(root);
  EXPECT_EQ(refusal().reason, Reason::attachment_not_awaited);
  ASSERT_EQ(refusal().numbers.size(), 1u);
  EXPECT_EQ(refusal().numbers[0].value, crypto::to_hex(root));
  ledger::Plot plot;
  plot.ref = {"plot"};
  plot.country = {"CN"};
  plot.area = plot.capacity = 1;
  plot.geometry = {root, 1, 10};
  submit(consortium_.sign("desert-ngo", plot, consortium_.genesis().time.seconds()));
  offer(root);
  EXPECT_EQ(stored_, 1u);
  offer(root);
  EXPECT_EQ(refusal().reason, Reason::attachment_in_progress);
  EXPECT_EQ(stored_, 1u);
}

}  // namespace
}  // namespace treeproof::replica
