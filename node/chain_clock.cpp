#include "node/chain_clock.h"

#include <algorithm>

namespace treeproof::node {

ChainClock::ChainClock(const ledger::Genesis& genesis)
    : genesis_time_(genesis.time), clock_(genesis.clock) {}

replica::Now ChainClock::at(TimeMs real) const noexcept {
  if (!clock_) return {real, real, 1};
  const std::uint64_t since = real.value - std::min(real.value, genesis_time_.value);
  const std::uint64_t span = clock_->until.value - clock_->start.value;
  const std::uint64_t fast = span / clock_->rate;  // real milliseconds until `until`
  if (since < fast) return {real, TimeMs{clock_->start.value + since * clock_->rate}, clock_->rate};
  return {real, TimeMs{clock_->until.value + (since - fast)}, 1};
}

}  // namespace treeproof::node
