#include "consensus/bft/timeouts.h"

#include <algorithm>
#include <cassert>

namespace treeproof::bft {

namespace {

std::uint32_t linear(const LinearMs& line, Round round) {
  assert(round.exists());
  const auto rounds = static_cast<std::uint64_t>(round.value);
  const std::uint64_t grown = line.base_ms + rounds * line.step_ms;  // below 2^32 + 2^63
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(grown, line.cap_ms));
}

}  // namespace

std::uint32_t timeout_ms(TimeoutKind kind, Round round, const TimeoutParameters& parameters) {
  switch (kind) {
    case TimeoutKind::propose:
      return linear(parameters.propose, round);
    case TimeoutKind::prevote:
      return linear(parameters.prevote, round);
    case TimeoutKind::precommit:
      return linear(parameters.precommit, round);
  }
  assert(false);
  return 0;
}

std::uint32_t silent_proposer_timeout_ms(Round round, const TimeoutParameters& parameters) {
  return std::min(linear(parameters.propose, round), parameters.silent_proposer_ms);
}

bool is_timely(TimeMs block_time, TimeMs received, Round round,
               const TimelinessParameters& parameters) {
  const std::uint64_t early = parameters.precision_ms;
  const std::uint64_t late = early + linear(parameters.delay, round);
  if (block_time > received) return block_time.value - received.value <= early;
  return received.value - block_time.value <= late;
}

}  // namespace treeproof::bft
