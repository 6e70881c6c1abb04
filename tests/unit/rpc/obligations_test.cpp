// org_obligations: what an organisation owes, of every kind, as of a height.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/correct.h"
#include "consensus/ledger/dispute_objects.h"
#include "crypto/hash.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

using ledger::ObjectId;

constexpr std::int32_t kLastDayOf2026 = 20'454 + 364;

class Obligations : public testing::Test {
 protected:
  Obligations() : caller_(chain_) { play_season(chain_); }

  Json ask(std::string_view org, Json params = Json::object()) {
    params["org"] = org;
    Json answer = caller_.result("org_obligations", params);
    expect_promised("org_obligations", answer);
    return answer;
  }
  // "duty object count due_day" of one duty, one a line; all duties where none is named.
  std::string owed(std::string_view org, std::string_view duty = "",
                   const Json& params = Json::object()) {
    std::string text;
    const Json answer = ask(org, params);
    for (const Json& item : answer["items"]) {
      if (!duty.empty() && item["duty"] != duty) continue;
      const auto word = [](const Json& value) {
        return value.is_string() ? value.get<std::string>() : value.dump();
      };
      text += word(item["duty"]) + " " + word(item["object"]) + " " + word(item["count"]) + " " +
              word(item["due_day"]) + (item["is_late"] == true ? " late\n" : "\n");
    }
    return text;
  }
  Json here() { return {{"at", std::to_string(chain_.latest()->height().value)}}; }

  void pledge(const std::string& ref, std::uint64_t count) {
    chain_.must(
        "desert-ngo",
        ledger::Pledge{
            {ref}, {std::string(kPledged)}, {std::string(kHome)}, {"haloxylon"}, count, 2027});
  }
  // Units of the pledge-first campaign.
  void redeem(const std::string& ref, std::vector<ledger::Draw> draws) {
    ledger::Redeem redeem;
    redeem.ref = {ref};
    redeem.campaign = {std::string(kPledged)};
    redeem.programme = {std::string(kEnergy)};
    redeem.species = ledger::Code{"haloxylon"};
    for (const ledger::Draw& draw : draws) {
      redeem.draws.push_back(draw);
      redeem.units += draw.units;
    }
    redeem.grams = redeem.units * 100;
    std::vector<crypto::Hash> commitments;
    for (std::uint64_t i = 0; i < redeem.units; ++i) {
      commitments.push_back(crypto::sha256(crypto::as_bytes(ref + std::to_string(i))));
    }
    std::ranges::sort(commitments);
    std::vector<crypto::Bytes> leaves;
    for (const crypto::Hash& commitment : commitments) {
      leaves.push_back(ledger::encode(ledger::RedeemLeaf{{commitment, 100}}));
    }
    redeem.leaves = chain_.attach(ledger::Attachment::build(leaves));
    chain_.must("platform", redeem);
  }

  TestChain chain_;
  Caller caller_;
};

TEST_F(Obligations, AreWhatIsStillToBePlantedAndGiven) {
  EXPECT_EQ(owed("desert-ngo"),
            "planting desert-ngo/promise 200 " + std::to_string(kLastDayOf2026) + "\n");
  EXPECT_EQ(owed("platform"), "allocation platform/units 40 null\n");
  EXPECT_EQ(owed("coast-ngo"), "");
  const Json answer = ask("desert-ngo");
  EXPECT_EQ(answer["items"][0]["campaign"], kPledged);
  EXPECT_EQ(answer["day"], chain_.day());
  EXPECT_EQ(answer["totals"],
            Json::array({{{"duty", "planting"}, {"objects", 1}, {"count", "200"}}}));
  EXPECT_EQ(caller_.error("org_obligations", {{"org", "nobody"}})["code"], -32001);
}

TEST_F(Obligations, AreLateWhenTheirDayIsOver) {
  pass_days(chain_, 364);
  EXPECT_EQ(owed("desert-ngo"),
            "planting desert-ngo/promise 200 " + std::to_string(kLastDayOf2026) + "\n");
  pass_days(chain_, 2);
  EXPECT_EQ(owed("desert-ngo"), "planting desert-ngo/promise 200 " +
                                    std::to_string(kLastDayOf2026) +
                                    " late\n"
                                    "visit desert-ngo/grown 100 " +
                                    std::to_string(kLastDayOf2026 + 1) + " late\n");
}

// Each pledge answers for its own part of a redemption.
TEST_F(Obligations, CountTheUnitsThatWereDrawnOnAPledge) {
  pledge("more", 50);
  redeem("first", {{{"desert-ngo/more"}, 10}, {{"desert-ngo/promise"}, 20}});
  redeem("second", {{{"desert-ngo/promise"}, 5}});
  chain_.must("platform", ledger::Refund{{"back"}, {"platform/first"}, {{8, 4}}, {}});
  EXPECT_EQ(owed("desert-ngo", "drawn"),
            "drawn desert-ngo/more 8 null\n"
            "drawn desert-ngo/promise 23 null\n");
  EXPECT_EQ(owed("coast-ngo", "drawn"), "");
  chain_.must("platform", ledger::Refund{{"all"}, {"platform/first"}, {{0, 8}}, {}});
  EXPECT_EQ(owed("desert-ngo", "drawn"), "drawn desert-ngo/promise 23 null\n");
}

TEST_F(Obligations, DoNotGuessUnitsOfAnEarlierHeight) {
  redeem("first", {{{"desert-ngo/promise"}, 20}});
  const Json then = here();
  EXPECT_EQ(owed("desert-ngo", "drawn", then), "drawn desert-ngo/promise 20 null\n");
  chain_.empty_block();
  EXPECT_EQ(owed("desert-ngo", "drawn", then), "drawn desert-ngo/promise null null\n");
  EXPECT_EQ(ask("desert-ngo", then)["totals"][1],
            (Json{{"duty", "drawn"}, {"objects", 1}, {"count", nullptr}}));
}

TEST_F(Obligations, AreReplacementsAndVerificationsOfItsBatches) {
  const auto lost =
      chain_.sign("desert-ngo", ledger::Correct{{"never"},
                                                {std::string(kGrown)},
                                                ledger::CorrectVoid{{{3, 2}, {30, 1}}},
                                                {},
                                                {"verifier"}});
  chain_.must("verifier", ledger::Consent{{"agree"}, lost->id});
  ASSERT_TRUE(chain_.record(lost).has_value());
  plant_more(chain_, {.ref = "young", .row = 20, .campaign = std::nullopt});
  EXPECT_EQ(owed("desert-ngo", "replacement"), "replacement desert-ngo/grown 2 null\n");
  EXPECT_EQ(owed("desert-ngo", "verification"), "verification desert-ngo/young 10 null\n");
}

TEST_F(Obligations, AreCapacitiesThatNobodyConfirmed) {
  EXPECT_EQ(owed("coast-ngo"), "");
  const auto statement =
      chain_.must("coast-ngo", square_plot(chain_, "shore", {410'000'000, 1'000'000'000}, 70));
  EXPECT_EQ(owed("coast-ngo"), "capacity coast-ngo/shore 70 null\n");
  chain_.must("verifier", ledger::Consent{{"confirm-shore"}, statement->id});
  EXPECT_EQ(owed("coast-ngo"), "");
}

TEST_F(Obligations, AreDisputesAsLongAsTheyAreOpen) {
  ledger::Dispute dispute;
  dispute.ref = {"doubt"};
  dispute.target = ledger::DisputedRecord{{std::string(kGrown)}};
  dispute.ground = ledger::Ground::trees_missing;
  chain_.must("regulator", dispute);
  EXPECT_EQ(owed("desert-ngo", "dispute"),
            "dispute regulator/doubt 1 " + std::to_string(chain_.day() + 90) + "\n");
  EXPECT_EQ(owed("regulator"), "");
  pass_days(chain_, 91);
  EXPECT_EQ(owed("desert-ngo", "dispute"), "");
}

// What waits is of the pool: only the latest answer counts it.
TEST_F(Obligations, CountTheConsentsThatAreAskedFor) {
  EXPECT_EQ(ask("desert-ngo")["consents_asked"], 0);
  const auto statement =
      chain_.sign("platform", campaign_terms("spring", ledger::Mode::plant_first, chain_.day()));
  caller_.result("record_submit", {{"statement", crypto::to_hex(statement->bytes)}});
  EXPECT_EQ(ask("desert-ngo")["consents_asked"], 1);
  EXPECT_EQ(ask("verifier")["consents_asked"], 0);
  EXPECT_EQ(ask("desert-ngo", here())["consents_asked"], nullptr);
}

TEST_F(Obligations, AreThoseOfAHeightForEver) {
  const Json then = here();
  const Json before = ask("desert-ngo", then);
  pledge("more", 50);
  EXPECT_EQ(ask("desert-ngo", then), before);
  EXPECT_EQ(ask("desert-ngo")["totals"][0]["count"], "250");
}

TEST_F(Obligations, ComeInPages) {
  pledge("more", 50);
  const Json first = ask("desert-ngo", {{"limit", 1}});
  EXPECT_EQ(first["items"][0]["object"], "desert-ngo/more");
  EXPECT_EQ(first["totals"][0]["objects"], 2);  // of all pages
  const Json second = ask("desert-ngo", {{"limit", 1}, {"cursor", first["cursor"]}});
  EXPECT_EQ(second["items"][0]["object"], "desert-ngo/promise");
  EXPECT_EQ(second["cursor"], nullptr);
}

}  // namespace
}  // namespace treeproof::rpc
