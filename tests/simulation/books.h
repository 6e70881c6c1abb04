// The books that no rule keeps: points and trees counted anew from the statements of decided
// blocks, and compared with what the state says.
// Owns its sums. Caller: the invariants. One thread.
// Source: docs/ledger.md I1 to I5.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "consensus/ledger/points_objects.h"
#include "consensus/replica/chain.h"

namespace treeproof::simulation {

class Books {
 public:
  // Takes a block in; `state` is that after it. A sentence where points are made or lost, a unit
  // holds two trees or a tree two units.
  std::optional<std::string> take(const replica::ExecutedBlock& block,
                                  const ledger::StateReader& state);

  std::uint64_t units_with_trees() const noexcept { return trees_of_units_.size(); }

 private:
  struct Points {
    std::uint64_t issued = 0;
    std::uint64_t redeemed = 0;
  };
  using Member = std::pair<std::string, std::uint64_t>;  // of a batch, by number
  std::optional<std::string> allocate(const ledger::AllocationLinks& links);

  std::map<std::string, Points> points_;          // by programme
  std::map<std::string, std::uint64_t> batches_;  // members of each plant and redeem
  std::map<Member, Member> trees_of_units_;
  std::set<Member> given_trees_;
};

}  // namespace treeproof::simulation
