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
