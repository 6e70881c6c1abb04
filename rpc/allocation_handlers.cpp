// allocate_plan, replace_plan.
#include <nlohmann/json.hpp>

#include "consensus/ledger/campaign_objects.h"
#include "rpc/allocation_plan.h"
#include "rpc/json_codec.h"
#include "rpc/json_decoder.h"
#include "rpc/reading.h"
#include "rpc/replacement_plan.h"

namespace treeproof::rpc {

namespace {

std::expected<std::vector<ledger::RunLeaf>, JsonFault> runs_from(const Json& json) {
  ledger::List<ledger::RunLeaf, kRunsMax, 1> runs;
  JsonInput in(json, "params.runs");
  JsonDecoder(in).value(runs);
  if (!in.ok()) return std::unexpected(in.fault());
  return runs;
}

Json range_json(const ledger::LinkRange& range) {
  return {{"redeem", range.redeem.text},
          {"unit_from", std::to_string(range.unit_from)},
          {"plant", range.plant.text},
          {"tree_from", std::to_string(range.tree_from)},
          {"count", std::to_string(range.count)}};
}

// Of either plan.
template <class Plan>
Json answer_plan(const ledger::ObjectId& campaign, const Plan& plan) {
  Json runs = Json::array();
  for (const auto& run : plan.runs) runs.push_back(built(run).take());
  Json ranges = Json::array();
  for (const auto& range : plan.ranges) ranges.push_back(range_json(range));
  return Json{{"campaign", campaign.text},
              {"runs", std::move(runs)},
              {"runs_attachment", to_json(plan.attachment->announced())},
              {"attachment", crypto::to_base64url(plan.attachment->bytes())},
              {"links", to_json(plan.links)},
              {"ranges", std::move(ranges)}};
}

Answer allocate_plan(const Query& query) {
  const ledger::ObjectId campaign = query.params.object_id("campaign");
  if (!ledger::find<ledger::CampaignObject>(*query.view, campaign)) {
    return not_found("campaign", campaign.text);
  }
  const Json* given = query.params.find("runs");
  auto runs = given == nullptr ? propose_runs(*query.view, campaign) : runs_from(*given);
  if (!runs) return invalid_params(runs.error());
  if (runs->empty()) return not_found("free unit and available tree of campaign", campaign.text);
  const auto plan = plan_allocation(*query.view, *std::move(runs));
  if (!plan) return refused(plan.error());
  return answer_plan(campaign, *plan);
}

Answer replace_plan(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("batch");
  const auto batch = ledger::find<ledger::BatchObject>(*query.view, id);
  if (!batch) return not_found("batch", id.text);
  auto runs = propose_successors(*query.view, id, *batch);
  if (runs.empty()) return not_found("owed tree and successor for batch", id.text);
  const auto plan = plan_replacement(*query.view, std::move(runs));
  if (!plan) return refused(plan.error());
  return answer_plan(*batch->campaign, *plan);
}

constexpr std::array kReplacePlan{
    ParamSpec{"batch", ParamType::object_id, true, "The batch whose dead or voided trees owe."}};
constexpr std::array kPlan{
    ParamSpec{"campaign", ParamType::object_id, true, "The campaign, org/ref."},
    ParamSpec{"runs", ParamType::json, false,
              "[{redeem, plant, species, count}], at most 64; the node proposes some by default."}};

constexpr std::array kMethods{
    Method{.name = "allocate_plan",
           .summary = "What an allocate statement has to say now.",
           .params = kPlan,
           .result = "campaign:text, runs:array, runs_attachment:object, attachment:base64url, "
                     "links:object, ranges:array",
           .answer = allocate_plan,
           .lane = Lane::slow},
    Method{.name = "replace_plan",
           .summary = "What a replace statement has to say now for the owed trees of a batch.",
           .params = kReplacePlan,
           .result = "campaign:text, runs:array, runs_attachment:object, attachment:base64url, "
                     "links:object, ranges:array",
           .answer = replace_plan,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> allocation_methods() { return kMethods; }

}  // namespace treeproof::rpc
