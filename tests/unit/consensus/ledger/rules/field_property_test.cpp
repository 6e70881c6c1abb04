// Random seasons: whatever is planted, verified, redeemed, allocated, dies, revives, is replaced,
// refunded, voided, corrected and verified again, the books agree with the pages, and no unit or
// tree is given twice (I1, I3, I4, I5, I8, I13).
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "tests/invariants/ledger_invariants.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kCampaign = {"platform/planted"};

// From [from, to), evenly from the first case on.
template <class Integer>
Integer pick(Integer from, Integer to) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to));
}

class Season {
 public:
  // Begins with trees that stand verified and units that wait.
  Season() {
    const OrgId second{std::string(kPartner)};
    field_.govern(OrgPut{second, {"Second"}, {OrgRole::programme, OrgRole::verifier}, second});
    for (int i = 0; i < 2; ++i) plant();
    for (const ObjectId& id : batches_) {
      field_.must(kVerifier, field_.full(next_ref("first"), id.text));
    }
    for (int i = 0; i < 2; ++i) redeem();
  }

  void step() {
    switch (pick(0, 14)) {
      case 0:
        return plant();
      case 1:
        return verify();
      case 2:
        return redeem();
      case 3:
        return die();
      case 4:
        return observe();
      case 5:
        return refund();
      case 6:
        return reserve();
      case 7:
        return replace();
      case 8:
        return revive();
      case 9:
        return correct();
      case 10:
        return reverify();
      default:
        return allocate();
    }
  }

  void check() {
    TreeTally trees;
    std::uint64_t live = 0;
    std::uint64_t occupied = 0;
    for (const ObjectId& id : batches_) {
      const BatchObject batch = field_.batch(id.text);
      check_batch(id, batch);
      trees += batch.trees();
      live += batch.trees().live();
      for (const BatchSpecies& part : batch.species) {
        occupied += part.trees.live() * part.space_mm2;
      }
    }
    std::uint64_t allocated_units = 0;
    owed_units_ = refunded_grams_ = 0;
    for (const ObjectId& id : redemptions_) allocated_units += check_redemption(id);
    const PlotObject plot = field_.plot_object("desert-ngo/home");
    RC_ASSERT(plot.live == live);
    RC_ASSERT(plot.occupied_mm2 == occupied);
    check_campaign(trees, allocated_units);
    for (const auto& broken : invariants::broken_in({field_.state, field_.state.all.objects})) {
      RC_FAIL(std::string(broken.invariant) + ": " + broken.numbers);
    }
  }

  bool has_allocated() const { return !units_.empty(); }
  bool has_owed() const { return owed_; }
  bool has_replaced() const { return replaced_; }

 private:
  std::string next_ref(std::string_view kind) {
    return std::string(kind) + "-" + std::to_string(refs_++);
  }

  void plant() {
    const auto count = pick<std::uint64_t>(2, 60);
    auto leaves = tree_grid(field_.home, count, planted_, field_.day());
    std::uint64_t mangroves = 0;
    for (std::size_t i = 0; i < leaves.size(); ++i) {  // one of each species at least
      leaves[i].species = i < 2 ? static_cast<std::uint16_t>(i) : pick<std::uint16_t>(0, 2);
      mangroves += leaves[i].species;
    }
    Plant payload = field_.plant(next_ref("plant"), leaves);
    payload.species = {{kHaloxylon, count - mangroves}, {kRhizophora, mangroves}};
    if (!field_.record(kDesert, payload)) return;
    planted_ += count;
    batches_.push_back(ObjectId::of({std::string(kDesert)}, payload.ref));
  }

  void verify() {
    const ObjectId id = *rc::gen::elementOf(batches_);
    const std::uint64_t size = field_.batch(id.text).size();
    const auto from = pick<std::uint64_t>(0, size);
    const auto count = pick<std::uint64_t>(0, size - from + 1);
    Ranges rejected;
    if (count > 0) rejected.push_back({from, count});
    (void)field_.record(kVerifier, field_.full(next_ref("verify"), id.text, rejected));
  }

  void redeem() {
    Redeem payload = field_.redeem(next_ref("redeem"), pick<std::uint64_t>(1, 25));
    const auto species = pick(0, 3);
    if (species == 1) payload.species = kRhizophora;
    if (species == 2) payload.species.reset();
    if (!field_.record(kPlatform, payload)) return;
    redemptions_.push_back(ObjectId::of({std::string(kPlatform)}, payload.ref));
  }

  // A stretch of a batch, mostly of living trees.
  Ranges stretch(const ObjectId& id) const {
    const std::uint64_t size = field_.batch(id.text).size();
    const auto from = pick<std::uint64_t>(0, size);
    return {{from, pick<std::uint64_t>(1, std::min<std::uint64_t>(size - from, 6) + 1)}};
  }

  void die() {
    if (pick(0, 3) == 0) field_.advance_days(200);
    const ObjectId id = *rc::gen::elementOf(batches_);
    const Mortality payload{{next_ref("deaths")}, id, stretch(id), Cause::drought, field_.day()};
    (void)field_.record(pick(0, 2) == 0 ? kDesert : kVerifier, payload);
  }

  // With counts that suit the dead it names, often by somebody whose word kills nobody.
  void observe() {
    const ObjectId id = *rc::gen::elementOf(batches_);
    const BatchObject batch = field_.batch(id.text);
    const CountedTrees column(field_.state, id, batch, field_.state.attachment(batch.leaves.root));
    Observe payload;
    payload.ref = {next_ref("visit")};
    payload.plant = id;
    payload.day = field_.day();
    payload.dead = stretch(id);
    payload.cause = Cause::unknown;
    for (const BatchSpecies& part : batch.species) {
      const TreeTally& trees = part.trees;
      const std::uint64_t dead = trees[TreeCode::dead_unallocated] + trees[TreeCode::dead_owed] +
                                 trees[TreeCode::dead_not_owed] + trees[TreeCode::dead_replaced];
      payload.species.push_back({part.species, 0, dead, 0});
    }
    for (std::uint64_t i = 0; i < payload.dead[0].count; ++i) {
      ++payload.species[column.species(payload.dead[0].from + i)].dead;
    }
    for (std::size_t i = 0; i < payload.species.size(); ++i) {
      const TreeTally& trees = batch.species[i].trees;
      const std::uint64_t voided = trees[TreeCode::voided_unallocated] +
                                   trees[TreeCode::voided_not_owed] + trees[TreeCode::voided_owed] +
                                   trees[TreeCode::voided_replaced];
      const std::uint64_t total = trees.total() - voided;
      payload.species[i].alive = total - std::min(total, payload.species[i].dead);
    }
    (void)field_.record(pick(0, 2) == 0 ? kVerifier : kVillage, payload);
  }

  void refund() {
    const ObjectId id = *rc::gen::elementOf(redemptions_);
    const std::uint64_t units = field_.find<RedemptionObject>(id.text)->payload.units;
    const auto from = pick<std::uint64_t>(0, units);
    const Range range{from, pick<std::uint64_t>(1, std::min<std::uint64_t>(units - from, 3) + 1)};
    const Refund payload{{next_ref("refund")}, id, {range}, RefundReason::tree_lost};
    (void)field_.record(kPlatform, payload);
  }

  // Every run that the state can serve with one tree at least, as long as it can be.
  std::vector<RunLeaf> possible_runs() const {
    std::vector<RunLeaf> runs;
    for (const ObjectId& redeem : redemptions_) {
      const auto redemption = field_.find<RedemptionObject>(redeem.text);
      for (const ObjectId& plant : batches_) {
        const BatchObject batch = field_.batch(plant.text);
        for (const BatchSpecies& part : batch.species) {
          const bool fits = redemption->payload.species.value_or(part.species) == part.species;
          const std::uint64_t most =
              std::min(redemption->units[UnitCode::free], part.trees[TreeCode::available]);
          if (fits && most > 0) runs.push_back({redeem, plant, part.species, most});
        }
      }
    }
    return runs;
  }

  // Often one unit or tree too many, or twice from the same source.
  void allocate() {
    const std::vector<RunLeaf> possible = possible_runs();
    if (possible.empty()) return;
    std::vector<RunLeaf> runs;
    const auto count = pick(1, 4);
    for (int i = 0; i < count; ++i) {
      runs.push_back(*rc::gen::elementOf(possible));
      runs.back().count = pick<std::uint64_t>(1, runs.back().count + 2);
    }
    if (!field_.record(kPlatform, field_.allocate(next_ref("allocate"), runs))) return;
    for (const LinkRange& range : field_.links().at(0).ranges) {
      for (std::uint64_t i = 0; i < range.count; ++i) {
        RC_ASSERT(units_.emplace(range.redeem, range.unit_from + i).second);
        RC_ASSERT(trees_.emplace(range.plant, range.tree_from + i).second);
      }
    }
  }

  void reserve() {
    const auto count = pick<std::uint64_t>(1, 6);
    Plant payload =
        field_.plant(next_ref("reserve"), tree_grid(field_.home, count, planted_, field_.day()));
    payload.purpose = Purpose::replacement;
    if (!field_.record(kDesert, payload)) return;
    planted_ += count;
    batches_.push_back(ObjectId::of({std::string(kDesert)}, payload.ref));
  }

  // The first batch that owes trees, if any, and the last, which may be planted for it just now;
  // else any two.
  std::pair<ObjectId, ObjectId> sides() {
    for (const ObjectId& id : std::vector<ObjectId>(batches_)) {
      if (field_.batch(id.text).trees().owed() == 0 || pick(0, 4) == 0) continue;
      reserve();
      (void)field_.record(kVerifier, field_.full(next_ref("reserved"), batches_.back().text));
      return {id, batches_.back()};
    }
    return {*rc::gen::elementOf(batches_), *rc::gen::elementOf(batches_)};
  }

  // Where a batch has lost trees and another usable ones, from the first of each on.
  void replace() {
    const auto [from, to] = sides();
    const auto first = [&](const ObjectId& id, std::initializer_list<TreeCode> codes) {
      TreeCodes all(field_.state, id, field_.batch(id.text).size());
      std::uint64_t at = 0;
      while (at < all.members() && std::ranges::find(codes, all.at(at)) == codes.end()) ++at;
      return at;
    };
    using enum TreeCode;
    const std::uint64_t lost = first(from, {dead_owed, voided_owed, dead_unallocated});
    const std::uint64_t usable = first(to, {available, reserved});
    if (lost == field_.batch(from.text).size() || usable == field_.batch(to.text).size()) return;
    const std::vector<ReplaceLeaf> runs{{from, lost, to, usable, pick<std::uint64_t>(1, 4)}};
    if (!field_.record_agreed(kDesert, field_.replace(next_ref("replace"), runs), {kVerifier})) {
      return;
    }
    replaced_ = true;
    for (const AllocationLinks& links : field_.links()) {
      for (const LinkRange& range : links.ranges) {
        for (std::uint64_t i = 0; i < range.count; ++i) {
          RC_ASSERT(units_.contains({range.redeem, range.unit_from + i}));
          RC_ASSERT(trees_.emplace(range.plant, range.tree_from + i).second);
        }
      }
    }
  }

  void revive() {
    const ObjectId id = *rc::gen::elementOf(batches_);
    (void)field_.record(kPartner, Revive{{next_ref("green")}, id, stretch(id), field_.day()});
  }

  void correct() {
    const ObjectId id = *rc::gen::elementOf(batches_);
    const std::uint64_t leaf = stretch(id)[0].from;
    Correct payload{{next_ref("fix")}, id, CorrectVoid{stretch(id)}, {}, {std::string(kVerifier)}};
    if (pick(0, 2) == 0)
      payload.change = CorrectSpecies{leaf, pick(0, 2) ? kHaloxylon : kRhizophora};
    (void)field_.record_agreed(kDesert, payload, {kVerifier});
  }

  // A dispute that governance upholds.
  void reverify() {
    const ObjectId id = *rc::gen::elementOf(batches_);
    Dispute dispute;
    dispute.ref = {next_ref("doubt")};
    dispute.target = DisputedRecord{id};
    dispute.ground = static_cast<Ground>(pick(0, 9));
    if (!field_.record(kRegulator, dispute)) return;
    const auto remedy = pick(0, 2) == 0 ? Remedy::void_ranges : Remedy::reverify;
    const ObjectId doubt = ObjectId::of({std::string(kRegulator)}, dispute.ref);
    const Propose end{{next_ref("end")}, Resolve{doubt, Outcome::upheld, remedy, stretch(id)}};
    if (!field_.record(kCoast, end)) return;
    for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
      field_.must(org, Approve{{next_ref("yes")}, ObjectId::of({std::string(kCoast)}, end.ref)});
    }
  }

  void check_batch(const ObjectId& id, const BatchObject& batch) {
    const CountedTrees trees(field_.state, id, batch, field_.state.attachment(batch.leaves.root));
    TreeCodes codes(field_.state, id, batch.size());
    std::vector<TreeTally> counted(batch.species.size());
    for (std::uint64_t i = 0; i < batch.size(); ++i) {
      const TreeCode code = codes.at(i);
      ++counted[trees.species(i)][code];
      if (code == TreeCode::dead_replaced || code == TreeCode::voided_replaced) continue;
      const bool is_given = is_held(code) || code == TreeCode::dead_owed ||
                            code == TreeCode::dead_not_owed || code == TreeCode::voided_owed ||
                            code == TreeCode::voided_not_owed;
      RC_ASSERT(is_given == trees_.contains({id, i}));
    }
    for (std::size_t i = 0; i < counted.size(); ++i) {
      RC_ASSERT(counted[i] == batch.species[i].trees);
    }
    RC_ASSERT(codes.root() == batch.pages_root);
  }

  std::uint64_t check_redemption(const ObjectId& id) {
    const auto redemption = field_.find<RedemptionObject>(id.text);
    UnitCodes codes(field_.state, id, redemption->payload.units);
    UnitTally counted;
    for (std::uint64_t i = 0; i < codes.members(); ++i) {
      ++counted[codes.at(i)];
      const UnitCode code = codes.at(i);
      if (code == UnitCode::refunded) continue;
      RC_ASSERT((code != UnitCode::free) == units_.contains({id, i}));
    }
    RC_ASSERT(counted == redemption->units);
    RC_ASSERT(codes.root() == redemption->pages_root);
    owed_units_ += counted[UnitCode::owed];
    refunded_grams_ += counted[UnitCode::refunded] * redemption->grams_per_unit();
    owed_ = owed_ || counted[UnitCode::owed] > 0;
    return counted[UnitCode::allocated] + counted[UnitCode::owed];
  }

  void check_campaign(const TreeTally& trees, std::uint64_t allocated_units) {
    const CampaignTally all = campaign_tally(field_.state, kCampaign);
    CampaignTally sum;
    for (const std::optional<Code>& species :
         {std::optional(kHaloxylon), std::optional(kRhizophora), std::optional<Code>()}) {
      const CampaignTally row = campaign_tally(field_.state, kCampaign, species);
      sum.redeemed += row.redeemed;
      sum.refunded += row.refunded;
      sum.allocated += row.allocated;
      sum.trees += row.trees;
      sum.replacing += row.replacing;
    }
    RC_ASSERT(sum == all);
    RC_ASSERT(all.trees == trees);
    RC_ASSERT(all.allocated == allocated_units);
    RC_ASSERT(all.trees[TreeCode::allocated] + all.trees[TreeCode::doubted] <= allocated_units);
    RC_ASSERT(all.trees.owed() == owed_units_);
    RC_ASSERT(all.trees[TreeCode::reserved] <= all.replacing);
    RC_ASSERT(all.net_redeemed() >= all.allocated);
    RC_ASSERT(all.waiting() <= all.backed());
    const auto programme = field_.find<ProgrammeObject>("platform/energy");
    RC_ASSERT(programme->refunded == refunded_grams_);
  }

  Field field_;
  std::vector<ObjectId> batches_;
  std::vector<ObjectId> redemptions_;
  std::set<std::pair<ObjectId, std::uint64_t>> units_;  // given a tree
  std::set<std::pair<ObjectId, std::uint64_t>> trees_;  // given to a unit
  std::uint64_t owed_units_ = 0;                        // of the last check
  std::uint64_t refunded_grams_ = 0;                    // of the last check
  bool owed_ = false;
  bool replaced_ = false;
  std::uint64_t planted_ = 0;
  std::uint64_t refs_ = 0;
};

RC_GTEST_PROP(SeasonProperty, KeepsBooksPagesAndLinksInAgreement, ()) {
  Season season;
  const auto steps = pick(10, 30);
  for (int i = 0; i < steps; ++i) {
    season.step();
    season.check();
  }
  RC_CLASSIFY(season.has_allocated());
  RC_CLASSIFY(season.has_owed());
  RC_CLASSIFY(season.has_replaced());
}

}  // namespace
}  // namespace treeproof::ledger
