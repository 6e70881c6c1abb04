#include "node/network/mesh.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/node/network/mesh_harness.h"
#include "tests/unit/node/network/raw_peer.h"

namespace treeproof::network {
namespace {

using Orgs = std::vector<std::string>;

TEST(Mesh, FourOrganisationsConnectToOneAnother) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  Node& c = net.start('c', {{"a", a.mesh->port()}, {"b", b.mesh->port()}});
  Node& d = net.start('d', {{"a", a.mesh->port()}, {"b", b.mesh->port()}, {"c", c.mesh->port()}});
  const std::vector<Node*> all = {&a, &b, &c, &d};
  ASSERT_TRUE(net.until([&] {
    return std::ranges::all_of(all, [](Node* n) { return n->recorder.told.size() == 3; });
  }));
  EXPECT_EQ(a.mesh->connected(), (Orgs{"b", "c", "d"}));
  EXPECT_EQ(c.mesh->connected(), (Orgs{"a", "b", "d"}));

  for (Node* node : all) node->mesh->broadcast(kVoteKind, shared_bytes(10, 7));
  ASSERT_TRUE(net.until([&] {
    return std::ranges::all_of(all, [](Node* n) { return n->recorder.frames.size() == 3; });
  }));
  const MeshStats stats = a.mesh->stats();
  ASSERT_EQ(stats.peers.size(), 3u);
  for (const PeerStats& peer : stats.peers) {
    EXPECT_EQ(peer.sent.bytes, 15u);
    EXPECT_EQ(peer.received.frames, 1u);
    EXPECT_EQ(peer.queue_bytes, 0u);
  }
  EXPECT_EQ(stats.accepted, 3u);
  EXPECT_EQ(stats.half_open, 0u);
}

TEST(Mesh, KeepsTheOneConnectionThatTheSmallerNameDialled) {
  const std::uint16_t port_a = free_port();
  const std::uint16_t port_b = free_port();
  for (int run = 0; run < 5; ++run) {
    Loopback net;
    const auto listen_on = [](std::uint16_t port) {
      return [port](MeshConfig& config) {
        config.listen.port = port;
        config.limits.head_start_ms = 0;
      };
    };
    Node& a = net.start('a', {{"b", port_b}}, listen_on(port_a));
    Node& b = net.start('b', {{"a", port_a}}, listen_on(port_b));
    const auto side = [](const Node& node) {
      const MeshStats stats = node.mesh->stats();
      return stats.peers.empty() ? std::optional<Side>() : stats.peers.front().own_side;
    };
    ASSERT_TRUE(net.until([&] { return side(a) == Side::client && side(b) == Side::server; }));
    net.turn_for(100);
    EXPECT_EQ(side(a), Side::client);
    EXPECT_EQ(side(b), Side::server);
    EXPECT_EQ(a.mesh->connected(), Orgs{"b"});
    a.mesh->broadcast(kVoteKind, shared_bytes(1, 1));
    b.mesh->broadcast(kVoteKind, shared_bytes(1, 2));
    EXPECT_TRUE(
        net.until([&] { return a.recorder.frames.size() == 1 && b.recorder.frames.size() == 1; }));
  }
}

TEST(Mesh, KeepsTheOrderOfFrames) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return b.recorder.heard("+a"); }));
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    crypto::Bytes payload(i % 700, 0);
    crypto::append_u32be(payload, i);
    ASSERT_TRUE(b.mesh->send("a", kVoteKind, std::make_shared<const crypto::Bytes>(payload)));
  }
  ASSERT_TRUE(net.until([&] { return a.recorder.frames.size() == 5'000; }));
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const crypto::Bytes& payload = a.recorder.frames[i].payload;
    ASSERT_EQ(payload.size(), i % 700 + 4);
    ASSERT_EQ(crypto::read_u32be(crypto::ByteSpan(payload).last(4)), i);
  }
}

TEST(Mesh, PassesAFrameOf8MiB) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b"); }));
  crypto::Bytes block(kBlockBytesMaxHere);
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::uint8_t>(i % 251);
  ASSERT_TRUE(a.mesh->send("b", kBlockKind, std::make_shared<const crypto::Bytes>(block)));
  ASSERT_TRUE(net.until([&] { return !b.recorder.frames.empty(); }));
  EXPECT_TRUE(crypto::equal(b.recorder.frames.front().payload, block));
}

TEST(Mesh, SendsNothingToWhoIsNotConnected) {
  Loopback net;
  Node& a = net.start('a', {});
  EXPECT_FALSE(a.mesh->send("b", kVoteKind, shared_bytes(1, 1)));
}

TEST(Mesh, ReconnectsToAPeerThatRestarts) {
  Loopback net;
  const std::uint16_t port = free_port();
  const auto listen_there = [port](MeshConfig& config) { config.listen.port = port; };
  Node& b = net.start('b', {}, listen_there);
  Node& a = net.start('a', {{"b", port}});
  for (int restart = 0; restart < 3; ++restart) {
    ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b") && b.recorder.heard("+a"); }));
    a.recorder.told.clear();
    b.recorder.told.clear();
    b.mesh.reset();
    ASSERT_TRUE(net.until([&] { return a.recorder.told.size() == 1; }));
    EXPECT_EQ(a.recorder.told.front().substr(0, 2), "-b");
    net.restart(b, {}, listen_there);
  }
  EXPECT_TRUE(net.until([&] { return b.recorder.heard("+a"); }));
}

PeerLevel level_of(const Node& node, const std::string& org) {
  for (const PeerStats& peer : node.mesh->stats().peers) {
    if (peer.org == org) return peer.level;
  }
  ADD_FAILURE() << org << " is not connected";
  return PeerLevel::full;
}

TEST(Mesh, DropsWhoLeavesTheDirectoryAndAdmitsWhoEntersIt) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& c = net.start('c', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return c.recorder.heard("+a") && a.recorder.heard("+c"); }));
  a.mesh->set_directory(test_directory("ab"));
  EXPECT_EQ(a.mesh->connected(), Orgs{});
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("-c left_directory"); }));
  ASSERT_TRUE(net.until([&] { return a.recorder.refused(Reason::unknown_org) > 0; }));
  a.recorder.told.clear();
  a.mesh->set_directory(test_directory("abc"));
  EXPECT_TRUE(net.until([&] { return a.recorder.heard("+c"); }));
  EXPECT_EQ(a.recorder.told, Orgs{"+c"});
}

// [rule 27] A node that is far behind knows none of today's keys.
TEST(Mesh, CatchesUpFromADialledPeerWhoseKeyItDoesNotKnowYet) {
  Loopback net;
  Node& b = net.start('b', {});
  Node& c = net.start('c', {{"b", b.mesh->port()}},
                      [](MeshConfig& config) { config.limits.redial_last_ms = 10; });
  c.mesh->set_directory(test_directory("a"));
  c.recorder.told.clear();
  ASSERT_TRUE(net.until([&] { return c.recorder.heard("+b") && b.recorder.heard("+c"); }));
  EXPECT_EQ(level_of(c, "b"), PeerLevel::catch_up_only);
  EXPECT_FALSE(c.mesh->send("b", kVoteKind, shared_bytes(1, 1)));
  EXPECT_TRUE(c.mesh->send("b", kCatchUpKind, shared_bytes(1, 2)));
  ASSERT_TRUE(net.until([&] { return b.recorder.frames.size() == 1; }));
  c.mesh->set_directory(test_directory("ab"));  // the ledger says the key
  EXPECT_TRUE(net.until([&] { return c.recorder.heard("-b left_directory"); }));
  c.recorder.told.clear();
  ASSERT_TRUE(net.until([&] { return c.recorder.heard("+b"); }));
  EXPECT_EQ(level_of(c, "b"), PeerLevel::full);
}

TEST(Mesh, PrefersAPeerWhoseKeyItKnowsToAStranger) {
  Loopback net;
  Node& impostor = net.start('x', {}, [](MeshConfig& config) { config.own_org = "b"; });
  Node& a = net.start('a', {{"b", impostor.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b"); }));
  EXPECT_EQ(level_of(a, "b"), PeerLevel::catch_up_only);
  net.start('b', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("-b replaced"); }));
  EXPECT_EQ(level_of(a, "b"), PeerLevel::full);
  net.turn_for(200);  // the impostor answers again, and stays outside
  EXPECT_EQ(level_of(a, "b"), PeerLevel::full);
}

TEST(Mesh, DropsAPeerWhoseKeyChanges) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b"); }));
  auto directory = test_directory("a");
  directory.emplace("b", PeerEntry{test_key('x').public_key(), PeerLevel::full});
  a.mesh->set_directory(directory);
  ASSERT_TRUE(net.until([&] { return b.recorder.refused(Reason::unknown_key, RefusedBy::peer); }));
  EXPECT_TRUE(a.recorder.heard("-b left_directory"));
  EXPECT_TRUE(net.until([&] { return a.recorder.refused(Reason::unknown_key) > 0; }));
}

TEST(Mesh, ExchangesOnlyCatchUpFramesWithPeersOfThatLevel) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  auto directory = test_directory("a");
  directory.emplace("b", PeerEntry{b.key.public_key(), PeerLevel::catch_up_only});
  a.mesh->set_directory(directory);
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b") && b.recorder.heard("+a"); }));
  EXPECT_FALSE(a.mesh->send("b", kVoteKind, shared_bytes(1, 1)));
  a.mesh->broadcast(kVoteKind, shared_bytes(1, 1));
  a.mesh->broadcast(kCatchUpKind, shared_bytes(1, 2));
  b.mesh->broadcast(kVoteKind, shared_bytes(1, 3));
  b.mesh->broadcast(kCatchUpKind, shared_bytes(1, 4));
  ASSERT_TRUE(net.until([&] { return a.recorder.frames.size() + b.recorder.frames.size() == 2; }));
  EXPECT_EQ(a.recorder.frames.front().payload, crypto::Bytes{4});
  EXPECT_EQ(b.recorder.frames.front().payload, crypto::Bytes{2});
  EXPECT_EQ(a.mesh->stats().frames_ignored, 1u);
}

TEST(Mesh, TellsTheOperatorWhichAddressCannotBeListenedOn) {
  Loopback net;
  Node& a = net.start('a', {});
  const auto listen_on = [&](PeerAddress address) {
    try {
      net.start('b', {}, [&](MeshConfig& config) { config.listen = address; });
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(listen_on({"127.0.0.1", a.mesh->port()}).find("already in use"), std::string::npos);
  EXPECT_NE(listen_on({"localhost", 0}).find("not a numeric address"), std::string::npos);
}

TEST(Mesh, ConnectsByNameAndOverIpv6) {
  Loopback net;
  Node* a = nullptr;
  try {
    a = &net.start('a', {}, [](MeshConfig& config) { config.listen = {"::", 0}; });
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << "no IPv6 here: " << error.what();
  }
  const std::uint16_t port = a->mesh->port();
  net.start('b', {}, [&](MeshConfig& config) { config.peers = {{"a", {"::1", port}}}; });
  net.start('c', {}, [&](MeshConfig& config) { config.peers = {{"a", {"localhost", port}}}; });
  EXPECT_TRUE(net.until([&] { return a->recorder.heard("+b") && a->recorder.heard("+c"); }));
}

TEST(Mesh, StopsCleanlyWhileBusy) {
  for (std::uint32_t run = 0; run < 5; ++run) {
    Loopback net;
    Node& a = net.start('a', {{"e", free_port()}});
    Node& b = net.start('b', {{"a", a.mesh->port()}});
    RawPeer half_open(a.mesh->port(), net.turn());
    ASSERT_TRUE(net.until([&] { return a.recorder.heard("+b") && b.recorder.heard("+a"); }));
    net.start('c', {{"a", a.mesh->port()}, {"b", b.mesh->port()}});
    for (int i = 0; i < 4; ++i) {
      a.mesh->broadcast(kBlockKind, shared_bytes(kBlockBytesMaxHere, 1));
      b.mesh->broadcast(kBlockKind, shared_bytes(kBlockBytesMaxHere, 2));
    }
    net.turn_for(5 * run);
    const std::size_t told = a.recorder.told.size();
    a.mesh->stop();
    EXPECT_TRUE(a.mesh->connected().empty());
    net.turn_for(20);
    EXPECT_EQ(a.recorder.told.size(), told);
    b.mesh.reset();
    net.turn_for(20);
  }
}

TEST(Mesh, MayBeStoppedByItsHandler) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  ASSERT_TRUE(net.until([&] { return b.recorder.heard("+a"); }));
  a.recorder.after_frame = [&] { a.mesh->stop(); };
  for (int i = 0; i < 10; ++i) b.mesh->broadcast(kVoteKind, shared_bytes(1, 1));
  ASSERT_TRUE(net.until([&] { return b.recorder.told.size() == 2; }));
  EXPECT_EQ(a.recorder.frames.size(), 1u);
}

}  // namespace
}  // namespace treeproof::network
