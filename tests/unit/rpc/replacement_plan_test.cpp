// A plan for replace says what the ledger then takes.
#include "rpc/replacement_plan.h"

#include <gtest/gtest.h>

#include "consensus/ledger/correct.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

const ledger::ObjectId kBatch{std::string(kGrown)};

// A season; then trees of units turn out never to have been there.
class ReplacementPlans : public testing::Test {
 protected:
  ReplacementPlans() : caller_(chain_) { play_season(chain_); }

  void must_agreed(const ledger::Payload& payload, const std::string& ref) {
    const auto statement = chain_.sign("desert-ngo", payload);
    chain_.must("verifier", ledger::Consent{{"agree-" + ref}, statement->id});
    const auto recorded = chain_.record(statement);
    EXPECT_TRUE(recorded.has_value()) << ledger::to_string(recorded.error());
  }
  void lose(ledger::Ranges trees) {
    must_agreed(
        ledger::Correct{{"never"}, kBatch, ledger::CorrectVoid{std::move(trees)}, {}, {"verifier"}},
        "never");
  }
  // Verified trees that were planted as replacements.
  void reserve(std::int32_t count) {
    std::vector<crypto::Bytes> leaves;
    for (std::int32_t i = 0; i < count; ++i) {
      ledger::PlantLeaf leaf;
      leaf.lat = 400'006'000;
      leaf.lon = 1'000'000'300 + 300 * i;
      leaf.day = chain_.day();
      leaves.push_back(ledger::encode(leaf));
    }
    ledger::Plant plant;
    plant.ref = {"reserve"};
    plant.plot = {std::string(kHome)};
    plant.campaign = ledger::ObjectId{std::string(kPlanted)};
    plant.purpose = ledger::Purpose::replacement;
    plant.species = {{{"haloxylon"}, leaves.size()}};
    plant.planted_from = plant.planted_to = chain_.day();
    plant.leaves = chain_.attach(ledger::Attachment::build(leaves));
    chain_.must("desert-ngo", plant);
    chain_.must("verifier", ledger::Verify{{"see-reserve"},
                                           {"desert-ngo/reserve"},
                                           ledger::VerifyMethod::full,
                                           {{0, leaves.size()}},
                                           0,
                                           {},
                                           {}});
  }
  ReplacementPlan plan() {
    const auto view = chain_.latest();
    const auto batch = ledger::find<ledger::BatchObject>(*view, kBatch);
    return plan_replacement(*view, propose_successors(*view, kBatch, *batch)).value();
  }
  void carry_out(const ReplacementPlan& plan) {
    must_agreed(ledger::Replace{{"anew"},
                                ledger::ObjectId{std::string(kPlanted)},
                                chain_.attach(plan.attachment),
                                plan.links,
                                {"verifier"}},
                "anew");
  }

  TestChain chain_;
  Caller caller_;
};

TEST_F(ReplacementPlans, GiveThoseThatWerePlantedForIt) {
  lose({{3, 1}, {7, 2}});
  reserve(2);
  const ReplacementPlan made = plan();
  const ledger::ObjectId to{"desert-ngo/reserve"};
  ASSERT_EQ(made.runs.size(), 3u);
  EXPECT_EQ(made.runs[0], (ledger::ReplaceLeaf{kBatch, 3, to, 0, 1}));
  EXPECT_EQ(made.runs[1], (ledger::ReplaceLeaf{kBatch, 7, to, 1, 1}));
  EXPECT_EQ(made.runs[2], (ledger::ReplaceLeaf{kBatch, 8, kBatch, 20, 1}));  // then available
  EXPECT_EQ(made.links.count, 3u);
  carry_out(made);
  EXPECT_EQ(chain_.latest()->link_of_tree(to, 1)->allocation.text, "desert-ngo/anew");
  EXPECT_EQ(caller_.error("replace_plan", {{"batch", kGrown}})["code"], -32001);
}

TEST_F(ReplacementPlans, OnceCarriedOutAreALineageFromEitherEnd) {
  lose({{3, 1}});
  reserve(1);
  carry_out(plan());
  const std::string lost = std::string(kGrown) + "#3";
  for (const std::string& asked : {lost, std::string("desert-ngo/reserve#0")}) {
    const Json answer = caller_.result("tree_lineage", {{"tree", asked}});
    expect_promised("tree_lineage", answer);
    EXPECT_EQ(answer["lineage"], Json::array({{{"tree", lost},
                                               {"state", "voided_replaced"},
                                               {"losses", {"desert-ngo/never"}},
                                               {"replacement", "desert-ngo/anew"}},
                                              {{"tree", "desert-ngo/reserve#0"},
                                               {"state", "allocated"},
                                               {"losses", Json::array()},
                                               {"replacement", nullptr}}}))
        << asked;
  }
  EXPECT_EQ(caller_.error("tree_lineage", {{"tree", "desert-ngo/reserve#1"}})["code"], -32001);
}

TEST_F(ReplacementPlans, OfNobodyLeaveATreeAlone) {
  let_die(chain_, "storm", kGrown, {{4, 1}});
  const std::string tree = std::string(kGrown) + "#4";
  EXPECT_EQ(caller_.result("tree_lineage", {{"tree", tree}})["lineage"],
            Json::array({{{"tree", tree},
                          {"state", "dead_not_owed"},
                          {"losses", {"desert-ngo/storm"}},
                          {"replacement", nullptr}}}));
}

TEST_F(ReplacementPlans, TakeNoTreeThatAUnitWaitsFor) {
  lose({{0, 50}});                      // 20 with units, 30 available
  const ReplacementPlan made = plan();  // 50 available, 40 units wait
  EXPECT_EQ(made.links.count, 10u);
  carry_out(made);
}

TEST_F(ReplacementPlans, AreAnsweredAsTheStatementWantsThem) {
  lose({{3, 2}});
  const Json answer = caller_.result("replace_plan", {{"batch", kGrown}});
  expect_promised("replace_plan", answer);
  EXPECT_EQ(answer["campaign"], kPlanted);
  EXPECT_EQ(answer["runs"][0]["from_tree"], "3");
  EXPECT_EQ(answer["runs"][0]["to"], kGrown);
  EXPECT_EQ(answer["runs"][0]["count"], "2");
  EXPECT_EQ(answer["links"]["count"], "2");
  EXPECT_EQ(answer["ranges"][0]["unit_from"], "3");
}

TEST_F(ReplacementPlans, NeedATreeThatIsOwed) {
  for (const char* batch : {"desert-ngo/grown", "desert-ngo/none"}) {
    EXPECT_EQ(caller_.error("replace_plan", {{"batch", batch}})["code"], -32001) << batch;
  }
}

}  // namespace
}  // namespace treeproof::rpc
