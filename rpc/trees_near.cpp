#include "rpc/trees_near.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/plot_outline.h"

namespace treeproof::rpc {

namespace {

using geometry::Position;
using geometry::UInt128;
using ledger::BatchObject;
using ledger::Box;
using ledger::ObjectId;
using ledger::PlacedObject;
using ledger::PlotObject;

constexpr ledger::Layer kLayers[] = {ledger::Layer::canopy, ledger::Layer::understory,
                                     ledger::Layer::marine, ledger::Layer::protection};
constexpr Box kWorld{-geometry::kLatitudeMaxE7, -geometry::kLongitudeMaxE7,
                     geometry::kLatitudeMaxE7, geometry::kLongitudeMaxE7};
// A metre is less than 91 steps of 1e-7 degrees of latitude everywhere.
constexpr std::int64_t kLatitudeStepsPerMetre = 91;
// How far outside the box of its plot a tree may stand (I9).
constexpr std::uint32_t kStrayMetresMax = kUncertaintyMetresMax + kPrecisionMetresMax;

// In pieces that the grid of plots takes.
void add_pieces(std::vector<Box>& boxes, const Box& box) {
  if (ledger::cell_count(box) <= kCellsPerPlotMax) return boxes.push_back(box);
  const std::int32_t middle = box.west + (box.east - box.west) / 2;
  add_pieces(boxes, {box.south, box.west, box.north, middle});
  add_pieces(boxes, {box.south, middle + 1, box.north, box.east});
}

// Boxes that together hold all that is at most so many metres away, on either side of the
// antimeridian.
std::vector<Box> boxes_around(Position place, std::uint32_t metres) {
  const std::int64_t high = kLatitudeStepsPerMetre * metres;
  const auto latitude = [](std::int64_t lat) {
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(lat, -geometry::kLatitudeMaxE7, geometry::kLatitudeMaxE7));
  };
  const std::int32_t south = latitude(place.lat_e7 - high);
  const std::int32_t north = latitude(place.lat_e7 + high);
  // Where the parallels are shortest; two steps for what is rounded.
  const geometry::LocalScale scale(std::max(-south, north));
  const std::int64_t wide = scale.x_units(geometry::kLengthUnitsPerMetre * metres) + 2;
  constexpr std::int64_t kEnd = geometry::kLongitudeMaxE7;
  std::vector<Box> boxes;
  const auto add = [&](std::int64_t west, std::int64_t east) {
    if (west > east) return;
    add_pieces(boxes,
               {south, static_cast<std::int32_t>(west), north, static_cast<std::int32_t>(east)});
  };
  add(std::max(place.lon_e7 - wide, -kEnd), std::min(place.lon_e7 + wide, kEnd));
  add(place.lon_e7 - wide + 2 * kEnd, kEnd);
  add(-kEnd, place.lon_e7 + wide - 2 * kEnd);
  return boxes;
}

bool meets(const std::vector<Box>& boxes, const Box& box) {
  return std::ranges::any_of(boxes, [&](const Box& piece) { return piece.meets(box); });
}

// How far a box is, for an order only: the nearest of its places, in steps.
UInt128 gap(Position place, const Box& box) {
  const auto steps = [](std::int64_t at, std::int64_t from, std::int64_t to) {
    return std::max({from - at, at - to, std::int64_t{0}});
  };
  constexpr std::int64_t kRound = 2 * std::int64_t{geometry::kLongitudeMaxE7};
  const std::int64_t east = steps(place.lon_e7, box.west, box.east);
  const std::int64_t other_way = std::min(steps(place.lon_e7 + kRound, box.west, box.east),
                                          steps(place.lon_e7 - kRound, box.west, box.east));
  const auto along = static_cast<UInt128>(std::min(east, other_way));
  const auto across = static_cast<UInt128>(steps(place.lat_e7, box.south, box.north));
  return along * along + across * across;
}

void sort_by_gap(std::vector<PlacedObject>& objects, Position place) {
  std::ranges::sort(objects, [&](const PlacedObject& one, const PlacedObject& other) {
    const UInt128 left = gap(place, one.box);
    const UInt128 right = gap(place, other.box);
    return left != right ? left < right : one.id < other.id;
  });
}

class Search {
 public:
  Search(const ChainView& view, const NearPlace& place)
      : view_(view),
        state_(view),
        place_(place),
        near_(boxes_around(place.at, place.radius_m)),
        reach_(UInt128{place.radius_m} * geometry::kLengthUnitsPerMetre) {}

  NearTrees search() {
    for (const PlacedObject& plot : plots_around()) {
      if (take_object()) {
        look_at_plot(plot.id);
      } else {
        ++found_.skipped_plots;
      }
    }
    sort_by_gap(batches_, place_.at);
    for (const PlacedObject& batch : batches_) look_at_batch(batch.id);
    std::sort_heap(nearest_.begin(), nearest_.end());
    for (const Candidate& candidate : nearest_) tell(candidate);
    std::ranges::sort(found_.plots, {}, &NearPlot::plot);
    return std::move(found_);
  }

 private:
  struct Candidate {
    UInt128 squared;
    ObjectId batch;
    std::uint64_t index;
    ledger::TreeCode code;
    Position position;
    std::uint16_t species;
    bool operator<(const Candidate& other) const {
      return std::tie(squared, batch, index) < std::tie(other.squared, other.batch, other.index);
    }
  };

  bool take_object() {
    if (objects_ == place_.objects_max) return false;
    ++objects_;
    return true;
  }

  // Those whose trees may be near, the nearest first.
  std::vector<PlacedObject> plots_around() const {
    std::vector<PlacedObject> plots;
    for (const Box& box : boxes_around(place_.at, place_.radius_m + kStrayMetresMax)) {
      for (const ledger::Layer layer : kLayers) {
        std::ranges::move(ledger::plots_meeting(state_, layer, box), std::back_inserter(plots));
      }
    }
    std::ranges::sort(plots, {}, &PlacedObject::id);
    const auto repeated = std::ranges::unique(plots, {}, &PlacedObject::id);
    plots.erase(repeated.begin(), repeated.end());
    sort_by_gap(plots, place_.at);
    return plots;
  }

  void look_at_plot(const ObjectId& id) {
    const auto plot = ledger::find<PlotObject>(view_, id);
    if (plot->live == 0) return;
    std::vector<PlacedObject> placed;
    ledger::collect_meeting(state_, ledger::kPlotBatchesNamespace, id.text, kWorld, placed);
    const bool is_near = is_within(*plot);
    std::set<ObjectId> seen;  // corrected trees bring their batch again
    std::uint64_t unplaced = 0;
    for (const PlacedObject& batch : placed) {
      const bool may_be_near = is_near || meets(near_, batch.box);
      if (!may_be_near || seen.contains(batch.id)) continue;
      seen.insert(batch.id);
      if (!take_object()) {
        ++found_.skipped_batches;
        continue;
      }
      const auto object = ledger::find<BatchObject>(view_, batch.id);
      if (object->positions != ledger::Positions::plot) {
        batches_.push_back(batch);
      } else if (is_near) {
        unplaced += object->trees().live();
      }
    }
    if (unplaced > 0) found_.plots.push_back({id, plot->payload.layer, unplaced});
  }

  // By its box alone where this node lacks the outline, and across the antimeridian.
  bool is_within(const PlotObject& plot) const {
    if (!meets(near_, plot.box)) return false;
    const std::int64_t apart = std::int64_t{plot.box.west} - place_.at.lon_e7;
    if (std::max(apart, -apart) > geometry::kLongitudeMaxE7) return true;
    const auto outline = state_.attachment(plot.payload.geometry.root);
    return !outline || geometry::within_grown(ledger::outline_of(plot.payload, *outline), place_.at,
                                              place_.radius_m);
  }

  void look_at_batch(const ObjectId& id) {
    const auto batch = ledger::find<BatchObject>(view_, id);
    const auto leaves = state_.attachment(batch->leaves.root);
    if (!leaves || batch->size() > place_.trees_max - trees_) {
      ++found_.skipped_batches;
      return;
    }
    trees_ += batch->size();
    const ledger::CountedTrees counted(state_, id, *batch, leaves);
    ledger::TreeCodes codes(state_, id, batch->size());
    for (const ledger::TreeCode code : ledger::kLiveCodes) {
      codes.each_run(code, 0, batch->size(), [&](std::uint64_t from, std::uint64_t count) {
        for (std::uint64_t i = from; i < from + count; ++i) {
          const Position at = counted.position(i);
          if (const auto squared = squared_within(at)) {
            keep({*squared, id, i, code, at, counted.species(i)});
          }
        }
        return true;
      });
    }
  }

  std::optional<UInt128> squared_within(Position at) const {
    if (!meets(near_, {at.lat_e7, at.lon_e7, at.lat_e7, at.lon_e7})) return std::nullopt;
    const UInt128 squared = geometry::squared_distance(place_.at, at);
    return squared <= reach_ * reach_ ? std::optional(squared) : std::nullopt;
  }

  // The nearest are kept in a heap whose first is the farthest of them.
  void keep(Candidate tree) {
    ++found_.found;
    if (nearest_.size() == place_.limit) {
      if (!(tree < nearest_.front())) return;
      std::pop_heap(nearest_.begin(), nearest_.end());
      nearest_.pop_back();
    }
    nearest_.push_back(std::move(tree));
    std::push_heap(nearest_.begin(), nearest_.end());
  }

  void tell(const Candidate& tree) {
    const auto batch = ledger::find<BatchObject>(view_, tree.batch);
    const std::uint64_t root = geometry::integer_root(tree.squared * 10'000);
    found_.trees.push_back({ledger::MemberId::of(tree.batch, tree.index), tree.code,
                            batch->species[tree.species].species, *batch->plot, tree.position,
                            batch->positions, batch->precision_m,
                            root / geometry::kLengthUnitsPerMetre});
  }

  const ChainView& view_;
  const ledger::State state_;  // knows what was redacted
  const NearPlace& place_;
  const std::vector<Box> near_;
  const UInt128 reach_;  // in length units
  std::size_t objects_ = 0;
  std::uint64_t trees_ = 0;
  std::vector<PlacedObject> batches_;
  std::vector<Candidate> nearest_;
  NearTrees found_;
};

}  // namespace

NearTrees trees_near(const ChainView& view, const NearPlace& place) {
  return Search(view, place).search();
}

}  // namespace treeproof::rpc
