// Who decides on a change, and when enough of them have: the validators by their power, or for the
// end of a dispute those whom it does not touch. Counted afresh at each approval.
// Owns nothing of the state. Callers: rules_governance, queries, audits. Pure.
// Source: docs/ledger.md "Several signers", "Disputes".
#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "consensus/ledger/dispute.h"
#include "consensus/ledger/governance.h"
#include "consensus/ledger/state.h"
#include "consensus/types/validator_set.h"

namespace treeproof::ledger {

// Who recorded what is disputed, then who holds it since a handover; of a verification who planted
// and who holds the trees that it judged, too, on which a remedy would act.
// Requires: the target is known.
std::vector<OrgId> accused_of(const StateReader& state, const DisputeTarget& target);

class Electorate {
 public:
  Electorate(const StateReader& state, const ValidatorSet& validators, const Change& change);

  // Whether the change has rules of its own about who decides.
  bool is_of_dispute() const noexcept { return is_of_dispute_; }
  bool admits(const OrgId& org) const noexcept;
  // Requires: the approvals are of those whom it admits, each once.
  bool decides(std::span<const OrgId> approvals) const noexcept;

 private:
  bool is_of_dispute_ = false;
  std::map<OrgId, std::uint64_t> powers_;
  std::uint64_t total_power_ = 0;
  std::set<OrgId> regulators_;  // of a dispute
};

}  // namespace treeproof::ledger
