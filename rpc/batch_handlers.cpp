// batch_get, batch_list, batch_leaves, sample_draw.
#include <nlohmann/json.hpp>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/sample.h"
#include "rpc/member_views.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;

constexpr std::uint64_t kLeavesMax = 5'000;
constexpr std::uint64_t kLeavesDefault = 100;

Answer batch_get(const Query& query) { return answer_object<BatchObject>(query, "batch"); }

Answer batch_list(const Query& query) {
  const std::string campaign = query.params.text_or("campaign", "");
  const std::string plot = query.params.text_or("plot", "");
  const auto is_or_any = [](const std::string& wanted, const std::optional<ledger::ObjectId>& is) {
    return wanted.empty() || (is && is->text == wanted);
  };
  const auto is_wanted = [&](const BatchObject& batch) {
    return is_or_any(campaign, batch.campaign) && is_or_any(plot, batch.plot);
  };
  return list_of_type(query, BatchObject::kType, "", items_where<BatchObject>(is_wanted));
}

// The tree as corrections left it.
Json leaf_row(const BatchObject& batch, const ledger::CountedTrees& trees, std::uint64_t index,
              ledger::TreeCode code) {
  const ledger::PlantLeaf leaf = trees.leaf(index);
  Json row = built(leaf).take();
  row["index"] = std::to_string(index);
  row["species"] = batch.species[leaf.species].species.text;
  row["state"] = ledger::name(code);
  return row;
}

Answer batch_leaves(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("batch");
  const auto batch = ledger::find<BatchObject>(*query.view, id);
  if (!batch) return not_found("batch", id.text);
  const auto leaves = leaves_of(*query.view, batch->leaves);
  if (!leaves) return std::unexpected(leaves.error());
  const std::uint64_t from = query.params.number_or("from", 0);
  const std::uint64_t limit = query.params.number_or("limit", kLeavesDefault);
  ledger::TreeCodes codes(*query.view, id, batch->size());
  const ledger::CountedTrees trees(*query.view, id, *batch, *leaves);
  Json rows = Json::array();
  for (std::uint64_t i = from; i < batch->size() && rows.size() < limit; ++i) {
    rows.push_back(leaf_row(*batch, trees, i, codes.at(i)));
  }
  return Json{{"batch", id.text},
              {"count", std::to_string(batch->size())},
              {"from", std::to_string(from)},
              {"leaves", std::move(rows)}};
}

// What the campaign asks for, or the chain where the batch belongs to none.
std::uint64_t sample_minimum(const Query& query, const BatchObject& batch) {
  if (!batch.campaign) return ledger::parameters_of(past(query)).sample_minimum;
  const auto campaign = find_object<ledger::CampaignObject>(query, *batch.campaign);
  assert(campaign.has_value());
  return campaign->payload.policy.sample_minimum;
}

Answer sample_draw(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("batch");
  const auto batch = find_object<BatchObject>(query, id);
  if (!batch) return not_found("batch", id.text);
  const std::string height = std::to_string(batch->beacon);
  const auto beacon = get_object<ledger::BeaconObject>(query, height);
  if (!beacon || !beacon->header_hash) return not_found("decided successor of height", height);
  const std::uint64_t wanted = query.params.number_or("size", sample_minimum(query, *batch));
  const std::uint64_t size = std::clamp<std::uint64_t>(wanted, 1, batch->size());
  Json sample = Json::array();
  for (const std::uint64_t index :
       ledger::sample_draw(*beacon->header_hash, id, batch->size(), size)) {
    sample.push_back(std::to_string(index));
  }
  return Json{{"batch", id.text},
              {"count", std::to_string(batch->size())},
              {"size", std::to_string(size)},
              {"header_height", height},
              {"header_hash", crypto::to_hex(*beacon->header_hash)},
              {"sample", std::move(sample)}};
}

constexpr ParamSpec kBatch{"batch", ParamType::object_id, true, "The plant or inventory, org/ref."};
constexpr std::array kOne{kBatch, kAt};
constexpr std::array kList{
    ParamSpec{"campaign", ParamType::object_id, false, "Only those of this campaign."},
    ParamSpec{"plot", ParamType::object_id, false, "Only those of this plot."}, kAt, kCursor,
    kLimit};
constexpr std::array kLeaves{
    kBatch, ParamSpec{"from", ParamType::number, false, "The first tree; 0 by default."},
    ParamSpec{"limit", ParamType::number, false, "Trees: up to 5,000, 100 by default.",
              kLeavesMax}};
constexpr std::array kSample{kBatch, ParamSpec{"size", ParamType::number, false,
                                               "Trees to draw; by default the policy's minimum."}};

constexpr std::array kMethods{
    Method{.name = "batch_get",
           .summary = "A planting or an inventory.",
           .params = kOne,
           .result = "id:text, object:object",
           .answer = batch_get},
    Method{.name = "batch_list",
           .summary = "Plantings and inventories in the order of their ids.",
           .params = kList,
           .result = "items:array, cursor:text?",
           .answer = batch_list},
    Method{.name = "batch_leaves",
           .summary = "The trees of a batch one by one.",
           .params = kLeaves,
           .result = "batch:text, count:decimal, from:decimal, leaves:array",
           .answer = batch_leaves,
           .lane = Lane::slow},
    Method{.name = "sample_draw",
           .summary = "The trees that a verifier has to visit, in drawing order.",
           .params = kSample,
           .result = "batch:text, count:decimal, size:decimal, header_height:decimal, "
                     "header_hash:hex, sample:array",
           .answer = sample_draw,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> batch_methods() { return kMethods; }

}  // namespace treeproof::rpc
