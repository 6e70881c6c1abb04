// The chain's clock: real time, but on a test chain a faster one that tells years in a minute.
// Owns no clock: real time goes in. Callers: host, demo. Pure.
// Source: docs/ledger.md "Clock".
#pragma once

#include "consensus/ledger/genesis.h"
#include "consensus/replica/events.h"

namespace treeproof::node {

class ChainClock {
 public:
  explicit ChainClock(const ledger::Genesis& genesis);
  // Both clocks at a real time. Before genesis time the chain stands at its start; a test clock
  // runs at its rate up to `until`, and at rate 1 from then on.
  replica::Now at(TimeMs real) const noexcept;
  bool is_test_clock() const noexcept { return clock_.has_value(); }

 private:
  TimeMs genesis_time_;
  std::optional<ledger::GenesisClock> clock_;
};

}  // namespace treeproof::node
