// I8: what stands on each plot, counted again from its batches, and measured trees that stand
// closer than a metre: flags, since two shrubs may.
#include <algorithm>
#include <map>
#include <tuple>

#include "consensus/ledger/density.h"
#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using geometry::Position;
using geometry::UInt128;
using ledger::BatchObject;
using ledger::PlotObject;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint32_t kCloseMetres = 1;
constexpr std::uint32_t kLookMetres = 2;  // how far along a band: the metre and some more
// Bands of latitude: a metre is less than 91 steps of 1e-7 degrees.
constexpr std::int64_t kBandE7 = 91;
// Counting ends here, however closely somebody placed trees on paper.
constexpr std::uint64_t kClosePairsMax = 1'000'000;

struct Batch {
  ledger::ObjectId id;
  BatchObject object;
};
using Batches = std::map<std::string, std::vector<Batch>>;  // by plot

Batches batches_by_plot(const ChainView& view, Height at) {
  Batches all;
  each_object<BatchObject>(view, at, [&](const ledger::ObjectId& id, BatchObject batch) {
    if (batch.plot) all[batch.plot->text].push_back({id, std::move(batch)});
  });
  return all;
}

std::int64_t band_of(Position tree) {
  return (std::int64_t{tree.lat_e7} + geometry::kLatitudeMaxE7) / kBandE7;
}

bool is_along(Position tree, Position other) {
  return geometry::distance_at_most(tree, {tree.lat_e7, other.lon_e7}, kLookMetres);
}

// Pairs of trees at most a metre apart. Each tree is held against those of its band and of the next
// that are near by longitude.
std::uint64_t close_pairs(std::vector<Position> trees) {
  std::ranges::sort(
      trees, {}, [](Position tree) { return std::tuple(band_of(tree), tree.lon_e7, tree.lat_e7); });
  std::uint64_t pairs = 0;
  std::size_t ahead = 0;  // the first of the next band that may be near
  for (std::size_t i = 0; i < trees.size() && pairs < kClosePairsMax; ++i) {
    const Position tree = trees[i];
    const auto count_from = [&](std::size_t from, std::int64_t band) {
      for (std::size_t j = from; j < trees.size() && band_of(trees[j]) == band; ++j) {
        const bool is_past = trees[j].lon_e7 > tree.lon_e7 && !is_along(tree, trees[j]);
        if (is_past || pairs >= kClosePairsMax) break;
        pairs += geometry::distance_at_most(tree, trees[j], kCloseMetres) ? 1 : 0;
      }
    };
    const std::int64_t next = band_of(tree) + 1;
    count_from(i + 1, next - 1);
    const auto is_behind = [&](Position other) {
      return std::pair(band_of(other), other.lon_e7) < std::pair(next, tree.lon_e7) &&
             (band_of(other) < next || !is_along(tree, other));
    };
    while (ahead < trees.size() && is_behind(trees[ahead])) ++ahead;
    count_from(ahead, next);
  }
  return pairs;
}

class DensityReport {
 public:
  DensityReport(const ChainView& view, Height at, const AuditScope& scope)
      : view_(view),
        at_(at),
        scope_(scope),
        state_(view),
        slack_ppm_(ledger::parameters_of(PastState(view, at)).density_slack_ppm),
        batches_(batches_by_plot(view, at)),
        comparable_(at == view.height() ? scope.trees_compared_max : 0) {}

  AuditReport make() {
    each_object<PlotObject>(view_, at_, [this](const ledger::ObjectId& id, const auto& plot) {
      const bool is_plot = !scope_.plot || scope_.plot->text == id.text;
      const bool is_wanted = is_plot && (!scope_.org || plot.holder.text == *scope_.org);
      if (is_wanted && plot.holds_land()) add(id.text, plot);
    });
    report_.checked = {{"plots", report_.rows.size()}, {"trees_compared", compared_}};
    return std::move(report_);
  }

 private:
  void add(const std::string& id, const PlotObject& plot) {
    PlotObject counted;
    for (const Batch& batch : batches_[id]) {
      for (const ledger::BatchSpecies& part : batch.object.species) {
        ledger::occupy(counted, batch.object.unit, part, part.trees.live());
      }
    }
    AuditCheck check(report_, id);
    check.expect_equal("live_differs", plot.live, counted.live);
    check.expect_equal("occupied_differs", plot.occupied_mm2, counted.occupied_mm2);
    check.expect_equal("covered_differs", plot.covered_mm2, counted.covered_mm2);
    check.expect_at_most("live_above_capacity", plot.live, plot.payload.capacity);
    const UInt128 taken = UInt128{plot.occupied_mm2} + plot.covered_mm2;
    if (taken > UInt128{plot.area_m2} * (kMillion + slack_ppm_)) {
      check.fail("density_exceeded", {{"occupied_mm2", std::to_string(plot.occupied_mm2)},
                                      {"area_m2", std::to_string(plot.area_m2)}});
    }
    const UInt128 per_ha = UInt128{plot.live} * ledger::kSquareMetresPerHectare;
    const auto pairs = compare(id);
    report_.rows.push_back(
        {{"plot", id},
         {"holder", plot.holder.text},
         {"layer", std::string(ledger::name(plot.payload.layer))},
         {"area_m2", std::to_string(plot.area_m2)},
         {"capacity", std::to_string(plot.payload.capacity)},
         {"confirmed_capacity", std::to_string(plot.confirmed_capacity)},
         {"pledged", std::to_string(plot.pledged)},
         {"live", std::to_string(plot.live)},
         {"stems_per_ha", std::to_string(static_cast<std::uint64_t>(per_ha / plot.area_m2))},
         {"taken_ppm", std::to_string(static_cast<std::uint64_t>(taken / plot.area_m2))},
         {"close_pairs", pairs ? AuditCell(std::to_string(*pairs)) : std::nullopt},
         {"holds", check.holds_text()}});
  }

  // Null where it was not looked, or not all leaves are there to look at.
  std::optional<std::uint64_t> compare(const std::string& plot) {
    std::uint64_t members = 0;
    for (const Batch& batch : batches_[plot]) {
      if (batch.object.positions == ledger::Positions::measured) members += batch.object.size();
    }
    if (at_ != view_.height() || members > comparable_) return std::nullopt;
    std::vector<Position> trees;
    for (const Batch& batch : batches_[plot]) {
      if (batch.object.positions == ledger::Positions::measured && !collect(batch, trees)) {
        return std::nullopt;
      }
    }
    comparable_ -= members;
    compared_ += members;
    return close_pairs(std::move(trees));
  }

  // The live ones; false where the leaves are not held.
  bool collect(const Batch& batch, std::vector<Position>& trees) const {
    const auto leaves = state_.attachment(batch.object.leaves.root);
    if (!leaves) return false;
    const ledger::CountedTrees counted(state_, batch.id, batch.object, leaves);
    ledger::TreeCodes codes(state_, batch.id, batch.object.size());
    for (const ledger::TreeCode code : ledger::kLiveCodes) {
      codes.each_run(code, 0, batch.object.size(), [&](std::uint64_t from, std::uint64_t count) {
        for (std::uint64_t i = from; i < from + count; ++i) trees.push_back(counted.position(i));
        return true;
      });
    }
    return true;
  }

  const ChainView& view_;
  Height at_;
  const AuditScope& scope_;
  const ledger::State state_;  // knows what was redacted
  std::uint64_t slack_ppm_;
  Batches batches_;
  std::uint64_t comparable_;
  std::uint64_t compared_ = 0;
  AuditReport report_{"I8", {}, {}, {}};
};

}  // namespace

AuditReport audit_density(const ChainView& view, Height at, const AuditScope& scope) {
  return DensityReport(view, at, scope).make();
}

}  // namespace treeproof::rpc
