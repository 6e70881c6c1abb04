#include "rpc/audit_reports.h"

#include <algorithm>
#include <array>

namespace treeproof::rpc {

namespace {

using Made = std::expected<AuditReport, RpcError>;

Made campaign(const ChainView& view, Height at, const AuditScope& scope) {
  if (!scope.campaign) return not_found("campaign", "none");
  auto report = audit_campaign(view, at, *scope.campaign);
  if (!report) return not_found("campaign", scope.campaign->text);
  return *std::move(report);
}

Made points(const ChainView& view, Height at, const AuditScope& scope) {
  return audit_points(view, at, scope.programme);
}

// Its links are those of the view's height.
Made allocations(const ChainView& view, Height, const AuditScope& scope) {
  return audit_allocations(view, scope.campaign);
}

// A sum of audit.h that is narrowed to an organisation, or to a campaign.
template <auto kMake>
Made of_org(const ChainView& view, Height at, const AuditScope& scope) {
  return kMake(view, at, scope.org);
}
template <auto kMake>
Made of_campaign(const ChainView& view, Height at, const AuditScope& scope) {
  return kMake(view, at, scope.campaign);
}
template <auto kMake>
Made of_scope(const ChainView& view, Height at, const AuditScope& scope) {
  return kMake(view, at, scope);
}

constexpr std::array kKinds{
    AuditKind{"points", points},
    AuditKind{.name = "campaign", .make = campaign, .needs_campaign = true},
    AuditKind{.name = "allocations", .make = allocations, .latest_only = true},
    AuditKind{"overdue", of_scope<audit_overdue>},
    AuditKind{"owed", of_campaign<audit_owed>},
    AuditKind{"density", of_scope<audit_density>},
    AuditKind{"overlaps", of_scope<audit_overlaps>},
    AuditKind{"evidence", of_scope<audit_evidence>},
    AuditKind{"survival", of_scope<audit_survival>},
    AuditKind{"verification", of_scope<audit_verification>},
    AuditKind{"issuance", of_scope<audit_issuance>},
    AuditKind{"selfReported", of_scope<audit_self_reported>},
    AuditKind{"corrections", of_org<audit_corrections>},
    AuditKind{"disputes", of_org<audit_disputes>},
    AuditKind{"conflicts", of_scope<audit_conflicts>},
    AuditKind{"keyHistory", of_scope<audit_key_history>},
    AuditKind{"accountability", of_org<audit_accountability>}};

}  // namespace

std::span<const AuditKind> audit_kinds() { return kKinds; }

const AuditKind* find_audit_kind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &AuditKind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace treeproof::rpc
