// The audit of convictions over a chain that seven simulated nodes decided, one of whom voted twice
// wherever it could: with seven somebody can be spared.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/store/store.h"
#include "rpc/audit.h"
#include "tests/simulation/world.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

TEST(AccountabilityOfSeven, WhoVotedTwiceIsSuspendedAndTheAuditRecomputesIt) {
  simulation::WorldOptions options;
  options.validators = 7;
  options.faulty_max = 2;
  options.byzantine.emplace("verifier", simulation::Behaviour::double_voter);
  simulation::World world(options);
  const auto is_seated = [&] {
    return world.invariants().reference().tip().validators->find("verifier") != nullptr;
  };
  for (int seconds = 0; seconds < 120 && is_seated(); ++seconds) world.run_ms(1'000);
  ASSERT_EQ(world.violation(), std::nullopt);

  Scratch scratch;
  const auto store = store::Store::open(scratch.path("home"), world.consortium().genesis()).value();
  for (const auto& commit : world.invariants().reference().blocks()) {
    ASSERT_TRUE(store->commit(commit).has_value());
  }
  const auto view = store->latest();
  EXPECT_EQ(view->validators(view->height().next())->find("verifier"), nullptr);
  const auto report = rpc::audit_accountability(*view, view->height(), std::nullopt);
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().finding;
  EXPECT_EQ(report.checked[1], (std::pair<std::string, std::uint64_t>{"validators", 6}));
  ASSERT_FALSE(report.rows.empty());
  for (const auto& row : report.rows) {
    EXPECT_EQ(row[0], (rpc::AuditRow::value_type{"org", "verifier"}));
    EXPECT_EQ(row[1].second, "double_vote");
    EXPECT_EQ(row[8].second, "suspended");
    EXPECT_EQ(row[11], (rpc::AuditRow::value_type{"holds", "true"}));
  }
}

}  // namespace
}  // namespace treeproof::cli
