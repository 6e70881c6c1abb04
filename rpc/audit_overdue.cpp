// What is late: units that wait for a tree beyond their campaign's deadline, pledges whose season
// is over, living trees that nobody has looked at for a year.
#include "rpc/audit_reports.h"
#include "rpc/obligations.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

AuditReport audit_overdue(const ChainView& view, Height at, const AuditScope& scope) {
  AuditReport report{"overdue", {{"redemptions", 0}, {"pledges", 0}, {"batches", 0}}, {}, {}};
  const auto today = day_of(view, at);
  if (!today) return report;
  const TakeObligation take = [&](const Obligation& owed) {
    const bool of_campaign = !scope.campaign || owed.campaign == scope.campaign;
    const bool of_org = !scope.org || owed.org.text == *scope.org;
    if (!owed.is_late(*today) || !of_campaign || !of_org) return;
    report.rows.push_back({{"kind", std::string(name(owed.duty))},
                           {"object", owed.object.text},
                           {"campaign", owed.campaign ? owed.campaign->text : "none"},
                           {"org", owed.org.text},
                           {"count", std::to_string(*owed.count)},
                           {"due_day", std::to_string(*owed.due_day)},
                           {"late_days", std::to_string(*today - *owed.due_day)}});
  };
  report.checked[0].second = each_allocation_due(view, at, take);
  report.checked[1].second = each_planting_due(view, at, take);
  report.checked[2].second = each_care_due(view, at, take);
  return report;
}

}  // namespace treeproof::rpc
