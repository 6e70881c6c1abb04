// One connection in the making: connect, TLS, then a hello from each side, client first.
// Owns its socket until it succeeds, and a deadline. It runs on a strand of the pool, so that no
// signature or TLS handshake ever costs the main thread; its result comes on main. The server says
// hello only to a client that it admits, and tells any other why not.
// Called by mesh. Source: docs/protocol.md section 10, docs/consensus.md rule 30.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "node/network/hello.h"
#include "node/network/socket_descriptor.h"
#include "node/network/tls_channel.h"

namespace boost::asio {
class io_context;
class thread_pool;
}  // namespace boost::asio

namespace treeproof::network {

// What all handshakes of one mesh share; immutable.
struct HandshakeTerms {
  std::string chain_id;
  std::string own_org;
  const crypto::SecretKey& node_key;
  TlsIdentity identity;
  std::uint32_t timeout_ms = 0;
};

struct Established {
  SocketDescriptor socket;
  TlsChannel tls;  // may hold bytes that the peer sent after its hello
  Side own_side = Side::client;
  Admitted peer;
};

using HandshakeResult = std::expected<Established, Refusal>;

class Handshake {
 public:
  // Called once, on main.
  using Done = std::function<void(HandshakeResult)>;

  struct Executors {
    boost::asio::io_context& main;
    boost::asio::thread_pool& pool;
  };
  struct Shared {
    std::shared_ptr<const HandshakeTerms> terms;
    std::shared_ptr<const PeerDirectory> directory;
  };
  // Requires: main outlives the work of the pool.
  static Handshake answer(Executors executors, Shared shared, SocketDescriptor socket, Done done);
  static Handshake dial(Executors executors, Shared shared, PeerAddress address, std::string org,
                        Done done);

  // Ends it soon, with Reason::stopped. From any thread.
  void cancel();

 private:
  struct Attempt;
  explicit Handshake(std::shared_ptr<Attempt> attempt) noexcept : attempt_(std::move(attempt)) {}
  static Handshake start(std::shared_ptr<Attempt> attempt);

  std::shared_ptr<Attempt> attempt_;
};

}  // namespace treeproof::network
