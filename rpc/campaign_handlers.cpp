// campaign_get, campaign_list, campaign_progress, points_balance, points_proof.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/proofs/points_proof.h"
#include "rpc/json_input.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::CampaignObject;
using ledger::CampaignTally;
using ledger::ProgrammeObject;

Answer campaign_get(const Query& query) { return answer_object<CampaignObject>(query, "campaign"); }

Answer campaign_list(const Query& query) {
  const auto any = [](const CampaignObject&) { return true; };
  return list_of_type(query, "campaign", org_prefix(query), items_where<CampaignObject>(any));
}

Json to_json(const CampaignTally& tally) {
  return {{"pledged", std::to_string(tally.pledged)},
          {"redeemed", std::to_string(tally.redeemed)},
          {"refunded", std::to_string(tally.refunded)},
          {"net_redeemed", std::to_string(tally.net_redeemed())},
          {"allocated", std::to_string(tally.allocated)},
          {"waiting", std::to_string(tally.waiting())},
          {"planted", std::to_string(tally.trees.total())},
          {"trees", built(tally.trees).take()}};
}

// One row for each species of the campaign; another for redemptions that name none.
Json species_rows(const Query& query, const ledger::ObjectId& id,
                  const ledger::CampaignTerms& terms) {
  const PastState state = past(query);
  Json rows = Json::array();
  const auto add = [&](const std::optional<ledger::Code>& species, const CampaignTally& tally) {
    Json row{{"species", species ? Json(species->text) : Json()}};
    row.update(to_json(tally));
    rows.push_back(std::move(row));
  };
  for (const ledger::Price& price : terms.species) {
    add(price.species, ledger::campaign_tally(state, id, price.species));
  }
  const auto unnamed = ledger::campaign_tally(state, id, std::nullopt);
  if (unnamed != CampaignTally{}) add(std::nullopt, unnamed);
  return rows;
}

// Those whose points the campaign's platform may redeem.
Json programmes_of(const Query& query, const ledger::OrgId& platform) {
  Json ids = Json::array();
  each_object<ProgrammeObject>(
      *query.view, query.at, [&](const ledger::ObjectId& id, const auto& programme) {
        const auto& platforms = programme.payload.platforms;
        const bool may = std::ranges::find(platforms, platform) != platforms.end();
        if (may) ids.push_back(id.text);
      });
  return ids;
}

Answer campaign_progress(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("campaign");
  const auto campaign = find_object<CampaignObject>(query, id);
  if (!campaign) return not_found("campaign", id.text);
  return Json{{"campaign", id.text},
              {"mode", ledger::name(campaign->payload.mode)},
              {"target", std::to_string(campaign->terms.target)},
              {"all", to_json(ledger::campaign_tally(past(query), id))},
              {"species", species_rows(query, id, campaign->terms)},
              {"programmes", programmes_of(query, id.org())}};
}

Answer points_balance(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("programme");
  const auto programme = find_object<ProgrammeObject>(query, id);
  if (!programme) return not_found("programme", id.text);
  return Json{{"programme", id.text},
              {"issued", std::to_string(programme->issued)},
              {"expired", std::to_string(programme->expired)},
              {"redeemed", std::to_string(programme->redeemed)},
              {"refunded", std::to_string(programme->refunded)},
              {"net_redeemed", std::to_string(programme->net_redeemed())},
              {"outstanding", std::to_string(programme->outstanding())},
              {"years", built(programme->years).take()},
              {"yearly_cap", std::to_string(programme->payload.yearly_cap)}};
}

// [[hash, sum], ...], as a proof file has it.
std::vector<crypto::SumNode> read_path(JsonInput& in) {
  std::vector<crypto::SumNode> path;
  const std::size_t count = in.array(0, proofs::kPointsPathMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    crypto::SumNode node;
    in.enter(i);
    if (in.array(2, 2) == 2) {
      in.enter(std::size_t{0});
      const auto hash = crypto::hash_from_hex(in.text());
      if (in.ok() && !hash) in.fail("32 bytes in lower-case hex are wanted");
      node.hash = hash.value_or(crypto::Hash{});
      in.leave();
      in.enter(1);
      node.sum = in.uint();
      in.leave();
    }
    in.leave();
    path.push_back(node);
  }
  return path;
}

Json to_json(const proofs::PointsCheck& check) {
  return {{"check", proofs::name(check.name)},
          {"state", proofs::name(check.state)},
          {"detail", check.detail}};
}

Answer points_proof(const Query& query) {
  using IssueObject = ledger::Recorded<ledger::IssuePoints>;
  JsonInput in(*query.params.find("path"), "params.path");
  proofs::PointsClaim claim;
  claim.leaf = {query.params.hash("commitment"), query.params.number_or("grams", 0)};
  claim.index = query.params.number_or("index", 0);
  claim.path = read_path(in);
  if (!in.ok()) return invalid_params(in.fault());
  const ledger::ObjectId id = query.params.object_id("issue");
  const auto issue = find_object<IssueObject>(query, id);
  if (!issue) return not_found("issue of points", id.text);
  const ledger::IssuePoints& payload = issue->payload;
  claim.accounts = query.params.number_or("accounts", payload.accounts);
  const proofs::PointsVerdict verdict = proofs::check_points(claim, payload);
  Json checks = Json::array();
  for (const proofs::PointsCheck& check : verdict.checks) checks.push_back(to_json(check));
  return Json{{"holds", verdict.holds},
              {"checks", std::move(checks)},
              {"issue", id.text},
              {"record", built(issue->record).take()},
              {"programme", payload.programme.text},
              {"series", payload.series.text},
              {"from_day", payload.from_day},
              {"to_day", payload.to_day},
              {"accounts", std::to_string(payload.accounts)},
              {"grams", std::to_string(payload.grams)},
              {"root", crypto::to_hex(payload.root)}};
}

constexpr ParamSpec kCampaign{"campaign", ParamType::object_id, true, "The campaign, org/ref."};
constexpr std::array kOne{kCampaign, kAt};
constexpr std::array kList{ParamSpec{"org", ParamType::org, false, "Only those of this platform."},
                           kAt, kCursor, kLimit};
constexpr std::array kBalance{
    ParamSpec{"programme", ParamType::object_id, true, "The programme, org/ref."}, kAt};
constexpr std::array kProof{
    ParamSpec{"issue", ParamType::object_id, true, "The issue_points, org/ref."},
    ParamSpec{"commitment", ParamType::hash, true, "SHA-256 of CBOR [salt, reference]."},
    ParamSpec{"grams", ParamType::number, true, "The points of the account."},
    ParamSpec{"index", ParamType::number, true, "Its place in the tree, from 0."},
    ParamSpec{"path", ParamType::json, true, "Siblings, the lowest first: [[hash, sum], ...]."},
    ParamSpec{"accounts", ParamType::number, false,
              "Leaves of the tree; the record's accounts by default."},
    kAt};

constexpr std::array kMethods{
    Method{.name = "campaign_get",
           .summary = "A campaign as it was opened, and its terms as they are.",
           .params = kOne,
           .result = "id:text, object:object",
           .answer = campaign_get},
    Method{.name = "campaign_list",
           .summary = "Campaigns in the order of their ids.",
           .params = kList,
           .result = "items:array, cursor:text?",
           .answer = campaign_list},
    Method{.name = "campaign_progress",
           .summary = "What a campaign has promised, redeemed, planted and allocated (I4).",
           .params = kOne,
           .result = "campaign:text, mode:text, target:decimal, all:object, species:array, "
                     "programmes:array",
           .answer = campaign_progress},
    Method{.name = "points_balance",
           .summary = "The points of a programme (I1).",
           .params = kBalance,
           .result = "programme:text, issued:decimal, expired:decimal, redeemed:decimal, "
                     "refunded:decimal, net_redeemed:decimal, outstanding:decimal, years:array, "
                     "yearly_cap:decimal",
           .answer = points_balance},
    Method{.name = "points_proof",
           .summary = "Whether an account's points are among those of an issue, check by check.",
           .params = kProof,
           .result = "holds:boolean, checks:array, issue:text, record:object, programme:text, "
                     "series:text, from_day:integer, to_day:integer, accounts:decimal, "
                     "grams:decimal, root:hex",
           .answer = points_proof}};

}  // namespace

std::span<const Method> campaign_methods() { return kMethods; }

}  // namespace treeproof::rpc
