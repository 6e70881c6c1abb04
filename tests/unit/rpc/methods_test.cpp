#include <gtest/gtest.h>

#include <set>

#include "consensus/ledger/lookups.h"
#include "crypto/hash.h"
#include "crypto/ics23.h"
#include "crypto/merkle.h"
#include "crypto/state_map.h"
#include "rpc/openrpc.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "text") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (!value.is_string()) return false;
  const std::string text = value.get<std::string>();
  if (type == "hex") return crypto::from_hex(text).has_value();
  if (type == "base64url") return crypto::from_base64url(text).has_value();
  return type == "decimal" && !text.empty() &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// The members that the table promises, each of its type, and none else.
void expect_promised(const std::string& method, const Json& result) {
  const Method* row = find_method(method);
  ASSERT_NE(row, nullptr) << method;
  std::set<std::string> promised;
  for (const ResultMember& member : result_members(row->result)) {
    const std::string name(member.name);
    promised.insert(name);
    ASSERT_TRUE(result.contains(name)) << method << " " << name;
    const bool may_be_null = member.may_be_null && result[name].is_null();
    EXPECT_TRUE(may_be_null || is_of_type(result[name], member.type))
        << method << " " << name << ": " << result[name];
  }
  if (row->envelope == Envelope::snapshot) {
    promised.insert({"height", "time", "state_root", "test_clock"});
    EXPECT_TRUE(is_of_type(result.at("height"), "decimal"));
    EXPECT_TRUE(is_of_type(result.at("time"), "decimal"));
    EXPECT_TRUE(is_of_type(result.at("state_root"), "hex"));
    EXPECT_EQ(result.at("test_clock"), true);
  }
  for (const auto& [name, value] : result.items()) {
    EXPECT_TRUE(promised.contains(name)) << method << " gives " << name << ", not promised";
  }
}

class Methods : public testing::Test {
 protected:
  Methods() : chain_(season_chain()), caller_(chain_) {}

  Json ask(const std::string& method, const Json& params = Json::object()) {
    Json result = caller_.result(method, params);
    expect_promised(method, result);
    return result;
  }
  ChainViewPtr view() { return chain_.latest(); }
  // The root of the log when it had this many entries.
  crypto::Hash root_of_size(std::uint64_t size) {
    std::vector<crypto::Hash> leaves;
    for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(view()->log_subtree(0, i));
    return crypto::merkle_root(leaves);
  }

  TestChain& chain_;
  Caller caller_;
};

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

TEST_F(Methods, RecordsAreFoundByIdAndByPlace) {
  const Json record = ask("record_get", {{"id", "platform/given"}});
  EXPECT_EQ(record["type"], "allocate");
  EXPECT_EQ(record["payload"]["links"]["count"], "20");
  EXPECT_EQ(record["object"]["record"], record["record"]);
  EXPECT_EQ(ask("record_get", {{"log_index", record["record"]["log_index"]}}), record);
  EXPECT_EQ(caller_.error("record_get", {{"log_index", 0}})["code"], -32001);
  EXPECT_EQ(caller_.error("record_get", Json::object())["code"], -32602);
}

TEST_F(Methods, EveryRecordOfTheSeasonHasItsJson) {
  const std::uint64_t size = view()->header().log_size;
  std::set<std::string> types;
  for (std::uint64_t i = 2; i < size; ++i) {
    const Json record = ask("record_get", {{"log_index", i}});
    types.insert(record["type"].get<std::string>());
    EXPECT_EQ(record["payload"]["type"], record["type"]);
  }
  EXPECT_EQ(types.size(), 12u);
}

TEST_F(Methods, TheAuditsOfAnHonestSeasonAreClean) {
  const Json points = ask("audit_points");
  EXPECT_EQ(points["findings"], Json::array());
  EXPECT_EQ(points["rows"][0]["redeemed_by_units"], "6000");
  const Json campaign = ask("audit_campaign", {{"campaign", kPlanted}});
  EXPECT_EQ(campaign["findings"], Json::array());
  EXPECT_EQ(campaign["rows"].size(), 3u);
  EXPECT_EQ(campaign["rows"][0]["available"], "80");
  const Json allocations = ask("audit_allocations");
  EXPECT_EQ(allocations["findings"], Json::array());
  EXPECT_EQ(allocations["rows"][0]["root_recomputed"], allocations["rows"][0]["links_root"]);
  EXPECT_EQ(allocations["rows"][0]["holds"], true);
  EXPECT_EQ(caller_.error("audit_campaign", {{"campaign", "platform/none"}})["code"], -32001);
}

TEST_F(Methods, TheChainTellsWhereItStands) {
  const Json status = ask("chain_status");
  EXPECT_EQ(status["chain"], chain_.chain_id());
  EXPECT_EQ(status["genesis"], crypto::to_hex(chain_.genesis().file_hash));
  EXPECT_EQ(status["clock"]["rate"], "1000");
  EXPECT_EQ(status["peers"], Json::array({"coast-ngo", "desert-ngo"}));
  const std::string height = status["height"];
  const Json block = ask("chain_getBlock", {{"height", height}, {"statement_bytes", true}});
  const Json header = ask("chain_getHeader");
  EXPECT_EQ(block["header"], header["header"]);
  EXPECT_EQ(block["header"]["height"], height);
  EXPECT_EQ(block["statements"][0]["id"].get<std::string>().size(), 64u);
  const auto hash = ledger::header_hash(
      crypto::from_base64url(header["header_bytes"].get<std::string>()).value());
  EXPECT_EQ(header["header_hash"], crypto::to_hex(hash));
  const Json commit = ask("chain_getCommit", {{"height", height}});
  EXPECT_EQ(commit["receipts"].size(), 3u);
  EXPECT_EQ(commit["bind"]["header_hash"], header["header_hash"]);
  EXPECT_EQ(ask("chain_getValidators")["validators"].size(), 4u);
  EXPECT_EQ(caller_.error("chain_getBlock", {{"height", 0}})["code"], -32001);
  EXPECT_EQ(caller_.error("chain_getValidators", {{"height", "0"}})["code"], -32001);
}

TEST_F(Methods, LogProofsLeadToTheRootOfTheHeader) {
  const auto& header = view()->header();
  const Json proof = ask("log_proof", {{"index", 5}});
  std::vector<crypto::Hash> path;
  for (const Json& hash : proof["path"]) {
    path.push_back(crypto::hash_from_hex(hash.get<std::string>()).value());
  }
  const auto leaf = crypto::hash_from_hex(proof["leaf_hash"].get<std::string>()).value();
  EXPECT_TRUE(crypto::verify_inclusion(leaf, 5, header.log_size, path, header.log_root));
  EXPECT_EQ(leaf, crypto::leaf_hash(view()->log_entry(5).value()));

  const Json consistency = ask("log_consistency", {{"from", 3}});
  path.clear();
  for (const Json& hash : consistency["path"]) {
    path.push_back(crypto::hash_from_hex(hash.get<std::string>()).value());
  }
  const auto older = root_of_size(3);
  EXPECT_TRUE(crypto::verify_consistency(3, header.log_size, path, older, header.log_root));
  EXPECT_EQ(caller_.error("log_proof", {{"index", header.log_size}})["code"], -32602);
  EXPECT_EQ(caller_.error("log_proof", {{"index", 0}, {"size", "18446744073709551615"}})["code"],
            -32602);
  EXPECT_EQ(caller_.error("log_consistency", {{"from", 0}})["code"], -32602);
}

TEST_F(Methods, StateProofsHoldUnderTheStateRoot) {
  const Json org = ask("state_proof", {{"namespace", "org"}, {"id", "verifier"}});
  const auto root = view()->header().state_root;
  const auto bytes_of = [](const Json& text) {
    return crypto::from_base64url(text.get<std::string>()).value();
  };
  const crypto::Hash key = crypto::state_key("org", "verifier");
  EXPECT_TRUE(crypto::verify_existence(bytes_of(org["proof"]), root, key, bytes_of(org["value"])));
  const Json none = ask("state_proof", {{"namespace", "org"}, {"id", "nobody"}});
  EXPECT_EQ(none["exists"], false);
  EXPECT_TRUE(
      crypto::verify_absence(bytes_of(none["proof"]), root, crypto::state_key("org", "nobody")));
  chain_.proofs_from = 5;
  const Json pruned =
      caller_.error("state_proof", {{"namespace", "org"}, {"id", "verifier"}, {"at", 2}});
  chain_.proofs_from = 0;
  EXPECT_EQ(pruned["code"], -32004);
  EXPECT_EQ(pruned["data"]["reason"], "pruned");
}
TEST_F(Methods, OrganisationsSpeciesAndGovernanceAreListed) {
  const Json org = ask("org_get", {{"org", "verifier"}});
  EXPECT_EQ(org["roles"], Json::array({"verifier"}));
  EXPECT_EQ(org["keys"].size(), 2u);
  EXPECT_EQ(ask("org_list")["items"].size(), 5u);
  EXPECT_EQ(ask("species_list")["items"].size(), 2u);
  const Json one = ask("species_list", {{"codes", {"rhizophora", "unknown"}}});
  ASSERT_EQ(one["items"].size(), 1u);
  EXPECT_EQ(one["items"][0]["habit"], "mangrove");
  const Json proposals = ask("governance_proposals");
  EXPECT_EQ(proposals["items"][0]["object"]["approvals"].size(), 3u);
  EXPECT_EQ(proposals["items"][0]["object"]["payload"]["change"]["kind"], "params_set");
  EXPECT_EQ(ask("governance_proposals", {{"open", true}})["items"].size(), 0u);
  EXPECT_EQ(ask("parameters_get")["parameters"]["field_delay_days"], "200");
  EXPECT_EQ(ask("parameters_get", {{"at", 1}})["parameters"]["field_delay_days"], "180");
}
TEST_F(Methods, ParametersGoByPositionToo) {
  const Json by_name = caller_.result("log_proof", {{"index", 5}, {"size", 7}});
  EXPECT_EQ(caller_.result("log_proof", Json::array({5, "7"})), by_name);
  EXPECT_EQ(caller_.error("log_proof", Json::array({5, 7, 9}))["code"], -32602);
}
TEST_F(Methods, EveryMethodOfTheIssueIsThere) {
  for (const char* name : {"record_submit",
                           "record_dryRun",
                           "record_get",
                           "record_status",
                           "tree_get",
                           "tree_certificate",
                           "tree_verify",
                           "redemption_get",
                           "redemption_find",
                           "campaign_get",
                           "campaign_list",
                           "campaign_progress",
                           "plot_get",
                           "plot_list",
                           "inbox",
                           "sample_draw",
                           "batch_get",
                           "batch_leaves",
                           "points_balance",
                           "audit_points",
                           "audit_campaign",
                           "audit_allocations",
                           "chain_status",
                           "chain_getBlock",
                           "chain_getHeader",
                           "chain_getCommit",
                           "chain_getValidators",
                           "org_get",
                           "org_list",
                           "species_list",
                           "governance_proposals",
                           "evidence_get",
                           "pledge_get",
                           "log_proof",
                           "log_consistency",
                           "state_proof",
                           "rpc.discover"}) {
    EXPECT_NE(find_method(name), nullptr) << name;
  }
}
}  // namespace
}  // namespace treeproof::rpc
