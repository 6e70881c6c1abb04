// What is late: units that wait for a tree beyond their campaign's deadline, pledges whose season
// is over, living trees that nobody has looked at for a year.
#include <algorithm>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::CampaignObject;
using ledger::PledgeObject;
using ledger::RedemptionObject;

// A visit is due at each anniversary: docs/ledger.md counts them in 365 days.
constexpr std::int64_t kVisitEveryDays = 365;

// 31 December, in days since 1970-01-01. Requires: year >= 1.
constexpr std::int64_t last_day_of(std::int64_t year) {
  constexpr std::int64_t kDaysToEpoch = 719'163;  // from 0000-12-31 to 1970-01-01
  return 365 * year + year / 4 - year / 100 + year / 400 - kDaysToEpoch;
}
static_assert(last_day_of(1970) == 364 && last_day_of(1969) == -1);
static_assert(ledger::year_of(static_cast<std::int32_t>(last_day_of(2024))) == 2024);
static_assert(ledger::year_of(static_cast<std::int32_t>(last_day_of(2024) + 1)) == 2025);

struct Late {
  std::string_view kind;
  std::string object;
  std::string campaign;
  std::string org;  // whose turn it is
  std::uint64_t count = 0;
  std::int64_t due_day = 0;
};

class OverdueReport {
 public:
  OverdueReport(const ChainView& view, Height at, const AuditScope& scope, std::int32_t today)
      : view_(view), at_(at), scope_(scope), today_(today) {}

  AuditReport make() {
    add_redemptions();
    add_pledges();
    add_batches();
    report_.checked = {{"redemptions", redemptions_}, {"pledges", pledges_}, {"batches", batches_}};
    return std::move(report_);
  }

 private:
  void add_redemptions() {
    each_of_type(view_, at_, RedemptionObject::kType, [this](const std::string& id, const auto& b) {
      const auto redemption = ledger::decode_stored<RedemptionObject>(b);
      ++redemptions_;
      const ledger::ObjectId& campaign_id = redemption.payload.campaign;
      const auto campaign = ledger::find<CampaignObject>(PastState(view_, at_), campaign_id);
      const std::int64_t deadline = campaign ? campaign->payload.deadline_days : 0;
      if (deadline == 0) return true;  // the campaign sets none
      const std::int32_t redeemed = TimeMs{redemption.record.time_s * 1'000}.day();
      add({"allocation", id, campaign_id.text, campaign_id.org().text,
           redemption.units[ledger::UnitCode::free], redeemed + deadline});
      return true;
    });
  }

  void add_pledges() {
    each_of_type(view_, at_, PledgeObject::kType, [this](const std::string& id, const auto& bytes) {
      const auto pledge = ledger::decode_stored<PledgeObject>(bytes);
      ++pledges_;
      const std::int64_t due = last_day_of(std::max(pledge.payload.season, 1));
      add({"planting", id, pledge.payload.campaign.text, pledge.holder.text, pledge.unplanted(),
           due});
      return true;
    });
  }

  void add_batches() {
    const auto visits = last_visits(view_, at_, {});
    each_of_type(view_, at_, BatchObject::kType, [&](const std::string& id, const auto& bytes) {
      const auto batch = ledger::decode_stored<BatchObject>(bytes);
      ++batches_;
      std::int32_t seen = batch.planted_to.value_or(TimeMs{batch.record.time_s * 1'000}.day());
      const auto found = visits.find(id);
      if (found != visits.end()) seen = std::max(seen, *found->second.last_day());
      add({"visit", id, batch.campaign ? batch.campaign->text : "none", batch.holder.text,
           batch.trees().live(), seen + kVisitEveryDays});
      return true;
    });
  }

  void add(const Late& late) {
    const bool of_campaign = !scope_.campaign || late.campaign == scope_.campaign->text;
    const bool of_org = !scope_.org || late.org == *scope_.org;
    if (late.count == 0 || today_ <= late.due_day || !of_campaign || !of_org) return;
    report_.rows.push_back({{"kind", std::string(late.kind)},
                            {"object", late.object},
                            {"campaign", late.campaign},
                            {"org", late.org},
                            {"count", std::to_string(late.count)},
                            {"due_day", std::to_string(late.due_day)},
                            {"late_days", std::to_string(today_ - late.due_day)}});
  }

  const ChainView& view_;
  Height at_;
  const AuditScope& scope_;
  std::int32_t today_;
  std::uint64_t redemptions_ = 0;
  std::uint64_t pledges_ = 0;
  std::uint64_t batches_ = 0;
  AuditReport report_{"overdue", {}, {}, {}};
};

}  // namespace

AuditReport audit_overdue(const ChainView& view, Height at, const AuditScope& scope) {
  const auto today = day_of(view, at);
  if (!today) return {"overdue", {{"redemptions", 0}, {"pledges", 0}, {"batches", 0}}, {}, {}};
  return OverdueReport(view, at, scope, *today).make();
}

}  // namespace treeproof::rpc
