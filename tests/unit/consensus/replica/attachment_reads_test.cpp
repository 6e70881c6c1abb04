// No attachment is read on the replica's thread to learn whether it is there. [rule 30]
#include <gtest/gtest.h>

#include "tests/unit/consensus/replica/lonely_replica.h"

namespace treeproof::replica {
namespace {

// Counts what the replica asks of its store.
class CountedState final : public ledger::StateReader {
 public:
  explicit CountedState(const ledger::StateReader& state) : state_(state) {}
  ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
    return state_.object(key);
  }
  ledger::SharedBytes page(const ledger::PageKey& key) const override { return state_.page(key); }
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    ++reads;
    return state_.attachment(root);
  }
  bool holds(const crypto::Hash& root) const override {
    ++questions;
    return state_.holds(root);
  }
  mutable std::size_t reads = 0;
  mutable std::size_t questions = 0;

 private:
  const ledger::StateReader& state_;
};

class AttachmentReads : public LonelyReplica {
 protected:
  AttachmentReads() {
    ReplicaConfig config;
    config.org = "platform";
    replica_.emplace(config,
                     Chain(consortium_.chain_id(), state_, store_.build_state_map(), store_.tip()));
    obey(replica_->start({}, now()));
  }
  ledger::AttachmentPtr store_attachment() {
    const std::vector<crypto::Bytes> leaves{crypto::Bytes{0x01}};
    auto attachment = ledger::Attachment::build(leaves);
    store_.put_attachment(attachment);
    return attachment;
  }
  ledger::StatementPtr announce(const ledger::AttachmentPtr& attachment) const {
    ledger::Plot plot;
    plot.ref = {"plot"};
    plot.country = {"CN"};
    plot.area = plot.capacity = 1;
    plot.geometry = attachment->announced();
    return consortium_.sign("desert-ngo", plot, consortium_.genesis().time.seconds());
  }
  CountedState state_{store_};
};

TEST_F(AttachmentReads, NoneForAnnouncementsThatNoStatementMakes) {
  AttachmentsHeld held;
  for (std::size_t i = 0; i < AttachmentsHeld::kRootsMax; ++i) {
    held.roots.push_back(crypto::sha256(crypto::as_bytes(std::to_string(i))));
  }
  held.roots.front() = store_attachment()->announced().root;
  step(Received{"verifier", held});
  EXPECT_EQ(state_.reads, 0u);
  EXPECT_EQ(state_.questions, 0u);
  EXPECT_TRUE(loads_.empty());
}

TEST_F(AttachmentReads, OneOffTheThreadForAPendingStatement) {
  const auto attachment = store_attachment();
  submit(announce(attachment));
  ASSERT_EQ(loads_, std::vector<crypto::Hash>{attachment->announced().root});
  EXPECT_FALSE(replica_->pool().any_includable());
  for (const char* org : {"desert-ngo", "river-ngo", "verifier"}) {
    step(Received{org, AttachmentsHeld{loads_}});
  }
  EXPECT_FALSE(replica_->pool().any_includable());  // others hold it, here it is not checked yet
  step(AttachmentsStored{loads_, {}});
  EXPECT_TRUE(replica_->pool().any_includable());
  step(PeerConnected{"verifier"});
  EXPECT_EQ(state_.reads, 0u);
  EXPECT_EQ(loads_.size(), 1u);
}

TEST_F(AttachmentReads, FetchWhatTurnsOutDamaged) {
  const auto attachment = store_attachment();
  step(PeerConnected{"verifier"});
  submit(announce(attachment));
  ASSERT_EQ(loads_.size(), 1u);
  step(Received{"verifier", AttachmentsHeld{loads_}});
  bool asks = false;
  for (const Effect& effect : replica_->step(AttachmentsStored{{}, loads_}, now())) {
    const auto* sent = std::get_if<Send>(&effect);
    asks = asks || (sent && sent->kind == kind_of(AttachmentWanted{}) && sent->org == "verifier");
  }
  EXPECT_TRUE(asks);
}

}  // namespace
}  // namespace treeproof::replica
