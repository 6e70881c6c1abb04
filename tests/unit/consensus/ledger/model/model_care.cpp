// What is seen of trees: deaths, observations, revivals.
#include <algorithm>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

// The tree does not stand any more; its unit waits for another, or keeps what was.
void Model::give_up(Tree& tree, bool owed) {
  if (!tree.unit) return;
  Unit& held = unit(*tree.unit);
  if (held.state == UnitState::refunded || !owed) return;
  held.state = UnitState::owed;
  tree.is_owed = true;
}

void Model::die(Batch& batch, Tree& tree, std::int32_t day, const Said& said) {
  tree.fate = Fate::dead;
  tree.teller = said.org;
  tree.lost_at = said.height;
  bool owed = false;
  if (batch.campaign) {
    const auto& policy = books.campaigns.at(*batch.campaign).terms.policy;
    const std::int64_t since = batch.last_day.value_or(batch.recorded_day);
    const auto until = static_cast<std::int64_t>(policy.replacement_until_days);
    owed = until > 0 && day <= since + until;
  }
  give_up(tree, owed);
}

// The planter or its owner's kin; an independent verifier.
bool Model::is_witness(const std::string& org, const Batch& batch) const {
  return batch.holder == org || books.orgs.at(org).roles.contains(OrgRole::verifier);
}

namespace {

// Of no tree before it stood; `planted` is unknown where nothing dates the batch. No calendar names
// a day before the year 1.
void ask_day(const Said& said, const std::optional<std::int32_t>& planted, std::int32_t day,
             Reasons& against) {
  if (day > said.day + 1) against.insert(Reason::observed_in_future);
  if (day < planted.value_or(kYearOne)) against.insert(Reason::observed_before_planting);
}

}  // namespace

Reasons Model::hear(const Said& said, const Mortality& payload) {
  const auto found = books.batches.find(payload.plant.text);
  if (found == books.batches.end()) return {Reason::batch_unknown};
  Batch& batch = found->second;
  Reasons against;
  if (batch.holder != said.org) {
    const bool verifies = books.orgs.at(said.org).roles.contains(OrgRole::verifier);
    if (!verifies) against.insert(Reason::batch_not_own);
    if (is_related(said.org, batch)) against.insert(Reason::verifier_conflict);
  }
  if (payload.ranges.empty()) against.insert(Reason::empty);
  ask_day(said, batch.first_day, payload.day, against);
  if (!are_valid(payload.ranges, batch.trees.size())) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  for (const std::uint64_t i : members_of(payload.ranges)) {
    if (!batch.trees[i].lives()) against.insert(Reason::tree_not_live);
  }
  if (!against.empty()) return against;
  for (const std::uint64_t i : members_of(payload.ranges)) {
    die(batch, batch.trees[i], payload.day, said);
  }
  return {};
}

Reasons Model::hear(const Said& said, const Observe& payload) {
  const auto found = books.batches.find(payload.plant.text);
  if (found == books.batches.end()) return {Reason::batch_unknown};
  Batch& batch = found->second;
  Reasons against;
  ask_day(said, batch.last_day, payload.day, against);  // all of its trees are counted
  if (is_redacted(batch)) against.insert(Reason::earlier_attachment_missing);
  if (payload.dead.empty() == payload.cause.has_value()) against.insert(Reason::cause_mismatch);
  if (!are_valid(payload.dead, batch.trees.size())) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  const std::vector<std::uint64_t> named = members_of(payload.dead);
  std::map<std::string, std::uint64_t> standing;
  std::map<std::string, std::uint64_t> dead;
  for (const Tree& tree : batch.trees) {
    if (tree.fate != Fate::voided) ++standing[tree.species];
    if (tree.fate == Fate::dead) ++dead[tree.species];
  }
  for (const std::uint64_t i : named) {
    if (!batch.trees[i].lives()) against.insert(Reason::tree_not_live);
    ++dead[batch.trees[i].species];
  }
  std::vector<std::string> order;
  for (const ObservedSpecies& part : payload.species) {
    order.push_back(part.species.text);
    const std::uint64_t counted = part.alive + part.dead + part.unknown;
    if (counted != standing[part.species.text]) against.insert(Reason::species_counts_mismatch);
    if (part.dead != dead[part.species.text]) against.insert(Reason::deaths_mismatch);
  }
  if (order != batch.species) against.insert(Reason::observed_species_mismatch);
  if (!against.empty()) return against;
  books.observations[said.object()] = found->first;
  if (is_witness(said.org, batch)) {
    for (const std::uint64_t i : named) die(batch, batch.trees[i], payload.day, said);
  }
  return {};
}

Reasons Model::hear(const Said& said, const Revive& payload) {
  const auto found = books.batches.find(payload.plant.text);
  if (found == books.batches.end()) return {Reason::batch_unknown};
  Batch& batch = found->second;
  Reasons against;
  if (is_related(said.org, batch)) against.insert(Reason::verifier_conflict);
  if (payload.ranges.empty()) against.insert(Reason::empty);
  ask_day(said, batch.first_day, payload.day, against);
  if (!are_valid(payload.ranges, batch.trees.size())) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  const auto kin = [&](const std::string& org) {
    return books.orgs.at(org).group == books.orgs.at(said.org).group;
  };
  std::vector<Tree> more;
  for (const std::uint64_t i : members_of(payload.ranges)) {
    const Tree& tree = batch.trees[i];
    const bool refunded = tree.unit && unit(*tree.unit).state == UnitState::refunded;
    if (tree.fate != Fate::dead || tree.successor || refunded) {
      against.insert(Reason::tree_not_revivable);
      continue;
    }
    if (kin(tree.teller)) against.insert(Reason::verifier_involved);
    more.push_back(tree);
  }
  if (is_redacted(batch)) against.insert(Reason::earlier_attachment_missing);
  if (std::ranges::any_of(batch.verifiers, kin)) against.insert(Reason::verifier_involved);
  if (batch.plot) {
    const PlotBook& plot = books.plots.at(*batch.plot);
    if (plot.is_closed) against.insert(Reason::plot_closed);
    ask_room(*batch.plot, more, against);
  }
  if (!against.empty()) return against;
  for (const std::uint64_t i : members_of(payload.ranges)) {
    Tree& tree = batch.trees[i];
    tree.fate = Fate::lives;
    if (tree.is_owed) unit(*tree.unit).state = UnitState::held;
    tree.is_owed = false;
  }
  return {};
}

}  // namespace treeproof::ledger::model
