// Rules of `correct`: what was recorded wrongly is put right, never upwards (I14).
#include <algorithm>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_land.h"

namespace treeproof::ledger {

namespace {

bool judge_own(Judgement& judgement, const Correct& payload, const OrgId& holder) {
  const bool is_own = payload.target.org() == judgement.issuer() || holder == judgement.issuer();
  return judgement.require(is_own, Reason::target_not_own,
                           [&] { return Numbers{{"target", payload.target.text}}; });
}

// An independent verifier: of those who recorded and hold the batch or plot, and of a batch's
// campaign and sponsor.
template <class Target>
bool judge_verifier(Judgement& judgement, const Correct& payload, const Target& target) {
  const State& state = judgement.state();
  const auto org = state.get<OrgObject>(payload.verifier.text);
  const bool is_verifier = org && org->has(OrgRole::verifier) && !org->suspended;
  if (!judgement.require(is_verifier, Reason::verifier_unknown,
                         [&] { return Numbers{{"org", payload.verifier.text}}; })) {
    return false;
  }
  const auto party = party_of_group(state, target, payload.target, org->conflict_group);
  return judgement.require(!party, Reason::verifier_conflict, [&] {
    return Numbers{{"party", party ? party->text : "none"},
                   {"conflict_group", org->conflict_group.text}};
  });
}

bool judge_leaf(Judgement& judgement, const BatchObject& batch, std::uint64_t leaf) {
  return judge_member_ranges(judgement, "leaf", {{leaf, 1}}, batch.size());
}

std::optional<PlotObject> plot_of(const State& state, const BatchObject& batch) {
  return batch.plot ? state.find<PlotObject>(*batch.plot) : std::nullopt;
}

// Where the species stands among those of the batch; its end where it is new to it.
std::size_t place_of(const BatchObject& batch, const Code& species) {
  return static_cast<std::size_t>(
      std::ranges::find(batch.species, species, &BatchSpecies::species) - batch.species.begin());
}

bool judge_species(Judgement& judgement, const BatchObject& batch, const Code& code,
                   const std::optional<Species>& species) {
  const State& state = judgement.state();
  const auto which = [&] { return Numbers{{"species", code.text}}; };
  if (!judgement.require(species.has_value(), Reason::species_unknown, which)) return false;
  const auto campaign = batch.campaign ? state.find<CampaignObject>(*batch.campaign) : std::nullopt;
  const bool offered = !campaign || price_of(campaign->terms, code) != nullptr;
  const auto plot = plot_of(state, batch);
  const bool fits_layer = !plot || fits(species->habit, plot->payload.layer);
  return judgement.require(offered, Reason::species_not_in_campaign, which) &&
         judgement.require(fits_layer, Reason::habit_unfit, which) &&
         judgement.require(place_of(batch, code) < kSpeciesPerStatementMax,
                           Reason::quantity_too_large, which);
}

// The batch with the species among its own, and what a member of it takes of the plot.
std::uint16_t add_species(BatchObject& batch, const Species& species) {
  const std::size_t place = place_of(batch, species.code);
  if (place == batch.species.size()) {
    BatchSpecies part;
    part.species = species.code;
    const LandUse use = land_use(batch.unit);
    if (batch.plot && use == LandUse::stems) part.space_mm2 = stem_space_mm2(species);
    if (batch.plot && use == LandUse::area) part.space_mm2 = batch.species.front().space_mm2;
    batch.species.push_back(part);
  }
  return static_cast<std::uint16_t>(place);
}

// One tree leaves the books of one species and enters those of another.
void move_species(State& state, BatchObject& batch, TreeCode code, std::size_t from,
                  std::size_t to) {
  BatchSpecies& before = batch.species[from];
  BatchSpecies& after = batch.species[to];
  --before.trees[code];
  ++after.trees[code];
  if (batch.plot && is_live(code)) {
    auto plot = state.find<PlotObject>(*batch.plot);
    vacate(*plot, batch.unit, before, 1);
    occupy(*plot, batch.unit, after, 1);
    state.put(batch.plot->text, *plot);
  }
  if (!batch.campaign) return;
  const bool is_replacing =
      batch.purpose == Purpose::replacement && is_live(code) && !is_held(code);
  const std::uint64_t replacing = is_replacing ? 1 : 0;
  change_tally(state, *batch.campaign, before.species, [&](CampaignTally& tally) {
    --tally.trees[code];
    tally.replacing -= replacing;
  });
  change_tally(state, *batch.campaign, after.species, [&](CampaignTally& tally) {
    ++tally.trees[code];
    tally.replacing += replacing;
  });
}

LeafOverride override_of(Judgement& judgement, const CountedTrees& trees, std::uint64_t leaf) {
  LeafOverride changed;
  changed.leaf = leaf;
  changed.species = trees.species(leaf);
  for (const LeafOverride& before : trees.overrides()) {
    if (before.leaf != leaf) continue;
    changed.lat = before.lat;
    changed.lon = before.lon;
  }
  changed.record = ObjectId{judgement.object_id()};
  return changed;
}

bool apply(Judgement& judgement, TreeBooks& books, const CorrectVoid& change) {
  const bool holds =
      judgement.require(!change.ranges.empty(), Reason::empty,
                        [] { return Numbers{{"field", "ranges"}}; }) &&
      judge_member_ranges(judgement, "ranges", change.ranges, books.batch().size()) &&
      judge_voidable(judgement, books, change.ranges) && books.judge_leaves(judgement);
  if (!holds) return false;
  void_trees(judgement.state(), books, change.ranges, ObjectId{judgement.object_id()});
  books.close();
  return true;
}

// A species that needs more room than the one before must find it on the plot; less room is always
// there, even where the slack was lowered meanwhile.
bool judge_room(Judgement& judgement, const BatchObject& batch, const BatchSpecies& before,
                const Species& species) {
  const auto plot = plot_of(judgement.state(), batch);
  const LandUse use = land_use(batch.unit);
  if (!plot || use == LandUse::none) return true;
  LandNeed need;
  const std::uint64_t space_mm2 = use == LandUse::stems ? stem_space_mm2(species) : 0;
  if (space_mm2 > before.space_mm2) need.occupied_mm2 = space_mm2 - before.space_mm2;
  const bool fits = need.occupied_mm2 == 0 || judge_density(judgement, *plot, need);
  return fits && judge_layers(judgement, *plot, {species.habit});
}

bool apply(Judgement& judgement, TreeBooks& books, const CorrectSpecies& change) {
  State& state = judgement.state();
  BatchObject& batch = books.batch();
  const auto species = state.get<Species>(change.species.text);
  if (!judge_leaf(judgement, batch, change.leaf) ||
      !judge_species(judgement, batch, change.species, species) || !books.judge_leaves(judgement)) {
    return false;
  }
  const std::uint16_t from = books.trees().species(change.leaf);
  const TreeCode code = books.codes().at(change.leaf);
  if (!judgement.require(batch.species[from].species != change.species,
                         Reason::correction_changes_nothing,
                         [&] { return Numbers{{"species", change.species.text}}; }) ||
      (is_live(code) && !judge_room(judgement, batch, batch.species[from], *species))) {
    return false;
  }
  LeafOverride changed = override_of(judgement, books.trees(), change.leaf);
  changed.species = add_species(batch, *species);
  move_species(state, batch, code, from, changed.species);
  ++batch.corrected;
  note_override(state, books.id(), changed);
  books.close();
  return true;
}

// Its outline, and a place that no other live tree has (I8, I9).
bool judge_place(Judgement& judgement, TreeBooks& books, const PlacedTree& place) {
  const BatchObject& batch = books.batch();
  const auto plot = plot_of(judgement.state(), batch);
  if (!plot) return true;
  const auto outline = judge_plot_outline(judgement, *plot);
  const std::uint32_t grow_m = plot->payload.uncertainty_m + batch.precision_m;
  if (!outline || !judge_inside(judgement, *outline, grow_m, std::span(&place, 1))) return false;
  const bool wants_place =
      batch.positions == Positions::measured && is_live(books.codes().at(place.leaf));
  return !wants_place ||
         judge_places(judgement, {*batch.plot, books.trees().attachment(), books.id(), {place}});
}

bool apply(Judgement& judgement, TreeBooks& books, const CorrectPosition& change) {
  State& state = judgement.state();
  BatchObject& batch = books.batch();
  const geometry::Position position{change.lat, change.lon};
  const auto where = [&] {
    return Numbers{{"lat_e7", std::to_string(change.lat)}, {"lon_e7", std::to_string(change.lon)}};
  };
  const bool may_have_one = batch.positions != Positions::plot && geometry::in_range(position);
  if (!judge_leaf(judgement, batch, change.leaf) ||
      !judgement.require(may_have_one, Reason::tree_position_unexpected, where) ||
      !books.judge_leaves(judgement) ||
      !judgement.require(books.trees().position(change.leaf) != position,
                         Reason::correction_changes_nothing, where) ||
      !judge_place(judgement, books, {position, change.leaf})) {
    return false;
  }
  LeafOverride changed = override_of(judgement, books.trees(), change.leaf);
  changed.lat = change.lat;
  changed.lon = change.lon;
  ++batch.corrected;
  note_override(state, books.id(), changed);
  if (batch.plot) {
    append_placed(state, kPlotBatchesNamespace, batch.plot->text,
                  {books.id(), {change.lat, change.lon, change.lat, change.lon}});
  }
  books.close();
  return true;
}

bool apply_to_batch(Judgement& judgement, const Correct& payload) {
  const auto batch = judgement.state().find<BatchObject>(payload.target);
  const bool fits = batch && !std::holds_alternative<CorrectCapacity>(payload.change);
  if (!judgement.require(fits, Reason::target_not_correctable,
                         [&] { return Numbers{{"target", payload.target.text}}; }) ||
      !judge_own(judgement, payload, batch->holder) ||
      !judge_verifier(judgement, payload, *batch)) {
    return false;
  }
  TreeBooks books(judgement.state(), payload.target, *batch);
  if (const auto* change = std::get_if<CorrectVoid>(&payload.change)) {
    return apply(judgement, books, *change);
  }
  if (const auto* change = std::get_if<CorrectSpecies>(&payload.change)) {
    return apply(judgement, books, *change);
  }
  return apply(judgement, books, std::get<CorrectPosition>(payload.change));
}

// Less than before, and enough for what stands and is pledged there.
bool apply_to_plot(Judgement& judgement, const Correct& payload, PlotObject& plot) {
  const auto* change = std::get_if<CorrectCapacity>(&payload.change);
  if (!judgement.require(change != nullptr, Reason::target_not_correctable,
                         [&] { return Numbers{{"target", payload.target.text}}; }) ||
      !judge_own(judgement, payload, plot.holder) || !judge_verifier(judgement, payload, plot)) {
    return false;
  }
  const std::uint64_t relied_on = plot.live + plot.pledged;
  const auto numbers = [&] {
    return Numbers{{"value", std::to_string(change->value)},
                   {"before", std::to_string(plot.payload.capacity)},
                   {"live_and_pledged", std::to_string(relied_on)}};
  };
  if (!judgement.require(change->value > 0, Reason::empty, numbers) ||
      !judgement.require(change->value <= plot.payload.capacity, Reason::claim_raised, numbers) ||
      !judgement.require(change->value < plot.payload.capacity, Reason::correction_changes_nothing,
                         numbers) ||
      !judgement.require(change->value >= relied_on, Reason::claim_relied_on, numbers)) {
    return false;
  }
  plot.payload.capacity = change->value;
  plot.confirmed_capacity = std::min(plot.confirmed_capacity, change->value);
  judgement.state().put(payload.target.text, plot);
  return true;
}

}  // namespace

bool judge(Judgement& judgement, const Correct& payload) {
  auto plot = judgement.state().find<PlotObject>(payload.target);
  const bool applied =
      plot ? apply_to_plot(judgement, payload, *plot) : apply_to_batch(judgement, payload);
  if (applied) judgement.create(Recorded<Correct>{judgement.record_info(), payload});
  return applied;
}

}  // namespace treeproof::ledger
