// Trees and the state map at size.
// Source: docs/performance.md; docs/protocol.md sections 4 and 5.
#include <benchmark/benchmark.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/state_map.h"

namespace treeproof {
namespace {

crypto::Hash numbered(std::uint64_t number) {
  crypto::Bytes bytes;
  crypto::append_u64be(bytes, number);
  return crypto::sha256(bytes);
}

void merkle_root_per_leaf(benchmark::State& state) {
  std::vector<crypto::Hash> leaves;
  for (std::uint64_t i = 0; i < 65'536; ++i) leaves.push_back(numbered(i));
  for (auto _ : state) benchmark::DoNotOptimize(crypto::merkle_root(leaves));
  state.SetItemsProcessed(state.iterations() * 65'536);
}
BENCHMARK(merkle_root_per_leaf)->Unit(benchmark::kMillisecond);

// Blocks of 1,000 new keys each into a map of that many; an item is one key.
void state_map_insert(benchmark::State& state) {
  constexpr std::uint64_t kBlock = 1'000;
  const auto keys = static_cast<std::uint64_t>(state.range(0));
  crypto::StateMap map;
  std::uint64_t next = 0;
  const auto block = [&](std::uint64_t count) {
    std::vector<crypto::StateMapChange> changes;
    for (std::uint64_t i = 0; i < count; ++i, ++next) {
      changes.push_back({numbered(next), numbered(next)});
    }
    return changes;
  };
  while (map.size() < keys) map.apply(block(kBlock * 10));
  for (auto _ : state) {
    state.PauseTiming();
    const auto changes = block(kBlock);
    state.ResumeTiming();
    const auto undo = map.apply(changes);
    benchmark::DoNotOptimize(map.root());
    state.PauseTiming();
    map.revert(undo);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kBlock});
  state.counters["bytes_per_key"] =
      static_cast<double>(map.memory_bytes()) / static_cast<double>(map.size());
}
BENCHMARK(state_map_insert)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);

void state_map_proof(benchmark::State& state) {
  crypto::StateMap map;
  std::vector<crypto::StateMapChange> changes;
  const crypto::Bytes value(200, 7);
  for (std::uint64_t i = 0; i < 100'000; ++i)
    changes.push_back({numbered(i), crypto::sha256(value)});
  map.apply(changes);
  std::uint64_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(map.prove_existence(numbered(next++ % 100'000), value));
  }
}
BENCHMARK(state_map_proof)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace treeproof
