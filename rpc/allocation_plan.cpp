#include "rpc/allocation_plan.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/disputes.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::RedemptionObject;

// The available trees of one species in one batch, less what the proposal took.
struct Stock {
  ledger::ObjectId batch;
  ledger::Code species;
  std::optional<std::int32_t> planted_from;  // only where a lookback is asked of it
  std::uint64_t available = 0;
};

std::vector<Stock> stocks_of(const ChainView& view, const ledger::ObjectId& campaign,
                             ledger::Mode mode) {
  std::vector<Stock> stocks;
  each_object<BatchObject>(view, view.height(), [&](const ledger::ObjectId& id, const auto& batch) {
    const auto time_s = view.header().time.seconds();
    const bool is_usable = batch.campaign == campaign &&
                           batch.trees()[ledger::TreeCode::available] > 0 &&
                           !ledger::freeze_of_batch(view, time_s, id, batch);
    if (!is_usable) return;
    const bool is_dated =
        mode == ledger::Mode::plant_first && batch.source == ledger::BatchSource::plant;
    for (const auto& part : batch.species) {
      const std::uint64_t available = part.trees[ledger::TreeCode::available];
      if (available == 0) continue;
      stocks.push_back({id, part.species, is_dated ? batch.planted_from : std::nullopt, available});
    }
  });
  return stocks;
}

bool suits(const Stock& stock, const RedemptionObject& redemption, std::uint64_t lookback_days) {
  const auto& species = redemption.payload.species;
  if (stock.available == 0 || (species && *species != stock.species)) return false;
  if (!stock.planted_from) return true;
  const std::int64_t redeemed_day = TimeMs{redemption.record.time_s * 1'000}.day();
  return *stock.planted_from + static_cast<std::int64_t>(lookback_days) >= redeemed_day;
}

// What is still to be filled of one statement.
struct Room {
  std::size_t runs = kRunsMax;
  std::uint64_t links = kLinksMax;
  bool is_left() const noexcept { return runs > 0 && links > 0; }
};

void fill(const ledger::ObjectId& id, const RedemptionObject& redemption,
          std::uint64_t lookback_days, std::vector<Stock>& stocks, Room& room,
          std::vector<ledger::RunLeaf>& runs) {
  std::uint64_t free = redemption.units[ledger::UnitCode::free];
  for (Stock& stock : stocks) {
    if (free == 0 || !room.is_left()) return;
    if (!suits(stock, redemption, lookback_days)) continue;
    const std::uint64_t count = std::min({free, stock.available, room.links});
    runs.push_back({id, stock.batch, stock.species, count});
    free -= count;
    stock.available -= count;
    room.links -= count;
    --room.runs;
  }
}

}  // namespace

std::vector<ledger::RunLeaf> propose_runs(const ChainView& view, const ledger::ObjectId& campaign) {
  const auto object = ledger::find<ledger::CampaignObject>(view, campaign);
  assert(object.has_value());
  const std::uint64_t lookback_days = std::min(object->payload.policy.lookback_days, kQuantityMax);
  std::vector<Stock> stocks = stocks_of(view, campaign, object->payload.mode);
  std::vector<ledger::RunLeaf> runs;
  Room room;
  each_of_type(view, view.height(), RedemptionObject::kType,
               [&](const std::string& id, const crypto::Bytes& bytes) {
                 const auto redemption = ledger::decode_stored<RedemptionObject>(bytes);
                 const auto time_s = view.header().time.seconds();
                 if (redemption.payload.campaign == campaign &&
                     !ledger::freeze_of_record(view, time_s, {id}, redemption.record)) {
                   fill({id}, redemption, lookback_days, stocks, room, runs);
                 }
                 return room.is_left();
               });
  return runs;
}

std::expected<AllocationPlan, ledger::Refusal> plan_allocation(const ChainView& view,
                                                               std::vector<ledger::RunLeaf> runs) {
  assert(!runs.empty() && runs.size() <= kRunsMax);
  auto ranges = ledger::derive_ranges(view, runs);
  if (!ranges) return std::unexpected(ranges.error());
  const auto links = ledger::links_of(view, *ranges);
  if (!links) return std::unexpected(links.error());
  std::vector<crypto::Bytes> leaves;
  leaves.reserve(runs.size());
  for (const ledger::RunLeaf& run : runs) leaves.push_back(ledger::encode(run));
  return AllocationPlan{std::move(runs), ledger::Attachment::build(leaves), *links,
                        *std::move(ranges)};
}

}  // namespace treeproof::rpc
