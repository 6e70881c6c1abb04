// What a node knows of trees that are recorded: their batches, how each is, and which stands where.
// Owns no tree. Callers: the intakes of sightings and trees, care statements; tests give another
// source. One thread. Source: docs/importing.md "Observations and deaths"; docs/api.md batch_get,
// batch_leaves, tree_get.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/member_codes.h"
#include "node/cli/rpc_client.h"

namespace treeproof::import {

struct KnownSpecies {
  std::string code;
  std::uint64_t there = 0;  // planted and not voided
  std::uint64_t dead = 0;   // of them
};

struct KnownBatch {
  std::uint64_t size = 0;
  std::optional<std::int32_t> planted_from;
  std::optional<std::int32_t> planted_to;
  std::vector<KnownSpecies> species;  // in the order of the batch
};

struct KnownTree {
  std::string species;
  ledger::TreeCode code{};
};

struct TreeName {
  std::string batch;  // org/ref
  std::uint64_t index = 0;
  auto operator<=>(const TreeName&) const = default;
};
// What was recorded at a place, voided trees apart; nothing where that is more than one tree, as
// where one was replaced: a place alone does not say which is meant.
using PlaceBook = std::map<geometry::Position, std::optional<TreeName>>;

struct TreeSource {
  // Nothing for an id that names no batch. Failures end the import.
  std::function<cli::Result<std::optional<KnownBatch>>(const std::string& batch)> batch;
  // In the order asked for. Requires: all below the batch's size.
  std::function<cli::Result<std::vector<KnownTree>>(const std::string& batch,
                                                    const std::vector<std::uint64_t>& trees)>
      trees;
  // Every tree with a measured position; asked for only where rows name none by its id.
  std::function<cli::Result<PlaceBook>()> places;
};

// The trees of `holder` are found by their places. Requires: the client outlives the source.
TreeSource trees_of_node(cli::RpcClient& client, const std::string& holder);

// Where live trees stand, whose places no other tree of the plot may have: by the plot's ref.
using TakenPlaces = std::map<std::string, std::set<geometry::Position>>;
// Whether a batch, by its id, is the import's own of this plot, by its ref.
using IsOwnBatch = std::function<bool(const std::string& plot, const std::string& batch)>;
// Of these plots of an organisation. A place where the import recorded a tree of its own is not
// taken, whatever became of that tree: the same file makes the same batches again.
cli::Result<TakenPlaces> taken_places(cli::RpcClient& client, const std::string& org,
                                      const std::vector<std::string>& plots,
                                      const IsOwnBatch& is_own);

bool is_dead(ledger::TreeCode code) noexcept;
bool is_voided(ledger::TreeCode code) noexcept;

}  // namespace treeproof::import
