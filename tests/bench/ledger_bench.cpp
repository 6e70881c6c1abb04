// The rules: what one statement costs on one core, signature check and disk left out.
// Source: docs/performance.md; docs/ledger.md.
#include <benchmark/benchmark.h>

#include "consensus/ledger/execution.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

constexpr std::uint64_t kBatch = 262'144;
constexpr Rectangle kLand{300'000'000, 1'000'000'000, 300'000, 500'000};

void judge(benchmark::State& state, const Field& field, const VerifiedStatement& statement) {
  for (auto _ : state) {
    const auto checked = check_statement(statement, field.state, field.block());
    if (!checked) state.SkipWithError(to_string(checked.error()).c_str());
  }
}

// Blocks of 1,000: executed and turned into changes of the map; an item is one statement.
template <class Make>
void execute_block(benchmark::State& state, Field& field, const Make& make) {
  std::vector<VerifiedStatement> statements;
  for (int i = 0; i < 1'000; ++i) statements.push_back(make(std::to_string(i)));
  for (auto _ : state) {
    BlockExecution block(field.state, field.block());
    for (const auto& statement : statements) {
      if (const auto added = block.add(statement); !added) {
        state.SkipWithError(to_string(added.error()).c_str());
      }
    }
    benchmark::DoNotOptimize(map_changes(block.finish().changes));
  }
  state.SetItemsProcessed(state.iterations() * 1'000);
}

void execute_evidence(benchmark::State& state) {
  Field field;
  execute_block(state, field, [&](const std::string& number) {
    Evidence evidence;
    evidence.ref = {"photo-" + number};
    evidence.day = field.day();
    evidence.bytes = 1;
    return field.sign(kDesert, evidence);
  });
}
BENCHMARK(execute_evidence)->Unit(benchmark::kMicrosecond);

void execute_pledge(benchmark::State& state) {
  Field field;
  execute_block(state, field, [&](const std::string& number) {
    return field.sign(kDesert, field.pledge("pledge-" + number, "desert-ngo/home", 1));
  });
}
BENCHMARK(execute_pledge)->Unit(benchmark::kMicrosecond);

void parse_and_verify(benchmark::State& state) {
  Field field;
  const auto statement = field.sign(kDesert, field.pledge("pledge", "desert-ngo/home", 1));
  const crypto::PublicKey key = secret_key(kDesert).public_key();
  for (auto _ : state) {
    const auto parsed = parse_statement(statement->bytes, field.chain);
    if (!parsed || !VerifiedStatement::verify(*parsed, key)) state.SkipWithError("refused");
  }
}
BENCHMARK(parse_and_verify)->Unit(benchmark::kMicrosecond);

// A plot of 262,144 trees, and what comes to it.
struct BigPlot {
  BigPlot() {
    Plot plot = field.plot("big", kLand);
    plot.capacity = 10'000'000;
    field.settle(kDesert, plot);
    for (std::uint64_t i = 0; i < kBatch; ++i) {
      PlantLeaf leaf;
      leaf.lat = kLand.south + 500 * static_cast<std::int32_t>(i / 900 + 1);
      leaf.lon = kLand.west + 500 * static_cast<std::int32_t>(i % 900 + 1);
      leaf.day = field.day();
      leaves.push_back(leaf);
    }
  }
  VerifiedStatement plant() {
    Plant payload = field.plant("trees", leaves);
    payload.plot = {"desert-ngo/big"};
    return field.sign(kDesert, payload);
  }
  void plant_and_verify() {
    field.must(plant());
    field.must(field.sign(kVerifier, field.full("verify", "desert-ngo/trees")));
  }
  Field field;
  std::vector<PlantLeaf> leaves;
};

void attachment_check_of_262144_trees(benchmark::State& state) {
  BigPlot big;
  const auto statement = big.plant();
  const AttachmentRef announced = *attachment_of(statement->payload);
  const AttachmentPtr held = big.field.state.attachment(announced.root);
  const crypto::Bytes bytes = crypto::to_bytes(held->bytes());
  for (auto _ : state) {
    if (!Attachment::check(bytes, announced)) state.SkipWithError("refused");
  }
}
BENCHMARK(attachment_check_of_262144_trees)->Unit(benchmark::kMillisecond);

void plant_of_262144_trees(benchmark::State& state) {
  BigPlot big;
  judge(state, big.field, big.plant());
}
BENCHMARK(plant_of_262144_trees)->Unit(benchmark::kMillisecond);

void allocate_262144_units(benchmark::State& state) {
  BigPlot big;
  Field& field = big.field;
  big.plant_and_verify();
  field.must(field.sign(kPlatform, field.redeem("units", kBatch)));
  const std::vector<RunLeaf> runs{{{"platform/units"}, {"desert-ngo/trees"}, kHaloxylon, kBatch}};
  judge(state, field, field.sign(kPlatform, field.allocate("all", runs)));
}
BENCHMARK(allocate_262144_units)->Unit(benchmark::kMillisecond);

// Objects and pages with their keys.
std::size_t state_bytes(const StateChanges& changes) {
  std::size_t sum = 0;
  for (const auto& [key, value] : changes.objects) {
    sum += key.name_space.size() + key.id.size() + (value ? value->size() : 0);
  }
  for (const auto& [key, page] : changes.pages) {
    sum += key.batch.size() + sizeof key.index + (page ? page->size() : 0);
  }
  return sum;
}

// Everything that comes to some trees of the plot: planted, verified, redeemed, allocated, and
// observed with one death in a hundred, each far from the next.
void live_through(BigPlot& big, const std::string& ref, std::uint64_t from, std::uint64_t count) {
  Field& field = big.field;
  Plant plant = field.plant(ref, std::span(big.leaves).subspan(from, count));
  plant.plot = {"desert-ngo/big"};
  field.must(kDesert, plant);
  const std::string batch = "desert-ngo/" + ref;
  field.must(kVerifier, field.full("verify-" + ref, batch));
  field.must(kPlatform, field.redeem("units-" + ref, count));
  const std::vector<RunLeaf> runs{{{"platform/units-" + ref}, {batch}, kHaloxylon, count}};
  field.must(kPlatform, field.allocate("all-" + ref, runs));
  Observe observe;
  observe.ref = {"observe-" + ref};
  observe.plant = {batch};
  observe.day = field.day();
  for (std::uint64_t tree = 50; tree < count; tree += 100) observe.dead.push_back({tree, 1});
  const std::uint64_t dead = observe.dead.size();
  observe.species = {{kHaloxylon, count - dead, dead, 0}};
  observe.cause = Cause::drought;
  field.must(kVerifier, observe);
}

// All of the state that 262,144 trees add, in that many plantings: its bytes, and what a node's two
// state maps hold in memory for its objects.
void state_of_262144_trees(benchmark::State& state) {
  const auto batches = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    BigPlot big;
    const StateChanges& all = big.field.state.all;
    crypto::StateMap map;
    map.apply(map_changes(all));
    const std::size_t bytes_before = state_bytes(all);
    const std::size_t map_before = map.memory_bytes();
    for (std::uint64_t i = 0; i < batches; ++i) {
      live_through(big, "trees-" + std::to_string(i), i * (kBatch / batches), kBatch / batches);
    }
    map.apply(map_changes(all));
    constexpr auto kTrees = static_cast<double>(kBatch);
    state.counters["bytes_a_tree"] = static_cast<double>(state_bytes(all) - bytes_before) / kTrees;
    state.counters["map_bytes_a_tree"] =
        2 * static_cast<double>(map.memory_bytes() - map_before) / kTrees;
  }
}
BENCHMARK(state_of_262144_trees)
    ->Arg(1)
    ->Arg(128)
    ->Arg(256)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

void redeem_of_10000_units(benchmark::State& state) {
  BigPlot big;
  Field& field = big.field;
  big.plant_and_verify();
  judge(state, field, field.sign(kPlatform, field.redeem("units", 10'000)));
}
BENCHMARK(redeem_of_10000_units)->Unit(benchmark::kMicrosecond);

// One registration beside 10,000 plots that touch each other.
void plot_beside_10000(benchmark::State& state) {
  constexpr std::int32_t kSide = 9'950;
  Field field;
  const auto numbered = [&](std::int32_t i) {
    const Rectangle on{-300'000'000 + i / 100 * kSide, i % 100 * kSide, kSide, kSide};
    return field.sign(kCoast, field.plot("plot-" + std::to_string(i), on));
  };
  BlockExecution block(field.state, field.block());
  for (std::int32_t i = 0; i < 10'000; ++i) {
    const bool added = block.add(numbered(i)).has_value();
    if (!added) return state.SkipWithError("a plot is refused");
  }
  field.state.all.merge(block.finish().changes);
  judge(state, field, numbered(10'000));
}
BENCHMARK(plot_beside_10000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace treeproof::ledger
