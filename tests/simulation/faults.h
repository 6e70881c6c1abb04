// What goes wrong in a simulated run, and how often: drawn from the run's own seed.
// Owns nothing. Callers: the simulated world, the seed runner. Plain values.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace treeproof::simulation {

struct Faults {
  // Network
  std::uint32_t loss_percent = 0;       // of frames
  std::uint32_t repeat_percent = 0;     // of frames: sent twice, or followed by an old one
  std::uint32_t delay_max_us = 2'000;   // so frames of one sender overtake one another
  std::uint32_t partition_percent = 0;  // chance, every two seconds, that the network parts
  // Nodes
  std::uint32_t crash_per_10k_steps = 0;  // chance that a step dies between two of its effects
  std::uint32_t pause_percent = 0;        // chance, every second, that a node stops for a while
  std::uint32_t pause_max_ms = 3'000;
  std::uint32_t skew_max_ms = 0;      // of each clock, either way
  std::uint32_t jump_percent = 0;     // chance, every second, that a clock jumps
  std::uint32_t jump_max_ms = 5'000;  // either way
  // Disks
  std::uint32_t sync_max_us = 0;          // what a sync takes, at most; the node waits for it
  std::uint32_t torn_percent = 0;         // of crashes: a part of the unsynced journal is left
  std::uint32_t misdirected_percent = 0;  // of crashes: a write went over what was durable
  std::uint32_t backup_percent = 0;       // of restarts: from an older copy of the whole disk
  std::uint32_t wipe_percent = 0;         // chance, every second, that a disk is a new, empty one
};

// Which faults a run may have. Of `mixed` each run leaves some out, so that the others come deep.
enum class Profile : std::uint8_t {
  calm,
  lossy,
  parted,
  crashing,
  pausing,
  clocks,
  disks,
  backups,
  byzantine,
  elections,
  punish,     // two of seven contradict themselves, under faults of every kind
  snapshots,  // disks are exchanged, who lies lies about snapshots, too
  mixed
};
std::span<const std::string_view> profile_names() noexcept;
std::string_view name_of(Profile profile) noexcept;
std::optional<Profile> profile_named(std::string_view name) noexcept;

// The faults of this seed. The profile byzantine leaves the network as it is.
Faults draw_faults(std::uint64_t seed, Profile profile);

}  // namespace treeproof::simulation
