// What a node answers when its pool or its attachments cannot take more: by the client's door.
#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/replica/lonely_replica.h"

namespace treeproof::replica {
namespace {

using ledger::Reason;

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
  submit(plot("desert-ngo", "root"));
  offer(root);
  EXPECT_EQ(stored_, 1u);
  offer(root);
  EXPECT_EQ(refusal().reason, Reason::attachment_in_progress);
  EXPECT_EQ(stored_, 1u);
}

TEST_F(LonelyReplica, BoundsTheAttachmentBytesThatAnOrganisationAnnounces) {
  constexpr std::uint64_t kFitting = kPendingAttachmentBytesMax / kAttachmentBytesMax;
  for (std::uint64_t i = 0; i < kFitting; ++i) {
    submit(plot("desert-ngo", "plot-" + std::to_string(i), kAttachmentBytesMax));
  }
  ASSERT_EQ(replica_->pool().size(), kFitting);
  submit(plot("desert-ngo", "one-more", 1));
  EXPECT_EQ(refusal().reason, Reason::attachment_quota_exceeded);
  submit(plot("river-ngo", "another", kAttachmentBytesMax));  // each has its own
  EXPECT_EQ(replica_->pool().size(), kFitting + 1);
  submit(plot("river-ngo", "huge", ~std::uint64_t{0}));
  EXPECT_EQ(refusal().reason, Reason::attachment_quota_exceeded);
}

TEST_F(LonelyReplica, LetsABoundedNumberOfCallsWaitForAStatement) {
  const auto statement = plot("desert-ngo", "plot");
  for (std::size_t i = 0; i < kWaitersPerStatementMax; ++i) submit(statement);
  submit(statement);
  EXPECT_EQ(refusal().reason, Reason::waiters_too_many);
  const auto& waiters = replica_->pool().all().front()->tickets;
  EXPECT_EQ(waiters.size(), kWaitersPerStatementMax);
  step(Withdrawn{statement, waiters.front()});
  answers_.clear();
  submit(statement);
  ASSERT_EQ(answers_.count(ticket_), 1u);
  EXPECT_TRUE(std::holds_alternative<PendingStatement>(answers_.at(ticket_)));
  EXPECT_EQ(replica_->pool().all().front()->tickets.size(), kWaitersPerStatementMax);
}

TEST_F(LonelyReplica, BoundsThoseWhoWaitForItsSignatureToo) {
  const auto statement = plot("desert-ngo", "plot");
  for (std::size_t i = 0; i <= kWaitersPerStatementMax; ++i) {
    step(Submitted{statement, {++ticket_}});  // the check has not run
  }
  EXPECT_EQ(refusal().reason, Reason::waiters_too_many);
  step(Withdrawn{statement, {1}});
  run_jobs();
  EXPECT_EQ(replica_->pool().all().front()->tickets.size(), kWaitersPerStatementMax - 1);
}

}  // namespace
}  // namespace treeproof::replica
