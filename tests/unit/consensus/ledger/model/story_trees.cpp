// What planters, verifiers and others say of trees and land.
#include <algorithm>

#include "consensus/ledger/links.h"
#include "tests/unit/consensus/ledger/model/compare.h"
#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {

std::string Story::holder_of(const std::string& batch) const {
  const auto found = model_.books.batches.find(batch);
  return found == model_.books.batches.end() ? std::string(kDesert) : found->second.holder;
}

std::string Story::verifier() {
  const std::uint64_t kind = choose(8);
  if (kind == 6) return std::string(kSister);
  if (kind == 7 && model_.books.orgs.contains("newcomer")) return "newcomer";
  return std::string(kind % 2 == 0 ? kVerifier : kPartner);
}

// Mostly of the campaign's species, or of those that fit the layer.
SpeciesCounts Story::any_species(const Plant& payload) {
  SpeciesCounts species;
  if (payload.campaign) {
    for (const Price& price : model_.books.campaigns.at(payload.campaign->text).terms.species) {
      species.push_back({price.species, 0});
    }
  } else if (model_.books.plots.at(payload.plot.text).layer == Layer::marine) {
    species = {{{"coral"}, 0}, {kRhizophora, 0}};
  } else {
    species = {{kHaloxylon, 0}, {kRhizophora, 0}};
  }
  if (one_in(12)) species.back().species = {any(model_.books.species)};
  if (species.front().species == species.back().species || one_in(3)) species.resize(1);
  return species;
}

void Story::choose_place(Plant& payload) {
  const std::uint64_t kind = choose(10);
  if (kind < 5) payload.campaign = ObjectId{"platform/planted"};
  if (kind == 5 || kind == 6) payload.campaign = ObjectId{"platform/pledged"};
  if (kind == 7) payload.campaign = ObjectId{"platform/reef"};
  if (kind == 8) payload.campaign = ObjectId{any(model_.books.campaigns)};
  const std::uint64_t where = choose(8);
  payload.plot = {where < 4   ? "desert-ngo/home"
                  : where < 6 ? "desert-ngo/small"
                              : "coast-ngo/shore"};
  if (where == 7) payload.plot = {any(model_.books.plots)};
  if (kind == 7 && where != 7) payload.plot = {"coast-ngo/lagoon"};
}

// Not all on one day, and not all of one species.
void Story::fill(Plant& payload, Beside& beside) {
  const std::int32_t last = consortium_.day() + 1 - static_cast<std::int32_t>(choose(30));
  payload.planted_to = last + (one_in(16) ? 60 : 0);
  payload.planted_from = payload.planted_to;
  if (choose(2) == 1) payload.planted_from -= static_cast<std::int32_t>(choose(12));
  const auto days = static_cast<std::uint64_t>(payload.planted_to - payload.planted_from + 1);
  const std::uint64_t mix = choose(7);
  for (std::size_t i = 0; i < beside.trees.size(); ++i) {
    PlantLeaf& leaf = beside.trees[i];
    leaf.day = payload.planted_from + static_cast<std::int32_t>((i * mix + i / 2) % days);
    leaf.species = static_cast<std::uint16_t>((i * mix + i / 3) % payload.species.size());
    ++payload.species[leaf.species].count;
  }
  if (payload.species.back().count == 0) payload.species.pop_back();
  if (one_in(24)) --*beside.trees.front().day;
  if (one_in(24)) payload.species.front().count += 1;
  if (one_in(24)) beside.trees.front().day.reset();
}

void Story::plant(bool is_replacement) {
  Plant payload;
  payload.ref = next_ref("plant");
  choose_place(payload);
  if (is_replacement && !one_in(16)) payload.campaign = ObjectId{"platform/planted"};
  std::uint64_t count = 1 + choose(payload.plot.text == "desert-ngo/small" ? 60 : 24);
  if (is_replacement) {
    payload.purpose = Purpose::replacement;
    const std::string campaign = payload.campaign ? payload.campaign->text : "";
    const std::uint64_t owed = model_.owed(campaign);
    const std::uint64_t missing = owed - std::min(owed, model_.replacing(campaign));
    count = 1 + choose(missing + (one_in(4) ? 1 : 0) + (missing == 0 ? 1 : 0));
  }
  const auto pledge = model_.books.pledges.find(any(model_.books.pledges));
  const bool needs_pledge =
      payload.campaign && !is_replacement &&
      model_.books.campaigns.at(payload.campaign->text).terms.mode == Mode::pledge_first;
  const bool uses_pledge = needs_pledge && !one_in(12) && pledge != model_.books.pledges.end();
  payload.species = any_species(payload);
  if (uses_pledge) {
    payload.pledge = ObjectId{pledge->first};
    payload.plot = {pledge->second.plot};
    if (!one_in(12)) payload.campaign = ObjectId{pledge->second.campaign};
    const std::uint64_t left = pledge->second.promised - pledge->second.planted;
    count = 1 + choose(left + (left == 0 || one_in(8) ? 1 : 0));
    payload.species = {{{pledge->second.species}, 0}};
  }
  const Rectangle& on = land_.at(payload.plot.text);
  const auto columns = std::uint64_t(on.width / 100 - 1);
  const auto rows = std::uint64_t(on.height / 100 - 1);
  std::uint64_t& next = next_cell_[payload.plot.text];
  if (next + count > columns * rows) next = 0;
  Beside beside;
  const std::uint64_t first = one_in(12) ? choose(next + 1) : next;
  beside.trees = tree_grid(on, count, first, consortium_.day());
  fill(payload, beside);
  payload.evidence = any_evidence();
  payload.leaves = consortium_.attach_leaves<PlantLeaf>(beside.trees);
  const auto holder = model_.books.plots.at(payload.plot.text).holder;
  if (say(one_in(16) ? std::string(kCoast) : holder, payload, beside)) next = first + count;
}

void Story::take_stock() {
  Inventory payload;
  payload.ref = next_ref("stock");
  payload.plot = ObjectId{one_in(4) ? any(model_.books.plots) : "desert-ngo/home"};
  payload.method = PlantingMethod::none;
  const std::uint64_t count = 1 + choose(6);
  std::uint64_t& next = next_cell_[payload.plot->text];
  Beside beside;
  beside.trees = tree_grid(land_.at(payload.plot->text), count, next, consortium_.day());
  for (PlantLeaf& leaf : beside.trees) {
    if (choose(2) == 1) leaf.day.reset();
  }
  if (one_in(12)) beside.trees.back().day = consortium_.day() + 40;
  if (one_in(16)) beside.trees.back().day = kYearOne - static_cast<std::int32_t>(choose(2));
  payload.species = {{kHaloxylon, count}};
  if (one_in(8)) payload.species = {{{any(model_.books.species)}, count}};
  payload.evidence = any_evidence();
  payload.leaves = consortium_.attach_leaves<PlantLeaf>(beside.trees);
  if (one_in(3)) payload.campaign = ObjectId{"platform/planted"};
  const auto holder = model_.books.plots.at(payload.plot->text).holder;
  if (say(holder, payload, beside)) next += count;
}

namespace {

Ranges ranges_of(const std::set<std::uint64_t>& members) {
  Ranges ranges;
  for (const std::uint64_t i : members) {
    if (!ranges.empty() && ranges.back().from + ranges.back().count == i) {
      ++ranges.back().count;
    } else {
      ranges.push_back({i, 1});
    }
  }
  return ranges;
}

}  // namespace

void Story::verify() {
  if (model_.books.batches.empty()) return;
  std::string id = any(model_.books.batches);
  for (const auto& [other, book] : model_.books.batches) {  // mostly one that waits
    if (choose(2) == 0 && std::ranges::any_of(book.trees, &Tree::waits)) id = other;
  }
  const Batch& batch = model_.books.batches.at(id);
  const std::uint64_t n = batch.trees.size();
  Verify payload;
  payload.ref = next_ref("verify");
  payload.plant = {id};
  payload.method = choose(3) == 2 ? VerifyMethod::sample : VerifyMethod::full;
  payload.visited = {{0, n}};
  if (payload.method == VerifyMethod::sample && consortium_.block().height.value > batch.beacon) {
    const std::vector<std::uint64_t> drawn = model_.sample(id);
    std::set<std::uint64_t> visited(drawn.begin(), drawn.end());
    if (choose(2) == 1) visited.insert(choose(n));
    if (one_in(8)) visited.erase(visited.begin());
    payload.visited = ranges_of(visited);
  } else if (one_in(12)) {
    payload.visited = stretch(n, n);
  }
  std::set<std::uint64_t> rejected;
  payload.failures = choose(3) == 1 ? choose(4) : 0;
  const std::uint64_t seen =
      payload.method == VerifyMethod::sample ? std::min<std::uint64_t>(n, 3) : n;
  const std::uint64_t share = (n * payload.failures + seen - 1) / seen;
  for (std::uint64_t i = choose(3); i < n && rejected.size() < share; ++i) {
    if (batch.trees[i].waits()) rejected.insert(i);
  }
  if (one_in(8) && !rejected.empty()) rejected.erase(rejected.begin());
  if (one_in(8)) rejected.insert(choose(n));
  payload.rejected = ranges_of(rejected);
  say(verifier(), payload);
}

void Story::die() {
  if (model_.books.batches.empty()) return;
  const std::string id = any(model_.books.batches);
  const Batch& batch = model_.books.batches.at(id);
  Mortality payload{next_ref("deaths"), {id}, stretch(batch.trees.size(), 6), Cause::fire, 0};
  payload.day = consortium_.day() - static_cast<std::int32_t>(choose(3));
  if (one_in(8)) payload.day += static_cast<std::int32_t>(choose(30)) - 15;
  if (one_in(24)) payload.day = kYearOne - static_cast<std::int32_t>(choose(2));
  say(choose(2) == 0 ? batch.holder : verifier(), payload);
}

void Story::observe() {
  if (model_.books.batches.empty()) return;
  const std::string id = any(model_.books.batches);
  const Batch& batch = model_.books.batches.at(id);
  Observe payload;
  payload.ref = next_ref("visit");
  payload.plant = {id};
  payload.day = one_in(24) ? kYearOne - 1 : consortium_.day();
  std::set<std::uint64_t> named;
  if (choose(2) == 1) {
    for (const std::uint64_t i : members_of(stretch(batch.trees.size(), 4))) {
      if (i < batch.trees.size() && (batch.trees[i].lives() || one_in(8))) named.insert(i);
    }
  }
  payload.dead = ranges_of(named);
  if (!payload.dead.empty()) payload.cause = Cause::pest;
  if (one_in(16)) payload.cause = Cause::pest;
  for (const std::string& species : batch.species) {
    ObservedSpecies part{{species}, 0, 0, 0};
    for (std::uint64_t i = 0; i < batch.trees.size(); ++i) {
      const Tree& tree = batch.trees[i];
      if (tree.species != species || tree.fate == Fate::voided) continue;
      const bool dead = tree.fate == Fate::dead || named.contains(i);
      ++(dead ? part.dead : choose(3) == 1 ? part.unknown : part.alive);
    }
    if (one_in(12)) ++part.unknown;
    if (one_in(12) && part.alive > 0) {  // a death hidden in the counts
      --part.alive;
      ++part.dead;
    }
    payload.species.push_back(part);
  }
  const std::vector<std::string> witnesses = {
      batch.holder,         std::string(kVerifier),  std::string(kVillage),
      std::string(kSister), std::string(kRegulator), std::string(kCoast)};
  say(witnesses[choose(witnesses.size())], payload);
}

void Story::revive() {
  std::vector<TreeName> dead;
  for (const auto& [id, batch] : model_.books.batches) {
    for (std::uint64_t i = 0; i < batch.trees.size(); ++i) {
      if (batch.trees[i].fate == Fate::dead) dead.push_back({id, i});
    }
  }
  if (dead.empty()) return;
  const TreeName first = dead[choose(dead.size())];
  const std::uint64_t left = model_.books.batches.at(first.batch).trees.size() - first.index;
  const Ranges ranges{{first.index, 1 + choose(std::min<std::uint64_t>(left, 2))}};
  const std::int32_t day = consortium_.day() - static_cast<std::int32_t>(one_in(8) ? 40 : 0);
  say(verifier(), Revive{next_ref("revive"), {first.batch}, ranges, day});
}

void Story::replace() {
  std::vector<TreeName> lost;
  std::vector<TreeName> next;
  for (const auto& [id, batch] : model_.books.batches) {
    for (std::uint64_t i = 0; i < batch.trees.size(); ++i) {
      const Tree& tree = batch.trees[i];
      const bool lacks = tree.fate != Fate::lives && !tree.successor;
      if (lacks && (tree.is_owed || !tree.unit || one_in(8))) lost.push_back({id, i});
      if (tree.is_usable() && (!tree.predecessor || one_in(8))) next.push_back({id, i});
    }
  }
  if (lost.empty() || next.empty()) return;
  Beside beside;
  const std::uint64_t runs = 1 + choose(4) / 3;
  for (std::uint64_t i = 0; i < runs; ++i) {
    TreeName from = lost[choose(lost.size())];
    const Batch& old = model_.books.batches.at(from.batch);
    std::vector<TreeName> fit;  // mostly of the same campaign and planter
    for (const TreeName& name : next) {
      const Batch& batch = model_.books.batches.at(name.batch);
      if (batch.campaign == old.campaign && batch.holder == old.holder) fit.push_back(name);
    }
    const std::vector<TreeName>& among = fit.empty() || one_in(8) ? next : fit;
    const TreeName to = among[choose(among.size())];
    if (one_in(16)) ++from.index;
    beside.replacements.push_back(
        {{from.batch}, from.index, {to.batch}, to.index, 1 + choose(4) / 3});
  }
  const ReplaceLeaf& first = beside.replacements.front();
  const Batch& from = model_.books.batches.at(first.from.text);
  Replace payload;
  payload.ref = next_ref("replace");
  if (from.campaign) payload.campaign = ObjectId{*from.campaign};
  payload.runs = consortium_.attach_leaves<ReplaceLeaf>(beside.replacements);
  payload.verifier = {verifier()};
  std::vector<LinkRange> ranges;
  for (const auto& [unit, tree] : model_.pairs(beside.replacements)) {
    ranges.push_back({{unit.redeem}, unit.index, {tree.batch}, tree.index, 1});
  }
  const auto links = links_of(consortium_.state, ranges);
  if (!ranges.empty() && links) payload.links = *links;
  Consenting agree;
  if (!one_in(12)) agree = {payload.verifier.text};
  say(one_in(12) ? std::string(kCoast) : from.holder, payload, beside, agree);
}

void Story::correct() {
  Correct payload;
  payload.ref = next_ref("correct");
  payload.verifier = {verifier()};
  std::string org;
  if (choose(3) == 2) {
    const std::string plot = any(model_.books.plots);
    const PlotBook& book = model_.books.plots.at(plot);
    payload.target = {plot};
    payload.change = CorrectCapacity{book.capacity + 1 - choose(30)};
    org = book.holder;
  } else {
    if (model_.books.batches.empty()) return;
    const std::string id = any(model_.books.batches);
    payload.target = {id};
    const std::vector<Tree>& trees = model_.books.batches.at(id).trees;
    const std::uint64_t kind = choose(3);
    const std::uint64_t leaf = choose(trees.size() + (one_in(12) ? 1 : 0));
    if (kind == 0) payload.change = CorrectVoid{stretch(trees.size(), 4)};
    if (kind == 1) payload.change = CorrectSpecies{leaf, {any(model_.books.species)}};
    if (kind == 2) {
      Cell place = trees[std::min<std::uint64_t>(leaf, trees.size() - 1)].place;
      place.first += 100 * static_cast<std::int32_t>(choose(12)) - (one_in(8) ? 20'000 : 0);
      place.second += 100 * static_cast<std::int32_t>(choose(4));
      payload.change = CorrectPosition{leaf, place.first, place.second};
    }
    org = holder_of(id);
  }
  Consenting agree;
  if (!one_in(12)) agree = {payload.verifier.text};
  say(one_in(12) ? std::string(kCoast) : org, payload, {}, agree);
}

void Story::assign() {
  std::string id = any(model_.books.batches);
  for (const auto& [other, batch] : model_.books.batches) {
    if (!batch.campaign && !one_in(4)) id = other;
  }
  const ObjectId campaign{one_in(4) ? any(model_.books.campaigns) : "platform/planted"};
  say(one_in(8) ? std::string(kCoast) : holder_of(id), Assign{next_ref("assign"), {id}, campaign});
}

void Story::close_plot() {
  const std::string id = any(model_.books.plots);
  say(one_in(8) ? std::string(kCoast) : model_.books.plots.at(id).holder,
      PlotClose{next_ref("close"), {id}});
}

void Story::hand_over() {
  Handover payload;
  payload.ref = next_ref("handover");
  const std::string batch = any(model_.books.batches);
  const std::string from = holder_of(batch);
  payload.to = {std::string(from == kDesert ? kCoast : kDesert)};
  if (model_.books.batches.contains(batch)) payload.batches = {{batch}};
  if (choose(4) == 1) {
    const std::string plot = any(model_.books.plots);
    payload.plots = {{plot}};
  }
  if (choose(4) == 1 && !model_.books.pledges.empty()) {
    payload.duties = {{any(model_.books.pledges)}};
  }
  if (one_in(12)) payload.to = {std::string(kVillage)};
  Consenting agree;
  if (!one_in(12)) agree = {payload.to.text};
  say(from, payload, {}, agree);
}

}  // namespace treeproof::ledger::model
