#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/cli/audit_commands.h"
#include "rpc/trust_json.h"
#include "tests/simulation/world.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

// A log of a simulated chain, served without any node.
class SimulatedSource final : public ChainSource {
 public:
  explicit SimulatedSource(const simulation::World& world)
      : store_(world.store_of("platform")), genesis_{"", world.consortium().genesis()} {
    for (const auto& commit : store_.blocks()) {
      log.push_back({*commit.block->block, commit.certificate});
    }
  }
  Result<GenesisFile> genesis() override { return genesis_; }
  Result<Height> tip() override { return Height{log.size()}; }
  Result<std::vector<LoggedBlock>> blocks(Height from, std::size_t count) override {
    const auto first = log.begin() + static_cast<std::ptrdiff_t>(from.value) - 1;
    return std::vector<LoggedBlock>(first, first + static_cast<std::ptrdiff_t>(count));
  }
  Result<ledger::AttachmentPtr> attachment(const ledger::AttachmentRef& announced) override {
    auto held = store_.attachment(announced.root);
    if (held) return held;
    return deny("The attachment is not held.", "Look for the mistake.");
  }

  std::vector<LoggedBlock> log;

 private:
  const simulation::MemoryStore& store_;
  GenesisFile genesis_;
};

class AuditTest : public testing::Test {
 protected:
  AuditTest() : world_({}) {
    world_.run_ms(1'000);
    source_.emplace(world_);
  }
  Result<AuditResult> run(const proofs::Trust& trust, const AuditOptions& options = {}) {
    return run_audit(*source_, trust, options, console_.console);
  }
  proofs::Trust trust() const { return rpc::trust_of(world_.consortium().genesis()); }

  simulation::World world_;
  std::optional<SimulatedSource> source_;
  StringConsole console_;
};

TEST_F(AuditTest, AnHonestLogIsClean) {
  const auto result = run(trust());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->findings(), 0u);
  EXPECT_EQ(result->height.value, source_->log.size());
  EXPECT_GT(result->statements, 0u);
  EXPECT_GE(result->reports.size(), 2u);
}

TEST_F(AuditTest, ADamagedLogIsAFindingAndEndsThere) {
  source_->log[2].certificate.signatures[1].signature[3] ^= 1;
  const auto result = run(trust());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->findings(), 1u);
  EXPECT_EQ(result->height, Height{2});
  EXPECT_TRUE(result->chain_finding->starts_with("height 3: "));
  EXPECT_TRUE(result->reports.empty());
}

TEST_F(AuditTest, AnotherChainThanIsTrustedIsRefused) {
  proofs::Trust other = trust();
  other.genesis[0] ^= 1;
  const auto result = run(other);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ExitCode::negative);
}

TEST_F(AuditTest, OtherValidatorsThanAreTrustedAreAFinding) {
  const simulation::Consortium larger(5);
  proofs::Trust other = trust();
  other.validators = ledger::genesis_validators(larger.genesis());
  const auto result = run(other);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->chain_finding, "height 1: its validators are not those of the trust file");
}

TEST_F(AuditTest, ShowsPeopleDatesInColumnsOfDays) {
  rpc::AuditReport report;
  report.rows = {{{"batch", "a/b"}, {"due_day", "20453"}, {"late_days", "20453"}},
                 {{"batch", "a/c"}, {"due_day", "784354015"}, {"late_days", "1"}},
                 {{"batch", "a/d"}, {"due_day", std::nullopt}, {"late_days", "1"}}};
  AuditResult result;
  result.reports = {{"overdue", report}};
  print_result(result, console_.console);
  const std::string text = console_.out.str();
  EXPECT_NE(text.find("2025-12-31"), std::string::npos) << text;
  EXPECT_NE(text.find("20453"), std::string::npos) << text;      // a number of days
  EXPECT_NE(text.find("784354015"), std::string::npos) << text;  // no date of four digits
  EXPECT_EQ(text.find("20453"), text.rfind("20453")) << text;
}

TEST_F(AuditTest, StopsWhereItIsTold) {
  AuditOptions options;
  options.at = "2";
  options.report = "points";
  const auto result = run(trust(), options);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->height, Height{2});
  EXPECT_EQ(result->reports.size(), 1u);
  options.at = "1000000";
  EXPECT_EQ(run(trust(), options).error().code, ExitCode::failed);
  options.at = "2026-02-30";
  EXPECT_EQ(run(trust(), options).error().code, ExitCode::failed);
}

TEST_F(AuditTest, StopsAtTheEndOfADay) {
  AuditOptions options;
  const auto all = run(trust());
  options.at = day_text(all->time.day());
  EXPECT_EQ(run(trust(), options)->height, all->height);
  options.at = day_text(all->time.day() - 1);
  EXPECT_EQ(run(trust(), options).error().code, ExitCode::failed);
}

TEST_F(AuditTest, MakesEveryReportThatANodeServes) {
  const auto result = run(trust());
  ASSERT_TRUE(result.has_value());
  for (const rpc::AuditKind& kind : rpc::audit_kinds()) {
    const auto is_it = [&](const NamedReport& named) { return named.name.starts_with(kind.name); };
    const bool is_made = std::ranges::any_of(result->reports, is_it);
    EXPECT_TRUE(kind.needs_campaign || is_made) << kind.name;
    AuditOptions options;
    options.report = kind.name;
    const auto one = run(trust(), options);
    ASSERT_TRUE(one.has_value());
    EXPECT_TRUE(std::ranges::all_of(one->reports, is_it)) << kind.name;
  }
}

}  // namespace
}  // namespace treeproof::cli
