#include "tests/simulation/crash_points.h"

#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

constexpr std::uint64_t kClientsMs = 800;

WorldOptions plan(std::uint64_t seed) {
  WorldOptions options;
  options.seed = seed;
  options.statements_per_s = 5;
  options.attachment_percent = 50;
  return options;
}

}  // namespace

std::uint64_t count_crash_points(std::uint64_t seed) {
  World world(plan(seed));
  world.run_ms(kClientsMs);
  return world.counts().crash_points;
}

std::optional<std::string> run_crash_point(std::uint64_t seed, std::uint64_t point) {
  WorldOptions options = plan(seed);
  options.crash_at_point = point;
  World world(options);
  world.run_ms(kClientsMs);
  if (world.counts().crashes != 1)
    world.violate("crash point: nobody died at " + std::to_string(point));
  const bool lives = world.run_liveness_phase(2, 60'000);
  if (!lives) world.violate("liveness: no progress after a death at " + std::to_string(point));
  if (!world.violation()) world.check_nothing_lost();
  return world.violation();
}

}  // namespace treeproof::simulation
