#include "consensus/ledger/electorate.h"

#include <algorithm>

#include "consensus/ledger/disputes.h"

namespace treeproof::ledger {

namespace {

OrgId group_of(const StateReader& state, const OrgId& org) {
  return get<OrgObject>(state, org.text)->conflict_group;
}

bool is_quorum(std::uint64_t part, std::uint64_t whole) { return 3 * part > 2 * whole; }

}  // namespace

Electorate::Electorate(const StateReader& state, const ValidatorSet& validators,
                       const Change& change) {
  const auto* resolve = std::get_if<Resolve>(&change);
  const auto dispute = resolve ? find<DisputeObject>(state, resolve->dispute) : std::nullopt;
  is_of_dispute_ = dispute.has_value();
  std::set<OrgId> excluded;  // conflict groups
  std::optional<OrgId> accused;
  if (dispute) {
    const auto target = org_of_target(state, dispute->payload.target);
    accused = group_of(state, *target);
    excluded = {*accused, group_of(state, resolve->dispute.org())};
    if (dispute->payload.report) excluded.insert(group_of(state, dispute->payload.report->org()));
  }
  for (const Validator& validator : validators.all()) {
    if (dispute && excluded.contains(group_of(state, {validator.org}))) continue;
    powers_[{validator.org}] = validator.power;
    total_power_ += validator.power;
  }
  if (!dispute) return;
  const auto regulators = get<RegulatorsObject>(state, kRegulatorsId);
  for (const OrgId& org : regulators->orgs) {
    const auto object = get<OrgObject>(state, org.text);
    if (!object->suspended && object->conflict_group != *accused) regulators_.insert(org);
  }
}

bool Electorate::admits(const OrgId& org) const noexcept {
  return powers_.contains(org) || regulators_.contains(org);
}

bool Electorate::decides(std::span<const OrgId> approvals) const noexcept {
  std::uint64_t power = 0;
  std::uint64_t regulators = 0;
  for (const OrgId& org : approvals) {
    const auto found = powers_.find(org);
    if (found != powers_.end()) power += found->second;
    regulators += regulators_.contains(org) ? 1 : 0;
  }
  if (!is_of_dispute_) return is_quorum(power, total_power_);
  if (total_power_ > 0) return is_quorum(power, total_power_) && regulators > 0;
  return is_quorum(regulators, regulators_.size());
}

}  // namespace treeproof::ledger
