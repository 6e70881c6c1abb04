// What happened to stretches of a batch, in chunked lists: which units its trees hold, when trees
// died, and which took whose place. Owns no rule. Callers: rules_allocate, rules_care,
// rules_refund, rules_replace, rules_revive, queries. Pure.
// Source: docs/ledger.md "allocate", "mortality", "replace"; docs/protocol.md section 5.
#pragma once

#include <span>
#include <vector>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/member_codes.h"
#include "consensus/ledger/ranges.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// `count` trees from `tree_from` hold as many units from `unit_from`. A tree stands once: it holds
// one unit for ever. List of namespace "batch_links", by batch.
struct LinkRun {
  static constexpr std::string_view kName = "link-run";
  static constexpr std::string_view kChunkName = "link-run-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t tree_from = 0;
  std::uint64_t count = 0;
  ObjectId redeem;
  std::uint64_t unit_from = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("tree_from", self.tree_from);
    visit("count", self.count);
    visit("redeem", self.redeem);
    visit("unit_from", self.unit_from);
  }
  bool operator==(const LinkRun&) const = default;
};

// `count` trees from `from` were `was`, and died or were voided. List of namespace "batch_deaths",
// by batch.
struct DeathRun {
  static constexpr std::string_view kName = "death-run";
  static constexpr std::string_view kChunkName = "death-run-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  TreeCode was{};
  ObjectId record;  // the statement that said so

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("count", self.count);
    visit("was", self.was);
    visit("record", self.record);
  }
  bool operator==(const DeathRun&) const = default;
};

// `count` trees from `from` have successors: as many from `to_tree` of `to`. List of namespace
// "batch_successors", by batch.
struct SuccessorRun {
  static constexpr std::string_view kName = "successor-run";
  static constexpr std::string_view kChunkName = "successor-run-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  ObjectId to;
  std::uint64_t to_tree = 0;
  ObjectId record;  // the replace

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("count", self.count);
    visit("to", self.to);
    visit("to_tree", self.to_tree);
    visit("record", self.record);
  }
  bool operator==(const SuccessorRun&) const = default;
};

// `count` trees from `from` are successors: of as many from `of_tree` of `of`. List of namespace
// "batch_predecessors", by batch.
struct PredecessorRun {
  static constexpr std::string_view kName = "predecessor-run";
  static constexpr std::string_view kChunkName = "predecessor-run-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  ObjectId of;
  std::uint64_t of_tree = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("count", self.count);
    visit("of", self.of);
    visit("of_tree", self.of_tree);
  }
  bool operator==(const PredecessorRun&) const = default;
};

// A batch that serves a redemption. List of namespace "redemption_batches", by redemption; each
// once.
struct ServingBatch {
  static constexpr std::string_view kName = "serving-batch";
  static constexpr std::string_view kChunkName = "serving-batch-chunk";
  static constexpr bool kIsArray = true;
  ObjectId batch;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("batch", self.batch);
  }
  bool operator==(const ServingBatch&) const = default;
};

// Notes the links of a batch. Requires: all ranges are of this batch.
void note_links(State& state, const ObjectId& batch, const std::vector<LinkRange>& ranges);
// The links of those trees, cut to them. Requires: no range is invalid.
std::vector<LinkRun> links_of_trees(const StateReader& state, const ObjectId& batch,
                                    const Ranges& trees);
// All links of a batch, ascending by tree.
std::vector<LinkRun> links_by_tree(const StateReader& state, const ObjectId& batch);
// The links of those units in one batch, cut to them.
std::vector<LinkRun> links_of_units(const StateReader& state, const ObjectId& batch,
                                    const ObjectId& redeem, const Ranges& units);
std::vector<ObjectId> serving_batches(const StateReader& state, const ObjectId& redeem);

void note_deaths(State& state, const ObjectId& batch, const std::vector<DeathRun>& deaths);
// The deaths of those trees, cut to them, in the order in which they were told: a tree that was
// revived may have several.
std::vector<DeathRun> deaths_of(const StateReader& state, const ObjectId& batch,
                                const Ranges& trees);

// Notes that trees have successors, all of one batch, on both sides.
void note_successors(State& state, const ObjectId& batch, std::span<const SuccessorRun> runs);
std::vector<SuccessorRun> successors_of(const StateReader& state, const ObjectId& batch,
                                        const Ranges& trees);
// The tree whose place this one took.
struct TreePlace {
  ObjectId batch;
  std::uint64_t tree = 0;
};
std::optional<TreePlace> predecessor_of(const StateReader& state, const ObjectId& batch,
                                        std::uint64_t tree);
// The trees of a batch that are successors, ascending.
Ranges successors_in(const StateReader& state, const ObjectId& batch);

}  // namespace treeproof::ledger
