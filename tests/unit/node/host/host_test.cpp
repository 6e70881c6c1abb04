// A whole host over loopback, and a peer that a test plays.
#include "node/host.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "crypto/hash.h"
#include "tests/simulation/history.h"
#include "tests/unit/node/host/played_peer.h"
#include "tests/unit/node/host/temporary_folder.h"

namespace treeproof::node {
namespace {

using namespace std::chrono_literals;

class HostTest : public testing::Test {
 protected:
  HostTest() { history_.extend_by(20); }
  ~HostTest() override {
    peer_.reset();
    if (host_) host_->stop();
    if (thread_.joinable()) thread_.join();
  }
  // A follower with all of the history, and a validator that connects to it.
  void start() {
    store_ = store::Store::open(folder_.path / "home", consortium_.genesis()).value();
    for (const replica::Commit& commit : history_.store().blocks()) {
      ASSERT_TRUE(store_->commit(commit).has_value());
    }
    journal_ = store::JournalFile::open(folder_.path / "journal").value();
    HostConfig config;
    config.org = "platform";
    config.mesh.chain_id = consortium_.chain_id();
    config.mesh.own_org = "platform";
    config.mesh.listen = {"127.0.0.1", 0};
    host_ = std::make_unique<Host>(config, consortium_.genesis(),
                                   consortium_.member("platform").node_key, *store_, *journal_,
                                   nullptr);
    thread_ = std::thread([this] { EXPECT_EQ(host_->run(), ""); });
    std::promise<void> runs;
    host_->pending([&](const auto&) { runs.set_value(); });
    runs.get_future().wait();
    peer_.emplace("verifier", consortium_, host_->peer_port());
    ASSERT_TRUE(peer_->until([&] { return peer_->connections == 1; }));
  }

  TemporaryFolder folder_;
  const simulation::Consortium& consortium_ = simulation::Consortium::of(4);
  simulation::History history_{consortium_};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::JournalFile> journal_;
  std::unique_ptr<Host> host_;
  std::thread thread_;
  std::optional<PlayedPeer> peer_;
};

TEST_F(HostTest, HangsUpOnWhoSendsAMalformedFrame) {
  start();
  peer_->send(replica::kind_of(replica::Status{}), {0xff});
  EXPECT_TRUE(peer_->until([&] { return peer_->losses == 1; }));
  EXPECT_TRUE(peer_->until([&] { return peer_->connections == 2; }));  // the peer, not the node
}

TEST_F(HostTest, AnswersWithTheBlocksThatItIsAskedFor) {
  start();
  peer_->send(replica::DecidedWanted{{3}, 16});
  const auto count = [&] { return peer_->all<replica::Decided>().size(); };
  ASSERT_TRUE(peer_->until([&] { return count() == 16; }));
  const auto blocks = peer_->copy_all<replica::Decided>();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i].certificate.height, Height{3 + i});
    EXPECT_EQ(*blocks[i].block, *history_.store().blocks()[2 + i].block->block);
  }
  peer_->send(replica::DecidedWanted{{19}, 16});  // it has no more than 20
  EXPECT_TRUE(peer_->until([&] { return count() == 18; }));
}

TEST_F(HostTest, SendsAnAttachmentInPartsAndNothingForWhatItDoesNotHold) {
  start();
  std::vector<crypto::Bytes> leaves(3'000,
                                    crypto::CborWriter().bytes(crypto::Bytes(1'500)).finish());
  const auto attachment = ledger::Attachment::build(leaves);
  const store::PackedAttachment packed[] = {store::pack(attachment)};
  ASSERT_TRUE(store_->put_attachments(packed).has_value());
  const crypto::Hash& root = attachment->announced().root;
  peer_->send(replica::AttachmentWanted{crypto::sha256(root), 0});
  peer_->send(replica::AttachmentWanted{root, 0});
  peer_->send(replica::AttachmentWanted{root, replica::kAttachmentPartBytes});
  ASSERT_TRUE(peer_->until([&] { return peer_->all<replica::AttachmentPart>().size() == 2; }));
  const auto parts = peer_->copy_all<replica::AttachmentPart>();
  crypto::Bytes all = parts[0].bytes;
  all.insert(all.end(), parts[1].bytes.begin(), parts[1].bytes.end());
  EXPECT_EQ(parts[0].bytes.size(), replica::kAttachmentPartBytes);
  EXPECT_TRUE(crypto::equal(all, attachment->bytes()));
}

// A call that was answered by its own clock leaves nothing behind for the days a statement waits.
TEST_F(HostTest, ForgetsWhoWaitedLongEnough) {
  start();
  ledger::Plot plot;  // its outline never comes
  plot.ref = {"plot"};
  plot.country = {"CN"};
  plot.area = plot.capacity = 1;
  plot.geometry = {crypto::sha256(crypto::as_bytes("outline")), 1, 10};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  const auto statement = consortium_.sign("desert-ngo", plot, static_cast<std::uint64_t>(now_s));
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> held = token;
  host_->submit(statement, 50, [token = std::move(token)](const replica::Answer&) {});
  for (int i = 0; i < 12'000 && !held.expired(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(held.expired());
}

}  // namespace
}  // namespace treeproof::node
