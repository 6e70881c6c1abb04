#include "node/demo/forest.h"

#include <cmath>
#include <numbers>

#include "node/demo/cast.h"

namespace treeproof::demo {

namespace {

constexpr double kMetresPerDegree = 111'195.0;

std::int32_t e7(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e7)); }

double cosine(double degrees) { return std::cos(degrees * std::numbers::pi / 180); }

// The forest's own axes: 0 to 1 along each side of its rectangle, and beyond.
struct Frame {
  double lat = 0;
  double lon = 0;
  double height_degrees = 0;
  double width_degrees = 0;

  geometry::Position at(double up, double right) const {
    return {e7(lat + up * height_degrees), e7(lon + right * width_degrees)};
  }
  geometry::Polygon outline() const {
    return {{{at(0, 0), at(0, 1), at(1, 1), at(1, 0), at(0, 0)}}};
  }
};

// Both sides grow or shrink alike until the ledger measures the forest's area.
Frame frame_of(const Forest& forest) {
  const auto metres = [](std::uint64_t cells, std::uint64_t cell_m) {
    return static_cast<double>(cells * cell_m);
  };
  Frame frame{forest.lat, forest.lon, metres(forest.rows, forest.along_m) / kMetresPerDegree,
              metres(forest.columns, forest.across_m) / (kMetresPerDegree * cosine(forest.lat))};
  for (int i = 0; i < 3; ++i) {
    const auto measured = static_cast<double>(geometry::area_m2(frame.outline()));
    const double scale = std::sqrt(static_cast<double>(forest.area_m2) / measured);
    frame.height_degrees *= scale;
    frame.width_degrees *= scale;
  }
  return frame;
}

}  // namespace

Forest forest_277() {
  Forest forest;
  forest.ref = "277";
  forest.planter = kDesertNgo;
  forest.mode = ledger::Mode::pledge_first;
  forest.species = "haloxylon-ammodendron";
  forest.grams = 17'900;
  forest.trees = 150'000;
  forest.units_per_redemption = 10'000;
  forest.sample = 60;
  forest.area_m2 = 2'222'700;
  forest.across_m = 3;
  forest.along_m = 5;
  forest.columns = 478;  // 1,434 m
  forest.rows = 310;     // 1,550 m
  forest.lat = 38.85;
  forest.lon = 105.70;
  return forest;
}

Forest river_bank() {
  Forest forest;
  forest.ref = "river-bank";
  forest.planter = kRiverNgo;
  forest.mode = ledger::Mode::plant_first;
  forest.species = "populus-euphratica";
  forest.grams = 21'310;
  forest.trees = 2'400;
  forest.units_per_redemption = 800;
  forest.sample = 30;
  forest.area_m2 = 40'000;
  forest.across_m = 4;
  forest.along_m = 4;
  forest.columns = 50;
  forest.rows = 50;
  forest.lat = 41.95;
  forest.lon = 101.07;
  return forest;
}

std::vector<ledger::RunLeaf> half_of(const Forest& forest) {
  const ledger::ObjectId planting = ledger::ObjectId::of({forest.planter}, {"plant-" + forest.ref});
  const std::uint64_t size = forest.units_per_redemption;
  std::vector<ledger::RunLeaf> runs;
  for (std::uint64_t i = 1; i <= forest.trees / size; ++i) {
    const std::string ref = "redeem-" + forest.ref + "-" + std::to_string(i);
    const auto redemption = ledger::ObjectId::of({kPlatform}, {ref});
    runs.push_back({redemption, planting, {forest.species}, size / 2});
  }
  return runs;
}

geometry::Polygon outline_of(const Forest& forest) { return frame_of(forest).outline(); }

std::vector<geometry::Position> positions_of(const Forest& forest) {
  const Frame frame = frame_of(forest);
  const auto middle = [](std::uint64_t cell, std::uint64_t cells) {
    return (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
  };
  std::vector<geometry::Position> positions;
  positions.reserve(forest.trees);
  for (std::uint64_t i = 0; i < forest.trees; ++i) {
    positions.push_back(
        frame.at(middle(i % forest.rows, forest.rows), middle(i / forest.rows, forest.columns)));
  }
  return positions;
}

}  // namespace treeproof::demo
