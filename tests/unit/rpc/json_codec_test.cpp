#include "rpc/json_codec.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "consensus/ledger/batch_objects.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

Json pledge() {
  return {{"type", "pledge"}, {"ref", "p-1"},           {"plot", "desert-ngo/home"}, {"count", "5"},
          {"season", 2026},   {"species", "haloxylon"}, {"campaign", "platform/a"}};
}

std::string fault_of(const Json& json) {
  const auto payload = payload_from_json(json);
  return payload ? "" : to_string(payload.error());
}

TEST(JsonCodec, WritesWideNumbersAsTextsAndNarrowOnesAsNumbers) {
  const Json json = payload_to_json(photo("a", 20'000));
  EXPECT_EQ(json["type"], "evidence");
  EXPECT_EQ(json["day"], 20'000);
  EXPECT_EQ(json["phash64"], "18446744073709551614");
  EXPECT_EQ(json["position"]["lat"], 400'001'000);
  EXPECT_EQ(json["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(json["c2pa"], "none");
}

TEST(JsonCodec, ReadsBackWhatItWrites) {
  std::vector<ledger::Payload> payloads{photo("a", 1),
                                        campaign_terms("c", ledger::Mode::pledge_first, 9)};
  ledger::SpeciesPut species;
  species.species = {{{"x"}, {"X y"}, 7, std::nullopt, ledger::Habit::tree, 100}};
  payloads.push_back(ledger::Propose{{"p"}, species});
  payloads.push_back(ledger::KeyPut{{"k"}, {2, 3}, {ledger::KeyRole::node}});
  payloads.push_back(ledger::Verify{{"v"}, {"a/b"}, {}, {{1, 2}}, 3, {{4, 5}}, {}});
  for (const ledger::Payload& payload : payloads) {
    const auto read = payload_from_json(payload_to_json(payload));
    ASSERT_TRUE(read.has_value()) << to_string(read.error());
    EXPECT_EQ(*read, payload);
  }
}

TEST(JsonCodec, ReadsThePayloadsOfAWholeSeason) {
  TestChain& chain = season_chain();
  const auto view = chain.latest();
  for (std::uint64_t i = 2; i < view->header().log_size; ++i) {
    const auto statement = ledger::parse_statement(view->log_entry(i).value(), chain.chain_id());
    ASSERT_TRUE(statement.has_value());
    const auto read = payload_from_json(payload_to_json((*statement)->payload));
    ASSERT_TRUE(read.has_value()) << to_string(read.error());
    EXPECT_EQ(*read, (*statement)->payload);
  }
}

TEST(JsonCodec, TakesEveryIntegerAsNumberOrDecimalText) {
  Json json = pledge();
  json["count"] = 5;
  json["season"] = "2026";
  const auto payload = payload_from_json(json);
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(*payload, payload_from_json(pledge()).value());
}

TEST(JsonCodec, NamesTheFieldThatIsWrong) {
  const auto with = [](const char* key, const Json& value) {
    Json json = pledge();
    json[key] = value;
    return fault_of(json);
  };
  EXPECT_EQ(with("extra", 1), "payload: unknown field extra");
  EXPECT_EQ(with("ref", "UPPER"), "payload.ref: not of the form that is wanted here");
  EXPECT_TRUE(with("ref", 7).starts_with("payload.ref: a text"));
  EXPECT_TRUE(with("type", "none").starts_with("payload: unknown type none"));
  EXPECT_TRUE(with("season", 2'147'483'648).starts_with("payload.season: an integer from"));
  for (const Json& count :
       {Json("05"), Json("-1"), Json(-1), Json(1.0), Json("18446744073709551616"), Json("1e3"),
        Json(""), Json(true), Json("+1"), Json(" 1"), Json(9'007'199'254'740'993)}) {
    EXPECT_TRUE(with("count", count).starts_with("payload.count: an integer from 0")) << count;
  }
  Json json = pledge();
  json.erase("plot");
  EXPECT_EQ(fault_of(json), "payload: the field plot is missing");
  EXPECT_EQ(fault_of(Json::array()), "payload: an object is wanted");
}

TEST(JsonCodec, NamesElementsByTheirIndex) {
  Json json = payload_to_json(campaign_terms("c", ledger::Mode::plant_first, 9));
  json["species"][1]["grams"] = "x";
  EXPECT_TRUE(fault_of(json).starts_with("payload.species[1].grams: an integer"));
  json["species"] = Json::array();
  EXPECT_TRUE(fault_of(json).starts_with("payload.species: an array of 1 to 512"));
}

TEST(JsonCodec, RefusesBytesThatAreNotHexOfTheirLength) {
  Json json = payload_to_json(photo("a", 1));
  for (const std::string& hex : {std::string(64, 'A'), std::string(62, '0'), std::string(66, '0'),
                                 std::string(63, '0'), std::string(64, 'g')}) {
    json["sha256"] = hex;
    EXPECT_TRUE(fault_of(json).starts_with("payload.sha256: ")) << hex;
  }
}

TEST(JsonCodec, LetsOptionalFieldsBeLeftOut) {
  Json json = payload_to_json(photo("a", 1));
  json.erase("position");
  json["phash64"] = nullptr;
  const auto payload = payload_from_json(json);
  ASSERT_TRUE(payload.has_value());
  EXPECT_EQ(std::get<ledger::Evidence>(*payload).position, std::nullopt);
}

TEST(JsonCodec, ShowsObjectsOfTheStateByTheirTypes) {
  TestChain& chain = season_chain();
  const auto view = chain.latest();
  const auto batch = view->object({"object", std::string(kGrown)});
  const Json json = object_to_json("object", *batch);
  EXPECT_EQ(json["type"], "batch");
  EXPECT_EQ(json["species"][0]["trees"]["available"], "80");
  const auto species = view->object({"species", "haloxylon"});
  EXPECT_EQ(object_to_json("species", *species)["max_stems_per_ha"], "2505");
}

TEST(JsonCodec, ShowsRefusalsWithTheirNumbers) {
  const Json json = to_json(ledger::Refusal{ledger::Reason::plot_overlaps, {{"area", "7"}}});
  EXPECT_EQ(json["reason"], "plot_overlaps");
  EXPECT_EQ(json["numbers"][0]["label"], "area");
  EXPECT_FALSE(json["sentence"].get<std::string>().empty());
}

}  // namespace
}  // namespace treeproof::rpc
