// I7: the ground that plots of one layer share, measured again from their outlines and held against
// what the chain noted and what it allows.
#include <algorithm>
#include <map>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/plot_outline.h"
#include "consensus/ledger/plot_overlaps.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"
#include "rpc/share_ppm.h"

namespace treeproof::rpc {

namespace {

using geometry::UInt128;
using ledger::PlotObject;

constexpr std::uint64_t kMillion = 1'000'000;

struct Placed {
  std::string id;
  PlotObject plot;
};

// Those that hold land, from south to north.
std::vector<Placed> plots_of(const ChainView& view, Height at) {
  std::vector<Placed> plots;
  each_object<PlotObject>(view, at, [&](const ledger::ObjectId& id, PlotObject plot) {
    if (plot.holds_land()) plots.push_back({id.text, std::move(plot)});
  });
  std::ranges::sort(plots, {}, [](const Placed& placed) {
    return std::pair(placed.plot.box.south, std::string_view(placed.id));
  });
  return plots;
}

class OverlapsReport {
 public:
  OverlapsReport(const ChainView& view, Height at, const AuditScope& scope)
      : past_(view, at),
        state_(past_),
        scope_(scope),
        parameters_(ledger::parameters_of(past_)),
        plots_(plots_of(view, at)) {}

  AuditReport make() {
    for (std::size_t i = 0; i < plots_.size(); ++i) {
      const ledger::Box& box = plots_[i].plot.box;
      for (std::size_t j = i + 1; j < plots_.size(); ++j) {
        const PlotObject& other = plots_[j].plot;
        if (other.box.south > box.north) break;
        const bool same_layer = other.payload.layer == plots_[i].plot.payload.layer;
        if (same_layer && box.meets(other.box)) compare(plots_[i], plots_[j]);
      }
    }
    for (const Placed& placed : plots_) check_sum(placed);
    report_.checked = {
        {"plots", plots_.size()}, {"pairs", pairs_}, {"overlapping", report_.rows.size()}};
    return std::move(report_);
  }

 private:
  bool is_wanted(const Placed& placed) const {
    const bool is_plot = !scope_.plot || scope_.plot->text == placed.id;
    return is_plot && (!scope_.org || placed.plot.holder.text == *scope_.org);
  }

  // Null where this node lacks the outline, or it was redacted.
  const geometry::PlanePolygon* outline_of(const Placed& placed) {
    const auto found = outlines_.find(placed.id);
    if (found != outlines_.end()) return found->second ? &*found->second : nullptr;
    auto& outline = outlines_[placed.id];
    const auto attachment = state_.attachment(placed.plot.payload.geometry.root);
    if (attachment) outline.emplace(ledger::outline_of(placed.plot.payload, *attachment));
    return outline ? &*outline : nullptr;
  }

  std::uint64_t noted_of(const Placed& one, const Placed& other) {
    const auto found = noted_.find(one.id);
    const auto& overlaps = found != noted_.end()
                               ? found->second
                               : noted_[one.id] = ledger::overlaps_of(past_, {one.id});
    const auto shared = overlaps.find({other.id});
    return shared == overlaps.end() ? 0 : shared->second;
  }

  void compare(const Placed& one, const Placed& other) {
    if (!is_wanted(one) && !is_wanted(other)) return;
    ++pairs_;
    const auto* left = outline_of(one);
    const auto* right = outline_of(other);
    const std::uint64_t noted = noted_of(one, other);
    std::optional<std::uint64_t> measured;
    const bool may_measure = pairs_ <= scope_.pairs_measured_max;
    if (may_measure && left && right) measured = geometry::overlap_area_m2(*left, *right);
    const std::uint64_t shared = std::max(noted, measured.value_or(0));
    if (shared == 0) return;
    const std::uint64_t smaller = std::min(one.plot.area_m2, other.plot.area_m2);
    AuditCheck check(report_, one.id + " " + other.id);
    check.expect_equal("overlap_noted_once", noted, noted_of(other, one));
    if (measured) check.expect_equal("overlap_differs", noted, *measured);
    if (UInt128{shared} * kMillion > UInt128{smaller} * parameters_.overlap_pair_max_ppm) {
      check.fail("overlap_above_limit",
                 {{"overlap_m2", std::to_string(shared)}, {"smaller_m2", std::to_string(smaller)}});
    }
    report_.rows.push_back(
        {{"plot", one.id},
         {"neighbour", other.id},
         {"layer", std::string(ledger::name(one.plot.payload.layer))},
         {"area_m2", std::to_string(one.plot.area_m2)},
         {"neighbour_area_m2", std::to_string(other.plot.area_m2)},
         {"noted_m2", std::to_string(noted)},
         {"measured_m2", measured ? AuditCell(std::to_string(*measured)) : std::nullopt},
         {"ppm_of_smaller", std::to_string(share_ppm(shared, smaller))},
         {"holds", check.holds_text()}});
  }

  void check_sum(const Placed& placed) {
    if (!is_wanted(placed)) return;
    const std::uint64_t shared = ledger::sum_of(ledger::overlaps_of(past_, {placed.id}));
    const std::uint64_t area = placed.plot.area_m2;
    if (UInt128{shared} * kMillion <= UInt128{area} * parameters_.overlap_sum_max_ppm) return;
    AuditCheck(report_, placed.id)
        .fail("overlaps_above_limit",
              {{"overlap_m2", std::to_string(shared)}, {"area_m2", std::to_string(area)}});
  }

  const PastState past_;
  const ledger::State state_;  // knows what was redacted
  const AuditScope& scope_;
  const ledger::Parameters parameters_;
  const std::vector<Placed> plots_;
  std::map<std::string, std::optional<geometry::PlanePolygon>> outlines_;
  std::map<std::string, ledger::Overlaps> noted_;
  std::uint64_t pairs_ = 0;
  AuditReport report_{"I7", {}, {}, {}};
};

}  // namespace

AuditReport audit_overlaps(const ChainView& view, Height at, const AuditScope& scope) {
  return OverlapsReport(view, at, scope).make();
}

}  // namespace treeproof::rpc
