#include "node/network/tls_channel.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

namespace treeproof::network {
namespace {

using Progress = TlsChannel::Progress;

void carry(TlsChannel& from, TlsChannel& to) {
  crypto::Bytes wire;
  from.take_output(wire);
  to.feed(wire);
}

struct Pair {
  TlsIdentity client_identity = *TlsIdentity::make();
  TlsIdentity server_identity = *TlsIdentity::make();
  TlsChannel client{client_identity, Side::client};
  TlsChannel server{server_identity, Side::server};

  bool shake_hands() {
    for (int turn = 0; turn < 10; ++turn) {
      const Progress of_client = client.handshake();
      carry(client, server);
      const Progress of_server = server.handshake();
      carry(server, client);
      if (of_client == Progress::complete && of_server == Progress::complete) return true;
    }
    return false;
  }
};

TEST(TlsChannel, BothEndsExportTheSameBytes) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  ASSERT_TRUE(pair.client.exporter());
  EXPECT_EQ(pair.client.exporter(), pair.server.exporter());
}

TEST(TlsChannel, EverySessionExportsOtherBytes) {
  Pair first;
  ASSERT_TRUE(first.shake_hands());
  TlsChannel client(first.client_identity, Side::client);
  TlsChannel server(first.server_identity, Side::server);
  while (client.handshake() != Progress::complete) {
    carry(client, server);
    ASSERT_NE(server.handshake(), Progress::failed);
    carry(server, client);
  }
  EXPECT_NE(first.client.exporter(), client.exporter());
}

TEST(TlsChannel, CarriesBytesBothWays) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  const crypto::Bytes sent(100'000, 42);
  ASSERT_TRUE(pair.client.write(sent));
  carry(pair.client, pair.server);
  crypto::Bytes got;
  std::array<std::uint8_t, 1'000> buffer{};
  while (true) {
    const auto count = pair.server.read(buffer);
    ASSERT_TRUE(count);
    if (*count == 0) break;
    got.insert(got.end(), buffer.begin(), buffer.begin() + std::ptrdiff_t(*count));
  }
  EXPECT_EQ(got, sent);
  ASSERT_TRUE(pair.server.write(crypto::as_bytes("back")));
  carry(pair.server, pair.client);
  ASSERT_EQ(pair.client.read(buffer), 4u);
  EXPECT_EQ(crypto::as_text(crypto::ByteSpan(buffer).first(4)), "back");
}

TEST(TlsChannel, SendsNoTicketsThatWouldAllowResumption) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  EXPECT_EQ(pair.server.output_bytes(), 0u);
  carry(pair.client, pair.server);
  EXPECT_EQ(pair.server.handshake(), Progress::complete);
  EXPECT_EQ(pair.server.output_bytes(), 0u);
}

TEST(TlsChannel, RefusesADamagedRecord) {
  Pair pair;
  ASSERT_TRUE(pair.shake_hands());
  ASSERT_TRUE(pair.client.write(crypto::as_bytes("text")));
  crypto::Bytes wire;
  pair.client.take_output(wire);
  wire.back() ^= 1;
  pair.server.feed(wire);
  std::array<std::uint8_t, 100> buffer{};
  const auto got = pair.server.read(buffer);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), Reason::tls_failed);
}

TEST(TlsChannel, RefusesWhatIsNotTls) {
  const auto identity = *TlsIdentity::make();
  TlsChannel server(identity, Side::server);
  server.feed(crypto::as_bytes("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
  EXPECT_EQ(server.handshake(), Progress::failed);
}

// A client of plain OpenSSL, to offer what our own never would.
class OtherClient {
 public:
  explicit OtherClient(int version_max) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_, version_max);
    session_ = SSL_new(context_);
    SSL_set_bio(session_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(session_);
  }
  ~OtherClient() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }
  OtherClient(const OtherClient&) = delete;
  OtherClient& operator=(const OtherClient&) = delete;

  Progress shake_hands_with(TlsChannel& server) {
    for (int turn = 0; turn < 10; ++turn) {
      SSL_do_handshake(session_);
      crypto::Bytes wire(BIO_ctrl_pending(SSL_get_wbio(session_)));
      BIO_read(SSL_get_wbio(session_), wire.data(), static_cast<int>(wire.size()));
      server.feed(wire);
      const Progress progress = server.handshake();
      if (progress != Progress::needs_input) return progress;
      crypto::Bytes answer;
      server.take_output(answer);
      BIO_write(SSL_get_rbio(session_), answer.data(), static_cast<int>(answer.size()));
    }
    return Progress::needs_input;
  }

 private:
  SSL_CTX* context_;
  SSL* session_;
};

TEST(TlsChannel, RefusesTls12) {
  const auto identity = *TlsIdentity::make();
  TlsChannel server(identity, Side::server);
  EXPECT_EQ(OtherClient(TLS1_2_VERSION).shake_hands_with(server), Progress::failed);
}

TEST(TlsChannel, RefusesAClientWithoutACertificate) {
  const auto identity = *TlsIdentity::make();
  TlsChannel server(identity, Side::server);
  EXPECT_EQ(OtherClient(TLS1_3_VERSION).shake_hands_with(server), Progress::failed);
}

}  // namespace
}  // namespace treeproof::network
