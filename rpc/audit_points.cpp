// I1: the points of programmes.
#include <algorithm>
#include <map>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/points_objects.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::ProgrammeObject;
using ledger::RedemptionObject;

// What redemptions took from each programme and what refunds gave back; what issues gave to it and
// what expired of it.
struct PointSums {
  std::map<std::string, std::uint64_t> redeemed;
  std::map<std::string, std::uint64_t> refunded;
  std::map<std::string, std::uint64_t> expired;
  std::map<std::string, std::uint64_t> issued;
  std::uint64_t redemptions = 0;
  std::uint64_t issues = 0;
};

PointSums sum_points(const ChainView& view, Height at) {
  PointSums sums;
  each_object<RedemptionObject>(view, at, [&](const auto&, const auto& redemption) {
    const std::string& programme = redemption.payload.programme.text;
    sums.redeemed[programme] += redemption.payload.grams;
    sums.refunded[programme] +=
        redemption.units[ledger::UnitCode::refunded] * redemption.grams_per_unit();
    ++sums.redemptions;
  });
  using IssueObject = ledger::Recorded<ledger::IssuePoints>;
  each_object<IssueObject>(view, at, [&](const auto&, const auto& issue) {
    sums.issued[issue.payload.programme.text] += issue.payload.grams;
    ++sums.issues;
  });
  using ExpiryObject = ledger::Recorded<ledger::ExpirePoints>;
  each_object<ExpiryObject>(view, at, [&](const auto&, const auto& expiry) {
    sums.expired[expiry.payload.programme.text] += expiry.payload.grams;
  });
  return sums;
}

std::uint64_t value_or_zero(const std::map<std::string, std::uint64_t>& sums,
                            const std::string& id) {
  const auto found = sums.find(id);
  return found == sums.end() ? 0 : found->second;
}

void audit_programme(AuditReport& report, const std::string& id, const ProgrammeObject& programme,
                     const PointSums& sums) {
  const std::uint64_t by_units = value_or_zero(sums.redeemed, id);
  std::uint64_t by_years = 0;
  for (const auto& year : programme.years) by_years += year.grams;
  AuditCheck audit(report, id);
  audit.expect_equal("issued_differs", programme.issued, value_or_zero(sums.issued, id));
  audit.expect_equal("issued_by_years_differs", programme.issued, by_years);
  audit.expect_equal("redeemed_differs", programme.redeemed, by_units);
  audit.expect_equal("refunded_differs", programme.refunded, value_or_zero(sums.refunded, id));
  audit.expect_equal("expired_differs", programme.expired, value_or_zero(sums.expired, id));
  audit.expect_at_most("refunded_above_redeemed", programme.refunded, programme.redeemed);
  const std::uint64_t net = programme.redeemed - std::min(programme.refunded, programme.redeemed);
  audit.expect_at_most("outstanding_negative", programme.expired + net, programme.issued);
  const std::uint64_t spent = std::min(programme.expired + net, programme.issued);
  report.rows.push_back({{"programme", id},
                         {"issued", std::to_string(programme.issued)},
                         {"expired", std::to_string(programme.expired)},
                         {"redeemed", std::to_string(programme.redeemed)},
                         {"refunded", std::to_string(programme.refunded)},
                         {"net_redeemed", std::to_string(net)},
                         {"outstanding", std::to_string(programme.issued - spent)},
                         {"redeemed_by_units", std::to_string(by_units)},
                         {"holds", audit.holds_text()}});
}

}  // namespace

AuditReport audit_points(const ChainView& view, Height at,
                         const std::optional<ledger::ObjectId>& programme) {
  const PointSums sums = sum_points(view, at);
  AuditReport report{"I1", {}, {}, {}};
  std::uint64_t programmes = 0;
  each_object<ProgrammeObject>(view, at, [&](const ledger::ObjectId& id, const auto& object) {
    if (programme && *programme != id) return;
    audit_programme(report, id.text, object, sums);
    ++programmes;
  });
  report.checked = {
      {"programmes", programmes}, {"issues", sums.issues}, {"redemptions", sums.redemptions}};
  return report;
}

}  // namespace treeproof::rpc
