// What a simulated run consists of: its seed, its consortium, its faults, its clients.
// Owns nothing. Callers: the simulated world and whoever makes one. Plain values.
// Source: docs/simulation.md.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/simulation/byzantine.h"
#include "tests/simulation/faults.h"

namespace treeproof::simulation {

class World;

struct WorldOptions {
  std::uint64_t seed = 1;
  std::size_t validators = 4;
  Faults faults;
  std::size_t faulty_max = 1;                  // f of the smallest validator set of the run
  std::map<std::string, Behaviour> byzantine;  // by organisation; at most faulty_max of them
  std::uint32_t statements_per_s = 20;
  std::uint32_t attachment_percent = 25;  // of the statements: plots, with their outline beside
  std::uint32_t commit_max_us = 5'000;    // what a synced batch takes, at most
  bool season = false;                    // points, campaigns, trees: small, from issue to link
  std::uint64_t snapshot_every = 0;       // heights; 0: no node makes any, or begins at one
  std::uint64_t snapshot_ahead = 0;       // more heights ahead than this: a snapshot is sought
  std::uint64_t crash_at_point = 0;       // the durable step to die at, from 1; 0: at none
  std::string crash_org;                  // whose steps are counted; empty: every correct node's
  std::size_t events_kept = 0;            // for diagram()
  // Called every second of the safety phase: submits what governance proposes and approves.
  std::function<void(World&)> governance;
};

}  // namespace treeproof::simulation
