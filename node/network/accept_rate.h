// How often one address may connect: a token bucket per address, in a table of bounded size.
// Owns no clock and no socket. Called by the mesh on the main thread; not thread-safe.
// Source: docs/protocol.md section 10.
#pragma once

#include <array>
#include <cstdint>
#include <map>

namespace treeproof::network {

// An IPv6 /64, or an IPv4 address mapped into IPv6: what one party commonly holds.
using AddressKey = std::array<std::uint8_t, 16>;

class AcceptRate {
 public:
  // A full bucket holds `burst` connections and regains `per_second`. Requires: both above zero.
  AcceptRate(std::uint32_t burst, std::uint32_t per_second) noexcept;

  // True when one more connection of that address is admitted now. Time never goes back.
  bool admit(const AddressKey& address, std::uint64_t now_ms);

  std::size_t addresses() const noexcept { return buckets_.size(); }

 private:
  struct Bucket {
    std::uint64_t millitokens;
    std::uint64_t refilled_ms;
  };
  void refill(Bucket& bucket, std::uint64_t now_ms) const noexcept;
  void forget_full_buckets(std::uint64_t now_ms);

  std::uint64_t full_millitokens_;
  std::uint64_t millitokens_per_ms_;
  std::map<AddressKey, Bucket> buckets_;
};

}  // namespace treeproof::network
