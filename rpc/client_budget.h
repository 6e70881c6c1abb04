// How much each client may ask for: connections at once, and work per second.
// Owns the accounts of clients that are connected or spent something lately. Caller: the server, on
// its one thread of sockets. Time comes from the caller. Source: docs/api.md "Plain routes".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace treeproof::rpc {

struct ClientLimits {
  std::size_t connections_max = 1'024;  // of all clients
  std::size_t connections_per_client_max = 256;
  std::uint64_t units_per_s = 200'000;  // a request costs one unit, and one for every 256 bytes
};

class ClientBudget {
 public:
  explicit ClientBudget(const ClientLimits& limits) : limits_(limits) {}

  // False: this connection is one too many.
  bool open(const std::string& client, std::uint64_t now_ms);
  // Requires: open() held.
  void close(const std::string& client);
  // False: the client has used up its second, and the one that it may save.
  bool spend(const std::string& client, std::size_t body_bytes, std::uint64_t now_ms);

  std::size_t connections() const noexcept { return connections_; }

 private:
  struct Account {
    std::size_t connections = 0;
    std::uint64_t units = 0;
    std::uint64_t filled_ms = 0;
  };
  void forget_idle(std::uint64_t now_ms);

  ClientLimits limits_;
  std::map<std::string, Account> accounts_;
  std::size_t connections_ = 0;
};

// Bytes that clients make this node hold, counted while they are held.
class BytesInHand {
 public:
  BytesInHand(std::size_t& total, std::size_t bytes) : total_(total), bytes_(bytes) {
    total_ += bytes_;
  }
  ~BytesInHand() { total_ -= bytes_; }
  BytesInHand(const BytesInHand&) = delete;
  BytesInHand& operator=(const BytesInHand&) = delete;

 private:
  std::size_t& total_;
  const std::size_t bytes_;
};

}  // namespace treeproof::rpc
