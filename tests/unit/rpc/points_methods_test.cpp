#include <functional>

#include "tests/unit/rpc/issued_points.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

class PointsMethods : public Methods {
 protected:
  // The parameters of an account's proof.
  static Json params_of(std::uint64_t account) {
    const proofs::PointsProof proof = points_proof_of(account);
    Json path = Json::array();
    for (const proofs::PointsStep& step : proof.path) {
      path.push_back({crypto::to_hex(step.hash), std::to_string(step.sum)});
    }
    return {{"issue", proof.issue.text},
            {"commitment", crypto::to_hex(proofs::claim_of(proof).leaf.commitment)},
            {"grams", std::to_string(proof.grams)},
            {"index", std::to_string(proof.index)},
            {"path", std::move(path)}};
  }
  // What the checks say, as "accounts passed, path passed, ...".
  static std::string told(const Json& answer) {
    std::string text;
    for (const Json& check : answer["checks"]) {
      text += (text.empty() ? "" : ", ") + check["check"].get<std::string>() + " " +
              check["state"].get<std::string>();
    }
    return text;
  }
  Json changed(const std::function<void(Json& params)>& change) {
    Json params = params_of(1);
    change(params);
    return ask("points_proof", params);
  }
  Json refused(const std::function<void(Json& params)>& change) {
    Json params = params_of(1);
    change(params);
    return caller_.error("points_proof", params);
  }
};

TEST_F(PointsMethods, EveryAccountFindsItsPointsInTheRecord) {
  for (std::uint64_t account = 0; account < kAccounts; ++account) {
    const Json answer = ask("points_proof", params_of(account));
    EXPECT_EQ(answer["holds"], true);
    EXPECT_EQ(told(answer), "accounts passed, path passed, root passed, grams passed");
  }
}

TEST_F(PointsMethods, AProofComesWithItsRecord) {
  const Json answer = ask("points_proof", params_of(0));
  const auto record = ledger::record_of(*view(), {std::string(kIssue)});
  EXPECT_EQ(answer["issue"], kIssue);
  EXPECT_EQ(answer["record"]["height"], std::to_string(record->height));
  EXPECT_EQ(answer["programme"], kEnergy);
  EXPECT_EQ(answer["series"], "daily");
  EXPECT_EQ(answer["from_day"], answer["to_day"]);
  EXPECT_EQ(answer["accounts"], "5");
  EXPECT_EQ(answer["grams"], "1000000");
}

TEST_F(PointsMethods, AProofThatDoesNotHoldSaysWhere) {
  const Json more = changed([](Json& params) { params["grams"] = "150001"; });
  EXPECT_EQ(more["holds"], false);
  EXPECT_EQ(told(more), "accounts passed, path passed, root failed, grams failed");
  const Json other = changed([](Json& params) { params["commitment"] = std::string(64, '0'); });
  EXPECT_EQ(told(other), "accounts passed, path passed, root failed, grams passed");
  const Json far = changed([](Json& params) { params["index"] = 5; });
  EXPECT_EQ(told(far), "accounts passed, path failed, root not_made, grams not_made");
  EXPECT_EQ(far["checks"][1]["detail"], "sum_index_out_of_range");
  const Json shorter = changed([](Json& params) { params["path"] = Json::array(); });
  EXPECT_EQ(shorter["checks"][1]["detail"], "sum_path_length_wrong");
  const Json fewer = changed([](Json& params) { params["accounts"] = 4; });
  EXPECT_EQ(fewer["holds"], false);
  EXPECT_EQ(fewer["checks"][0]["state"], "failed");
}

TEST_F(PointsMethods, AProofIsReadStrictly) {
  const auto path = [&](const Json& value) {
    return refused([&](Json& params) { params["path"] = value; })["data"]["path"];
  };
  const std::string hash(64, '0');
  const auto siblings = [](std::vector<std::vector<std::string>> nodes) { return Json(nodes); };
  EXPECT_EQ(path("none"), "params.path");
  EXPECT_EQ(path(siblings({{hash, "1", "2"}})), "params.path[0]");
  EXPECT_EQ(path(siblings({{hash, "1"}, {hash.substr(1), "1"}})), "params.path[1][0]");
  EXPECT_EQ(path(siblings({{hash, "-1"}})), "params.path[0][1]");
  EXPECT_EQ(path(Json(std::vector(54, std::vector{hash, std::string("1")}))), "params.path");
  EXPECT_EQ(refused([](Json& params) { params.erase("path"); })["data"]["path"], "params.path");
  EXPECT_EQ(refused([](Json& params) { params["grams"] = -1; })["data"]["path"], "params.grams");
}

TEST_F(PointsMethods, OnlyAnIssueOfPointsHasAProof) {
  EXPECT_EQ(refused([](Json& params) { params["issue"] = kEnergy; })["code"], -32001);
  EXPECT_EQ(refused([](Json& params) { params["issue"] = "platform/none"; })["code"], -32001);
  EXPECT_EQ(refused([](Json& params) { params["at"] = 1; })["code"], -32001);
}

}  // namespace
}  // namespace treeproof::rpc
