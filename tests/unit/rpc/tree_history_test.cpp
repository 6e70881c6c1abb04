// tree_history tells every record that says something of a tree, and none that does not.
#include <gtest/gtest.h>

#include "consensus/ledger/correct.h"
#include "consensus/ledger/dispute_objects.h"
#include "rpc/replacement_plan.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

using ledger::ObjectId;

const ObjectId kBatch{std::string(kGrown)};

// The season: 100 trees, of which the first 20 have units; a sample of ten was visited.
class TreeHistories : public testing::Test {
 protected:
  TreeHistories() : caller_(chain_) {
    play_season(chain_);
    const auto seen = ledger::find<ledger::VerifyObject>(*chain_.latest(), {"verifier/visit"});
    visited_ = seen->payload.visited;
  }

  // Of the first trees that the sample passed over, or that it visited.
  std::uint64_t tree(bool is_visited, std::uint64_t from = 0) const {
    while (ledger::contains(visited_, from) != is_visited) ++from;
    return from;
  }
  Json ask(const std::string& batch, std::uint64_t index, Json params = Json::object()) {
    params["tree"] = batch + "#" + std::to_string(index);
    Json answer = caller_.result("tree_history", params);
    expect_promised("tree_history", answer);
    return answer;
  }
  // "event record about", one a line.
  std::string told(const std::string& batch, std::uint64_t index, const Json& params = {}) {
    std::string text;
    std::uint64_t before = 0;
    const Json answer = ask(batch, index, params.is_null() ? Json::object() : params);
    for (const Json& item : answer["items"]) {
      const auto log_index = std::stoull(item["log_index"].get<std::string>());
      EXPECT_GE(log_index, before) << text;
      before = log_index;
      text += item["event"].get<std::string>() + " " + item["record"].get<std::string>();
      if (!item["about"].is_null()) text += " " + item["about"].get<std::string>();
      text += "\n";
    }
    return text;
  }
  std::string told(std::uint64_t index) { return told(kBatch.text, index); }

  void must_agreed(const ledger::Payload& payload, std::string_view by = "verifier") {
    const auto statement = chain_.sign("desert-ngo", payload);
    chain_.must(by, ledger::Consent{{"agree-" + ledger::ref_of(payload).text}, statement->id});
    const auto recorded = chain_.record(statement);
    EXPECT_TRUE(recorded.has_value()) << ledger::to_string(recorded.error());
  }
  // By as many approvals as it takes.
  void decide(const std::string& ref, const ledger::Change& change) {
    const ObjectId proposal{"platform/" + ref};
    chain_.must("platform", ledger::Propose{{ref}, change});
    const bool is_resolve = std::holds_alternative<ledger::Resolve>(change);
    for (const std::string_view org : {"regulator", "platform", "coast-ngo", "verifier"}) {
      if (org == "regulator" && !is_resolve) continue;  // it has no power
      const auto object = ledger::find<ledger::ProposalObject>(*chain_.latest(), proposal);
      if (object->carried_out) return;
      chain_.must(org, ledger::Approve{{"agree-" + ref}, proposal});
    }
    const auto object = ledger::find<ledger::ProposalObject>(*chain_.latest(), proposal);
    EXPECT_TRUE(object->carried_out.has_value());
  }
  void dispute(const std::string& ref, ledger::DisputeTarget target,
               ledger::Ground ground = ledger::Ground::trees_missing) {
    ledger::Dispute dispute;
    dispute.ref = {ref};
    dispute.target = std::move(target);
    dispute.ground = ground;
    chain_.must("regulator", dispute);
  }
  void verify_all(const std::string& ref, const std::string& batch, std::uint64_t size,
                  ledger::Ranges rejected = {}) {
    const std::uint64_t failures = ledger::members_in(rejected);
    chain_.must("verifier", ledger::Verify{{ref},
                                           {batch},
                                           ledger::VerifyMethod::full,
                                           {{0, size}},
                                           failures,
                                           std::move(rejected),
                                           {}});
  }

  TestChain chain_;
  Caller caller_;
  ledger::Ranges visited_;
};

TEST_F(TreeHistories, BeginWithThePlantingAndWhoSawIt) {
  const std::string planted = "planted desert-ngo/grown desert-ngo/home\n";
  EXPECT_EQ(told(tree(true, 20)), planted + "visited verifier/visit\n");
  EXPECT_EQ(told(tree(false, 20)), planted + "inferred verifier/visit\n");
  const std::string index = std::to_string(tree(false));
  EXPECT_EQ(
      told(tree(false)),
      planted + "inferred verifier/visit\nallocated platform/given platform/units#" + index + "\n");
}

TEST_F(TreeHistories, SayOfEachRecordWhatAndWhereItIs) {
  observe(chain_, "regulator", "look", kGrown, {100, 0, 0});
  const Json answer = ask(kBatch.text, 99);
  const Json& first = answer["items"].front();
  const auto batch = ledger::find<ledger::BatchObject>(*chain_.latest(), kBatch);
  EXPECT_EQ(first["type"], "plant");
  EXPECT_EQ(first["org"], "desert-ngo");
  EXPECT_EQ(first["height"], std::to_string(batch->record.height));
  EXPECT_EQ(first["time_s"], std::to_string(batch->record.time_s));
  EXPECT_EQ(first["day"], *batch->planted_from);
  EXPECT_EQ(first["witness"], nullptr);
  const Json& last = answer["items"].back();
  EXPECT_EQ(last["type"], "observe");
  EXPECT_EQ(last["day"], chain_.day());
  EXPECT_EQ(last["about"], nullptr);
  EXPECT_EQ(caller_.error("tree_history", {{"tree", "desert-ngo/grown#100"}})["code"], -32001);
  EXPECT_EQ(caller_.error("tree_history", {{"tree", "desert-ngo/none#0"}})["code"], -32001);
}

TEST_F(TreeHistories, TellInventoriesAndTheCampaignThatTheyJoin) {
  take_stock(chain_, "old", 20);
  plant_more(chain_, {.ref = "free", .row = 21, .campaign = std::nullopt});
  chain_.must("desert-ngo", ledger::Assign{{"join"}, {"desert-ngo/free"}, {std::string(kPlanted)}});
  EXPECT_EQ(told("desert-ngo/old", 3), "inventoried desert-ngo/old desert-ngo/home\n");
  EXPECT_EQ(told("desert-ngo/free", 3),
            "planted desert-ngo/free desert-ngo/home\n"
            "joined_campaign desert-ngo/join platform/planted\n");
}

TEST_F(TreeHistories, ShowWhoseWordAVisitIs) {
  observe(chain_, "desert-ngo", "own", kGrown, {100, 0, 0});
  observe(chain_, "verifier", "seen", kGrown, {99, 1, 0}, {{50, 1}});
  observe(chain_, "coast-ngo", "heard", kGrown, {98, 2, 0}, {{51, 1}});
  const auto last = [this](std::uint64_t index) {
    std::string text;
    const Json answer = ask(kBatch.text, index);
    for (const Json& item : answer["items"]) {
      if (item["witness"].is_null()) continue;
      text += item["event"].get<std::string>() + " " + item["witness"].get<std::string>() + "\n";
    }
    return text;
  };
  EXPECT_EQ(last(50), "observed self_reported\ndied verified\nobserved reported\n");
  EXPECT_EQ(last(51), "observed self_reported\nobserved verified\nreported_dead reported\n");
}

TEST_F(TreeHistories, TellDeathsAndLivesOfThisTreeOnly) {
  const std::string before = told(60);
  const std::string other = told(61);
  let_die(chain_, "storm", kGrown, {{60, 1}});
  decide("seer", ledger::OrgPut{{"seer"}, {"seer"}, {ledger::OrgRole::verifier}, {"seer"}});
  decide("seer-key",
         ledger::KeyPutFor{
             {"seer"}, secret_key("seer").public_key().bytes(), {ledger::KeyRole::verify}});
  chain_.must("seer", ledger::Revive{{"alive"}, kBatch, {{60, 1}}, chain_.day()});
  EXPECT_EQ(told(60), before + "died desert-ngo/storm\nrevived seer/alive\n");
  EXPECT_EQ(told(61), other);
}

TEST_F(TreeHistories, TellCorrectionsOfItsLeaf) {
  const std::string before = told(70);
  const std::string other = told(71);
  must_agreed(ledger::Correct{
      {"kind"}, kBatch, ledger::CorrectPosition{70, 400'008'000, 1'000'008'000}, {}, {"verifier"}});
  must_agreed(ledger::Correct{{"never"}, kBatch, ledger::CorrectVoid{{{70, 1}}}, {}, {"verifier"}});
  EXPECT_EQ(told(70), before + "corrected desert-ngo/kind\nvoided desert-ngo/never\n");
  EXPECT_EQ(told(71), other);
}

TEST_F(TreeHistories, FollowAUnitToTheTreeThatHasItNow) {
  const std::string before = told(3);
  must_agreed(ledger::Correct{{"never"}, kBatch, ledger::CorrectVoid{{{3, 1}}}, {}, {"verifier"}});
  const auto view = chain_.latest();
  const auto batch = ledger::find<ledger::BatchObject>(*view, kBatch);
  const auto plan = plan_replacement(*view, propose_successors(*view, kBatch, *batch)).value();
  ASSERT_EQ(plan.runs.at(0).to_tree, 20u);
  const std::string successor = told(20);
  must_agreed(ledger::Replace{{"anew"},
                              ObjectId{std::string(kPlanted)},
                              chain_.attach(plan.attachment),
                              plan.links,
                              {"verifier"}});
  EXPECT_EQ(told(3), before +
                         "voided desert-ngo/never\n"
                         "replaced desert-ngo/anew desert-ngo/grown#20\n");
  EXPECT_EQ(told(20), successor + "replaces desert-ngo/anew desert-ngo/grown#3\n");
}

TEST_F(TreeHistories, TellARefundOfTheUnitThatWaited) {
  const std::string before = told(3);
  const std::string other = told(4);
  must_agreed(ledger::Correct{{"never"}, kBatch, ledger::CorrectVoid{{{3, 1}}}, {}, {"verifier"}});
  chain_.must("platform", ledger::Refund{{"back"}, {std::string(kUnits)}, {{3, 1}}, {}});
  EXPECT_EQ(told(3), before +
                         "voided desert-ngo/never\n"
                         "refunded platform/back platform/units#3\n");
  EXPECT_EQ(told(4), other);
}

TEST_F(TreeHistories, TellWhoLooksAfterItNow) {
  plant_more(chain_, {.ref = "gift", .row = 22, .campaign = std::nullopt});
  must_agreed(ledger::Handover{{"give"}, {"coast-ngo"}, {}, {{"desert-ngo/gift"}}, {}},
              "coast-ngo");
  decide("take", ledger::HandoverFor{{"desert-ngo"}, {"coast-ngo"}, {}, {kBatch}, {}});
  EXPECT_EQ(told("desert-ngo/gift", 0),
            "planted desert-ngo/gift desert-ngo/home\n"
            "handed_over desert-ngo/give coast-ngo\n");
  EXPECT_TRUE(told(0).ends_with("handed_over platform/take coast-ngo\n"));
}

TEST_F(TreeHistories, TellOfDisputesOnWhatItRestsUpon) {
  const std::string before = told(80);
  dispute("land", ledger::DisputedRecord{{std::string(kHome)}});
  dispute("seen", ledger::DisputedRecord{{"verifier/visit"}});
  dispute("all", ledger::DisputedOrg{{"desert-ngo"}, 1});
  dispute("later", ledger::DisputedOrg{{"desert-ngo"}, chain_.latest()->height().value},
          ledger::Ground::counted_twice);
  decide("clear", ledger::Resolve{{"regulator/land"}, ledger::Outcome::rejected, {}, {}});
  EXPECT_EQ(told(80), before +
                          "disputed regulator/land desert-ngo/home\n"
                          "disputed regulator/seen verifier/visit\n"
                          "disputed regulator/all desert-ngo\n"
                          "dispute_rejected platform/clear regulator/land\n");
  plant_more(chain_, {.ref = "since", .row = 23, .campaign = std::nullopt});
  EXPECT_EQ(told("desert-ngo/since", 0),
            "disputed regulator/all desert-ngo\n"
            "disputed regulator/later desert-ngo\n"
            "planted desert-ngo/since desert-ngo/home\n");
}

// 30 is asked to be seen again and is accepted, 31 is seen no more, 32 lay outside of it all.
TEST_F(TreeHistories, TellWhatADisputeMeansForTheTree) {
  const std::string before30 = told(30);
  const std::string before31 = told(31);
  const std::string before32 = told(32);
  dispute("doubt", ledger::DisputedRecord{kBatch});
  decide("again",
         ledger::Resolve{
             {"regulator/doubt"}, ledger::Outcome::upheld, ledger::Remedy::reverify, {{30, 2}}});
  verify_all("anew", kBatch.text, 100, {{31, 1}});
  const std::string disputed = "disputed regulator/doubt desert-ngo/grown\n";
  const std::string reopened = "reopened platform/again regulator/doubt\n";
  EXPECT_EQ(told(30), before30 + disputed + reopened + "visited verifier/anew\n");
  EXPECT_EQ(told(31), before31 + disputed + reopened + "rejected verifier/anew\n");
  EXPECT_EQ(told(32), before32 + disputed + "dispute_upheld platform/again regulator/doubt\n" +
                          "visited verifier/anew\n");
}

TEST_F(TreeHistories, TellATreeThatADisputeVoids) {
  const std::string before = told(33);
  dispute("doubt", ledger::DisputedRecord{kBatch});
  decide("void",
         ledger::Resolve{
             {"regulator/doubt"}, ledger::Outcome::upheld, ledger::Remedy::void_ranges, {{33, 1}}});
  EXPECT_EQ(told(33), before +
                          "disputed regulator/doubt desert-ngo/grown\n"
                          "voided platform/void regulator/doubt\n");
}

TEST_F(TreeHistories, TellWhatWasErased) {
  plant_more(chain_, {.ref = "gone", .row = 24, .campaign = std::nullopt});
  let_die(chain_, "fire", "desert-ngo/gone", {{0, 10}});
  const auto batch = ledger::find<ledger::BatchObject>(*chain_.latest(), {"desert-ngo/gone"});
  decide("forget", ledger::Redact{batch->leaves.root, {{0, 1}}});
  EXPECT_EQ(told("desert-ngo/gone", 0),
            "planted desert-ngo/gone desert-ngo/home\n"
            "died desert-ngo/fire\n"
            "redacted platform/forget\n");
  EXPECT_EQ(told("desert-ngo/gone", 1),
            "planted desert-ngo/gone desert-ngo/home\n"
            "died desert-ngo/fire\n");
}

TEST_F(TreeHistories, AreThoseOfAHeightForEver) {
  const std::string before = told(5);
  const Json at{{"at", std::to_string(chain_.latest()->height().value)}};
  const Json first = ask(kBatch.text, 5, at);
  dispute("doubt", ledger::DisputedRecord{kBatch});
  let_die(chain_, "storm", kGrown, {{5, 1}});
  decide("clear", ledger::Resolve{{"regulator/doubt"}, ledger::Outcome::rejected, {}, {}});
  EXPECT_EQ(ask(kBatch.text, 5, at), first);
  EXPECT_EQ(told(kBatch.text, 5, at), before);
  EXPECT_NE(told(5), before);
  const auto batch = ledger::find<ledger::BatchObject>(*chain_.latest(), kBatch);
  EXPECT_EQ(told(kBatch.text, 5, {{"at", std::to_string(batch->record.height)}}),
            "planted desert-ngo/grown desert-ngo/home\n");
}

TEST_F(TreeHistories, ComeInPages) {
  const Json all = ask(kBatch.text, 5)["items"];
  ASSERT_EQ(all.size(), 3u);
  const Json first = ask(kBatch.text, 5, {{"limit", 2}});
  EXPECT_EQ(first["items"], Json::array({all[0], all[1]}));
  const Json second = ask(kBatch.text, 5, {{"limit", 2}, {"cursor", first["cursor"]}});
  EXPECT_EQ(second["items"], Json::array({all[2]}));
  EXPECT_EQ(second["cursor"], nullptr);
  EXPECT_EQ(
      caller_.error("tree_history", {{"tree", "desert-ngo/grown#5"}, {"cursor", "x"}})["code"],
      -32602);
}

}  // namespace
}  // namespace treeproof::rpc
