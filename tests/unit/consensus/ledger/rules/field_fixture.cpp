#include "tests/unit/consensus/ledger/rules/field_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/pages.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

constexpr std::int32_t kStep = 100;  // 1e-7 degrees: about a metre

OrgId org(std::string_view text) { return {std::string(text)}; }

}  // namespace

geometry::Polygon Rectangle::polygon() const {
  return {{{{south, west},
            {south, west + width},
            {south + height, west + width},
            {south + height, west},
            {south, west}}}};
}

std::vector<PlantLeaf> tree_grid(const Rectangle& on, std::uint64_t count, std::uint64_t first,
                                 std::int32_t day) {
  const auto columns = static_cast<std::uint64_t>(on.width / kStep - 1);
  std::vector<PlantLeaf> leaves;
  for (std::uint64_t i = first; i < first + count; ++i) {
    PlantLeaf leaf;
    leaf.lat = on.south + kStep * static_cast<std::int32_t>(i / columns + 1);
    leaf.lon = on.west + kStep * static_cast<std::int32_t>(i % columns + 1);
    leaf.day = day;
    leaves.push_back(leaf);
  }
  return leaves;
}

Field::Field() {
  Programme programme;
  programme.ref = {"energy"};
  programme.actions = {{{"walking"}, 10}};
  programme.yearly_cap = kQuantityMax;
  programme.expiry_days = 365;
  programme.platforms = {org(kPlatform)};
  must(kPlatform, programme);
  IssuePoints issue;
  issue.ref = {"issue"};
  issue.programme = {"platform/energy"};
  issue.series = {"daily"};
  issue.from_day = issue.to_day = kFirstDay;
  issue.accounts = 1;
  issue.grams = 1'000'000'000'000;
  must(kPlatform, issue);
  open(campaign("pledged", Mode::pledge_first));
  open(campaign("planted", Mode::plant_first));
  settle(kDesert, plot("home", home));
}

Campaign Field::campaign(std::string_view ref, Mode mode) const {
  Campaign payload;
  payload.ref = {std::string(ref)};
  payload.planters = {org(kCoast), org(kDesert)};
  payload.unit_size = 1;
  payload.species = {{kHaloxylon, 100}, {kRhizophora, 100}};
  payload.target = 1'000'000;
  payload.redeem_window = {kFirstDay, kFirstDay + 1'000};
  payload.plant_window = {kFirstDay - 400, kFirstDay + 1'000};
  payload.mode = mode;
  payload.policy = {.sample_minimum = 10,
                    .replacement_until_days = 500,
                    .lookback_days = 100,
                    .standing_consent = true};
  return payload;
}

void Field::open(const Campaign& payload) {
  const VerifiedStatement statement = sign(kPlatform, payload);
  for (const OrgId& planter : payload.planters) {
    must(planter.text, Consent{{"agree-" + payload.ref.text}, statement->id});
  }
  must(statement);
}

Plot Field::plot(std::string_view ref, const Rectangle& on) { return plot(ref, on.polygon()); }

Plot Field::point_plot(std::string_view ref, geometry::Position middle, std::uint64_t area_m2) {
  Plot payload = plot(ref, home);
  payload.area = area_m2;
  payload.geometry = attach(geometry::encode_leaves(middle));
  return payload;
}

Plot Field::plot(std::string_view ref, const geometry::Polygon& outline) {
  Plot payload;
  payload.ref = {std::string(ref)};
  payload.country = {"CN"};
  payload.layer = Layer::canopy;
  const auto area = geometry::check(outline);
  payload.area = area ? area->square_metres : 1;
  payload.capacity = 1'000'000;
  payload.geometry = attach(geometry::encode_leaves(outline));
  return payload;
}

void Field::settle(std::string_view org_id, const Plot& payload) {
  const VerifiedStatement statement = sign(org_id, payload);
  must(statement);
  must(kVerifier, Consent{{"confirm-" + payload.ref.text}, statement->id});
}

Pledge Field::pledge(std::string_view ref, std::string_view plot, std::uint64_t count) const {
  return {{std::string(ref)}, {"platform/pledged"}, {std::string(plot)}, kHaloxylon, count, 2026};
}

Plant Field::plant(std::string_view ref, std::span<const PlantLeaf> leaves) {
  Plant payload;
  payload.ref = {std::string(ref)};
  payload.plot = {"desert-ngo/home"};
  payload.campaign = ObjectId{"platform/planted"};
  payload.species = {{kHaloxylon, leaves.size()}};
  payload.planted_from = payload.planted_to = day();
  payload.leaves = attach_leaves(leaves);
  return payload;
}

Inventory Field::inventory(std::string_view ref, std::span<const PlantLeaf> leaves) {
  Inventory payload;
  payload.ref = {std::string(ref)};
  payload.plot = ObjectId{"desert-ngo/home"};
  payload.species = {{kHaloxylon, leaves.size()}};
  payload.method = PlantingMethod::none;
  payload.leaves = attach_leaves(leaves);
  return payload;
}

Verify Field::full(std::string_view ref, std::string_view batch_id, Ranges rejected) const {
  Verify payload;
  payload.ref = {std::string(ref)};
  payload.plant = {std::string(batch_id)};
  payload.method = VerifyMethod::full;
  payload.visited = {{0, batch(batch_id).size()}};
  payload.rejected = std::move(rejected);
  return payload;
}

void Field::grow(std::string_view ref, std::uint64_t count, std::uint64_t first) {
  must(kDesert, plant(ref, tree_grid(home, count, first, day())));
  const std::string name(ref);
  must(kVerifier, full("verify-" + name, "desert-ngo/" + name));
}

Redeem Field::redeem(std::string_view ref, std::uint64_t units) {
  std::vector<RedeemLeaf> leaves;
  for (std::uint64_t i = 0; i < units; ++i) {
    crypto::Hash commitment = crypto::sha256(crypto::as_bytes(ref));
    for (std::size_t byte = 0; byte < 4; ++byte) {
      commitment[byte] = static_cast<std::uint8_t>(i >> (24 - 8 * byte));
    }
    leaves.push_back({{commitment, 100}});
  }
  Redeem payload;
  payload.ref = {std::string(ref)};
  payload.campaign = {"platform/planted"};
  payload.programme = {"platform/energy"};
  payload.species = kHaloxylon;
  payload.units = units;
  payload.grams = units * 100;
  payload.leaves = attach_leaves<RedeemLeaf>(leaves);
  return payload;
}

Allocate Field::allocate(std::string_view ref, std::span<const RunLeaf> runs) {
  Allocate payload;
  payload.ref = {std::string(ref)};
  payload.campaign = {"platform/planted"};
  payload.runs = attach_leaves(runs);
  const auto ranges = derive_ranges(state, runs);
  if (ranges) payload.links = links_of(state, *ranges).value();
  return payload;
}

std::expected<void, Refusal> Field::record_agreed(std::string_view org_id, const Payload& payload,
                                                  std::initializer_list<std::string_view> others) {
  const VerifiedStatement statement = sign(org_id, payload);
  for (const std::string_view other : others) {
    must(other, Consent{{"agree-" + ref_of(payload).text}, statement->id});
  }
  return record(statement);
}

void Field::must_agreed(std::string_view org_id, const Payload& payload,
                        std::initializer_list<std::string_view> others) {
  const auto recorded = record_agreed(org_id, payload, others);
  EXPECT_TRUE(recorded.has_value()) << to_string(recorded.error());
}

void Field::grow_reserve(std::string_view ref, std::uint64_t count, std::uint64_t first) {
  Plant payload = plant(ref, tree_grid(home, count, first, day()));
  payload.purpose = Purpose::replacement;
  must(kDesert, payload);
  const std::string name(ref);
  must(kVerifier, full("verify-" + name, "desert-ngo/" + name));
}

Replace Field::replace(std::string_view ref, std::span<const ReplaceLeaf> runs) {
  Replace payload;
  payload.ref = {std::string(ref)};
  payload.campaign = ObjectId{"platform/planted"};
  payload.runs = attach_leaves(runs);
  payload.verifier = org(kVerifier);
  std::vector<LinkRange> ranges;
  for (const ReplaceLeaf& run : runs) {
    const auto held = find<BatchObject>(run.from.text);
    const auto to = find<BatchObject>(run.to.text);
    const bool fits = held && to && run.from_tree + run.count <= held->size() &&
                      run.to_tree + run.count <= to->size();
    if (!fits) continue;
    TreeCodes codes(state, run.from, held->size());
    auto links = links_of_trees(state, run.from, {{run.from_tree, run.count}});
    std::ranges::sort(links, {}, &LinkRun::tree_from);
    for (const LinkRun& link : links) {
      for (std::uint64_t i = 0; i < link.count; ++i) {
        const TreeCode code = codes.at(link.tree_from + i);
        if (code != TreeCode::dead_owed && code != TreeCode::voided_owed) continue;
        const std::uint64_t to_tree = run.to_tree + (link.tree_from + i - run.from_tree);
        ranges.push_back({link.redeem, link.unit_from + i, run.to, to_tree, 1});
      }
    }
  }
  const auto links = links_of(state, ranges);
  if (!ranges.empty() && links) payload.links = *links;
  return payload;
}

TreeTally Field::trees_of(std::string_view campaign_id) const {
  return campaign_tally(state, {std::string(campaign_id)}).trees;
}

}  // namespace treeproof::ledger
