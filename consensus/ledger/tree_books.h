// The books of one batch while a statement changes what its trees are: codes in pages, counts of
// the batch, of its campaign, and what its plot holds. Whatever moves a tree moves it here, so that
// I4, I5 and I8 agree. Owns a working copy of batch and pages until close(); one for each batch.
// Callers: rules of verify, allocate, refund, replace, revive, correct, deaths. Pure. Source:
// docs/ledger.md I3 to I5, I8.
#pragma once

#include <map>
#include <optional>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

class TreeBooks {
 public:
  // The state outlives this.
  TreeBooks(State& state, ObjectId id, BatchObject batch);

  const ObjectId& id() const noexcept { return id_; }
  BatchObject& batch() noexcept { return batch_; }
  TreeCodes& codes() noexcept { return codes_; }
  // earlier_attachment_missing; asked before the first move.
  bool judge_leaves(Judgement& judgement);
  // Requires: judge_leaves held.
  const CountedTrees& trees() const noexcept { return *trees_; }

  // The stretches of trees with this code in the ranges.
  Ranges that_are(TreeCode code, const Ranges& ranges);
  Ranges that_are(TreeCode code);  // in all of the batch
  // Requires: judge_leaves held; every tree of the ranges is `from`; `from` differs from `to`.
  void move(const Ranges& ranges, TreeCode from, TreeCode to);
  // Writes batch and pages. Nothing is done afterwards.
  void close();

 private:
  // Whether a tree with this code is planted as a replacement and replaced none yet.
  bool is_replacing(TreeCode code) const noexcept;
  State& state_;
  ObjectId id_;
  BatchObject batch_;
  TreeCodes codes_;
  std::optional<CountedTrees> trees_;
};

using UnitsByRedemption = std::map<ObjectId, std::vector<Range>>;
// These units go from one code to another, in pages and counts of their redemptions. Requires: they
// have the first.
void move_units(State& state, const UnitsByRedemption& units, UnitCode from, UnitCode to);
// The units that these trees of a batch hold or held.
UnitsByRedemption units_of_trees(const State& state, const ObjectId& batch, const Ranges& trees);
// The units of these trees are owed another: they died, or were voided.
void owe_units(State& state, const ObjectId& batch, const Ranges& trees);

// These trees of the batch were never there: those that are neither rejected nor voided yet are
// voided, and their units owed another. Requires: judge_leaves held.
void void_trees(State& state, TreeBooks& books, const Ranges& ranges, const ObjectId& record);
// Whether nothing of a batch counts: all of it is voided or was rejected.
bool is_voided(const BatchObject& batch);
// Whether void_trees would change anything; trees_unaffected.
bool judge_voidable(Judgement& judgement, TreeBooks& books, const Ranges& ranges);

}  // namespace treeproof::ledger
