#include "consensus/ledger/electorate.h"

#include <algorithm>

#include "consensus/ledger/disputes.h"
#include "consensus/ledger/plot_objects.h"

namespace treeproof::ledger {

namespace {

OrgId group_of(const StateReader& state, const OrgId& org) {
  return get<OrgObject>(state, org.text)->conflict_group;
}

bool is_quorum(std::uint64_t part, std::uint64_t whole) { return 3 * part > 2 * whole; }

}  // namespace

std::vector<OrgId> accused_of(const StateReader& state, const DisputeTarget& target) {
  std::vector<OrgId> accused{*org_of_target(state, target)};
  const auto* record = std::get_if<DisputedRecord>(&target);
  if (record == nullptr) return accused;
  const auto verify = find<VerifyObject>(state, record->id);
  const ObjectId& id = verify ? verify->payload.plant : record->id;
  if (const auto batch = find<BatchObject>(state, id)) {
    if (verify) accused.push_back(id.org());
    accused.push_back(batch->holder);
  }
  if (const auto plot = find<PlotObject>(state, id)) accused.push_back(plot->holder);
  if (const auto pledge = find<PledgeObject>(state, id)) accused.push_back(pledge->holder);
  return accused;
}

Electorate::Electorate(const StateReader& state, const ValidatorSet& validators,
                       const Change& change) {
  const auto* resolve = std::get_if<Resolve>(&change);
  const auto dispute = resolve ? find<DisputeObject>(state, resolve->dispute) : std::nullopt;
  is_of_dispute_ = dispute.has_value();
  std::set<OrgId> excluded;  // conflict groups
  std::set<OrgId> accused;
  if (dispute) {
    for (const OrgId& org : accused_of(state, dispute->payload.target)) {
      accused.insert(group_of(state, org));
    }
    excluded = accused;
    excluded.insert(group_of(state, resolve->dispute.org()));
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
    const bool is_accused = accused.contains(object->conflict_group);
    if (!object->suspended && !is_accused) regulators_.insert(org);
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
