#include "tests/simulation/crash_points.h"

#include <gtest/gtest.h>

namespace treeproof::simulation {
namespace {

// All of them: simulation_seeds --crash-points.
TEST(CrashPoints, DyingAtASampleOfThemBreaksNothing) {
  constexpr std::uint64_t kSeed = 1;
  constexpr std::uint64_t kStride = 7;  // no multiple of how often a kind of step comes round
  const std::uint64_t points = count_crash_points(kSeed);
  ASSERT_GT(points, 150u);
  for (std::uint64_t point = 1; point <= points; point += kStride) {
    ASSERT_EQ(run_crash_point(kSeed, point), std::nullopt) << "point " << point;
  }
}

}  // namespace
}  // namespace treeproof::simulation
