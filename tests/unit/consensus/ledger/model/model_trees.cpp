// Plantings and inventories.
#include <algorithm>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

void Model::record_batch(const Said& said, Batch batch, const SpeciesCounts& species) {
  batch.issuer = batch.holder = said.org;
  batch.recorded_day = said.day;
  batch.height = said.height;
  batch.beacon = said.height + 1;
  if (batch.campaign) {
    const auto unit = books.campaigns.at(*batch.campaign).terms.unit;
    batch.is_of_stems = unit == treeproof::ledger::Unit::stem;
  }
  for (const SpeciesCount& part : species) batch.species.push_back(part.species.text);
  batch.trees = trees_of(species, beside_->trees, batch.campaign);
  books.batches[said.object()] = std::move(batch);
}

void Model::ask_campaign(const Said& said, const Plant& payload, Reasons& against) const {
  const bool replaces = payload.purpose == Purpose::replacement;
  if (!payload.campaign) {
    if (replaces) against.insert(Reason::replacement_not_owed);
    return;
  }
  const std::string& id = payload.campaign->text;
  const CampaignBook& campaign = books.campaigns.at(id);
  if (std::ranges::count(campaign.terms.planters, OrgId{said.org}) == 0) {
    against.insert(Reason::planter_not_in_campaign);
  }
  if (campaign.is_closed && !replaces) against.insert(Reason::campaign_closed);
  for (const SpeciesCount& part : payload.species) {
    const bool offered =
        std::ranges::count(campaign.terms.species, part.species, &Price::species) > 0;
    if (!offered) against.insert(Reason::species_not_in_campaign);
  }
  if (replaces && replacing(id) + beside_->trees.size() > owed(id)) {
    against.insert(Reason::replacement_not_owed);
  }
  const Window& window = campaign.terms.plant_window;
  const bool inside =
      window.from_day <= payload.planted_from && payload.planted_to <= window.to_day;
  if (!replaces && !inside) against.insert(Reason::plant_window_closed);
  const bool needs_pledge = campaign.terms.mode == Mode::pledge_first && !replaces;
  if (needs_pledge && !payload.pledge) against.insert(Reason::pledge_required);
}

void Model::ask_leaves(const Plant& payload, Reasons& against) const {
  std::vector<std::uint64_t> counted(payload.species.size());
  for (const PlantLeaf& leaf : beside_->trees) {
    ++counted.at(leaf.species);
    const bool inside = payload.planted_from <= leaf.day && leaf.day <= payload.planted_to;
    if (!leaf.day) against.insert(Reason::tree_day_missing);
    if (leaf.day && !inside) against.insert(Reason::tree_day_outside);
  }
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const SpeciesCount& part = payload.species[i];
    if (part.count == 0) against.insert(Reason::empty);
    if (part.count != counted[i]) against.insert(Reason::species_counts_mismatch);
    const auto species = books.species.find(part.species.text);
    if (species == books.species.end()) {
      against.insert(Reason::species_unknown);
    }
  }
}

void Model::ask_pledge(const Said& said, const Plant& payload, Reasons& against) const {
  if (!payload.pledge) return;
  if (payload.purpose == Purpose::replacement) against.insert(Reason::pledge_unexpected);
  const auto found = books.pledges.find(payload.pledge->text);
  const bool is_one = found != books.pledges.end() && payload.campaign &&
                      found->second.campaign == payload.campaign->text;
  if (!is_one) {
    against.insert(Reason::pledge_unknown);
    return;
  }
  const PledgeBook& pledge = found->second;
  if (pledge.holder != said.org) against.insert(Reason::pledge_not_own);
  if (pledge.plot != payload.plot.text) against.insert(Reason::pledge_plot_mismatch);
  for (const SpeciesCount& part : payload.species) {
    if (part.species.text != pledge.species) against.insert(Reason::pledge_species_mismatch);
  }
  if (beside_->trees.size() > pledge.promised - pledge.planted) {
    against.insert(Reason::pledge_exceeded);
  }
  if (payload.planted_from <
      pledge.day - static_cast<std::int32_t>(books.parameters.at("field_delay_days"))) {
    against.insert(Reason::planted_before_pledge);
  }
}

std::vector<Tree> Model::trees_of(const SpeciesCounts& species,
                                  const std::vector<PlantLeaf>& leaves,
                                  const std::optional<std::string>& campaign) const {
  using enum treeproof::ledger::Unit;
  std::uint64_t covers = 0;
  bool are_stems = true;
  if (campaign) {
    const Campaign& terms = books.campaigns.at(*campaign).terms;
    if (terms.unit == m2) covers = terms.unit_size;
    are_stems = terms.unit == stem || terms.unit == coral_fragment;
  }
  std::vector<Tree> trees;
  for (const PlantLeaf& leaf : leaves) {
    Tree tree;
    tree.species = species.at(leaf.species).species.text;
    tree.place = {*leaf.lat, *leaf.lon};
    tree.day = leaf.day;
    tree.covers = covers;
    tree.is_stem = are_stems;
    trees.push_back(tree);
  }
  return trees;
}

Reasons Model::hear(const Said& said, const Plant& payload) {
  Reasons against;
  const std::vector<PlantLeaf>& leaves = beside_->trees;
  if (payload.campaign && !books.campaigns.contains(payload.campaign->text)) {
    return {Reason::campaign_unknown};
  }
  ask_campaign(said, payload, against);
  ask_plot(said, payload.plot.text, against);
  ask_leaves(payload, against);
  ask_pledge(said, payload, against);
  if (leaves.empty()) against.insert(Reason::empty);
  if (payload.planted_to < payload.planted_from || payload.planted_from < kYearOne) {
    against.insert(Reason::period_invalid);
  }
  if (payload.planted_to > said.day + 1) against.insert(Reason::planted_in_future);  // I11
  std::optional<std::string> campaign;
  if (payload.campaign) campaign = payload.campaign->text;
  if (books.plots.contains(payload.plot.text)) {
    ask_room(payload.plot.text, trees_of(payload.species, leaves, campaign), against);
  }
  ask_evidence(payload.evidence, against);
  ask_attachment(payload.leaves, against);
  if (!against.empty()) return against;
  if (payload.pledge) books.pledges.at(payload.pledge->text).planted += leaves.size();
  Batch batch;
  batch.plot = payload.plot.text;
  batch.campaign = campaign;
  if (payload.pledge) batch.pledge = payload.pledge->text;
  batch.is_replacement = payload.purpose == Purpose::replacement;
  batch.first_day = payload.planted_from;
  batch.last_day = payload.planted_to;
  take_evidence(payload.evidence, batch);
  announce(payload.leaves);
  batch.leaves = payload.leaves.root;
  record_batch(said, std::move(batch), payload.species);
  return {};
}

// An inventory that joins a campaign, at once.
void Model::ask_history(const Said& said, const std::string& id, const SpeciesCounts& species,
                        Reasons& against) const {
  if (books.parameters.at("history_until_day") < static_cast<std::uint64_t>(said.day)) {
    against.insert(Reason::inventory_too_late);
  }
  const CampaignBook& campaign = books.campaigns.at(id);
  if (std::ranges::count(campaign.terms.planters, OrgId{said.org}) == 0) {
    against.insert(Reason::planter_not_in_campaign);
  }
  if (campaign.is_closed) against.insert(Reason::campaign_closed);
  for (const SpeciesCount& part : species) {
    const bool offered =
        std::ranges::count(campaign.terms.species, part.species, &Price::species) > 0;
    if (!offered) against.insert(Reason::species_not_in_campaign);
  }
}

Reasons Model::hear(const Said& said, const Inventory& payload) {
  Reasons against;
  const std::vector<PlantLeaf>& leaves = beside_->trees;
  std::optional<std::string> campaign;
  if (payload.campaign) {
    campaign = payload.campaign->text;
    if (!books.campaigns.contains(*campaign)) return {Reason::campaign_unknown};
    ask_history(said, *campaign, payload.species, against);
  }
  ask_plot(said, payload.plot->text, against);
  if (leaves.empty()) against.insert(Reason::empty);
  Batch batch;
  batch.plot = payload.plot->text;
  batch.is_inventory = true;
  std::vector<std::uint64_t> counted(payload.species.size());
  for (const PlantLeaf& leaf : leaves) {
    ++counted.at(leaf.species);
    if (!leaf.day) continue;
    if (*leaf.day > said.day + 1) against.insert(Reason::planted_in_future);
    if (*leaf.day < kYearOne) against.insert(Reason::leaf_invalid);
    batch.first_day = std::min(batch.first_day.value_or(*leaf.day), *leaf.day);
    batch.last_day = std::max(batch.last_day.value_or(*leaf.day), *leaf.day);
  }
  for (std::size_t i = 0; i < counted.size(); ++i) {
    if (payload.species[i].count != counted[i]) against.insert(Reason::species_counts_mismatch);
  }
  if (books.plots.contains(payload.plot->text)) {
    ask_room(payload.plot->text, trees_of(payload.species, leaves, campaign), against);
  }
  ask_evidence(payload.evidence, against);
  ask_attachment(payload.leaves, against);
  if (!against.empty()) return against;
  batch.campaign = campaign;
  take_evidence(payload.evidence, batch);
  announce(payload.leaves);
  batch.leaves = payload.leaves.root;
  record_batch(said, std::move(batch), payload.species);
  return {};
}

}  // namespace treeproof::ledger::model
