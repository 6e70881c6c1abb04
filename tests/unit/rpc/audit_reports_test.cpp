// The reports about how things stand: what is late, what rests on the planter's word, who verified,
// what was issued, which keys signed, which photos prove what.
#include <gtest/gtest.h>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/report_rows.h"

namespace treeproof::rpc {
namespace {

using ledger::ObjectId;

class Reports : public testing::Test {
 protected:
  Reports() { play_season(chain_); }

  AuditReport report(std::string_view name, const AuditScope& scope = {}) {
    const ChainViewPtr view = chain_.latest();
    auto made = find_audit_kind(name)->make(*view, view->height(), scope);
    EXPECT_TRUE(made.has_value()) << name;
    return *std::move(made);
  }

  TestChain chain_;
};

TEST_F(Reports, FindNothingInAnHonestSeason) {
  for (const AuditKind& kind : audit_kinds()) {
    const AuditReport made = report(kind.name, {.campaign = ObjectId{std::string(kPlanted)}});
    EXPECT_TRUE(made.findings.empty()) << kind.name;
    for (const AuditRow& row : made.rows) EXPECT_EQ(row.size(), made.rows[0].size()) << kind.name;
  }
}

TEST_F(Reports, OfWhatIsLateNameUnitsPledgesAndVisits) {
  EXPECT_TRUE(report("overdue").rows.empty());
  const std::int32_t planted = chain_.day();
  chain_.forge<ledger::CampaignObject>(kPlanted, [](auto& c) { c.payload.deadline_days = 30; });
  pass_days(chain_, 31);
  EXPECT_EQ(
      cells(report("overdue"), {{"kind", "allocation"}}, {"object", "org", "count", "late_days"}),
      "platform/units platform 40 1");
  EXPECT_EQ(report("overdue").rows.size(), 1u);
  pass_days(chain_, 340);
  const AuditReport late = report("overdue");
  EXPECT_EQ(cells(late, {{"kind", "planting"}}, {"object", "org", "count"}),
            "desert-ngo/promise desert-ngo 200");
  EXPECT_EQ(cells(late, {{"kind", "visit"}}, {"object", "count", "due_day", "late_days"}),
            "desert-ngo/grown 100 " + std::to_string(planted + 365) + " 6");
  EXPECT_EQ(report("overdue", {.org = "platform"}).rows.size(), 1u);
}

TEST_F(Reports, OfOverdueVisitsEndWithAVisit) {
  pass_days(chain_, 366);
  observe(chain_, "desert-ngo", "told", kGrown, {100, 0, 0});
  EXPECT_EQ(cell(report("overdue"), {{"kind", "visit"}}, "object"), "no such row");
}

TEST_F(Reports, OfSelfReportsTellWhatNoVerifierSaw) {
  EXPECT_TRUE(report("selfReported").rows.empty());
  plant_more(chain_, {"more"});
  observe(chain_, "desert-ngo", "told", kGrown, {90, 10, 0}, {{0, 10}});
  const std::vector<std::string> columns{"standing", "self_alive", "verified_alive"};
  AuditReport made = report("selfReported");
  EXPECT_EQ(cells(made, {{"batch", "desert-ngo/more"}}, columns), "unverified null null");
  EXPECT_EQ(cells(made, {{"batch", std::string(kGrown)}}, columns),
            "never_observed_by_a_verifier 90 null");
  observe(chain_, "verifier", "seen", kGrown, {60, 10, 30});
  EXPECT_EQ(report("selfReported").rows.size(), 1u);
  pass_days(chain_, 30);
  observe(chain_, "desert-ngo", "told-again", kGrown, {90, 10, 0});
  made = report("selfReported");
  EXPECT_EQ(cells(made, {{"batch", std::string(kGrown)}}, columns), "newer_than_verified 90 60");
}

TEST_F(Reports, OfVerificationTellCoverageAndConcentration) {
  plant_more(chain_, {"more"});
  const AuditReport made = report("verification");
  const std::vector<std::string> columns{"batches",         "trees",        "judged",
                                         "judged_permille", "visited",      "verifiers",
                                         "share_permille",  "concentration"};
  EXPECT_EQ(cells(made, {{"planter", "desert-ngo"}, {"verifier", "*"}}, columns),
            "2 110 100 909 10 1 null 10000");
  EXPECT_EQ(cells(made, {{"verifier", "verifier"}}, columns), "1 100 100 1000 10 null 1000 null");
}

TEST_F(Reports, OfIssuanceTellYearsAndDaysOfTwoSeries) {
  ledger::IssuePoints issue;
  issue.ref = {"again"};
  issue.programme = {std::string(kEnergy)};
  issue.series = {"other"};
  issue.from_day = issue.to_day = chain_.day();
  issue.accounts = 1;
  issue.grams = 499'000'000;
  chain_.must("platform", issue);
  const std::vector<std::string> columns{
      "year", "issues", "series", "grams", "cap_permille", "days_of_two_series", "holds"};
  EXPECT_EQ(cells(report("issuance"), {}, columns), "2026 2 2 500000000 500 1 true");
  EXPECT_TRUE(report("issuance", {.year = 2027}).rows.empty());
  chain_.forge<ledger::ProgrammeObject>(kEnergy, [](auto& p) { p.years[0].grams -= 1; });
  EXPECT_EQ(count(report("issuance"), "year_differs"), 1u);
  chain_.forge<ledger::ProgrammeObject>(kEnergy, [](auto& p) { p.payload.yearly_cap = 1; });
  EXPECT_EQ(count(report("issuance"), "issued_above_cap"), 1u);
}

TEST_F(Reports, OfKeysTellWhatEachSigned) {
  const AuditReport made = report("keyHistory", {.org = "verifier"});
  EXPECT_EQ(made.rows.size(), 2u);
  EXPECT_EQ(cell(made, {{"roles", "node"}}, "statements"), "0");
  EXPECT_EQ(cell(made, {{"roles", "node"}}, "last_signed_height"), "null");
  EXPECT_EQ(cell(made, {{"statements", "2"}}, "revoked_height"), "null");  // consent and verify
}

TEST_F(Reports, OfKeysFindWhatWasSignedWithoutOne) {
  const auto set_height = [](auto member) {
    return [member](ledger::OrgObject& org) {
      for (auto& key : org.keys) member(key);
    };
  };
  chain_.forge<ledger::OrgObject>("verifier",
                                  set_height([](auto& key) { key.revoked_height = 1; }));
  EXPECT_EQ(count(report("keyHistory"), "signed_after_it_was_revoked"), 1u);
  chain_.forge<ledger::OrgObject>("platform",
                                  set_height([](auto& key) { key.from_height = 1'000; }));
  EXPECT_EQ(count(report("keyHistory"), "signed_before_it_was_good"), 1u);
  chain_.forge<ledger::OrgObject>("desert-ngo", [](auto& org) { org.keys = {org.keys[0]}; });
  chain_.forge<ledger::OrgObject>("desert-ngo", [](auto& org) { org.keys[0].kid[0] ^= 1; });
  EXPECT_GE(count(report("keyHistory"), "key_unknown"), 1u);
}

TEST_F(Reports, OfEvidenceFlagPhotosThatLookAlikeAndPlantingsWithoutAny) {
  EXPECT_TRUE(report("evidence").rows.empty());
  plant_more(chain_, {"bare", 11});
  ledger::Evidence other = photo("other", chain_.day());
  other.phash64 = *other.phash64 ^ 0x8000'0100'0001'0000;
  chain_.must("desert-ngo", other);
  plant_more(chain_, {.ref = "shown", .row = 12, .evidence = {{"desert-ngo/other"}}});
  const AuditReport made = report("evidence");
  EXPECT_EQ(cell(made, {{"kind", "no_photo"}}, "batch"), "desert-ngo/bare");
  EXPECT_EQ(cells(made, {{"kind", "alike"}}, {"photo", "other_photo", "batch", "distance_bits"}),
            "desert-ngo/photo desert-ngo/other desert-ngo/grown 3");
  EXPECT_TRUE(made.findings.empty());
}

TEST_F(Reports, OfEvidenceFindAPhotoThatProvesTwoPlantings) {
  chain_.must("desert-ngo", photo("other", chain_.day()));
  plant_more(chain_, {.ref = "shown", .row = 12, .evidence = {{"desert-ngo/other"}}});
  EXPECT_EQ(count(report("evidence"), "photo_used_twice"), 0u);
  const auto first = ledger::find<ledger::EvidenceObject>(*chain_.latest(), {"desert-ngo/photo"});
  chain_.forge<ledger::EvidenceObject>(
      "desert-ngo/other", [&](auto& evidence) { evidence.payload.sha256 = first->payload.sha256; });
  EXPECT_EQ(count(report("evidence"), "photo_used_twice"), 1u);
}

// As the rule has it: a batch whose trees are all voided or were rejected proves nothing.
TEST_F(Reports, OfEvidenceLetAPhotoOfNothingThatCountsProveAnother) {
  chain_.must("desert-ngo", photo("other", chain_.day()));
  plant_more(chain_, {.ref = "shown", .row = 12, .evidence = {{"desert-ngo/other"}}});
  chain_.must(
      "verifier",
      ledger::Verify{
          {"half"}, {"desert-ngo/shown"}, ledger::VerifyMethod::full, {{0, 10}}, 0, {{0, 5}}, {}});
  const auto undo = chain_.sign(
      "desert-ngo",
      ledger::Correct{
          {"undo"}, {"desert-ngo/shown"}, ledger::CorrectVoid{{{5, 5}}}, {}, {"verifier"}});
  chain_.must("verifier", ledger::Consent{{"agree-undo"}, undo->id});
  ASSERT_TRUE(chain_.record(undo).has_value());
  plant_more(chain_, {.ref = "again", .row = 13, .evidence = {{"desert-ngo/other"}}});
  EXPECT_EQ(count(report("evidence"), "photo_used_twice"), 0u);
}

}  // namespace
}  // namespace treeproof::rpc
