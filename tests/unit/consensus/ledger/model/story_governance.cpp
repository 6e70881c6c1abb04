// What is disputed and decided: disputes, proposals and their approvals, keys.
#include <algorithm>

#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {

// Mostly of that batch.
std::optional<ObjectId> Story::any_report(const std::string& batch) {
  std::optional<ObjectId> report;
  for (const auto& [id, counted] : model_.books.observations) {
    if (counted == batch) report = ObjectId{id};
  }
  if (report && !one_in(4)) return report;
  return ObjectId{any(one_in(8) ? model_.books.subjects : model_.books.observations)};
}

void Story::dispute() {
  Dispute payload;
  payload.ref = next_ref("dispute");
  payload.ground = static_cast<Ground>(choose(9));
  const std::uint64_t kind = choose(8);
  std::string target = any(model_.books.batches);
  if (kind == 3) target = any(model_.books.plots);
  if (kind == 6) target = any(model_.books.subjects);
  if (kind == 7) target = any(model_.books.pledges);
  const std::string batch = target;
  if (kind == 4 && model_.books.batches.contains(target)) {
    target = model_.books.batches.at(target).verification.value_or(target);
  }
  payload.target = DisputedRecord{{target}};
  if (kind == 5) {
    const std::uint64_t height = consortium_.block().height.value;
    payload.target = DisputedOrg{{planter()}, height - choose(std::min<std::uint64_t>(height, 20))};
  }
  if (choose(2) == 1) payload.report = any_report(batch);
  const std::vector<std::string_view> openers = {kRegulator, kVerifier, kVillage, kPlatform};
  say(openers[choose(openers.size())], payload);
}

// To a plot, a dispute, or anything else that was said.
void Story::confirm() {
  const std::vector<std::string_view> orgs = {kRegulator, kVerifier, kPartner, kVillage, kSister};
  const std::string org(orgs[choose(orgs.size())]);
  crypto::Hash statement{};
  const auto plot = model_.books.plots.find(any(model_.books.plots));
  if (plot != model_.books.plots.end()) statement = plot->second.statement;
  const auto dispute = model_.books.disputes.find(any(model_.books.disputes));
  if (choose(2) == 1 && dispute != model_.books.disputes.end()) {
    statement = dispute->second.statement;
  }
  say(org, Consent{next_ref("confirm"), statement});
}

namespace {

crypto::PublicKeyBytes public_key(std::string_view name) {
  return secret_key(name).public_key().bytes();
}

const KeyRoles kTrades = {KeyRole::issue,  KeyRole::redeem,  KeyRole::plant,
                          KeyRole::verify, KeyRole::observe, KeyRole::dispute};

}  // namespace

// A new key, another one, or the end of one.
void Story::rotate_key() {
  const std::string org = any(keys_);
  std::vector<std::string>& names = keys_.at(org);
  if (choose(2) == 1) {
    const std::uint64_t which = choose(names.size() + (one_in(6) ? 1 : 0));
    const std::string name = which < names.size() ? names[which] : std::string(kVillage);
    const bool is_main = name == org;  // without which little more is heard of it
    if (!is_main || one_in(4)) say(org, KeyRevoke{next_ref("revoke"), public_key(name)});
    return;
  }
  const std::string name = one_in(8) ? names[choose(names.size())] : org + next_ref("/key").text;
  KeyPut payload{next_ref("key"), public_key(name), kTrades};
  const std::uint64_t kind = choose(4);
  if (kind == 1) payload.roles = {KeyRole::admin};
  if (kind == 2) payload.roles = {KeyRole::node};
  if (kind == 3) payload.roles = {KeyRole::admin, KeyRole::plant, KeyRole::verify};
  if (one_in(12)) payload.public_key[0] = 0xff;
  if (say(org, payload)) names.push_back(name);
}

std::string Story::key_of(const std::string& org) {
  const auto held = keys_.find(org);
  if (held == keys_.end()) return org;
  const std::vector<std::string>& names = held->second;
  if (one_in(32)) return names[choose(names.size())];
  if (one_in(128)) return std::string(kVillage);
  const auto lives = [&](const std::string& name) {
    const auto key = model_.books.keys.find(public_key(name));
    return key != model_.books.keys.end() && !key->second.is_revoked;
  };
  const auto found = std::ranges::find_if(names, lives);
  return found == names.end() ? org : *found;
}

namespace {

// The end of a dispute, with a remedy that mostly fits.
Resolve end_of(const std::string& dispute, std::uint64_t kind) {
  Resolve change{{dispute}, Outcome::upheld, Remedy::none, {}};
  if (kind == 1) change.outcome = Outcome::rejected;
  if (kind == 2 || kind == 3) change.remedy = Remedy::void_ranges;
  if (kind >= 4) change.remedy = Remedy::reverify;
  return change;
}

}  // namespace

OrgPut Story::any_org() {
  const std::vector<std::string> orgs = {std::string(kVillage), std::string(kPartner), "newcomer"};
  const std::string org = orgs[choose(orgs.size())];
  OrgPut change{{org}, {"Changed"}, {OrgRole::verifier}, {org}};
  if (org == kVillage) change.roles = {OrgRole::community};
  if (org == kPartner) change.roles = {OrgRole::programme, OrgRole::verifier};
  if (one_in(4)) change.roles.push_back(OrgRole::regulator);
  // Verifiers stay who they are: I12 looks at the groups of today, audit_conflicts at both.
  const bool may_join = org != kPartner;
  if (may_join && one_in(4)) change.conflict_group = {one_in(2) ? "desert" : "coast"};
  return change;
}

ParamsSet Story::any_setting() {
  const std::vector<Setting> settings = {
      {{"history_until_day"}, std::uint64_t(kFirstDay) + choose(300)},
      {{"field_delay_days"}, choose(40)},
      {{"sample_minimum"}, 1 + choose(6)},
      {{"proposal_expiry_days"}, 1 + choose(120)},
      {{"field_delay_days"}, kQuantityMax},
      {{"patience_days"}, 1}};
  return {{settings[choose(settings.size())]}};
}

Redact Story::any_redaction() {
  std::vector<std::pair<crypto::Hash, std::uint64_t>> roots;  // mostly what nobody needs
  for (const auto& [root, leaves] : model_.books.leaves) {
    if (!model_.needs(root) || one_in(16)) roots.emplace_back(root, leaves);
  }
  if (roots.empty()) return {crypto::sha256(crypto::as_bytes("nothing")), {{0, 1}}};
  const auto [root, leaves] = roots[choose(roots.size())];
  return {root, stretch(leaves, 3)};
}

Change Story::any_change() {
  const std::uint64_t kind = choose(5);
  if (kind == 0) return any_org();
  if (kind == 1) {
    Species species{{"acacia"}, {"Acacia"}, std::nullopt, std::nullopt, Habit::tree, 2'000};
    if (choose(2) == 1) species = {{"seagrass"}, {"Zostera"}, {}, {}, Habit::seagrass, {}};
    SpeciesPut change{{species}};
    if (one_in(4)) change.species.push_back(species);
    return change;
  }
  if (kind == 2) return any_setting();
  if (kind == 3) {
    const bool is_known = model_.books.orgs.contains("newcomer");
    const std::string org = is_known || one_in(2) ? "newcomer" : std::string(kVillage);
    const std::string name = org + (one_in(4) ? "" : next_ref("/key").text);
    keys_[org].push_back(name);
    return KeyPutFor{{org}, public_key(name), kTrades};
  }
  return any_redaction();
}

void Story::approve(const std::string& org, const std::string& proposal) {
  say(org, Approve{next_ref("approve"), {proposal}});
}

// Proposed by anybody, and approved by most of those who may and some who may not.
void Story::decide(const Change& change) {
  const Ref ref = next_ref("change");
  if (!say(kCoast, Propose{ref, change})) return;
  const std::string proposal = ObjectId::of({std::string(kCoast)}, ref).text;
  std::vector<std::string> orgs = {std::string(kPlatform),  std::string(kDesert),
                                   std::string(kCoast),     std::string(kVerifier),
                                   std::string(kRegulator), std::string(kSister)};
  std::ranges::rotate(orgs, orgs.begin() + long(choose(orgs.size())));
  for (const std::string& org : orgs) {
    if (one_in(8)) continue;
    if (model_.books.proposals.at(proposal).is_done && !one_in(4)) return;
    const bool outside = org == kSister || org == kRegulator;
    if (outside && !std::holds_alternative<Resolve>(change) && !one_in(4)) continue;
    approve(org, proposal);
  }
}

void Story::propose() { decide(any_change()); }

void Story::approve() {
  std::string proposal = any(model_.books.proposals);
  for (const auto& [id, book] : model_.books.proposals) {
    if (!book.is_done && !one_in(4)) proposal = id;
  }
  const std::vector<std::string_view> orgs = {kPlatform, kDesert,  kCoast,
                                              kVerifier, kVillage, kRegulator};
  approve(std::string(orgs[choose(orgs.size())]), proposal);
}

void Story::resolve() {
  std::string id = any(model_.books.disputes);
  for (const auto& [other, book] : model_.books.disputes) {
    if (!book.is_over && !one_in(4)) id = other;
  }
  Resolve change = end_of(id, choose(6));
  const auto batch = model_.books.disputes.contains(id) ? model_.accused_batch(id) : std::nullopt;
  if (!batch && !one_in(4)) change.remedy = Remedy::none;
  if (change.remedy != Remedy::none && batch) {
    change.ranges = stretch(model_.books.batches.at(*batch).trees.size(), 8);
  }
  if (one_in(16)) change.ranges = {{0, 1}};
  decide(change);
}

}  // namespace treeproof::ledger::model
