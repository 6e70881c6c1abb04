#include "consensus/ledger/tree_books.h"

#include <algorithm>
#include <map>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/density.h"

namespace treeproof::ledger {

namespace {

// What a tree is once it is voided; nothing where it cannot be.
std::optional<TreeCode> voided_as(TreeCode code) {
  using enum TreeCode;
  switch (code) {
    case unverified:
    case available:
    case reserved:
    case reopened:
    case dead_unallocated:
      return voided_unallocated;
    case allocated:
    case doubted:
    case dead_owed:
      return voided_owed;
    case dead_not_owed:
      return voided_not_owed;
    case dead_replaced:
      return voided_replaced;
    case rejected:
    case voided_unallocated:
    case voided_not_owed:
    case voided_owed:
    case voided_replaced:
      return std::nullopt;
  }
  assert(false);
  return std::nullopt;
}

}  // namespace

TreeBooks::TreeBooks(State& state, ObjectId id, BatchObject batch)
    : state_(state),
      id_(std::move(id)),
      batch_(std::move(batch)),
      codes_(state, id_, batch_.size()) {}

bool TreeBooks::judge_leaves(Judgement& judgement) {
  const crypto::Hash& root = batch_.leaves.root;
  AttachmentPtr leaves = state_.attachment(root);
  if (!judgement.require(leaves != nullptr, Reason::earlier_attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(root)}}; })) {
    return false;
  }
  trees_.emplace(state_, id_, batch_, std::move(leaves));
  return true;
}

Ranges TreeBooks::that_are(TreeCode code, const Ranges& ranges) {
  Ranges found;
  for (const Range& range : ranges) {
    codes_.each_run(code, range.from, range.count, [&](auto from, auto count) {
      found.push_back({from, count});
      return true;
    });
  }
  return found;
}

Ranges TreeBooks::that_are(TreeCode code) { return that_are(code, {{0, codes_.members()}}); }

bool TreeBooks::is_replacing(TreeCode code) const noexcept {
  return batch_.purpose == Purpose::replacement && is_live(code) && !is_held(code);
}

void TreeBooks::move(const Ranges& ranges, TreeCode from, TreeCode to) {
  if (ranges.empty()) return;
  for (const Range& range : ranges) codes_.set(range.from, range.count, to);
  const auto counts = trees_->count_by_species(batch_.species.size(), ranges);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    BatchSpecies& part = batch_.species[i];
    part.trees.move(from, to, counts[i]);
    if (batch_.plot && is_live(from) != is_live(to)) {
      auto plot = state_.find<PlotObject>(*batch_.plot);
      (is_live(to) ? occupy : vacate)(*plot, batch_.unit, part, counts[i]);
      state_.put(batch_.plot->text, *plot);
    }
    if (!batch_.campaign) continue;
    change_tally(state_, *batch_.campaign, part.species, [&](CampaignTally& tally) {
      tally.trees.move(from, to, counts[i]);
      if (is_replacing(from)) tally.replacing -= counts[i];
      if (is_replacing(to)) tally.replacing += counts[i];
    });
  }
}

void TreeBooks::close() {
  batch_.pages_root = codes_.commit(state_);
  state_.put(id_.text, batch_);
}

void move_units(State& state, const UnitsByRedemption& units, UnitCode from, UnitCode to) {
  for (const auto& [id, ranges] : units) {
    auto redemption = state.find<RedemptionObject>(id);
    UnitCodes codes(state, id, redemption->payload.units);
    for (const Range& range : ranges) {
      codes.set(range.from, range.count, to);
      redemption->units.move(from, to, range.count);
    }
    redemption->pages_root = codes.commit(state);
    state.put(id.text, *redemption);
  }
}

UnitsByRedemption units_of_trees(const State& state, const ObjectId& batch, const Ranges& trees) {
  UnitsByRedemption units;
  for (const LinkRun& run : links_of_trees(state, batch, trees)) {
    units[run.redeem].push_back({run.unit_from, run.count});
  }
  return units;
}

void owe_units(State& state, const ObjectId& batch, const Ranges& trees) {
  move_units(state, units_of_trees(state, batch, trees), UnitCode::allocated, UnitCode::owed);
}

void void_trees(State& state, TreeBooks& books, const Ranges& ranges, const ObjectId& record) {
  std::vector<DeathRun> gone;
  std::vector<std::pair<TreeCode, Ranges>> moves;  // all found before the first is made
  for (std::size_t i = 0; i < kTreeCodes; ++i) {
    const auto was = static_cast<TreeCode>(i);
    if (voided_as(was)) moves.emplace_back(was, books.that_are(was, ranges));
  }
  for (const auto& [was, trees] : moves) {
    books.move(trees, was, *voided_as(was));
    if (is_held(was)) owe_units(state, books.id(), trees);
    for (const Range& range : trees) gone.push_back({range.from, range.count, was, record});
  }
  std::ranges::sort(gone, {}, &DeathRun::from);
  note_deaths(state, books.id(), gone);
}

bool is_voided(const BatchObject& batch) {
  using enum TreeCode;
  constexpr TreeCode kVoided[] = {voided_unallocated, voided_not_owed, voided_owed,
                                  voided_replaced};
  const TreeTally trees = batch.trees();
  const std::uint64_t voided = trees.sum_of(kVoided);
  return voided > 0 && voided + trees[rejected] == trees.total();
}

bool judge_voidable(Judgement& judgement, TreeBooks& books, const Ranges& ranges) {
  bool any = false;
  for (std::size_t i = 0; i < kTreeCodes && !any; ++i) {
    const auto code = static_cast<TreeCode>(i);
    any = voided_as(code) && !books.that_are(code, ranges).empty();
  }
  return judgement.require(any, Reason::trees_unaffected,
                           [&] { return Numbers{{"batch", books.id().text}}; });
}

}  // namespace treeproof::ledger
