// How long to wait in a round, and how old a fresh proposal's time may be.
// Owns no timer and no clock. Callers: the replica, which arms timers and judges times. Pure.
// Source: arXiv 1807.04938 section 3; docs/consensus.md rules 14 and 15.
#pragma once

#include <cstdint>

#include "consensus/types/height.h"

namespace treeproof::bft {

enum class TimeoutKind : std::uint8_t { propose, prevote, precommit };

// base + round * step, at most cap.
struct LinearMs {
  std::uint32_t base_ms = 0;
  std::uint32_t step_ms = 0;
  std::uint32_t cap_ms = 0;
};

struct TimeoutParameters {
  LinearMs propose{1'000, 500, 30'000};
  LinearMs prevote{500, 250, 10'000};
  LinearMs precommit{500, 250, 10'000};
  std::uint32_t silent_proposer_ms = 200;
};

// Never shrinks as the round grows, never exceeds the cap. Requires: round exists. [rule 15]
std::uint32_t timeout_ms(TimeoutKind kind, Round round, const TimeoutParameters& parameters);

// The propose timeout for a proposer to whom this node has no connection: never longer than the
// ordinary one. Only the local timer is shortened. [rule 15]
std::uint32_t silent_proposer_timeout_ms(Round round, const TimeoutParameters& parameters);

struct TimelinessParameters {
  std::uint32_t precision_ms = 500;      // by how much correct clocks may differ
  LinearMs delay{2'000, 1'000, 60'000};  // how long a proposal may travel, by round
};

// Whether a fresh proposal (valid round -1) with this block time, received at this local time, is
// timely: received - delay(round) - precision <= block time <= received + precision. [rule 14]
bool is_timely(TimeMs block_time, TimeMs received, Round round,
               const TimelinessParameters& parameters);

}  // namespace treeproof::bft
