// Verifications and allocations.
#include <algorithm>
#include <cstdint>
#include <numeric>

#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

// Words of the header's hash, rejection-sampled, shuffle the trees; the first are the sample.
std::vector<std::uint64_t> Model::drawn(const std::string& id) const {
  const Batch& batch = books.batches.at(id);
  const std::uint64_t n = batch.trees.size();
  std::vector<std::uint64_t> order(n);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  const crypto::Hash header = crypto::sha256(crypto::as_bytes(std::to_string(batch.beacon)));
  std::uint32_t k = 0;
  const auto word = [&] {
    crypto::Bytes bytes(header.begin(), header.end());
    bytes.insert(bytes.end(), id.begin(), id.end());
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::uint8_t>(k >> shift));
    }
    ++k;
    const crypto::Hash hash = crypto::sha256(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | hash[i];
    return value;
  };
  std::vector<std::uint64_t> drawn;
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t left = n - i;
    const std::uint64_t rest = (UINT64_MAX % left + 1) % left;  // of 2^64 words
    std::uint64_t value = word();
    while (value > UINT64_MAX - rest) value = word();
    std::swap(order[i], order[i + value % left]);
    drawn.push_back(order[i]);
  }
  return drawn;
}

std::vector<std::uint64_t> Model::sample(const std::string& id) const {
  const Batch& batch = books.batches.at(id);
  std::uint64_t minimum = books.parameters.at("sample_minimum");
  if (batch.campaign) minimum = books.campaigns.at(*batch.campaign).terms.policy.sample_minimum;
  std::vector<std::uint64_t> trees = drawn(id);
  trees.resize(std::min<std::uint64_t>(minimum, trees.size()));
  return trees;
}

Reasons Model::hear(const Said& said, const Verify& payload) {
  const auto found = books.batches.find(payload.plant.text);
  if (found == books.batches.end()) return {Reason::batch_unknown};
  Batch& batch = found->second;
  Reasons against;
  if (is_related(said.org, batch)) against.insert(Reason::verifier_conflict);  // I12
  const auto waits = std::ranges::count_if(batch.trees, &Tree::waits);
  if (waits == 0) against.insert(Reason::nothing_unverified);
  const std::uint64_t n = batch.trees.size();
  if (!are_valid(payload.visited, n) || !are_valid(payload.rejected, n)) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  const std::vector<std::uint64_t> visits = members_of(payload.visited);
  const std::set<std::uint64_t> visited(visits.begin(), visits.end());
  const std::vector<std::uint64_t> refused = members_of(payload.rejected);
  const std::set<std::uint64_t> rejected(refused.begin(), refused.end());
  std::uint64_t sampled = n;  // as many as were drawn first and are all visited
  if (payload.method == VerifyMethod::full) {
    if (visited.size() != n) against.insert(Reason::visited_incomplete);
  } else if (said.height <= batch.beacon) {
    against.insert(Reason::sample_too_early);
  } else {
    for (const std::uint64_t i : sample(found->first)) {
      if (!visited.contains(i)) against.insert(Reason::sample_not_visited);
    }
    const std::vector<std::uint64_t> order = drawn(found->first);
    const auto missed =
        std::ranges::find_if_not(order, [&](std::uint64_t i) { return visited.contains(i); });
    sampled = static_cast<std::uint64_t>(missed - order.begin());
  }
  if (payload.failures > visited.size()) {
    against.insert(Reason::failures_too_many);
  } else if (sampled > 0) {
    const std::uint64_t share = (n * payload.failures + sampled - 1) / sampled;
    const std::uint64_t least = std::min(share, static_cast<std::uint64_t>(waits));
    if (rejected.size() < least) against.insert(Reason::rejected_too_few);
  }
  for (const std::uint64_t i : rejected) {
    if (!batch.trees[i].waits()) against.insert(Reason::rejected_not_unverified);
  }
  if (!against.empty()) return against;
  for (std::uint64_t i = 0; i < n; ++i) {
    Tree& tree = batch.trees[i];
    if (!tree.waits()) continue;
    if (!rejected.contains(i)) {
      tree.standing = Standing::verified;
    } else if (tree.is_doubted) {  // whom a dispute has verified again is rejected for good
      tree.fate = Fate::voided;
      tree.lost_at = said.height;
      give_up(tree, true);
    } else {
      tree.standing = Standing::rejected;
    }
    tree.is_doubted = false;
  }
  batch.verifiers.push_back(said.org);
  batch.verification = said.object();
  if (payload.method == VerifyMethod::full) batch.vouching.clear();
  batch.vouching.insert(said.object());
  books.verifications[said.object()] = found->first;
  batch.visited.insert(visited.begin(), visited.end());
  return {};
}

std::vector<Pair> Model::pairs(const std::vector<RunLeaf>& runs) const {
  std::vector<Pair> pairs;
  std::set<UnitName> units;
  std::set<TreeName> trees;
  for (const RunLeaf& run : runs) {
    const auto redemption = books.redemptions.find(run.redeem.text);
    const auto batch = books.batches.find(run.plant.text);
    if (redemption == books.redemptions.end() || batch == books.batches.end()) continue;
    std::vector<TreeName> available;
    for (std::uint64_t i = 0; i < batch->second.trees.size(); ++i) {
      const Tree& tree = batch->second.trees[i];
      const TreeName name{batch->first, i};
      const bool reserved = batch->second.is_replacement && !tree.predecessor;
      const bool fits = tree.species == run.species.text && !reserved && !trees.contains(name);
      if (tree.is_usable() && fits) available.push_back(name);
    }
    std::vector<UnitName> free;
    for (std::uint64_t i = 0; i < redemption->second.units.size(); ++i) {
      const UnitName name{redemption->first, i};
      const bool is_free = redemption->second.units[i].state == UnitState::free;
      if (is_free && !units.contains(name)) free.push_back(name);
    }
    for (std::uint64_t i = 0; i < run.count; ++i) {
      if (i >= free.size() || i >= available.size()) break;
      pairs.emplace_back(free[i], available[i]);
      units.insert(free[i]);
      trees.insert(available[i]);
    }
  }
  return pairs;
}

Reasons Model::hear(const Said& said, const Allocate& payload) {
  const auto found = books.campaigns.find(payload.campaign.text);
  if (found == books.campaigns.end()) return {Reason::campaign_unknown};
  const CampaignBook& campaign = found->second;
  Reasons against;
  if (campaign.platform != said.org) against.insert(Reason::campaign_not_own);
  if (campaign.is_closed) against.insert(Reason::campaign_closed);
  if (beside_->runs.empty()) against.insert(Reason::empty);
  std::uint64_t asked = 0;
  std::set<std::string> planters;
  for (const RunLeaf& run : beside_->runs) {
    asked += run.count;
    if (run.count == 0) against.insert(Reason::empty);
    const auto redemption = books.redemptions.find(run.redeem.text);
    const auto batch = books.batches.find(run.plant.text);
    const bool knows_units = redemption != books.redemptions.end();
    const bool knows_trees = batch != books.batches.end();
    if (!knows_units) against.insert(Reason::redemption_unknown);
    if (!knows_trees) against.insert(Reason::batch_unknown);
    if (!knows_units || !knows_trees) return against;
    planters.insert(batch->second.holder);
    const auto& wanted = redemption->second.species;
    const bool suits = !wanted || *wanted == run.species.text;
    if (!suits) against.insert(Reason::redemption_species_mismatch);
    if (std::ranges::count(batch->second.species, run.species.text) == 0) {
      against.insert(Reason::species_not_in_batch);
    }
    const std::string& id = found->first;
    if (redemption->second.campaign != id) against.insert(Reason::redemption_not_in_campaign);
    if (batch->second.campaign != id) against.insert(Reason::batch_not_in_campaign);
    if (is_frozen(batch->first, said.time_s)) against.insert(Reason::target_frozen);  // I15
  }
  const std::vector<Pair> links = pairs(beside_->runs);
  if (links.size() < asked) {
    against.insert(Reason::units_insufficient);
    against.insert(Reason::trees_insufficient);
  }
  for (const auto& [unit_name, tree_name] : links) {
    const Redemption& redemption = books.redemptions.at(unit_name.redeem);
    const Batch& batch = books.batches.at(tree_name.batch);
    const auto lookback = static_cast<std::int32_t>(campaign.terms.policy.lookback_days);
    const auto& day = batch.trees[tree_name.index].day;
    const bool old = day && *day < redemption.day - lookback;
    if (old && !batch.is_inventory) against.insert(Reason::lookback_exceeded);
  }
  if (!campaign.terms.policy.standing_consent) ask_consents(said, planters, against);
  if (!against.empty()) return against;
  for (const auto& [unit_name, tree_name] : links) {
    unit(unit_name).state = UnitState::held;
    unit(unit_name).tree = tree_name;
    tree(tree_name).unit = unit_name;
  }
  return {};
}

}  // namespace treeproof::ledger::model
