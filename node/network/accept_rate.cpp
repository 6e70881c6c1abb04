#include "node/network/accept_rate.h"

#include <algorithm>
#include <cassert>

namespace treeproof::network {
namespace {
constexpr std::size_t kAddressesMax = 4'096;
constexpr std::uint64_t kMillitokensPerConnection = 1'000;
}  // namespace

AcceptRate::AcceptRate(std::uint32_t burst, std::uint32_t per_second) noexcept
    : full_millitokens_(burst * kMillitokensPerConnection), millitokens_per_ms_(per_second) {
  assert(burst > 0 && per_second > 0);
}

void AcceptRate::refill(Bucket& bucket, std::uint64_t now_ms) const noexcept {
  assert(now_ms >= bucket.refilled_ms);
  const std::uint64_t missing = full_millitokens_ - bucket.millitokens;
  const std::uint64_t elapsed_ms = now_ms - bucket.refilled_ms;
  const bool full = elapsed_ms > missing / millitokens_per_ms_;
  bucket.millitokens += full ? missing : elapsed_ms * millitokens_per_ms_;
  bucket.refilled_ms = now_ms;
}

void AcceptRate::forget_full_buckets(std::uint64_t now_ms) {
  for (auto next = buckets_.begin(); next != buckets_.end();) {
    refill(next->second, now_ms);
    next = next->second.millitokens == full_millitokens_ ? buckets_.erase(next) : std::next(next);
  }
}

bool AcceptRate::admit(const AddressKey& address, std::uint64_t now_ms) {
  auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kAddressesMax) forget_full_buckets(now_ms);
    if (buckets_.size() >= kAddressesMax) return false;
    found = buckets_.emplace(address, Bucket{full_millitokens_, now_ms}).first;
  }
  Bucket& bucket = found->second;
  refill(bucket, now_ms);
  if (bucket.millitokens < kMillitokensPerConnection) return false;
  bucket.millitokens -= kMillitokensPerConnection;
  return true;
}

}  // namespace treeproof::network
