// Rules of `allocate`: units get trees, once and for ever; the links are what every node derives.
#include <algorithm>
#include <map>

#include "consensus/ledger/disputes.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/rules_campaign.h"
#include "consensus/ledger/tree_books.h"

namespace treeproof::ledger {

namespace {

// Everything that deriving links may refuse, in the order in which it is asked.
constexpr Reason kDerivationRules[] = {
    Reason::leaf_invalid,
    Reason::runs_too_many,
    Reason::empty,
    Reason::links_too_many,
    Reason::redemption_unknown,
    Reason::batch_unknown,
    Reason::earlier_attachment_missing,
    Reason::redemption_species_mismatch,
    Reason::species_not_in_batch,
    Reason::units_insufficient,
    Reason::trees_insufficient,
};

// Passes on what a derivation found as rules that held or failed.
template <class T>
bool judge_derived(Judgement& judgement, const std::expected<T, Refusal>& derived) {
  return std::ranges::all_of(kDerivationRules, [&](Reason reason) {
    const bool broken = !derived && derived.error().reason == reason;
    return judgement.require(!broken, reason,
                             [&] { return broken ? derived.error().numbers : Numbers{}; });
  });
}

bool judge_campaign(Judgement& judgement, const Allocate& payload,
                    const std::optional<CampaignObject>& campaign) {
  const auto which = [&] { return Numbers{{"campaign", payload.campaign.text}}; };
  return judgement.require(campaign.has_value(), Reason::campaign_unknown, which) &&
         judgement.require(payload.campaign.org() == judgement.issuer(), Reason::campaign_not_own,
                           which) &&
         judge_open(judgement, payload.campaign, *campaign);
}

// I15: neither end of the run, nor what it rests on, is frozen by a dispute.
bool judge_run_unfrozen(Judgement& judgement, const RunLeaf& run,
                        const RedemptionObject& redemption, const BatchObject& batch) {
  const State& state = judgement.state();
  const std::uint64_t time_s = judgement.block().time.seconds();
  return judge_unfrozen(judgement, run.redeem,
                        freeze_of_record(state, time_s, run.redeem, redemption.record)) &&
         judge_unfrozen(judgement, run.plant, freeze_of_batch(state, time_s, run.plant, batch));
}

// Both ends of every run belong to the campaign, and no tree is older than the lookback (I11).
bool judge_runs(Judgement& judgement, const Allocate& payload, const Campaign& terms,
                std::span<const RunLeaf> runs) {
  const State& state = judgement.state();
  for (const RunLeaf& run : runs) {
    const auto redemption = state.find<RedemptionObject>(run.redeem);
    const auto batch = state.find<BatchObject>(run.plant);
    if (!judgement.require(redemption->payload.campaign == payload.campaign,
                           Reason::redemption_not_in_campaign,
                           [&] { return Numbers{{"redemption", run.redeem.text}}; }) ||
        !judgement.require(batch->campaign == payload.campaign, Reason::batch_not_in_campaign,
                           [&] { return Numbers{{"batch", run.plant.text}}; }) ||
        !judge_run_unfrozen(judgement, run, *redemption, *batch)) {
      return false;
    }
    if (terms.mode != Mode::plant_first || batch->source == BatchSource::inventory) continue;
    const std::int64_t redeemed_day = TimeMs{redemption->record.time_s * 1'000}.day();
    const std::uint64_t lookback = std::min(terms.policy.lookback_days, kQuantityMax);
    const std::int64_t earliest = redeemed_day - static_cast<std::int64_t>(lookback);
    if (!judgement.require(*batch->planted_from >= earliest, Reason::lookback_exceeded, [&] {
          return Numbers{{"batch", run.plant.text},
                         {"planted_from", std::to_string(*batch->planted_from)},
                         {"redeemed_day", std::to_string(redeemed_day)},
                         {"lookback_days", std::to_string(lookback)}};
        })) {
      return false;
    }
  }
  return true;
}

bool judge_links(Judgement& judgement, const Allocate& payload,
                 const std::vector<LinkRange>& ranges) {
  const auto links = links_of(judgement.state(), ranges);
  if (!judge_derived(judgement, links)) return false;
  return judgement.require(*links == payload.links, Reason::links_stale, [&] {
    return Numbers{{"stated_root", crypto::to_hex(payload.links.root)},
                   {"stated_count", std::to_string(payload.links.count)},
                   {"derived_root", crypto::to_hex(links->root)},
                   {"derived_count", std::to_string(links->count)}};
  });
}

using RangesById = std::map<ObjectId, std::vector<LinkRange>>;

RangesById grouped(const std::vector<LinkRange>& ranges, ObjectId LinkRange::* side) {
  RangesById groups;
  for (const LinkRange& range : ranges) groups[range.*side].push_back(range);
  return groups;
}

void take_units(State& state, const ObjectId& id, const std::vector<LinkRange>& ranges) {
  std::vector<Range> units;
  for (const LinkRange& range : ranges) units.push_back({range.unit_from, range.count});
  const std::uint64_t count = members_in(units);
  move_units(state, {{id, std::move(units)}}, UnitCode::free, UnitCode::allocated);
  const auto redemption = state.find<RedemptionObject>(id);
  change_tally(state, redemption->payload.campaign, redemption->payload.species,
               [&](CampaignTally& tally) { tally.allocated += count; });
}

// The leaves are held: the links were derived from them.
void take_trees(Judgement& judgement, const ObjectId& id, const std::vector<LinkRange>& ranges) {
  State& state = judgement.state();
  TreeBooks books(state, id, *state.find<BatchObject>(id));
  Ranges trees;
  for (const LinkRange& range : ranges) trees.push_back({range.tree_from, range.count});
  [[maybe_unused]] const bool held = books.judge_leaves(judgement);
  assert(held);
  books.move(trees, TreeCode::available, TreeCode::allocated);
  books.close();
}

}  // namespace

bool judge(Judgement& judgement, const Allocate& payload) {
  State& state = judgement.state();
  const auto campaign = state.find<CampaignObject>(payload.campaign);
  if (!judge_campaign(judgement, payload, campaign)) return false;
  const auto runs = decode_runs(*state.attachment(payload.runs.root));
  if (!runs) return judge_derived(judgement, runs);
  auto ranges = derive_ranges(state, *runs);
  if (!judge_derived(judgement, ranges) ||
      !judge_runs(judgement, payload, campaign->payload, *runs) ||
      !judge_links(judgement, payload, *ranges)) {
    return false;
  }
  for (const auto& [id, of_redemption] : grouped(*ranges, &LinkRange::redeem)) {
    take_units(state, id, of_redemption);
  }
  for (const auto& [id, of_batch] : grouped(*ranges, &LinkRange::plant)) {
    take_trees(judgement, id, of_batch);
    note_links(state, id, of_batch);
  }
  judgement.create(AllocationObject{judgement.record_info(), payload});
  judgement.add_links({ObjectId{judgement.object_id()}, *std::move(ranges)});
  return true;
}

}  // namespace treeproof::ledger
