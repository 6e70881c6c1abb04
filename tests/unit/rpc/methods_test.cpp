#include <set>

#include "consensus/ledger/lookups.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

TEST_F(Methods, TreeGetShowsATreeWithItsUnit) {
  const Json tree = ask("tree_get", {{"tree", "desert-ngo/grown#3"}});
  EXPECT_EQ(tree["species"], "haloxylon");
  EXPECT_EQ(tree["state"], "allocated");
  EXPECT_EQ(tree["lat"], 400'000'300);
  EXPECT_EQ(tree["lon"], 1'000'001'200);
  EXPECT_EQ(tree["plot"], "desert-ngo/home");
  EXPECT_EQ(tree["unit"], "platform/units#3");
  EXPECT_EQ(tree["allocation"], "platform/given");
  EXPECT_EQ(tree["commitments"],
            Json::array({crypto::to_hex(proofs::commitment_of(opening_of_unit(3)))}));
}

TEST_F(Methods, TreeGetShowsATreeThatBelongsToNobody) {
  const Json tree = ask("tree_get", {{"tree", "desert-ngo/grown#99"}});
  EXPECT_EQ(tree["state"], "available");
  EXPECT_EQ(tree["unit"], nullptr);
  EXPECT_EQ(tree["commitments"], Json::array());
}

TEST_F(Methods, TheVisitedTreesAreThoseOfTheSample) {
  const Json drawn = ask("sample_draw", {{"batch", kGrown}, {"size", 10}});
  const std::string visited = drawn["sample"][0];
  EXPECT_EQ(ask("tree_get", {{"tree", std::string(kGrown) + "#" + visited}})["visited"], true);
  std::set<std::string> sample(drawn["sample"].begin(), drawn["sample"].end());
  EXPECT_EQ(sample.size(), 10u);
  std::size_t other = 0;
  while (sample.contains(std::to_string(other))) ++other;
  const std::string inferred = std::string(kGrown) + "#" + std::to_string(other);
  EXPECT_EQ(ask("tree_get", {{"tree", inferred}})["visited"], false);
}

TEST_F(Methods, ACertificateIsVerifiedByTheNodeAsWell) {
  const Json given = ask("tree_certificate", {{"tree", "desert-ngo/grown#3"}, {"status", true}});
  for (const char* form : {"certificate", "text"}) {
    const Json verdict = ask("tree_verify", {{"certificate", given[form]}});
    EXPECT_EQ(verdict["valid"], true) << verdict;
    EXPECT_EQ(verdict["facts"]["tree"], "desert-ngo/grown#3");
    EXPECT_EQ(verdict["facts"]["issuer"], "platform");
  }
  EXPECT_EQ(caller_.error("tree_certificate", {{"tree", "desert-ngo/grown#99"}})["code"], -32001);
}

TEST_F(Methods, ACertificateIsForATrustFileOfSomeHeight) {
  const std::string tree = "desert-ngo/grown#3";
  const Json given = ask("tree_certificate", {{"tree", tree}});
  EXPECT_EQ(ask("tree_certificate", {{"tree", tree}, {"from_height", 1}}), given);
  EXPECT_EQ(ask("tree_certificate", {{"tree", tree}, {"from_height", given["height"]}}), given);
  EXPECT_EQ(ask("tree_certificate", {{"tree", tree}, {"from_height", "18446744073709551615"}}),
            given);
  const Json error = caller_.error("tree_certificate", {{"tree", tree}, {"from_height", 0}});
  EXPECT_EQ(error["code"], -32602);
  EXPECT_EQ(error["data"]["path"], "params.from_height");
}

TEST_F(Methods, TreeVerifyTakesATrustFileOfOnesOwn) {
  const Json given = ask("tree_certificate", {{"tree", "desert-ngo/grown#3"}});
  Json trust = Json::parse(caller_.request("GET", "/trust.json").body);
  EXPECT_EQ(ask("tree_verify", {{"certificate", given["certificate"]}, {"trust", trust}})["valid"],
            true);
  trust["to_height"] = 1;
  const Json verdict =
      ask("tree_verify", {{"certificate", given["certificate"]}, {"trust", trust}});
  EXPECT_EQ(verdict["valid"], false);
  EXPECT_EQ(verdict["facts"], nullptr);
  trust.erase("policy");
  EXPECT_EQ(caller_.error("tree_verify",
                          {{"certificate", given["certificate"]}, {"trust", trust}})["code"],
            -32602);
}

TEST_F(Methods, RedemptionsAreFoundByIdAndByCommitment) {
  const Json unit = ask("redemption_get", {{"id", "platform/units#5"}});
  EXPECT_EQ(unit["state"], "allocated");
  EXPECT_EQ(unit["tree"], "desert-ngo/grown#5");
  EXPECT_EQ(unit["shares"][0]["grams"], "100");
  const Json found = ask("redemption_find", {{"commitment", unit["shares"][0]["commitment"]}});
  EXPECT_EQ(found, unit);
  const Json waiting = ask("redemption_get", {{"id", "platform/units#59"}});
  EXPECT_EQ(waiting["state"], "free");
  EXPECT_EQ(waiting["tree"], nullptr);
  EXPECT_EQ(caller_.error("redemption_find", {{"commitment", std::string(64, '0')}})["code"],
            -32001);
}

TEST_F(Methods, CampaignsTellTheirMassBalance) {
  EXPECT_EQ(ask("campaign_list")["items"].size(), 2u);
  EXPECT_EQ(ask("campaign_list", {{"org", "desert-ngo"}})["items"].size(), 0u);
  const Json campaign = ask("campaign_get", {{"campaign", kPlanted}});
  EXPECT_EQ(campaign["object"]["payload"]["species"][0]["grams"], "100");
  EXPECT_EQ(campaign["object"]["payload"]["redeem_window"]["from_day"], 20'454);
  const Json progress = ask("campaign_progress", {{"campaign", kPlanted}});
  EXPECT_EQ(progress["all"]["net_redeemed"], "60");
  EXPECT_EQ(progress["all"]["allocated"], "20");
  EXPECT_EQ(progress["all"]["trees"]["available"], "80");
  EXPECT_EQ(progress["species"][0]["planted"], "100");
  EXPECT_EQ(progress["species"].size(), 2u);
  EXPECT_EQ(progress["programmes"], Json::array({kEnergy}));
  const Json points = ask("points_balance", {{"programme", kEnergy}});
  EXPECT_EQ(points["outstanding"], "994000");
}

TEST_F(Methods, ListsGoOnWhereTheirCursorEnds) {
  const Json first = ask("campaign_list", {{"limit", 1}});
  EXPECT_EQ(first["items"][0]["id"], kPlanted);
  const Json second = ask("campaign_list", {{"limit", 1}, {"cursor", first["cursor"]}});
  EXPECT_EQ(second["items"][0]["id"], kPledged);
  const Json last = ask("campaign_list", {{"limit", 1}, {"cursor", second["cursor"]}});
  EXPECT_EQ(last["items"].size(), 0u);
  EXPECT_EQ(last["cursor"], nullptr);
  EXPECT_EQ(caller_.error("campaign_list", {{"limit", 0}})["code"], -32602);
  EXPECT_EQ(caller_.error("campaign_list", {{"limit", 501}})["code"], -32602);
}

TEST_F(Methods, AReadCanAskForTheObjectsAsTheyWere) {
  const auto record = ledger::record_of(*view(), {std::string(kUnits)});
  const Json at{{"campaign", kPlanted}, {"at", std::to_string(record->height)}};
  const Json then = ask("campaign_progress", at);
  EXPECT_EQ(then["all"]["allocated"], "0");
  EXPECT_EQ(then["height"], std::to_string(record->height));
  EXPECT_EQ(then, ask("campaign_progress", at));
  const Json before{{"campaign", kPlanted}, {"at", 1}};
  EXPECT_EQ(caller_.error("campaign_get", before)["code"], -32001);
  EXPECT_EQ(ask("campaign_list", {{"at", 1}})["items"].size(), 0u);
  EXPECT_EQ(caller_.error("campaign_get", {{"campaign", kPlanted}, {"at", 1'000'000}})["code"],
            -32001);
}

TEST_F(Methods, PlotsComeWithTheirOutline) {
  const Json plot = ask("plot_get", {{"plot", kHome}});
  EXPECT_EQ(plot["rings"].size(), 1u);
  EXPECT_EQ(plot["rings"][0][0], Json::array({400'000'000, 1'000'000'000}));
  EXPECT_EQ(plot["object"]["confirmed_capacity"], "5000");
  EXPECT_EQ(ask("plot_list")["items"][0]["id"], kHome);
  EXPECT_EQ(ask("pledge_get", {{"pledge", "desert-ngo/promise"}})["object"]["payload"]["count"],
            "200");
  const Json evidence = ask("evidence_get", {{"evidence", "desert-ngo/photo"}});
  EXPECT_EQ(evidence["object"]["payload"]["phash64"], "18446744073709551614");
}

TEST_F(Methods, BatchesAreListedByCampaignAndPlot) {
  const Json batch = ask("batch_get", {{"batch", kGrown}});
  EXPECT_EQ(batch["object"]["source"], "plant");
  EXPECT_EQ(batch["object"]["species"][0]["trees"]["allocated"], "20");
  EXPECT_EQ(ask("batch_list", {{"campaign", kPlanted}})["items"].size(), 1u);
  EXPECT_EQ(ask("batch_list", {{"campaign", kPledged}})["items"].size(), 0u);
  EXPECT_EQ(ask("batch_list", {{"plot", kHome}})["items"].size(), 1u);
  const Json leaves = ask("batch_leaves", {{"batch", kGrown}, {"from", "98"}});
  ASSERT_EQ(leaves["leaves"].size(), 2u);
  EXPECT_EQ(leaves["leaves"][1]["index"], "99");
  EXPECT_EQ(leaves["leaves"][1]["species"], "haloxylon");
  EXPECT_EQ(leaves["leaves"][1]["state"], "available");
  EXPECT_EQ(ask("redemption_list", {{"campaign", kPlanted}})["items"].size(), 1u);
}

TEST_F(Methods, AnAllocationIsPlannedFromWhatIsFree) {
  const Json plan = ask("allocate_plan", {{"campaign", kPlanted}});
  EXPECT_EQ(plan["runs"][0]["count"], "40");
  EXPECT_EQ(plan["links"]["count"], "40");
  EXPECT_EQ(plan["ranges"][0]["unit_from"], "20");
  const Json run{{"redeem", kUnits}, {"plant", kGrown}, {"species", "haloxylon"}, {"count", 90}};
  const Json refused =
      caller_.error("allocate_plan", {{"campaign", kPlanted}, {"runs", Json::array({run})}});
  EXPECT_EQ(refused["code"], -32002);
  EXPECT_EQ(refused["data"]["reason"], "units_insufficient");
  const Json faulty =
      caller_.error("allocate_plan", {{"campaign", kPlanted}, {"runs", Json::array({Json{}})}});
  EXPECT_EQ(faulty["data"]["path"], "params.runs[0]");
}

}  // namespace
}  // namespace treeproof::rpc
