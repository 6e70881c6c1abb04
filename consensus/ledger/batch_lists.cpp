#include "consensus/ledger/batch_lists.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "consensus/ledger/chunked_list.h"

namespace treeproof::ledger {

namespace {

constexpr std::string_view kLinks = "batch_links";
constexpr std::string_view kDeaths = "batch_deaths";
constexpr std::string_view kSuccessors = "batch_successors";
constexpr std::string_view kPredecessors = "batch_predecessors";
constexpr std::string_view kServing = "redemption_batches";

// Calls visit(first, end) for each part of [from, from + count) that the ranges hold.
template <class Visit>
void each_part(const Ranges& ranges, std::uint64_t from, std::uint64_t count, Visit visit) {
  const std::uint64_t end = from + count;
  auto range = std::ranges::upper_bound(ranges, from, {}, &Range::from);
  if (range != ranges.begin()) --range;
  for (; range != ranges.end() && range->from < end; ++range) {
    const std::uint64_t first = std::max(from, range->from);
    const std::uint64_t last = std::min(end, range->from + range->count);
    if (first < last) visit(first, last);
  }
}

void note_serving(State& state, const ObjectId& batch, const std::set<ObjectId>& redemptions) {
  for (const ObjectId& redeem : redemptions) {
    const std::vector<ObjectId> known = serving_batches(state, redeem);
    if (std::ranges::find(known, batch) != known.end()) continue;
    const ServingBatch item{batch};
    append_items<ServingBatch>(state, kServing, redeem.text, std::span(&item, 1));
  }
}

}  // namespace

void note_links(State& state, const ObjectId& batch, const std::vector<LinkRange>& ranges) {
  std::vector<LinkRun> runs;
  std::set<ObjectId> redemptions;
  for (const LinkRange& range : ranges) {
    runs.push_back({range.tree_from, range.count, range.redeem, range.unit_from});
    redemptions.insert(range.redeem);
  }
  append_items<LinkRun>(state, kLinks, batch.text, runs);
  note_serving(state, batch, redemptions);
}

std::vector<LinkRun> links_of_trees(const StateReader& state, const ObjectId& batch,
                                    const Ranges& trees) {
  std::vector<LinkRun> found;
  each_item<LinkRun>(state, kLinks, batch.text, [&](const LinkRun& run) {
    each_part(trees, run.tree_from, run.count, [&](std::uint64_t first, std::uint64_t end) {
      found.push_back({first, end - first, run.redeem, run.unit_from + (first - run.tree_from)});
    });
  });
  return found;
}

std::vector<LinkRun> links_by_tree(const StateReader& state, const ObjectId& batch) {
  std::vector<LinkRun> links;
  each_item<LinkRun>(state, kLinks, batch.text,
                     [&](LinkRun& run) { links.push_back(std::move(run)); });
  std::ranges::sort(links, {}, &LinkRun::tree_from);
  return links;
}

std::vector<LinkRun> links_of_units(const StateReader& state, const ObjectId& batch,
                                    const ObjectId& redeem, const Ranges& units) {
  std::vector<LinkRun> found;
  each_item<LinkRun>(state, kLinks, batch.text, [&](const LinkRun& run) {
    if (run.redeem != redeem) return;
    each_part(units, run.unit_from, run.count, [&](std::uint64_t first, std::uint64_t end) {
      found.push_back({run.tree_from + (first - run.unit_from), end - first, redeem, first});
    });
  });
  return found;
}

std::vector<ObjectId> serving_batches(const StateReader& state, const ObjectId& redeem) {
  std::vector<ObjectId> batches;
  each_item<ServingBatch>(state, kServing, redeem.text,
                          [&](ServingBatch& item) { batches.push_back(std::move(item.batch)); });
  return batches;
}

void note_deaths(State& state, const ObjectId& batch, const std::vector<DeathRun>& deaths) {
  append_items<DeathRun>(state, kDeaths, batch.text, deaths);
}

std::vector<DeathRun> deaths_of(const StateReader& state, const ObjectId& batch,
                                const Ranges& trees) {
  std::vector<DeathRun> found;
  each_item<DeathRun>(state, kDeaths, batch.text, [&](const DeathRun& run) {
    each_part(trees, run.from, run.count, [&](std::uint64_t first, std::uint64_t end) {
      found.push_back({first, end - first, run.was, run.record});
    });
  });
  return found;
}

void note_successors(State& state, const ObjectId& batch, std::span<const SuccessorRun> runs) {
  if (runs.empty()) return;
  append_items<SuccessorRun>(state, kSuccessors, batch.text, runs);
  std::vector<PredecessorRun> back;
  for (const SuccessorRun& run : runs) {
    assert(run.to == runs.front().to);
    back.push_back({run.to_tree, run.count, batch, run.from});
  }
  append_items<PredecessorRun>(state, kPredecessors, runs.front().to.text, back);
}

std::vector<SuccessorRun> successors_of(const StateReader& state, const ObjectId& batch,
                                        const Ranges& trees) {
  std::vector<SuccessorRun> found;
  each_item<SuccessorRun>(state, kSuccessors, batch.text, [&](const SuccessorRun& run) {
    each_part(trees, run.from, run.count, [&](std::uint64_t first, std::uint64_t end) {
      found.push_back({first, end - first, run.to, run.to_tree + (first - run.from), run.record});
    });
  });
  return found;
}

std::optional<TreePlace> predecessor_of(const StateReader& state, const ObjectId& batch,
                                        std::uint64_t tree) {
  std::optional<TreePlace> found;
  each_item<PredecessorRun>(state, kPredecessors, batch.text, [&](const PredecessorRun& run) {
    const bool holds = run.from <= tree && tree - run.from < run.count;
    if (holds) found = TreePlace{run.of, run.of_tree + (tree - run.from)};
  });
  return found;
}

Ranges successors_in(const StateReader& state, const ObjectId& batch) {
  Ranges trees;
  each_item<PredecessorRun>(state, kPredecessors, batch.text, [&](const PredecessorRun& run) {
    trees.push_back({run.from, run.count});
  });
  std::ranges::sort(trees, {}, &Range::from);
  return trees;
}

}  // namespace treeproof::ledger
