// A client that sends bytes as it likes: for requests that no honest library makes.
// Shared by the tests of the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace treeproof::rpc {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False where the peer closed.
  bool send(std::string_view bytes);
  // What arrives until the peer closes, the text `until` came, or the time is over.
  std::string receive(std::string_view until = {}, int timeout_ms = 60'000);
  // Whether anything came, or the peer closed: what a call would receive without waiting.
  bool has_something() const;
  // Whether the peer closed; waits up to this time.
  bool is_closed(int timeout_ms);

 private:
  int socket_;
};

}  // namespace treeproof::rpc
