// What planters say of their land and show of it; campaigns in every unit.
#include <algorithm>

#include "consensus/ledger/geometry/polygon.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {

namespace {

Extent extent_of(const Rectangle& on) {
  return {on.south, on.west, on.south + on.height, on.west + on.width};
}

Rectangle rectangle_of(const Extent& extent) {
  return {extent.south, extent.west, extent.north - extent.south, extent.east - extent.west};
}

Beside beside_of(const Rectangle& on) {
  Beside beside;
  beside.outline = extent_of(on);
  beside.square_metres = geometry::check(on.polygon())->square_metres;
  return beside;
}

}  // namespace

void Story::lay_out(std::string_view org, const Plot& draft, const Rectangle& on) {
  Plot payload = draft;
  payload.country = {"CN"};
  const Beside beside = beside_of(on);
  payload.area = beside.square_metres;
  if (one_in(16)) payload.area += payload.area / 50;
  payload.geometry = consortium_.attach(geometry::encode_leaves(on.polygon()));
  if (!say(org, payload, beside)) return;
  const std::string id = ObjectId::of({std::string(org)}, payload.ref).text;
  land_[id] = on;
  if (!one_in(8)) say(kVerifier, Consent{next_ref("confirm"), model_.books.plots.at(id).statement});
}

// Near what there is, on it in another layer, or somewhere else.
void Story::register_plot() {
  Rectangle on = land_.at(any(land_));
  on.height = on.width = 10'000;
  const std::uint64_t where = choose(6);
  if (where == 1) on = on.shifted(0, 3'000);
  if (where == 2) on = on.shifted(0, 9'972);
  if (where == 3) on = on.shifted(0, -9'972);
  if (where == 4) on = on.shifted(9'972, 0);
  if (where == 5) on = on.shifted(0, 400'000 + 20'000 * static_cast<std::int32_t>(refs_));
  Plot payload;
  payload.ref = next_ref("plot");
  payload.layer = static_cast<Layer>(choose(4));
  payload.capacity = one_in(12) ? 0 : 20 + choose(100);
  if (one_in(16)) payload.uncertainty_m = 31;
  if (one_in(3)) payload.land_right = ObjectId{any(model_.books.evidence)};
  lay_out(planter(), payload, on);
}

// Edges move between two rows of the grid, so that no tree stands on one.
void Story::revise_plot() {
  const std::string id = one_in(2) ? "desert-ngo/home" : any(land_);
  Extent outline = extent_of(land_.at(id));
  const auto moved = [this] {
    const auto by = 50 + 100 * static_cast<std::int32_t>(choose(8));
    return one_in(3) ? -by : by;  // outwards where positive
  };
  const std::uint64_t edge = choose(5);
  if (edge == 0 || one_in(4)) outline.north += moved();
  if (edge == 1 || one_in(4)) outline.east += moved();
  if (edge == 2 || one_in(4)) outline.south -= moved();
  if (edge == 3 || one_in(4)) outline.west -= moved();
  const Rectangle on = rectangle_of(outline);
  const Beside beside = beside_of(on);
  PlotRevision payload;
  payload.ref = next_ref("outline");
  payload.plot = {one_in(16) ? "nobody/nothing" : id};
  payload.area = beside.square_metres;
  if (one_in(12)) payload.area += payload.area / 50;
  payload.geometry = consortium_.attach(geometry::encode_leaves(on.polygon()));
  say(one_in(12) ? planter() : model_.books.plots.at(id).holder, payload, beside);
}

void Story::show() {
  Evidence payload;
  payload.ref = next_ref("shown");
  payload.sha256 = crypto::sha256(crypto::as_bytes("photo-" + std::to_string(choose(8))));
  const std::uint64_t kind = choose(4);
  if (kind == 2) payload.kind = EvidenceKind::invoice;
  if (kind == 3) payload.kind = EvidenceKind::land;
  payload.day = consortium_.day() - static_cast<std::int32_t>(choose(20));
  if (one_in(8)) payload.day = consortium_.day() + 2;
  if (one_in(2)) payload.position = LatLon{400'000'000, 1'000'001'000};
  if (payload.position && one_in(6)) payload.position->lat += 1;
  if (payload.position && one_in(6)) payload.position->lat = 900'001'000;
  payload.bytes = one_in(8) ? 0 : 1'000;
  say(one_in(8) ? std::string(one_in(2) ? kPlatform : kVillage) : planter(), payload);
}

// None, one, or two; mostly there.
EvidenceList Story::any_evidence() {
  std::set<std::string> ids;
  const std::uint64_t most = choose(4) % 3;
  for (std::uint64_t i = 0; i < most; ++i) {
    if (!model_.books.evidence.empty() || one_in(4)) ids.insert(any(model_.books.evidence));
  }
  EvidenceList list;
  for (const std::string& id : ids) list.push_back({id});
  return list;
}

void Story::open(std::string_view ref, Mode mode, treeproof::ledger::Unit unit) {
  using enum treeproof::ledger::Unit;
  Campaign payload;
  payload.ref = {std::string(ref)};
  payload.planters = {{std::string(kCoast)}, {std::string(kDesert)}};
  payload.unit = unit;
  payload.unit_size = unit == m2 ? 20 : 1;
  payload.redeem_window = {kFirstDay, kFirstDay + 500};
  payload.plant_window = {kFirstDay - 100, kFirstDay + 400};
  payload.mode = mode;
  payload.species = {{kHaloxylon, 100}, {kRhizophora, 100}};
  if (unit != stem) payload.species = {{{"coral"}, 60}, {kRhizophora, 60}};
  payload.target = 120;
  payload.policy = {.sample_minimum = 3,
                    .replacement_until_days = 200,
                    .lookback_days = 100,
                    .standing_consent = true};
  if (mode == Mode::pledge_first) {
    payload.species[1].grams = 250;
    payload.target = 60;
    payload.policy.sample_minimum = 2;
    payload.policy.replacement_until_days = 0;
    payload.policy.lookback_days = 300;
    payload.policy.standing_consent = false;
  }
  Consenting agree = {kCoast, kDesert};
  if (one_in(8)) agree.pop_back();
  if (one_in(8)) payload.unit_size *= 2;
  if (one_in(12)) payload.target = 0;
  if (one_in(12)) payload.species.back().species = {"oak"};
  say(one_in(12) ? kPartner : kPlatform, payload, {}, agree);
}

void Story::open_campaign() {
  const auto mode = static_cast<Mode>(choose(2));
  open(next_ref("campaign").text, mode, static_cast<treeproof::ledger::Unit>(choose(5)));
}

}  // namespace treeproof::ledger::model
