// A node whose home is empty, far behind its peers: it begins at a snapshot of theirs, whatever
// some of them say. [rule 28]
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"
#include "node/host.h"
#include "node/store/snapshot_shelf.h"
#include "tests/simulation/history.h"
#include "tests/unit/node/host/played_peer.h"
#include "tests/unit/node/store/snapshot_fixture.h"

namespace treeproof::node {
namespace {

using replica::SnapshotOffer;
using replica::SnapshotOffered;
using replica::SnapshotPart;
using replica::SnapshotWanted;

// A host over a folder, on a thread of its own.
class RunningHost {
 public:
  RunningHost(const std::string& org, const simulation::Consortium& consortium,
              const std::filesystem::path& home, std::uint64_t ahead,
              std::optional<std::uint16_t> dials = {}) {
    const auto& member = consortium.member(org);
    store = store::Store::open(home, consortium.genesis()).value();
    journal_ = store::JournalFile::open(home / "journal").value();
    if (!dials) guard = make_guard(home.string() + ".guard");
    HostConfig config;
    config.org = org;
    config.mesh.chain_id = consortium.chain_id();
    config.mesh.own_org = org;
    config.mesh.listen = {"127.0.0.1", 0};
    if (dials) config.mesh.peers = {{"platform", {"127.0.0.1", *dials}}};
    config.snapshots = {home, 0, ahead};
    host = std::make_unique<Host>(config, consortium.genesis(), member.node_key, *store, *journal_,
                                  guard.get());
    thread_ = std::thread([this] { ended_.set_value(host->run()); });
    std::promise<void> runs;
    host->pending([&](const auto&) { runs.set_value(); });
    runs.get_future().wait();
  }
  ~RunningHost() {
    host->stop();
    thread_.join();
    host.reset();
  }
  // Whether it ended by itself.
  bool ends() {
    return ended_.get_future().wait_for(std::chrono::seconds(120)) == std::future_status::ready;
  }

  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::GuardFile> guard;
  std::unique_ptr<Host> host;

 private:
  static std::unique_ptr<store::GuardFile> make_guard(const std::filesystem::path& file) {
    EXPECT_TRUE(store::GuardFile::create(file).has_value());
    return store::GuardFile::open(file).value();
  }
  std::unique_ptr<store::JournalFile> journal_;
  std::promise<std::string> ended_;
  std::thread thread_;
};

// What a liar does when it is asked.
struct Lie {
  SnapshotOffer offer;
  std::function<std::optional<SnapshotPart>(std::uint64_t index)> part;
};

class SnapshotExchangeTest : public testing::Test {
 protected:
  SnapshotExchangeTest() {
    store::SnapshotShelf shelf(made_.folder.path() / "snapshots");
    const auto view = made_.store->latest();
    EXPECT_TRUE(shelf
                    .put(view->height(),
                         [&](const store::SnapshotOut& out) {
                           return made_.store->write_snapshot(*view, store::SnapshotContent::state,
                                                              out);
                         })
                    .has_value());
    good_ = *shelf.newest();
    part_ = *shelf.part({good_.root, 0});
    EXPECT_EQ(good_.bytes, part_.bytes.size());  // it is all of it
    store::copy_folder(made_.folder.path(), honest_folder_.path() / "home");
  }

  const simulation::Consortium& consortium() const { return made_.chain.consortium; }
  void start_empty() { empty_.emplace("platform", consortium(), home(), 1); }
  std::filesystem::path home() const { return empty_folder_.path() / "home"; }
  std::uint16_t port() const { return empty_->host->peer_port(); }
  void start_honest() {
    honest_.emplace("desert-ngo", consortium(), honest_folder_.path() / "home", 0, port());
  }
  // Claims to be as high as its snapshot.
  std::unique_ptr<PlayedPeer> liar(const std::string& org, Lie lie) {
    auto place = std::make_shared<std::atomic<PlayedPeer*>>(nullptr);
    auto peer = std::make_unique<PlayedPeer>(
        org, consortium(), port(), [place, lie](const replica::Message& message) {
          PlayedPeer* const self = place->load();
          if (self == nullptr) return;
          if (std::holds_alternative<replica::Status>(message)) {
            return self->send(replica::Status{lie.offer.height});
          }
          const auto* wanted = std::get_if<SnapshotWanted>(&message);
          if (wanted == nullptr) return;
          if (!wanted->part) return self->send(SnapshotOffered{lie.offer});
          if (auto part = lie.part(wanted->part->index)) self->send(*std::move(part));
        });
    place->store(peer.get());
    EXPECT_TRUE(peer->until([&] { return peer->connections > 0; }));
    peer->send(replica::Status{lie.offer.height});
    return peer;
  }
  void expect_restored() {
    ASSERT_TRUE(empty_->ends());
    EXPECT_TRUE(empty_->host->has_restored());
    EXPECT_EQ(empty_->guard->height(), good_.height);  // it signs nothing below
    empty_.reset();
    {
      const auto restored = store::open_store(home(), consortium().genesis());
      store::expect_equal(*restored, made_.chain.model);
      EXPECT_EQ(restored->latest()->base(), good_.height);
      for (const auto& attachment : made_.attachments) {
        EXPECT_NE(restored->latest()->attachment(attachment->announced().root), nullptr);
      }
    }
    const auto report = store::check_store(home(), consortium().genesis(), [](Height, Height) {});
    ASSERT_TRUE(report.has_value());
    EXPECT_THAT(report->findings, testing::IsEmpty());
  }
  bool is_empty() { return empty_->host->latest()->height() == Height{0}; }

  store::SnapshotChain made_;
  store::TemporaryFolder honest_folder_;
  store::TemporaryFolder empty_folder_;
  SnapshotOffer good_;
  SnapshotPart part_;
  std::optional<RunningHost> empty_;
  std::optional<RunningHost> honest_;
};

TEST_F(SnapshotExchangeTest, BeginsAtTheSnapshotOfItsPeersThoughOneOffersAFakeThatIsNewer) {
  start_empty();
  const crypto::Bytes garbage(kSnapshotPartBytes, 7);
  const std::vector<crypto::Hash> leaves(3, crypto::leaf_hash(garbage));
  const SnapshotOffer fake{{900}, 3 * kSnapshotPartBytes, crypto::merkle_root(leaves)};
  const auto serves = [=](std::uint64_t index) {
    return std::optional(
        SnapshotPart{{fake.root, index}, crypto::inclusion_path(index, leaves), garbage});
  };
  start_honest();
  const auto peer = liar("verifier", {fake, serves});
  expect_restored();
  EXPECT_TRUE(peer->until([&] { return peer->losses > 0; }));
}

TEST_F(SnapshotExchangeTest, PartsThatAreNotOfTheSnapshotCostWhoSendsThem) {
  start_empty();
  const auto serves = [this](std::uint64_t) {
    SnapshotPart wrong = part_;
    wrong.bytes.back() ^= 1;
    return std::optional(wrong);
  };
  const auto peer = liar("river-ngo", {good_, serves});
  const auto silent = liar("verifier", {good_, [](auto) { return std::nullopt; }});
  EXPECT_TRUE(peer->until([&] { return peer->losses > 0; }));  // nobody else serves it yet
  EXPECT_TRUE(is_empty());
  start_honest();
  expect_restored();
}

TEST_F(SnapshotExchangeTest, AnOldSnapshotUnderTheNameOfANewOneIsRefused) {
  start_empty();
  SnapshotOffer renamed = good_;
  renamed.height = {good_.height.value + 50};
  const auto peer = liar("verifier", {renamed, [this](auto) { return std::optional(part_); }});
  const auto silent = liar("river-ngo", {renamed, [](auto) { return std::nullopt; }});
  EXPECT_TRUE(peer->until([&] { return peer->losses > 0; }));
  EXPECT_TRUE(is_empty());
  EXPECT_FALSE(std::filesystem::exists(home() / "restored"));
}

TEST_F(SnapshotExchangeTest, ACutSnapshotIsRefused) {
  start_empty();
  crypto::Bytes cut = part_.bytes;
  cut.resize(cut.size() - 2);
  const SnapshotOffer offer{good_.height, cut.size(), crypto::leaf_hash(cut)};
  const auto serves = [=](auto) { return std::optional(SnapshotPart{{offer.root, 0}, {}, cut}); };
  const auto peer = liar("verifier", {offer, serves});
  const auto other = liar("river-ngo", {offer, serves});
  EXPECT_TRUE(peer->until([&] { return peer->losses > 0; }));
  EXPECT_TRUE(other->until([&] { return other->losses > 0; }));
  EXPECT_TRUE(is_empty());
  EXPECT_FALSE(std::filesystem::exists(home() / "restored"));
}

// The chain is one that is executed again.
TEST(SnapshotSeeking, WithoutASnapshotTheBlocksAreReplayed) {
  const simulation::Consortium& consortium = simulation::Consortium::of(4);
  simulation::History history(consortium);
  history.extend_by(40);
  store::TemporaryFolder folder;
  RunningHost empty("platform", consortium, folder.path() / "empty", 10);
  const auto home_of = [&](const std::string& org) {
    const auto home = folder.path() / org;
    const auto full = store::open_store(home, consortium.genesis());
    for (const replica::Commit& commit : history.store().blocks()) {
      EXPECT_TRUE(full->commit(commit).has_value());
    }
    return home;
  };
  const auto first = home_of("verifier");
  const auto second = home_of("river-ngo");
  RunningHost one("verifier", consortium, first, 0, empty.host->peer_port());
  RunningHost two("river-ngo", consortium, second, 0, empty.host->peer_port());
  for (int i = 0; i < 12'000 && empty.host->latest()->height() < Height{40}; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(empty.host->latest()->height(), Height{40});
  EXPECT_FALSE(empty.host->has_restored());
}

}  // namespace
}  // namespace treeproof::node
