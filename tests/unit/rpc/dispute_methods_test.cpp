// dispute_get, dispute_list, audit_disputes, audit_owed, audit_corrections.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "consensus/ledger/dispute_objects.h"
#include "rpc/audit.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

// The season; then the verifier disputes the planting, one tree with a unit dies, another is
// voided.
class DisputeMethods : public testing::Test {
 protected:
  DisputeMethods() {
    play_season(chain_);
    ledger::Dispute dispute;
    dispute.ref = {"doubt"};
    dispute.target = ledger::DisputedRecord{{std::string(kGrown)}};
    dispute.ground = ledger::Ground::trees_missing;
    chain_.must("verifier", dispute);
    chain_.must("desert-ngo",
                ledger::Mortality{
                    {"dead"}, {std::string(kGrown)}, {{0, 1}}, ledger::Cause::fire, chain_.day()});
    const ledger::Correct correct{{"fix"},
                                  {std::string(kGrown)},
                                  ledger::CorrectVoid{{{1, 1}}},
                                  ledger::CorrectionReason::not_planted,
                                  {"verifier"}};
    const auto waiting = chain_.sign("desert-ngo", correct);
    chain_.must("verifier", ledger::Consent{{"agree-fix"}, waiting->id});
    EXPECT_TRUE(chain_.record(waiting).has_value());
  }
  ChainViewPtr view() { return chain_.latest(); }
  static std::string cell(const AuditReport& report, std::string_view column) {
    for (const auto& [name, value] : report.rows.at(0)) {
      if (name == column) return value.value_or("null");
    }
    return "no such column";
  }
  TestChain chain_;
};

TEST_F(DisputeMethods, TellOfADisputeAndWhatItFreezes) {
  const AuditReport report = audit_disputes(*view(), view()->height(), std::nullopt);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(cell(report, "target"), kGrown);
  EXPECT_EQ(cell(report, "org"), "desert-ngo");
  EXPECT_EQ(cell(report, "standing"), "open");
  EXPECT_EQ(cell(report, "freezes"), "true");
  EXPECT_EQ(cell(report, "ground"), "trees_missing");
  EXPECT_TRUE(audit_disputes(*view(), view()->height(), "coast-ngo").rows.empty());
}

TEST_F(DisputeMethods, FindAFreezeThatIsNotWhatTheDisputeSays) {
  const ledger::ObjectKey key{"disputed", std::string(kGrown)};
  auto target = ledger::decode_stored<ledger::TargetObject>(*view()->object(key));
  target.disputes.at(0).frozen_until_s += 1;
  chain_.forge(key, ledger::encode(target));
  const AuditReport report = audit_disputes(*view(), view()->height(), std::nullopt);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].finding, "freeze_differs");
}

TEST_F(DisputeMethods, SayWhatIsOwedAndCorrected) {
  const AuditReport owed = audit_owed(*view(), view()->height(), std::nullopt);
  EXPECT_EQ(cell(owed, "batch"), kGrown);
  EXPECT_EQ(cell(owed, "dead_owed"), "0");  // the policy replaces no deaths
  EXPECT_EQ(cell(owed, "voided_owed"), "1");
  const AuditReport corrections = audit_corrections(*view(), view()->height(), std::nullopt);
  EXPECT_TRUE(corrections.findings.empty());
  EXPECT_EQ(cell(corrections, "change"), "void");
  EXPECT_EQ(cell(corrections, "verifier"), "verifier");
}

TEST_F(DisputeMethods, LeaveTheOtherAuditsClean) {
  const auto at = view()->height();
  EXPECT_TRUE(audit_campaign(*view(), at, {std::string(kPlanted)})->findings.empty());
  EXPECT_TRUE(audit_allocations(*view(), std::nullopt).findings.empty());
}

TEST_F(DisputeMethods, AnswerOneAndAll) {
  Caller caller(chain_);
  const Json one = caller.result("dispute_get", {{"dispute", "verifier/doubt"}});
  EXPECT_EQ(one.at("object").at("payload").at("ground"), "trees_missing");
  EXPECT_EQ(caller.result("dispute_list", Json::object()).at("items").size(), 1u);
  EXPECT_TRUE(caller.result("dispute_list", {{"org", "coast-ngo"}}).at("items").empty());
}

}  // namespace
}  // namespace treeproof::rpc
