// Peers that break the protocol: each loses its own connection, with a reason, and nobody else's.
#include <gtest/gtest.h>

#include "tests/unit/node/network/mesh_harness.h"
#include "tests/unit/node/network/raw_peer.h"

namespace treeproof::network {
namespace {

// A client that reaches the mesh, says this hello, and reads the refusal that answers it.
struct Refused {
  Reason by_mesh = Reason::internal_error;  // as the mesh's handler was told
  Reason as_sent = Reason::internal_error;  // as the client was told
};
Refused refusal_of(const std::function<crypto::Bytes(const RawPeer&)>& hello_bytes) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer peer(a.mesh->port(), net.turn());
  EXPECT_TRUE(peer.shake_hands());
  EXPECT_TRUE(peer.send(kHelloKind, hello_bytes(peer)));
  const auto answer = peer.read_frame();
  EXPECT_TRUE(answer && answer->kind == kRefusalKind);
  EXPECT_TRUE(peer.is_closed_by_peer());
  EXPECT_TRUE(net.until([&] { return !a.recorder.refusals.empty(); }));
  EXPECT_TRUE(a.recorder.told.empty());
  EXPECT_EQ(a.recorder.refusals.front().first, "127.0.0.1");
  Refused refused;
  if (answer) {
    refused.as_sent =
        reason_from(crypto::as_text(answer->payload)).value_or(Reason::internal_error);
  }
  refused.by_mesh = a.recorder.refusals.front().second.reason;
  return refused;
}

void expect_refusal(Reason reason, const std::function<crypto::Bytes(const RawPeer&)>& hello) {
  const Refused refused = refusal_of(hello);
  EXPECT_EQ(to_string(refused.by_mesh), to_string(reason));
  EXPECT_EQ(to_string(refused.as_sent), to_string(reason));
}

TEST(HostilePeer, OfAnotherChainIsRefused) {
  expect_refusal(Reason::wrong_chain, [](const RawPeer& peer) {
    Hello hello = peer.hello("b");
    hello.chain_id = "another";
    return sign_hello(hello, test_key('b'));
  });
}

TEST(HostilePeer, WithOurOwnIdentityIsRefused) {
  expect_refusal(Reason::own_identity,
                 [](const RawPeer& peer) { return sign_hello(peer.hello("a"), test_key('a')); });
}

TEST(HostilePeer, OfAnUnknownOrganisationIsRefused) {
  expect_refusal(Reason::unknown_org,
                 [](const RawPeer& peer) { return sign_hello(peer.hello("z"), test_key('z')); });
}

TEST(HostilePeer, WithAnUnknownKeyIsRefused) {
  expect_refusal(Reason::unknown_key,
                 [](const RawPeer& peer) { return sign_hello(peer.hello("b"), test_key('c')); });
}

TEST(HostilePeer, ThatClaimsToBeTheServerIsRefused) {
  expect_refusal(Reason::wrong_role, [](const RawPeer& peer) {
    Hello hello = peer.hello("b");
    hello.side = Side::server;
    return sign_hello(hello, test_key('b'));
  });
}

TEST(HostilePeer, WithAForgedSignatureIsRefused) {
  expect_refusal(Reason::bad_signature, [](const RawPeer& peer) {
    auto bytes = sign_hello(peer.hello("b"), test_key('b'));
    bytes.back() ^= 1;
    return bytes;
  });
}

TEST(HostilePeer, WithGarbageForAHelloIsRefused) {
  expect_refusal(Reason::malformed_hello, [](const RawPeer&) { return crypto::Bytes{0xd2, 0x84}; });
}

// The man in the middle: an honest client dials him, and he passes its hello on to another node.
TEST(HostilePeer, ThatRelaysAStolenHelloIsRefused) {
  Loopback net;
  Node& a = net.start('a', {});
  RawListener trap;
  net.start('b', {{"a", trap.port()}});
  const auto victim = trap.accept(net.turn());
  ASSERT_TRUE(victim && victim->shake_hands());
  const auto stolen = victim->read_frame();
  ASSERT_TRUE(stolen && stolen->kind == kHelloKind);

  RawPeer thief(a.mesh->port(), net.turn());
  ASSERT_TRUE(thief.shake_hands());
  ASSERT_TRUE(thief.send(kHelloKind, stolen->payload));
  EXPECT_TRUE(thief.is_closed_by_peer());
  ASSERT_TRUE(net.until([&] { return a.recorder.refused(Reason::bad_exporter) == 1; }));
  EXPECT_TRUE(a.mesh->connected().empty());
}

TEST(HostilePeer, ThatAnswersForAnotherOrganisationIsLeft) {
  Loopback net;
  RawListener impostor;
  Node& a = net.start('a', {{"b", impostor.port()}});
  const auto peer = impostor.accept(net.turn());
  ASSERT_TRUE(peer && peer->shake_hands() && peer->read_frame());
  ASSERT_TRUE(peer->send(kHelloKind, sign_hello(peer->hello("c"), test_key('c'))));
  EXPECT_TRUE(peer->is_closed_by_peer());
  EXPECT_TRUE(net.until([&] { return a.recorder.refused(Reason::unexpected_org) == 1; }));
}

TEST(HostilePeer, ThatIsRefusedLearnsWhy) {
  Loopback net;
  Node& a = net.start('a', {});
  Node& b = net.start('b', {{"a", a.mesh->port()}},
                      [](MeshConfig& config) { config.chain_id = "another"; });
  ASSERT_TRUE(net.until([&] { return !b.recorder.refusals.empty(); }));
  EXPECT_EQ(b.recorder.refusals.front().first, "a");
  EXPECT_EQ(b.recorder.refused(Reason::wrong_chain, RefusedBy::peer), 1u);
}

TEST(HostilePeer, ThatDoesNotSpeakTlsIsRefused) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer peer(a.mesh->port(), net.turn());
  ASSERT_TRUE(peer.send_wire(crypto::as_bytes("GET / HTTP/1.1\r\n\r\n")));
  EXPECT_TRUE(peer.is_closed_by_peer());
  EXPECT_TRUE(net.until([&] { return a.recorder.refused(Reason::tls_failed) == 1; }));
}

TEST(HostilePeer, CannotHoldMoreThan16HandshakesOpenNorForLong) {
  Loopback net;
  Node& a =
      net.start('a', {}, [](MeshConfig& config) { config.limits.handshake_timeout_ms = 1'000; });
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int i = 0; i < 20; ++i) {
    silent.push_back(std::make_unique<RawPeer>(a.mesh->port(), net.turn()));
  }
  ASSERT_TRUE(net.until([&] { return a.mesh->stats().accepted == 20; }));
  EXPECT_EQ(a.mesh->stats().half_open, 16u);
  EXPECT_EQ(a.recorder.refused(Reason::half_open_limit), 4u);
  ASSERT_TRUE(net.until([&] { return a.mesh->stats().half_open == 0; }));
  EXPECT_EQ(a.recorder.refused(Reason::timed_out), 16u);
  for (const auto& peer : silent) EXPECT_TRUE(peer->is_closed_by_peer());
  EXPECT_TRUE(RawPeer(a.mesh->port(), net.turn()).join_as('b'));
}

TEST(HostilePeer, ThatConnectsTooOftenIsTurnedAway) {
  Loopback net;
  Node& a = net.start('a', {}, [](MeshConfig& config) {
    config.limits.accept_burst = 3;
    config.limits.accepts_per_second = 1;
  });
  std::vector<std::unique_ptr<RawPeer>> eager;
  for (int i = 0; i < 5; ++i) {
    eager.push_back(std::make_unique<RawPeer>(a.mesh->port(), net.turn()));
  }
  ASSERT_TRUE(net.until([&] { return a.mesh->stats().accepted == 5; }));
  EXPECT_EQ(a.recorder.refused(Reason::address_too_busy), 2u);
}

TEST(HostilePeer, WithAnOversizeFrameLosesOnlyItsOwnConnection) {
  Loopback net;
  Node& a = net.start('a', {});
  net.start('b', {{"a", a.mesh->port()}});
  RawPeer peer(a.mesh->port(), net.turn());
  ASSERT_TRUE(peer.join_as('c'));
  ASSERT_TRUE(net.until([&] { return a.mesh->connected().size() == 2; }));
  ASSERT_TRUE(peer.send(kVoteKind, crypto::Bytes(kVoteBytesMax, 1)));
  crypto::Bytes header;
  append_frame_header(header, {0xffff'ffff, kVoteKind});
  ASSERT_TRUE(peer.send_plaintext(header));
  EXPECT_TRUE(peer.is_closed_by_peer());
  EXPECT_TRUE(net.until([&] { return a.recorder.heard("-c oversize_frame"); }));
  EXPECT_EQ(a.mesh->connected(), std::vector<std::string>{"b"});
  EXPECT_EQ(a.recorder.frames.size(), 1u);
}

TEST(HostilePeer, WithAnUnknownKindLosesItsConnection) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer peer(a.mesh->port(), net.turn());
  ASSERT_TRUE(peer.join_as('c'));
  ASSERT_TRUE(peer.send(99, {}));
  EXPECT_TRUE(net.until([&] { return a.recorder.heard("-c unknown_kind"); }));
}

TEST(HostilePeer, WithADamagedRecordLosesItsConnection) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer peer(a.mesh->port(), net.turn());
  ASSERT_TRUE(peer.join_as('c'));
  ASSERT_TRUE(peer.send_wire(crypto::Bytes{23, 3, 3, 0, 4, 1, 2, 3, 4}));
  EXPECT_TRUE(net.until([&] { return a.recorder.heard("-c tls_failed"); }));
}

TEST(HostilePeer, ThatReadsNothingIsDroppedWhileOthersAreServed) {
  Loopback net;
  Node& a =
      net.start('a', {}, [](MeshConfig& config) { config.limits.queue_bytes_max = 16u << 20; });
  Node& b = net.start('b', {{"a", a.mesh->port()}});
  RawPeer peer(a.mesh->port(), net.turn());
  peer.shrink_receive_buffer();
  ASSERT_TRUE(peer.join_as('c'));
  ASSERT_TRUE(net.until([&] { return a.mesh->connected().size() == 2; }));
  for (std::size_t round = 1; round <= 60; ++round) {
    a.mesh->broadcast(kBlockKind, shared_bytes(1u << 20, static_cast<std::uint8_t>(round)));
    ASSERT_TRUE(net.until([&] { return b.recorder.frames.size() == round; }));
    ASSERT_EQ(b.recorder.frames.back().payload[0], round);
  }
  EXPECT_TRUE(a.recorder.heard("-c queue_full"));
  EXPECT_EQ(a.mesh->connected(), std::vector<std::string>{"b"});
}

TEST(HostilePeer, WhoseWriteDoesNotMoveIsDropped) {
  Loopback net;
  Node& a = net.start('a', {}, [](MeshConfig& config) { config.limits.write_timeout_ms = 200; });
  RawPeer peer(a.mesh->port(), net.turn());
  peer.shrink_receive_buffer();
  ASSERT_TRUE(peer.join_as('c'));
  ASSERT_TRUE(net.until([&] { return a.recorder.heard("+c"); }));
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(a.mesh->send("c", kBlockKind, shared_bytes(kBlockBytesMaxHere, 1)));
  }
  EXPECT_TRUE(net.until([&] { return a.recorder.heard("-c too_slow"); }));
}

TEST(HostilePeer, ThatConnectsTwiceKeepsOnlyTheNewerConnection) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer older(a.mesh->port(), net.turn());
  ASSERT_TRUE(older.join_as('c'));
  RawPeer newer(a.mesh->port(), net.turn());
  ASSERT_TRUE(newer.join_as('c'));
  EXPECT_TRUE(older.is_closed_by_peer());
  ASSERT_TRUE(net.until([&] { return a.recorder.told.size() == 3; }));
  EXPECT_EQ(a.recorder.told, (std::vector<std::string>{"+c", "-c replaced", "+c"}));
  ASSERT_TRUE(newer.send(kVoteKind, crypto::Bytes{1}));
  EXPECT_TRUE(net.until([&] { return a.recorder.frames.size() == 1; }));
}

TEST(HostilePeer, ThatSendsFramesRightBehindItsHelloIsHeard) {
  Loopback net;
  Node& a = net.start('a', {});
  RawPeer peer(a.mesh->port(), net.turn());
  ASSERT_TRUE(peer.shake_hands());
  ASSERT_TRUE(peer.send(kHelloKind, sign_hello(peer.hello("c"), test_key('c'))));
  ASSERT_TRUE(peer.send(kVoteKind, crypto::Bytes{7}));
  ASSERT_TRUE(net.until([&] { return a.recorder.frames.size() == 1; }));
  EXPECT_EQ(a.recorder.frames.front().payload, crypto::Bytes{7});
}

}  // namespace
}  // namespace treeproof::network
