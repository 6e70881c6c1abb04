// The door: accepts TCP connections and turns away addresses that knock too often.
// Owns the listening socket and the accept rates; not what becomes of a connection.
// Called by mesh, on the main thread. Source: docs/protocol.md section 10.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "node/network/peer.h"
#include "node/network/socket_descriptor.h"

namespace boost::asio {
class io_context;
}  // namespace boost::asio

namespace treeproof::network {

class Listener {
 public:
  // Connections of one address: a burst, then so many per second.
  struct Rate {
    std::uint32_t burst = 0;
    std::uint32_t per_second = 0;
  };
  struct Events {
    std::function<void(SocketDescriptor, const std::string& address)> accepted;
    std::function<void(const std::string& address)> too_busy;
  };
  Listener(boost::asio::io_context& main, Rate rate, Events events);
  ~Listener();  // closes

  // Requires: a numeric address. The error is one line for the operator.
  std::expected<void, std::string> listen(const PeerAddress& address);
  // Nothing is accepted afterwards.
  void close();
  // 0 when not listening.
  std::uint16_t port() const;

 private:
  struct Door;
  std::shared_ptr<Door> door_;
};

}  // namespace treeproof::network
