// Whoever judges or lowers what others claim is looked at for its owner: by every kind of
// judgement, when it was made and by now.
#include <gtest/gtest.h>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/dispute_objects.h"
#include "rpc/replacement_plan.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/report_rows.h"

namespace treeproof::rpc {
namespace {

using ledger::ObjectId;
using ledger::Recorded;

// The season, in which the verifier confirmed a plot and verified a planting; then it tells and
// takes back deaths, and consents to a correction and a replacement.
class Conflicts : public testing::Test {
 protected:
  Conflicts() {
    play_season(chain_);
    const ObjectId batch{std::string(kGrown)};
    chain_.must("verifier",
                ledger::Mortality{{"deaths"}, batch, {{90, 2}}, ledger::Cause::fire, chain_.day()});
    observe(chain_, "verifier", "seen", kGrown, {98, 2, 0});
    let_die(chain_, "own-deaths", kGrown, {{80, 1}});
    must_agreed(ledger::Correct{{"fix"}, batch, ledger::CorrectVoid{{{1, 1}}}, {}, {"verifier"}});
    replace(batch);
    dispute(batch);
  }

  void must_agreed(const ledger::Payload& payload) {
    const auto statement = chain_.sign("desert-ngo", payload);
    chain_.must("verifier",
                ledger::Consent{{"agree-" + ledger::ref_of(payload).text}, statement->id});
    const auto recorded = chain_.record(statement);
    EXPECT_TRUE(recorded.has_value()) << ledger::to_string(recorded.error());
  }
  void replace(const ObjectId& lost) {
    const auto view = chain_.latest();
    const auto batch = ledger::find<ledger::BatchObject>(*view, lost);
    const auto plan = plan_replacement(*view, propose_successors(*view, lost, *batch));
    must_agreed(ledger::Replace{{"anew"},
                                ObjectId{std::string(kPlanted)},
                                chain_.attach(plan->attachment),
                                plan->links,
                                {"verifier"}});
  }
  // Opened by the regulator; it and coast-ngo approve of its end.
  void dispute(const ObjectId& target) {
    ledger::Dispute dispute;
    dispute.ref = {"doubt"};
    dispute.target = ledger::DisputedRecord{target};
    dispute.ground = ledger::Ground::trees_missing;
    chain_.must("regulator", dispute);
    ledger::Resolve end;
    end.dispute = {"regulator/doubt"};
    end.outcome = ledger::Outcome::rejected;
    end.remedy = ledger::Remedy::none;
    chain_.must("platform", ledger::Propose{{"end"}, end});
    for (const std::string_view org : {"regulator", "coast-ngo"}) {
      chain_.must(org, ledger::Approve{{"agree-end"}, {"platform/end"}});
    }
  }

  AuditReport report() {
    const ChainViewPtr view = chain_.latest();
    return audit_conflicts(*view, view->height(), {});
  }
  void sell(std::string_view org, const std::string& owner) {
    chain_.forge<ledger::OrgObject>(org, [&](auto& object) { object.conflict_group = {owner}; });
  }
  // As if it had been recorded in the latest block.
  template <class T>
  void move_to_latest(std::string_view id) {
    chain_.forge<T>(id,
                    [this](T& object) { object.record.height = chain_.latest()->height().value; });
  }

  TestChain chain_;
};

TEST_F(Conflicts, AreNoneAmongIndependentOwners) {
  const AuditReport made = report();
  EXPECT_TRUE(made.rows.empty());
  // visit, deaths, seen, confirm-home, fix, anew, and two approvals; not the planter's own word.
  ASSERT_EQ(made.checked.at(0).first, "judgements");
  EXPECT_EQ(made.checked.at(0).second, 8u);
}

TEST_F(Conflicts, AreFlagsWhereTheVerifierWasSoldSince) {
  sell("verifier", "desert-ngo");
  const AuditReport made = report();
  EXPECT_TRUE(made.findings.empty());
  const std::vector<std::string> columns{"type", "judge", "subject", "party_then", "party_now"};
  const std::pair<const char*, const char*> cases[] = {
      {"verifier/visit", "verify verifier desert-ngo/grown null desert-ngo"},
      {"verifier/seen", "observe verifier desert-ngo/grown null desert-ngo"},
      {"verifier/deaths", "mortality verifier desert-ngo/grown null desert-ngo"},
      {"verifier/confirm-home", "consent verifier desert-ngo/home null desert-ngo"},
      {"desert-ngo/fix", "correct verifier desert-ngo/grown null desert-ngo"},
      {"desert-ngo/anew", "replace verifier desert-ngo/grown null desert-ngo"}};
  EXPECT_EQ(made.rows.size(), std::size(cases));
  for (const auto& [statement, row] : cases) {
    EXPECT_EQ(cells(made, {{"statement", statement}}, columns), row) << statement;
  }
}

TEST_F(Conflicts, AreFindingsWhereTheOwnerWasTheSameThen) {
  sell("verifier", "desert-ngo");
  chain_.empty_block();
  move_to_latest<ledger::VerifyObject>("verifier/visit");
  move_to_latest<ledger::ObservationObject>("verifier/seen");
  move_to_latest<Recorded<ledger::Mortality>>("verifier/deaths");
  move_to_latest<Recorded<ledger::Consent>>("verifier/confirm-home");
  move_to_latest<Recorded<ledger::Correct>>("desert-ngo/fix");
  move_to_latest<ledger::ReplacementObject>("desert-ngo/anew");
  const AuditReport made = report();
  EXPECT_EQ(count(made, "verifier_conflict"), 5u);
  EXPECT_EQ(count(made, "consent_conflict"), 1u);
  EXPECT_EQ(cells(made, {{"statement", "verifier/deaths"}}, {"party_then", "holds"}),
            "desert-ngo false");
}

TEST_F(Conflicts, OfAnApproverAreThoseWithTheAccusedAndWithTheOpener) {
  const std::vector<std::string> columns{"type", "subject", "party_then", "party_now", "holds"};
  sell("coast-ngo", "regulator");
  EXPECT_EQ(cells(report(), {{"statement", "coast-ngo/agree-end"}}, columns),
            "approve regulator/doubt null regulator true");
  sell("coast-ngo", "desert-ngo");
  chain_.empty_block();
  move_to_latest<Recorded<ledger::Approve>>("coast-ngo/agree-end");
  const AuditReport made = report();
  EXPECT_EQ(count(made, "approver_not_eligible"), 1u);
  EXPECT_EQ(cells(made, {{"statement", "coast-ngo/agree-end"}}, columns),
            "approve regulator/doubt desert-ngo desert-ngo false");
}

TEST_F(Conflicts, OfARegulatorAreThoseWithTheAccusedOnly) {
  EXPECT_EQ(cell(report(), {{"statement", "regulator/agree-end"}}, "type"), "no such row");
  sell("regulator", "desert-ngo");
  EXPECT_EQ(cell(report(), {{"statement", "regulator/agree-end"}}, "party_now"), "desert-ngo");
}

TEST_F(Conflicts, CanBeAskedOfOneJudge) {
  sell("verifier", "desert-ngo");
  const ChainViewPtr view = chain_.latest();
  EXPECT_EQ(audit_conflicts(*view, view->height(), {.org = "verifier"}).rows.size(), 6u);
  EXPECT_TRUE(audit_conflicts(*view, view->height(), {.org = "desert-ngo"}).rows.empty());
}

}  // namespace
}  // namespace treeproof::rpc
