#include "tests/unit/consensus/ledger/model/model.h"

#include <algorithm>
#include <type_traits>

namespace treeproof::ledger::model {

bool are_valid(const Ranges& ranges, std::uint64_t members) {
  std::uint64_t next = 0;
  for (const Range& range : ranges) {
    if (range.count == 0 || range.from < next || range.from >= members) return false;
    if (range.count > members - range.from) return false;
    next = range.from + range.count;
  }
  return true;
}

std::vector<std::uint64_t> members_of(const Ranges& ranges) {
  std::vector<std::uint64_t> members;
  for (const Range& range : ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) members.push_back(range.from + i);
  }
  return members;
}

namespace {

// Whose key may sign each type.
std::set<KeyRole> trades_of(const Payload& payload) {
  using enum KeyRole;
  static const std::map<std::string, std::set<KeyRole>, std::less<>> kTrades = {
      {"propose", {admin}},
      {"approve", {admin}},
      {"key_put", {admin}},
      {"key_revoke", {admin}},
      {"handover", {admin}},
      {"consent", {admin, redeem, plant, verify, dispute}},
      {"programme", {issue}},
      {"issue_points", {issue}},
      {"expire_points", {issue}},
      {"campaign", {redeem}},
      {"campaign_revise", {redeem}},
      {"close_campaign", {redeem}},
      {"redeem", {redeem}},
      {"refund", {redeem}},
      {"allocate", {redeem}},
      {"evidence", {plant, verify, observe}},
      {"observe", {plant, verify, observe}},
      {"mortality", {plant, verify, observe}},
      {"verify", {verify}},
      {"revive", {verify}},
      {"dispute", {dispute}},
  };
  const auto found = kTrades.find(type_of(payload));
  return found == kTrades.end() ? std::set<KeyRole>{plant} : found->second;
}

// Who may sign each type; empty: anybody.
std::set<OrgRole> roles_for(const Payload& payload) {
  using enum OrgRole;
  static const std::map<std::string, std::set<OrgRole>, std::less<>> kRoles = {
      {"programme", {programme}},
      {"issue_points", {programme}},
      {"expire_points", {programme}},
      {"campaign", {platform}},
      {"campaign_revise", {platform}},
      {"close_campaign", {platform}},
      {"redeem", {platform}},
      {"refund", {platform}},
      {"allocate", {platform}},
      {"plot", {planter}},
      {"plot_revision", {planter}},
      {"plot_close", {planter}},
      {"pledge", {planter}},
      {"pledge_release", {planter}},
      {"plant", {planter}},
      {"inventory", {planter}},
      {"assign", {planter}},
      {"replace", {planter}},
      {"correct", {planter}},
      {"handover", {planter}},
      {"verify", {verifier}},
      {"revive", {verifier}},
      {"mortality", {planter, verifier}},
      {"observe", {planter, verifier, regulator, community}},
      {"evidence", {planter, verifier, regulator, community}},
  };
  const auto found = kRoles.find(type_of(payload));
  return found == kRoles.end() ? std::set<OrgRole>{} : found->second;
}

// What a report on it would bear on; nothing where it is no word about trees.
std::optional<std::string> subject_of(const Payload& payload) {
  return std::visit(
      []<class P>(const P& said) -> std::optional<std::string> {
        if constexpr (requires { said.plant; }) return said.plant.text;
        if constexpr (std::is_same_v<P, Correct>) return said.target.text;
        if constexpr (std::is_same_v<P, Redeem> || std::is_same_v<P, Allocate>) {
          return said.campaign.text;
        }
        return std::nullopt;
      },
      payload);
}

}  // namespace

Reasons Model::say(const Said& said, const Payload& payload, const Beside& beside) {
  beside_ = &beside;
  if (!books.orgs.contains(said.org)) return {Reason::org_unknown};
  Reasons envelope;
  const auto recorded = books.records.find(said.object());
  if (recorded != books.records.end()) {  // I16
    const bool same = recorded->second.id == said.id;
    envelope.insert(same ? Reason::already_recorded : Reason::ref_reused);
  }
  ask_key(said, payload, envelope);
  const std::set<OrgRole> roles = roles_for(payload);
  const auto& own = books.orgs.at(said.org).roles;
  const bool may =
      roles.empty() || std::ranges::any_of(roles, [&](OrgRole role) { return own.contains(role); });
  if (!may) envelope.insert(Reason::org_role_missing);
  if (!envelope.empty()) return envelope;
  Reasons against =
      std::visit([&](const auto& said_payload) { return hear(said, said_payload); }, payload);
  if (against.empty()) {
    books.records[said.object()] = said;
    if (const auto subject = subject_of(payload)) books.subjects[said.object()] = *subject;
  }
  // What else a rule would have asked of redacted leaves nobody can say any more.
  if (!against.empty() && !books.redacted.empty()) {
    against.insert(Reason::earlier_attachment_missing);
  }
  return against;
}

void Model::ask_key(const Said& said, const Payload& payload, Reasons& against) const {
  const auto key = books.keys.find(said.key);
  if (key == books.keys.end() || key->second.org != said.org) {
    against.insert(Reason::key_unknown);
    return;
  }
  if (key->second.is_revoked) against.insert(Reason::key_revoked);
  const std::set<KeyRole> trades = trades_of(payload);
  const auto has = [&](KeyRole role) { return key->second.roles.contains(role); };
  if (std::ranges::none_of(trades, has)) against.insert(Reason::key_role_missing);
}

void Model::ask_consents(const Said& said, const std::set<std::string>& orgs,
                         Reasons& against) const {
  for (const std::string& org : orgs) {
    if (org != said.org && !books.consents.contains({said.id, org})) {
      against.insert(Reason::consents_missing);
    }
  }
}

Reasons Model::hear(const Said& said, const Consent& payload) {
  if (books.consents.contains({payload.statement, said.org})) return {Reason::consent_repeated};
  const Org& org = books.orgs.at(said.org);
  for (auto& [id, plot] : books.plots) {
    if (plot.statement != payload.statement) continue;
    Reasons against;
    if (!org.roles.contains(OrgRole::verifier)) against.insert(Reason::consent_not_verifier);
    const bool kin = org.group == books.orgs.at(plot.holder).group ||
                     org.group == books.orgs.at(plot.issuer).group;
    if (kin) against.insert(Reason::consent_conflict);
    if (!against.empty()) return against;
    plot.confirmed = plot.capacity;
  }
  for (auto& [id, dispute] : books.disputes) {
    if (dispute.statement != payload.statement) continue;
    const bool fit =
        org.roles.contains(OrgRole::verifier) || org.roles.contains(OrgRole::regulator);
    if (!fit || dispute.opener == said.org) return {Reason::seconder_unfit};
    dispute.freezes = true;
  }
  books.consents.insert({payload.statement, said.org});
  return {};
}

std::uint64_t Model::live_on(const std::string& plot) const {
  std::uint64_t live = 0;
  for (const auto& [id, batch] : books.batches) {
    if (batch.plot != plot) continue;
    live += static_cast<std::uint64_t>(std::ranges::count_if(batch.trees, &Tree::lives));
  }
  return live;
}

std::uint64_t Model::pledged_on(const std::string& plot) const {
  std::uint64_t open = 0;
  for (const auto& [id, pledge] : books.pledges) {
    if (pledge.plot == plot) open += pledge.promised - pledge.planted;
  }
  return open;
}

std::uint64_t Model::usable(const std::string& campaign, const std::optional<Code>& species) const {
  std::uint64_t usable = 0;
  for (const auto& [id, batch] : books.batches) {
    if (batch.campaign != campaign) continue;
    for (const Tree& tree : batch.trees) {
      const bool reserved = batch.is_replacement && !tree.predecessor;
      const bool fits = !species || tree.species == species->text;
      if (tree.is_usable() && !reserved && fits) ++usable;
    }
  }
  return usable;
}

std::uint64_t Model::waiting(const std::string& campaign,
                             const std::optional<Code>& species) const {
  std::uint64_t waiting = 0;
  for (const auto& [id, redemption] : books.redemptions) {
    if (redemption.campaign != campaign) continue;
    if (species && redemption.species != species->text) continue;
    waiting += static_cast<std::uint64_t>(
        std::ranges::count(redemption.units, UnitState::free, &Unit::state));
  }
  return waiting;
}

std::uint64_t Model::net_redeemed(const std::string& campaign) const {
  std::uint64_t units = 0;
  for (const auto& [id, redemption] : books.redemptions) {
    if (redemption.campaign != campaign) continue;
    for (const Unit& unit : redemption.units) units += unit.state != UnitState::refunded;
  }
  return units;
}

std::uint64_t Model::owed(const std::string& campaign) const {
  std::uint64_t owed = 0;
  for (const auto& [id, redemption] : books.redemptions) {
    if (redemption.campaign != campaign) continue;
    owed += static_cast<std::uint64_t>(
        std::ranges::count(redemption.units, UnitState::owed, &Unit::state));
  }
  return owed;
}

std::uint64_t Model::replacing(const std::string& campaign) const {
  std::uint64_t trees = 0;
  for (const auto& [id, batch] : books.batches) {
    if (batch.campaign != campaign || !batch.is_replacement) continue;
    for (const Tree& tree : batch.trees) trees += tree.lives() && !tree.predecessor;
  }
  return trees;
}

std::uint64_t Model::outstanding(const std::string& programme) const {
  const ProgrammeBook& book = books.programmes.at(programme);
  std::uint64_t grams = 0;
  for (const Issued& period : book.periods) grams += period.grams;
  for (const auto& [id, redemption] : books.redemptions) {
    if (redemption.programme != programme) continue;
    for (const Unit& unit : redemption.units) {
      if (unit.state != UnitState::refunded) grams -= redemption.price;
    }
  }
  return grams - book.expired;
}

bool Model::is_related(const std::string& org, const Batch& batch) const {
  const auto group = [&](const std::string& id) { return books.orgs.at(id).group; };
  if (group(org) == group(batch.holder) || group(org) == group(batch.issuer)) return true;
  if (!batch.campaign) return false;
  const CampaignBook& campaign = books.campaigns.at(*batch.campaign);
  const auto& sponsor = campaign.terms.sponsor;
  return group(org) == group(campaign.platform) || (sponsor && group(org) == group(sponsor->text));
}

}  // namespace treeproof::ledger::model
