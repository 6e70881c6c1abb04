// What governance decides: proposals, who approves them, and what follows. Keys.
#include <algorithm>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

Reasons Model::hear(const Said& said, const Propose& payload) {
  Reasons against;
  std::visit(
      [&]<class C>(const C& change) {
        if constexpr (requires { this->ask(said, change, against); }) ask(said, change, against);
      },
      payload.change);
  if (against.empty()) books.proposals[said.object()] = {payload.change, said.time_s, {}, false};
  return against;
}

Electorate Model::electorate(const std::string& id) const {
  const DisputeBook& dispute = books.disputes.at(id);
  std::set<std::string> accused;  // groups: who recorded the target, and who holds it
  const auto group = [&](const std::string& org) { return books.orgs.at(org).group; };
  if (const auto* record = std::get_if<DisputedRecord>(&dispute.terms.target)) {
    accused.insert(group(books.records.at(record->id.text).org));
    const auto judged = books.verifications.find(record->id.text);
    const std::string target =
        judged == books.verifications.end() ? record->id.text : judged->second;
    accused.insert(group(books.records.at(target).org));
    const auto holder = [&](const auto& books_of) {
      const auto found = books_of.find(target);
      if (found != books_of.end()) accused.insert(group(found->second.holder));
    };
    holder(books.batches);
    holder(books.plots);
    holder(books.pledges);
  } else if (const auto* org = std::get_if<DisputedOrg>(&dispute.terms.target)) {
    accused.insert(group(org->org.text));
  }
  std::set<std::string> parties = accused;
  parties.insert(group(dispute.opener));
  if (dispute.terms.report) {
    parties.insert(group(books.records.at(dispute.terms.report->text).org));
  }
  Electorate electorate;
  for (const std::string& org : books.validators) {
    const bool party = parties.contains(group(org));
    if (!party) electorate.power.insert(org);
  }
  for (const auto& [org, book] : books.orgs) {
    const bool fit = book.roles.contains(OrgRole::regulator) && !accused.contains(book.group);
    if (fit) electorate.regulators.insert(org);
  }
  return electorate;
}

namespace {

std::uint64_t both(const std::set<std::string>& some, const std::set<std::string>& others) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(some, [&](const std::string& org) { return others.contains(org); }));
}

}  // namespace

bool Model::is_enough(const ProposalBook& proposal) const {
  const auto* end = std::get_if<Resolve>(&proposal.change);
  if (end == nullptr) {
    return both(books.validators, proposal.approvals) * 3 > books.validators.size() * 2;
  }
  const auto [power, regulators] = electorate(end->dispute.text);
  const std::uint64_t agree = both(regulators, proposal.approvals);
  if (power.empty()) return agree * 3 > regulators.size() * 2;
  return agree > 0 && both(power, proposal.approvals) * 3 > power.size() * 2;
}

Reasons Model::hear(const Said& said, const Approve& payload) {
  const auto found = books.proposals.find(payload.proposal.text);
  if (found == books.proposals.end()) return {Reason::proposal_unknown};
  ProposalBook& proposal = found->second;
  Reasons against;
  if (proposal.is_done) against.insert(Reason::proposal_closed);
  const std::uint64_t most = books.parameters.at("proposal_expiry_days") * 86'400;
  if (said.time_s > proposal.time_s + most) against.insert(Reason::proposal_expired);
  if (const auto* end = std::get_if<Resolve>(&proposal.change)) {
    const auto [power, regulators] = electorate(end->dispute.text);
    const bool counts = power.contains(said.org) || regulators.contains(said.org);
    if (!counts) against.insert(Reason::approver_not_eligible);
  } else if (!books.validators.contains(said.org)) {
    against.insert(Reason::approver_not_validator);
  }
  if (proposal.approvals.contains(said.org)) against.insert(Reason::approved_already);
  std::visit(
      [&]<class C>(const C& change) {
        if constexpr (requires { this->ask(said, change, against); }) ask(said, change, against);
      },
      proposal.change);
  if (!against.empty()) return against;
  proposal.approvals.insert(said.org);
  if (!is_enough(proposal)) return {};
  proposal.is_done = true;
  std::visit(
      [&]<class C>(const C& change) {
        if constexpr (requires { this->carry_out(said, change); }) carry_out(said, change);
      },
      proposal.change);
  return {};
}

void Model::ask(const Said&, const OrgPut& change, Reasons& against) const {
  const auto repeats = std::ranges::adjacent_find(change.roles, std::ranges::greater_equal{});
  if (repeats != change.roles.end()) against.insert(Reason::list_not_ascending);
}

void Model::carry_out(const Said&, const OrgPut& change) {
  Org& org = books.orgs[change.org.text];
  org.roles = {change.roles.begin(), change.roles.end()};
  org.group = change.conflict_group.text;
}

void Model::ask(const Said&, const SpeciesPut& change, Reasons& against) const {
  std::set<std::string> names;
  for (const Species& species : change.species) {
    if (!names.insert(species.code.text).second) {
      against.insert(Reason::species_repeated);
      against.insert(Reason::list_not_ascending);
    }
    if (species.max_stems_per_ha == 0) against.insert(Reason::empty);
  }
}

void Model::carry_out(const Said&, const SpeciesPut& change) {
  for (const Species& species : change.species) books.species[species.code.text] = species;
}

void Model::ask(const Said&, const ParamsSet& change, Reasons& against) const {
  constexpr std::uint64_t kAbsurd = 1'000'000'000'000;  // above every bound
  std::set<std::string> names;
  for (const Setting& setting : change.settings) {
    const bool known = books.parameters.contains(setting.name.text);
    if (!known) against.insert(Reason::parameter_unknown);
    if (setting.value > kAbsurd) against.insert(Reason::parameter_out_of_bounds);
    if (!names.insert(setting.name.text).second) against.insert(Reason::list_not_ascending);
  }
}

void Model::carry_out(const Said&, const ParamsSet& change) {
  for (const Setting& setting : change.settings)
    books.parameters[setting.name.text] = setting.value;
}

std::optional<std::string> Model::accused_batch(const std::string& id) const {
  const auto* record = std::get_if<DisputedRecord>(&books.disputes.at(id).terms.target);
  if (record == nullptr) return std::nullopt;
  const auto judged = books.verifications.find(record->id.text);
  const std::string& batch = judged == books.verifications.end() ? record->id.text : judged->second;
  return books.batches.contains(batch) ? std::optional(batch) : std::nullopt;
}

namespace {

// Whether the remedy changes the tree.
bool reaches(Remedy remedy, const Tree& tree) {
  if (remedy == Remedy::void_ranges) {
    const bool stood = tree.fate != Fate::voided && tree.standing != Standing::rejected;
    return stood && !tree.successor;
  }
  return tree.lives() && tree.standing == Standing::verified && !tree.is_doubted;
}

}  // namespace

void Model::ask(const Said& said, const Resolve& change, Reasons& against) const {
  const auto found = books.disputes.find(change.dispute.text);
  if (found == books.disputes.end()) {
    against.insert(Reason::dispute_unknown);
    return;
  }
  if (found->second.is_over) against.insert(Reason::dispute_closed);
  if (said.time_s > found->second.time_s + kDisputeSeconds) against.insert(Reason::dispute_lapsed);
  const bool for_trees = change.remedy == Remedy::void_ranges || change.remedy == Remedy::reverify;
  const auto batch = accused_batch(found->first);
  const bool rejects = change.outcome == Outcome::rejected && change.remedy != Remedy::none;
  const bool fits = for_trees ? batch && !change.ranges.empty() : change.ranges.empty();
  if (rejects || !fits) against.insert(Reason::remedy_mismatch);
  if (!for_trees || !batch) return;
  const std::vector<Tree>& trees = books.batches.at(*batch).trees;
  if (is_redacted(books.batches.at(*batch))) against.insert(Reason::earlier_attachment_missing);
  if (!are_valid(change.ranges, trees.size())) {
    against.insert(Reason::ranges_invalid);
    return;
  }
  const auto changes = [&](std::uint64_t i) { return reaches(change.remedy, trees[i]); };
  if (std::ranges::none_of(members_of(change.ranges), changes)) {
    against.insert(Reason::trees_unaffected);
  }
}

void Model::carry_out(const Said& said, const Resolve& change) {
  const std::string& id = change.dispute.text;
  books.disputes.at(id).is_over = true;
  if (change.ranges.empty()) return;
  Batch& batch = books.batches.at(*accused_batch(id));
  for (const std::uint64_t i : members_of(change.ranges)) {
    Tree& tree = batch.trees[i];
    if (!reaches(change.remedy, tree)) continue;
    if (change.remedy == Remedy::void_ranges) {
      tree.fate = Fate::voided;
      tree.lost_at = said.height;
      give_up(tree, true);
    } else {
      tree.is_doubted = true;
      batch.beacon = said.height + 1;
      batch.visited.clear();  // what was seen before is in doubt
    }
  }
}

void Model::ask(const Said&, const Redact& change, Reasons& against) const {
  const auto found = books.leaves.find(change.root);
  if (found == books.leaves.end()) {
    against.insert(Reason::redaction_unknown);
    return;
  }
  if (change.ranges.empty()) against.insert(Reason::empty);
  if (!are_valid(change.ranges, found->second)) against.insert(Reason::ranges_invalid);
  if (needs(change.root)) against.insert(Reason::redaction_needed);
}

void Model::carry_out(const Said&, const Redact& change) { books.redacted.insert(change.root); }

// A key is put once, by one organisation, for ever.
void Model::ask_new_key(const crypto::PublicKeyBytes& key, Reasons& against) const {
  if (books.keys.contains(key)) against.insert(Reason::key_taken);
  if (key[0] != 2 && key[0] != 3) against.insert(Reason::key_invalid);
}

void Model::put_key(const std::string& org, const crypto::PublicKeyBytes& key,
                    const KeyRoles& roles) {
  books.keys[key] = {org, {roles.begin(), roles.end()}, false};
  if (std::ranges::count(roles, KeyRole::node) > 0) books.node_keys[org].push_back(key);
}

Reasons Model::hear(const Said& said, const KeyPut& payload) {
  Reasons against;
  ask_new_key(payload.public_key, against);
  if (against.empty()) put_key(said.org, payload.public_key, payload.roles);
  return against;
}

Reasons Model::hear(const Said& said, const KeyRevoke& payload) {
  const auto found = books.keys.find(payload.public_key);
  if (found == books.keys.end() || found->second.org != said.org) return {Reason::key_unknown};
  KeyBook& key = found->second;
  Reasons against;
  if (key.is_revoked) against.insert(Reason::key_revoked);
  const auto stays = [&](const auto& entry) {
    const auto& [bytes, other] = entry;
    return bytes != found->first && other.org == said.org && !other.is_revoked &&
           other.roles.contains(KeyRole::admin);
  };
  if (std::ranges::none_of(books.keys, stays)) against.insert(Reason::key_last_admin);
  const bool votes = books.validators.contains(said.org) &&
                     books.node_keys.at(said.org).back() == payload.public_key;
  if (votes) against.insert(Reason::key_of_validator);
  if (against.empty()) key.is_revoked = true;
  return against;
}

void Model::ask(const Said&, const KeyPutFor& change, Reasons& against) const {
  if (!books.orgs.contains(change.org.text)) against.insert(Reason::org_unknown);
  ask_new_key(change.public_key, against);
}

void Model::carry_out(const Said&, const KeyPutFor& change) {
  put_key(change.org.text, change.public_key, change.roles);
}

}  // namespace treeproof::ledger::model
