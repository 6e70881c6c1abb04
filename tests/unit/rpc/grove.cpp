#include "tests/unit/rpc/grove.h"

#include "consensus/ledger/geometry/polygon_codec.h"

namespace treeproof::rpc {

namespace {

// Of a row, from the plot's corner; three metres apart.
constexpr std::int32_t lat_of(std::int32_t row) { return 400'000'000 + 300 * row; }
constexpr std::int32_t kWest = 1'000'000'000;

ledger::AttachmentRef ten_leaves(TestChain& chain, std::int32_t lat) {
  std::vector<crypto::Bytes> leaves;
  for (std::int32_t i = 0; i < 10; ++i) {
    ledger::PlantLeaf leaf;
    leaf.lat = lat;
    leaf.lon = kWest + 300 * (i + 1);
    leaf.day = chain.day();
    leaves.push_back(ledger::encode(leaf));
  }
  return chain.attach(ledger::Attachment::build(leaves));
}

}  // namespace

void plant_more(TestChain& chain, const MoreTrees& trees) {
  ledger::Plant plant;
  plant.ref = {trees.ref};
  plant.plot = {std::string(kHome)};
  if (trees.campaign) plant.campaign = ledger::ObjectId{*trees.campaign};
  plant.species = {{{"haloxylon"}, 10}};
  plant.planted_from = plant.planted_to = chain.day();
  plant.leaves = ten_leaves(chain, lat_of(trees.row) + trees.north_e7);
  plant.evidence = trees.evidence;
  chain.must("desert-ngo", plant);
}

void take_stock(TestChain& chain, const std::string& ref, std::int32_t row) {
  ledger::Inventory stock;
  stock.ref = {ref};
  stock.plot = ledger::ObjectId{std::string(kHome)};
  stock.species = {{{"haloxylon"}, 10}};
  stock.leaves = ten_leaves(chain, lat_of(row));
  chain.must("desert-ngo", stock);
}

void pass_days(TestChain& chain, std::uint64_t days) {
  chain.advance_days(days);
  chain.empty_block();
}

void observe(TestChain& chain, std::string_view org, const std::string& ref, std::string_view batch,
             Counts counts, const ledger::Ranges& named) {
  ledger::Observe visit;
  visit.ref = {ref};
  visit.plant = {std::string(batch)};
  visit.day = chain.day();
  visit.species = {{{"haloxylon"}, counts.alive, counts.dead, counts.unknown}};
  visit.dead = named;
  if (!named.empty()) visit.cause = ledger::Cause::drought;
  chain.must(org, visit);
}

ledger::Plot square_plot(TestChain& chain, const std::string& ref, geometry::Position south_west,
                         std::uint64_t capacity) {
  const auto [south, west] = south_west;
  const geometry::Ring ring{{south, west},
                            {south, west + 10'000},
                            {south + 10'000, west + 10'000},
                            {south + 10'000, west},
                            {south, west}};
  ledger::Plot plot;
  plot.ref = {ref};
  plot.country = {"CN"};
  plot.area = geometry::check({{ring}}).value().square_metres;
  plot.capacity = capacity;
  plot.geometry = chain.attach(
      ledger::Attachment::build(std::vector<crypto::Bytes>{geometry::encode_ring(ring)}));
  return plot;
}

void let_die(TestChain& chain, const std::string& ref, std::string_view batch,
             const ledger::Ranges& ranges) {
  chain.must(
      "desert-ngo",
      ledger::Mortality{{ref}, {std::string(batch)}, ranges, ledger::Cause::drought, chain.day()});
}

}  // namespace treeproof::rpc
