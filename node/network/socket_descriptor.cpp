#include "node/network/socket_descriptor.h"

#include <unistd.h>

#include <utility>

namespace treeproof::network {

SocketDescriptor::~SocketDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SocketDescriptor::SocketDescriptor(SocketDescriptor&& other) noexcept
    : descriptor_(other.release()), is_ipv6_(other.is_ipv6_) {}

SocketDescriptor& SocketDescriptor::operator=(SocketDescriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(is_ipv6_, other.is_ipv6_);
  return *this;
}

int SocketDescriptor::release() noexcept { return std::exchange(descriptor_, -1); }

}  // namespace treeproof::network
