// An open TCP socket that belongs to no event loop: how one passes between main and the pool.
// Owns the descriptor and closes it when it goes. Made by listener and handshake, taken over by
// handshake and session. One owner at a time.
// Source: docs/protocol.md section 10.
#pragma once

namespace treeproof::network {

class SocketDescriptor {
 public:
  SocketDescriptor(int descriptor, bool is_ipv6) noexcept
      : descriptor_(descriptor), is_ipv6_(is_ipv6) {}
  ~SocketDescriptor();
  SocketDescriptor(SocketDescriptor&& other) noexcept;
  SocketDescriptor& operator=(SocketDescriptor&& other) noexcept;

  // Still owned here.
  int get() const noexcept { return descriptor_; }
  // The caller closes it from now on.
  int release() noexcept;
  bool is_ipv6() const noexcept { return is_ipv6_; }

 private:
  int descriptor_;
  bool is_ipv6_;
};

}  // namespace treeproof::network
