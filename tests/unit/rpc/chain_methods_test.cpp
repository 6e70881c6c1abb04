#include <set>

#include "consensus/ledger/block.h"
#include "crypto/ics23.h"
#include "crypto/merkle.h"
#include "crypto/state_map.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

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
  EXPECT_EQ(types.size(), 13u);
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
  const Json accountability = ask("audit_accountability");
  EXPECT_EQ(accountability["findings"], Json::array());
  EXPECT_EQ(accountability["checked"]["convictions"], "0");
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

// A node that was restored from a snapshot says so and makes nothing up; what it has, it answers.
TEST_F(Methods, WhatIsBelowTheBaseIsPruned) {
  const auto code_of = [&](const std::string& method, const Json& params) {
    return caller_.error(method, params)["code"];
  };
  const Json whole = ask("log_proof", {{"index", 5}});
  const Json trees = ask("tree_get", {{"tree", "desert-ngo/grown#3"}});
  const Json audit = ask("audit_allocations");
  EXPECT_EQ(ask("chain_status")["base"], "0");
  const std::uint64_t height = view()->height().value;
  chain_.base = height;
  EXPECT_EQ(ask("chain_status")["base"], std::to_string(height));
  EXPECT_EQ(code_of("org_get", {{"org", "verifier"}, {"at", height - 1}}), -32004);
  for (const std::string method : {"chain_getBlock", "chain_getHeader", "chain_getCommit"}) {
    EXPECT_EQ(code_of(method, {{"height", height - 1}}), -32004) << method;
    EXPECT_EQ(code_of(method, {{"height", height + 1}}), -32001) << method;
    EXPECT_EQ(ask(method)["height"], std::to_string(height)) << method;
  }
  EXPECT_EQ(code_of("record_get", {{"id", "platform/given"}}), -32004);
  EXPECT_EQ(code_of("record_get", {{"log_index", 2}}), -32004);
  EXPECT_EQ(code_of("record_get", {{"id", "platform/none"}}), -32001);
  EXPECT_EQ(code_of("record_status", {{"id", "platform/given"}}), -32004);
  EXPECT_EQ(code_of("tree_certificate", {{"tree", "desert-ngo/grown#3"}}), -32004);
  EXPECT_EQ(ask("log_proof", {{"index", 5}}), whole);
  EXPECT_EQ(ask("tree_get", {{"tree", "desert-ngo/grown#3"}}), trees);
  EXPECT_EQ(ask("audit_allocations"), audit);
  const Json error = caller_.error("chain_getBlock", {{"height", 1}});
  EXPECT_NE(error["data"]["sentence"].get<std::string>().find(std::to_string(height)),
            std::string::npos);
  chain_.base = 0;
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
                           "points_proof",
                           "audit_points",
                           "audit_campaign",
                           "audit_allocations",
                           "audit_accountability",
                           "audit_disputes",
                           "audit_owed",
                           "audit_corrections",
                           "audit_overdue",
                           "audit_density",
                           "audit_overlaps",
                           "audit_evidence",
                           "audit_survival",
                           "audit_verification",
                           "audit_issuance",
                           "audit_selfReported",
                           "audit_conflicts",
                           "audit_keyHistory",
                           "export_geojson",
                           "export_darwinCore",
                           "export_csv",
                           "dispute_get",
                           "dispute_list",
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
