#include "consensus/bft/timeouts.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"

namespace treeproof::bft {
namespace {

TEST(Timeouts, GrowLinearlyAndAreCapped) {
  const TimeoutParameters parameters{{1'000, 500, 30'000}, {100, 10, 200}, {300, 0, 300}, 200};
  EXPECT_EQ(timeout_ms(TimeoutKind::propose, {0}, parameters), 1'000u);
  EXPECT_EQ(timeout_ms(TimeoutKind::propose, {3}, parameters), 2'500u);
  EXPECT_EQ(timeout_ms(TimeoutKind::propose, {kRoundMax}, parameters), 30'000u);
  EXPECT_EQ(timeout_ms(TimeoutKind::prevote, {10}, parameters), 200u);
  EXPECT_EQ(timeout_ms(TimeoutKind::prevote, {11}, parameters), 200u);
  EXPECT_EQ(timeout_ms(TimeoutKind::precommit, {7}, parameters), 300u);
}

TEST(Timeouts, DoNotOverflow) {
  const TimeoutParameters parameters{{UINT32_MAX, UINT32_MAX, UINT32_MAX}, {}, {}, 0};
  EXPECT_EQ(timeout_ms(TimeoutKind::propose, {kRoundMax}, parameters), UINT32_MAX);
}

TEST(Timeouts, ASilentProposerIsNeverWaitedForLonger) {
  TimeoutParameters parameters;
  parameters.silent_proposer_ms = 200;
  EXPECT_EQ(silent_proposer_timeout_ms({0}, parameters), 200u);
  parameters.silent_proposer_ms = 5'000;
  EXPECT_EQ(silent_proposer_timeout_ms({0}, parameters),
            timeout_ms(TimeoutKind::propose, {0}, parameters));
}

TEST(Timeliness, AllowsTheDelayOfTheRoundAndThePrecisionOnBothSides) {
  const TimelinessParameters parameters{500, {2'000, 1'000, 4'000}};
  const TimeMs received{100'000};
  EXPECT_TRUE(is_timely({100'500}, received, {0}, parameters));
  EXPECT_FALSE(is_timely({100'501}, received, {0}, parameters));
  EXPECT_TRUE(is_timely({97'500}, received, {0}, parameters));
  EXPECT_FALSE(is_timely({97'499}, received, {0}, parameters));
}

TEST(Timeliness, TheAllowedDelayGrowsWithTheRoundUpToItsCap) {
  const TimelinessParameters parameters{500, {2'000, 1'000, 4'000}};
  const TimeMs received{100'000};
  EXPECT_TRUE(is_timely({96'500}, received, {1}, parameters));
  EXPECT_FALSE(is_timely({96'499}, received, {1}, parameters));
  EXPECT_TRUE(is_timely({95'500}, received, {kRoundMax}, parameters));
  EXPECT_FALSE(is_timely({95'499}, received, {kRoundMax}, parameters));
}

TEST(Timeliness, ExtremeTimesDoNotWrap) {
  EXPECT_FALSE(is_timely({UINT64_MAX}, {0}, {0}, {}));
  EXPECT_FALSE(is_timely({0}, {UINT64_MAX}, {0}, {}));
}

}  // namespace
}  // namespace treeproof::bft
