// Statements that wait and whose links follow from what others may change: which of them must be
// judged again, one at a time, because a block touched what they use.
// Owns no pool and judges nothing itself on the replica's thread. Caller: replica, on its thread;
// check_links on any. Pure. Source: docs/protocol.md section 3 ("links_stale").
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "consensus/replica/effects.h"

namespace treeproof::replica {

class LinkWatch {
 public:
  // Whether links follow from statements of this type.
  static bool concerns(const ledger::SignedStatement& statement);

  // It waits, its attachment is here: to be judged.
  void add(const crypto::Hash& statement) { due_.insert(statement); }
  void remove(const crypto::Hash& statement);
  // What a block changed: whoever uses some of it is due again.
  void touch(const ledger::StateChanges& changes);
  // The next to be judged of those that still wait, while none is.
  std::optional<crypto::Hash> next(const std::function<bool(const crypto::Hash&)>& waits);
  // The end of the judgement. Requires: next() gave it. False: a block touched meanwhile what it
  // uses, so that the judgement says nothing and the statement is due again.
  bool finish(const LinksChecked& checked);

 private:
  std::map<crypto::Hash, std::vector<ledger::ObjectId>> uses_;  // by statement
  std::map<ledger::ObjectId, std::set<crypto::Hash>> used_by_;
  std::set<crypto::Hash> due_;
  std::optional<crypto::Hash> under_way_;
};

// Costs what executing the statement costs.
LinksChecked check_links(const CheckLinks& check, const ledger::StateReader& state);
// Whether a refusal says that the stated links do not follow any more.
bool says_stale(const ledger::Refusal& refusal) noexcept;

}  // namespace treeproof::replica
