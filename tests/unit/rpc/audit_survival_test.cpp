// audit_survival: what is known of a cohort, and what is not.
#include <gtest/gtest.h>

#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/report_rows.h"

namespace treeproof::rpc {
namespace {

// A hundred trees of 2026; whatever else happens is told in each test.
class Survival : public testing::Test {
 protected:
  Survival() { play_season(chain_); }

  AuditReport report(const AuditScope& scope = {}) {
    const ChainViewPtr view = chain_.latest();
    auto made = audit_survival(*view, view->height(), scope);
    EXPECT_TRUE(made.has_value());
    EXPECT_TRUE(made->findings.empty());
    return *std::move(made);
  }
  // "trees alive dead unknown observed survival" of all together, or of a cohort.
  static std::string told(const AuditReport& report, const std::string& witness,
                          const std::string& cohort = "*") {
    return cells(report, {{"cohort", cohort}, {"species", "*"}, {"witness", witness}},
                 {"trees", "alive", "dead", "unknown", "observed_permille", "survival_permille"});
  }
  void go_to_2027() { pass_days(chain_, 370); }

  TestChain chain_;
};

TEST_F(Survival, SaysNothingOfTreesThatNobodyVisited) {
  EXPECT_EQ(told(report(), "verified"), "100 null null 100 null null");
  EXPECT_EQ(told(report(), "self_reported"), "100 null null 100 null null");
}

TEST_F(Survival, CountsDeathsWithoutCallingTheOthersAlive) {
  let_die(chain_, "drought", kGrown, {{0, 4}});
  EXPECT_EQ(told(report(), "verified"), "100 null 4 96 null null");
}

TEST_F(Survival, TakesAVisitAsItWas) {
  let_die(chain_, "drought", kGrown, {{0, 4}});
  observe(chain_, "verifier", "seen", kGrown, {70, 10, 20}, {{10, 6}});
  EXPECT_EQ(told(report(), "verified"), "100 70 10 20 800 875");
  EXPECT_EQ(told(report(), "verified", "2026"), "100 70 10 20 800 875");
}

TEST_F(Survival, KeepsWhatThePlanterSaysApart) {
  observe(chain_, "desert-ngo", "told", kGrown, {100, 0, 0});
  EXPECT_EQ(told(report(), "self_reported"), "100 100 0 0 1000 1000");
  EXPECT_EQ(told(report(), "verified"), "100 null null 100 null null");
}

TEST_F(Survival, TakesDeathsSinceTheVisitFromThoseSeenAlive) {
  observe(chain_, "verifier", "seen", kGrown, {70, 10, 20}, {{0, 10}});
  let_die(chain_, "later", kGrown, {{90, 5}});
  EXPECT_EQ(told(report(), "verified"), "100 65 15 20 800 812");
}

TEST_F(Survival, CarriesTheDeadForwardAndNotTheLiving) {
  observe(chain_, "verifier", "seen", kGrown, {70, 10, 20}, {{0, 10}});
  go_to_2027();
  EXPECT_EQ(told(report(), "verified"), "100 null 10 90 null null");
  EXPECT_EQ(told(report({.year = 2026}), "verified"), "100 70 10 20 800 875");
}

TEST_F(Survival, TellsOfAYearWhatWasKnownWhenItEnded) {
  observe(chain_, "verifier", "seen", kGrown, {90, 10, 0}, {{0, 10}});
  go_to_2027();
  let_die(chain_, "winter", kGrown, {{20, 30}});
  EXPECT_EQ(told(report({.year = 2026}), "verified"), "100 90 10 0 1000 900");
  EXPECT_EQ(told(report({.year = 2027}), "verified"), "100 null 40 60 null null");
}

TEST_F(Survival, GivesAParentARateOnlyWhereEveryPartHasOne) {
  plant_more(chain_, {"more"});
  observe(chain_, "verifier", "seen", kGrown, {80, 20, 0}, {{0, 20}});
  const AuditReport half = report({.campaign = ledger::ObjectId{std::string(kPlanted)}});
  EXPECT_EQ(told(half, "verified"), "110 80 20 10 909 null");
  const Where grown{{"batch", std::string(kGrown)}, {"witness", "verified"}};
  EXPECT_EQ(cell(half, grown, "survival_permille"), "800");
  observe(chain_, "verifier", "seen-too", "desert-ngo/more", {10, 0, 0});
  EXPECT_EQ(told(report(), "verified"), "110 90 20 0 1000 818");
}

TEST_F(Survival, KeepsTreesThatStoodBeforeOutOfTheCohorts) {
  take_stock(chain_, "old", 12);
  observe(chain_, "verifier", "seen-old", "desert-ngo/old", {10, 0, 0});
  EXPECT_EQ(told(report(), "verified", "2026"), "100 null null 100 null null");
  EXPECT_EQ(told(report(), "verified", "inventory"), "10 10 0 0 1000 1000");
}

TEST_F(Survival, NarrowsToASpeciesAnOrganisationAndACampaign) {
  EXPECT_TRUE(report({.species = "rhizophora"}).rows.empty());
  EXPECT_TRUE(report({.org = "coast-ngo"}).rows.empty());
  EXPECT_TRUE(report({.campaign = ledger::ObjectId{"platform/none"}}).rows.empty());
  EXPECT_FALSE(report({.species = "haloxylon", .org = "desert-ngo"}).rows.empty());
}

TEST_F(Survival, IsWhatItWasAtAnEarlierHeight) {
  observe(chain_, "verifier", "seen", kGrown, {70, 10, 20}, {{0, 10}});
  const Height before = chain_.latest()->height();
  let_die(chain_, "later", kGrown, {{90, 5}});
  const auto then = audit_survival(*chain_.latest(), before, {});
  EXPECT_EQ(told(*then, "verified"), "100 70 10 20 800 875");
}

TEST_F(Survival, IsPrunedWhereANodeBeginsAfterTheYear) {
  go_to_2027();
  chain_.base = chain_.latest()->height().value;
  chain_.empty_block();
  const ChainViewPtr view = chain_.latest();
  const auto earlier = audit_survival(*view, view->height(), {.year = 2026});
  ASSERT_FALSE(earlier.has_value());
  EXPECT_EQ(earlier.error().code, ErrorCode::pruned);
  EXPECT_TRUE(audit_survival(*view, view->height(), {.year = 2027}).has_value());
}

}  // namespace
}  // namespace treeproof::rpc
