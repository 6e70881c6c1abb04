// What the second ledger (model.h) is told with a statement, and what it answers questions with.
// Owns no rule. Callers: the model, the story. One thread. Source: docs/ledger.md.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "consensus/ledger/statement.h"
#include "tests/unit/consensus/ledger/model/trees.h"

namespace treeproof::ledger::model {

// What a statement is, beside its payload.
struct Said {
  std::string org;
  std::string ref;
  crypto::PublicKeyBytes key{};
  crypto::Hash id{};  // of the statement
  std::int32_t day = 0;
  std::uint64_t height = 0;
  std::uint64_t time_s = 0;
  std::string object() const { return org + "/" + ref; }
};

// The leaves beside a statement, as they were before they were encoded.
struct Beside {
  std::vector<PlantLeaf> trees;
  std::vector<RedeemLeaf> units;
  std::vector<RunLeaf> runs;
  std::vector<ReplaceLeaf> replacements;
  Extent outline;
  std::uint64_t square_metres = 0;  // of the outline, by the geometry
};

// A unit and the tree that it gets.
using Pair = std::pair<UnitName, TreeName>;

// Who decides about a dispute: validators, and regulators. Nobody whom it touches.
struct Electorate {
  std::set<std::string> power;
  std::set<std::string> regulators;
};

}  // namespace treeproof::ledger::model
