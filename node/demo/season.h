// The season that the demo plays: forest No. 277 as published, and a second campaign by the river,
// from points to allocated trees.
// Owns the story, not the nodes. Caller: demo. One thread.
// Source: docs/running.md "The demo"; docs/ledger.md.
#pragma once

#include <string>

#include "consensus/proofs/certificate.h"
#include "node/demo/cast.h"
#include "node/demo/fieldwork.h"
#include "node/demo/forest.h"

namespace treeproof::demo {

// One user's unit, as only the platform and the user know it.
struct UserUnit {
  std::string redemption;  // org/ref#index
  proofs::Opening opening;
};

class Season {
 public:
  // Requires: the actors outlive this.
  Season(Actors& actors, Tell tell) : actors_(actors), tell_(std::move(tell)) {}

  // Forest No. 277 has trees for half of its units at the end, the river bank for all.
  cli::Result<void> play();
  // A unit of forest No. 277 that was allocated in the end.
  const UserUnit& user() const noexcept { return user_; }

 private:
  cli::Result<void> issue_points();
  cli::Result<void> open_campaign(const Forest& forest);
  cli::Result<void> register_plot(const Forest& forest);
  cli::Result<void> redeem(const Forest& forest);
  cli::Result<void> plant(const Forest& forest);
  cli::Result<void> verify(const Forest& forest);
  // Without runs: whatever the node proposes.
  cli::Result<void> allocate(const Forest& forest, const std::string& ref,
                             const std::vector<ledger::RunLeaf>& runs);
  Actor& planter_of(const Forest& forest);
  void tell_of_room(const Forest& forest);

  Actors& actors_;
  Tell tell_;
  UserUnit user_;
};

}  // namespace treeproof::demo
