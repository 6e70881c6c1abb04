// Replacements and corrections.
#include <algorithm>
#include <utility>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

void Model::ask_verifier(const std::string& verifier, const Batch& batch, Reasons& against) const {
  const auto org = books.orgs.find(verifier);
  if (org == books.orgs.end() || !org->second.roles.contains(OrgRole::verifier)) {
    against.insert(Reason::verifier_unknown);
    return;
  }
  if (is_related(verifier, batch)) against.insert(Reason::verifier_conflict);
}

std::vector<Pair> Model::pairs(const std::vector<ReplaceLeaf>& runs) const {
  std::vector<Pair> pairs;
  for (const ReplaceLeaf& run : runs) {
    const auto from = books.batches.find(run.from.text);
    const auto to = books.batches.find(run.to.text);
    if (from == books.batches.end() || to == books.batches.end()) continue;
    for (std::uint64_t i = 0; i < run.count; ++i) {
      const std::uint64_t lost = run.from_tree + i;
      const std::uint64_t next = run.to_tree + i;
      if (lost >= from->second.trees.size() || next >= to->second.trees.size()) continue;
      const Tree& tree = from->second.trees[lost];
      if (tree.is_owed) pairs.emplace_back(*tree.unit, TreeName{to->first, next});
    }
  }
  return pairs;
}

void Model::ask_successors(const ReplaceLeaf& run, std::set<TreeName>& named, Used& used,
                           Reasons& against) const {
  const Batch& from = books.batches.at(run.from.text);
  const Batch& to = books.batches.at(run.to.text);
  for (std::uint64_t i = 0; i < run.count; ++i) {
    const TreeName old{run.from.text, run.from_tree + i};
    const TreeName next{run.to.text, run.to_tree + i};
    if (old.index >= from.trees.size() || next.index >= to.trees.size()) {
      against.insert(Reason::ranges_invalid);
      return;
    }
    const Tree& lost = tree(old);
    const Tree& successor = tree(next);
    const bool lacks = lost.fate != Fate::lives && !lost.successor &&
                       (lost.is_owed || !lost.unit) && named.insert(old).second;
    if (!lacks) against.insert(Reason::tree_not_replaceable);
    if (!successor.is_usable()) against.insert(Reason::tree_not_available);
    const bool is_taken = successor.predecessor || !named.insert(next).second;
    if (is_taken) against.insert(Reason::successor_taken);
    if (lost.is_owed) {
      const Redemption& owed = books.redemptions.at(lost.unit->redeem);
      if (books.redacted.contains(owed.leaves)) {
        against.insert(Reason::earlier_attachment_missing);
      }
      if (!to.is_replacement) ++used[successor.species];
      continue;
    }
    if (to.is_replacement) against.insert(Reason::successor_reserved);
    if (to.height <= lost.lost_at) against.insert(Reason::successor_older);
  }
}

Reasons Model::hear(const Said& said, const Replace& payload) {
  std::optional<std::string> campaign;
  if (payload.campaign) campaign = payload.campaign->text;
  if (campaign && !books.campaigns.contains(*campaign)) return {Reason::campaign_unknown};
  Reasons against;
  if (beside_->replacements.empty()) against.insert(Reason::empty);
  std::set<TreeName> named;
  Used used;
  for (const ReplaceLeaf& run : beside_->replacements) {
    if (run.count == 0) against.insert(Reason::empty);
    for (const std::string& id : {run.from.text, run.to.text}) {
      const auto batch = books.batches.find(id);
      if (batch == books.batches.end()) {
        against.insert(Reason::batch_unknown);
        return against;
      }
      if (batch->second.holder != said.org) against.insert(Reason::batch_not_own);
      if (batch->second.campaign != campaign) against.insert(Reason::batch_not_in_campaign);
      ask_verifier(payload.verifier.text, batch->second, against);
      if (is_redacted(batch->second)) against.insert(Reason::earlier_attachment_missing);
      if (is_frozen(id, said.time_s)) against.insert(Reason::target_frozen);  // I15
    }
    ask_successors(run, named, used, against);
  }
  std::uint64_t used_in_all = 0;
  const auto exceeds = [&](const std::optional<Code>& species, std::uint64_t count) {
    return campaign && waiting(*campaign, species) + count > usable(*campaign, species);
  };
  for (const auto& [species, count] : used) {
    used_in_all += count;
    if (exceeds(Code{species}, count)) against.insert(Reason::units_unavailable);
  }
  if (used_in_all > 0 && exceeds({}, used_in_all)) against.insert(Reason::units_unavailable);
  ask_consents(said, {payload.verifier.text}, against);
  if (!against.empty()) return against;
  for (const ReplaceLeaf& run : beside_->replacements) {
    for (std::uint64_t i = 0; i < run.count; ++i) {
      const TreeName next{run.to.text, run.to_tree + i};
      Tree& dead = tree({run.from.text, run.from_tree + i});
      dead.successor = next;
      tree(next).predecessor = TreeName{run.from.text, run.from_tree + i};
      if (!dead.is_owed) continue;
      dead.is_owed = false;
      tree(next).unit = dead.unit;
      unit(*dead.unit).state = UnitState::held;
      unit(*dead.unit).tree = next;
    }
  }
  return {};
}

Reasons Model::hear(const Said& said, const Correct& payload) {
  return std::visit([&](const auto& how) { return change(said, payload, how); }, payload.change);
}

Reasons Model::change(const Said& said, const Correct& payload, const CorrectCapacity& lower) {
  Reasons against;
  const auto found = books.plots.find(payload.target.text);
  if (found == books.plots.end()) return {Reason::target_not_correctable};
  PlotBook& plot = found->second;
  if (plot.holder != said.org && plot.issuer != said.org) against.insert(Reason::target_not_own);
  if (lower.value == 0) against.insert(Reason::empty);
  if (lower.value > plot.capacity) against.insert(Reason::claim_raised);
  if (lower.value == plot.capacity) against.insert(Reason::correction_changes_nothing);
  const std::uint64_t needed = live_on(found->first) + pledged_on(found->first);
  if (lower.value < needed) against.insert(Reason::claim_relied_on);
  Batch land;  // whose verifier must be independent of the plot's planters
  land.issuer = plot.issuer;
  land.holder = plot.holder;
  ask_verifier(payload.verifier.text, land, against);
  ask_consents(said, {payload.verifier.text}, against);
  if (!against.empty()) return against;
  plot.capacity = lower.value;
  plot.confirmed = std::min(plot.confirmed, lower.value);
  return {};
}

void Model::ask_correction(const Said& said, const Correct& payload, const Batch& batch,
                           Reasons& against) const {
  if (batch.holder != said.org && batch.issuer != said.org) against.insert(Reason::target_not_own);
  ask_verifier(payload.verifier.text, batch, against);
  ask_consents(said, {payload.verifier.text}, against);
  if (is_redacted(batch)) against.insert(Reason::earlier_attachment_missing);
}

Reasons Model::change(const Said& said, const Correct& payload, const CorrectVoid& never_there) {
  const auto found = books.batches.find(payload.target.text);
  if (found == books.batches.end()) return {Reason::target_not_correctable};
  Batch& batch = found->second;
  Reasons against;
  ask_correction(said, payload, batch, against);
  if (never_there.ranges.empty()) against.insert(Reason::empty);
  if (!are_valid(never_there.ranges, batch.trees.size())) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  std::vector<std::uint64_t> affected;
  for (const std::uint64_t i : members_of(never_there.ranges)) {
    const Tree& tree = batch.trees[i];
    const bool stood = tree.fate != Fate::voided && tree.standing != Standing::rejected;
    if (stood && !tree.successor) affected.push_back(i);
  }
  if (affected.empty()) against.insert(Reason::trees_unaffected);
  if (!against.empty()) return against;
  for (const std::uint64_t i : affected) {
    batch.trees[i].fate = Fate::voided;
    batch.trees[i].lost_at = said.height;
    give_up(batch.trees[i], true);
  }
  return {};
}

// The tree as it would be is asked like one that comes; the land has it back where refused.
Reasons Model::change(const Said& said, const Correct& payload, const CorrectSpecies& other) {
  const auto found = books.batches.find(payload.target.text);
  if (found == books.batches.end()) return {Reason::target_not_correctable};
  Batch& batch = found->second;
  Reasons against;
  ask_correction(said, payload, batch, against);
  if (!books.species.contains(other.species.text)) against.insert(Reason::species_unknown);
  if (batch.campaign) {
    const Prices& offered = books.campaigns.at(*batch.campaign).terms.species;
    const bool has = std::ranges::count(offered, other.species, &Price::species) > 0;
    if (!has) against.insert(Reason::species_not_in_campaign);
  }
  if (other.leaf >= batch.trees.size()) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  const auto species = books.species.find(other.species.text);
  if (batch.plot && species != books.species.end()) {
    const Layer layer = books.plots.at(*batch.plot).layer;
    if (!fits(species->second.habit, layer)) against.insert(Reason::habit_unfit);
  }
  Tree& tree = batch.trees[other.leaf];
  const std::string before = std::exchange(tree.species, other.species.text);
  if (tree.species == before) against.insert(Reason::correction_changes_nothing);
  if (batch.plot && tree.lives()) {
    ask_space(*batch.plot, books.plots.at(*batch.plot), {}, against);
  }
  if (!against.empty()) {
    tree.species = before;
    return against;
  }
  if (std::ranges::count(batch.species, tree.species) == 0) batch.species.push_back(tree.species);
  return {};
}

Reasons Model::change(const Said& said, const Correct& payload, const CorrectPosition& other) {
  const auto found = books.batches.find(payload.target.text);
  if (found == books.batches.end()) return {Reason::target_not_correctable};
  Batch& batch = found->second;
  Reasons against;
  ask_correction(said, payload, batch, against);
  if (other.leaf >= batch.trees.size()) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  Tree& tree = batch.trees[other.leaf];
  const Cell place{other.lat, other.lon};
  if (tree.place == place) against.insert(Reason::correction_changes_nothing);
  if (batch.plot) {
    const PlotBook& land = books.plots.at(*batch.plot);
    if (books.redacted.contains(land.geometry)) {
      against.insert(Reason::earlier_attachment_missing);
    }
    if (!land.outline.has(place)) against.insert(Reason::tree_outside_plot);
    for (const Tree* there : living_on(*batch.plot)) {
      const bool taken = tree.lives() && there != &tree && there->place == place;
      if (taken) against.insert(Reason::position_taken);
    }
  }
  if (against.empty()) tree.place = place;
  return against;
}

}  // namespace treeproof::ledger::model
