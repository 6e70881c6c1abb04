#include "rpc/obligations.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/plot_objects.h"
#include "rpc/reading.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::CampaignObject;
using ledger::ObjectId;
using ledger::OrgId;
using ledger::PledgeObject;
using ledger::PlotObject;
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

std::int32_t day_of(const ledger::RecordInfo& record) {
  return TimeMs{record.time_s * 1'000}.day();
}

// By which the units of a redemption have their trees; null where the campaign sets no deadline.
std::optional<std::int64_t> deadline_of(const PastState& past, const RedemptionObject& redemption) {
  const auto campaign = ledger::find<CampaignObject>(past, redemption.payload.campaign);
  const std::int64_t days = campaign ? campaign->payload.deadline_days : 0;
  return days == 0 ? std::nullopt : std::optional(day_of(redemption.record) + days);
}

std::uint64_t free_units(const ChainView& view, const ObjectId& id, std::uint64_t units,
                         ledger::Range range) {
  std::uint64_t free = 0;
  ledger::UnitCodes(view, id, units)
      .each_run(ledger::UnitCode::free, range.from, range.count, [&](auto, std::uint64_t count) {
        free += count;
        return true;
      });
  return free;
}

// One organisation's.
class Owed {
 public:
  Owed(const ChainView& view, Height at, OrgId org, TimeMs now)
      : view_(view), at_(at), past_(view, at), org_(std::move(org)), now_(now) {}

  std::vector<Obligation> gather() {
    const TakeObligation take = [this](Obligation owed) { add(std::move(owed)); };
    each_planting_due(view_, at_, take);
    each_allocation_due(view_, at_, take);
    each_care_due(view_, at_, take);
    add_drawn();
    add_capacities();
    add_disputes();
    std::ranges::sort(found_, {}, [](const Obligation& owed) {
      return std::tuple(owed.duty, std::string_view(owed.object.text));
    });
    return std::move(found_);
  }

 private:
  void add(Obligation owed) {
    const bool is_early = owed.duty == Duty::visit && !owed.is_late(now_.day());
    if (owed.org == org_ && !is_early) found_.push_back(std::move(owed));
  }

  // The first draw of a redemption covers its first units, and so on.
  void add_drawn() {
    std::map<ObjectId, Obligation> by_pledge;
    each_object<RedemptionObject>(
        view_, at_, [&](const ObjectId& id, const RedemptionObject& redemption) {
          const ledger::Redeem& redeem = redemption.payload;
          if (redemption.units[ledger::UnitCode::free] == 0) return;
          std::uint64_t from = 0;
          for (const ledger::Draw& draw : redeem.draws) {
            const ledger::Range drawn{from, draw.units};
            from += draw.units;
            const auto pledge = ledger::find<PledgeObject>(past_, draw.pledge);
            if (!pledge || pledge->holder != org_) continue;
            std::optional<std::uint64_t> count;
            if (at_ == view_.height()) count = free_units(view_, id, redeem.units, drawn);
            if (count == std::uint64_t{0}) continue;
            add_draw(by_pledge[draw.pledge], {Duty::drawn, draw.pledge, redeem.campaign, org_,
                                              count, deadline_of(past_, redemption)});
          }
        });
    for (auto& [id, owed] : by_pledge) add(std::move(owed));
  }

  // A pledge is due when the first of the redemptions that drew on it is.
  static void add_draw(Obligation& sum, Obligation drawn) {
    const bool is_first = sum.object.text.empty();
    if (!is_first && sum.count) drawn.count = *sum.count + drawn.count.value_or(0);
    if (sum.due_day && (!drawn.due_day || *sum.due_day < *drawn.due_day)) {
      drawn.due_day = sum.due_day;
    }
    sum = std::move(drawn);
  }

  void add_capacities() {
    each_object<PlotObject>(view_, at_, [this](const ObjectId& id, const PlotObject& plot) {
      const std::uint64_t stated = plot.payload.capacity;
      if (plot.closed || plot.confirmed_capacity >= stated) return;
      add({Duty::capacity, id, std::nullopt, plot.holder, stated - plot.confirmed_capacity, {}});
    });
  }

  void add_disputes() {
    each_object<ledger::DisputeObject>(view_, at_, [this](const ObjectId& id, const auto& dispute) {
      const auto accused = ledger::org_of_target(past_, dispute.payload.target);
      if (!accused || !dispute.is_open(now_.seconds())) return;
      const std::int64_t lapses = TimeMs{dispute.lapses_at_s() * 1'000}.day();
      add({Duty::dispute, id, std::nullopt, *accused, 1, lapses});
    });
  }

  const ChainView& view_;
  const Height at_;
  const PastState past_;
  const OrgId org_;
  const TimeMs now_;
  std::vector<Obligation> found_;
};

}  // namespace

std::string_view name(Duty duty) noexcept {
  static constexpr std::array<std::string_view, 8> kNames{
      "planting",     "drawn", "allocation", "replacement",
      "verification", "visit", "capacity",   "dispute"};
  return kNames[static_cast<std::size_t>(duty)];
}

std::uint64_t each_allocation_due(const ChainView& view, Height at, const TakeObligation& take) {
  const PastState past(view, at);
  return each_object<RedemptionObject>(
      view, at, [&](const ObjectId& id, const RedemptionObject& object) {
        const std::uint64_t waiting = object.units[ledger::UnitCode::free];
        if (waiting == 0) return;
        const ObjectId& campaign = object.payload.campaign;
        take({Duty::allocation, id, campaign, campaign.org(), waiting, deadline_of(past, object)});
      });
}

std::uint64_t each_planting_due(const ChainView& view, Height at, const TakeObligation& take) {
  return each_object<PledgeObject>(view, at, [&](const ObjectId& id, const PledgeObject& pledge) {
    if (pledge.unplanted() == 0) return;
    take({Duty::planting, id, pledge.payload.campaign, pledge.holder, pledge.unplanted(),
          last_day_of(std::max(pledge.payload.season, 1))});
  });
}

std::uint64_t each_care_due(const ChainView& view, Height at, const TakeObligation& take) {
  const auto visits = last_visits(view, at, {});
  return each_object<BatchObject>(view, at, [&](const ObjectId& id, const BatchObject& batch) {
    const ledger::TreeTally trees = batch.trees();
    const auto owe = [&](Duty duty, std::uint64_t count, std::optional<std::int64_t> due_day) {
      if (count > 0) take({duty, id, batch.campaign, batch.holder, count, due_day});
    };
    owe(Duty::replacement, trees.owed(), std::nullopt);
    owe(Duty::verification, trees.open(), std::nullopt);
    std::int32_t seen = batch.planted_to.value_or(day_of(batch.record));
    const auto found = visits.find(id.text);
    if (found != visits.end()) seen = std::max(seen, *found->second.last_day());
    owe(Duty::visit, trees.live(), seen + kVisitEveryDays);
  });
}

std::vector<Obligation> obligations_of(const ChainView& view, Height at, const OrgId& org) {
  const auto header = header_of(view, at);
  if (!header) return {};  // genesis, where nobody owes anything
  return Owed(view, at, org, header->time).gather();
}

}  // namespace treeproof::rpc
