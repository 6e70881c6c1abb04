// The season that the demo plays: forest No. 277 as published, and a second campaign by the river.
// Owns the story, not the nodes. Caller: demo. One thread.
// Source: docs/running.md "The demo"; docs/ledger.md.
#pragma once

#include <functional>
#include <string>

#include "consensus/proofs/certificate.h"
#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/forest.h"

namespace treeproof::demo {

struct Actors {
  Actor platform;
  Actor desert_ngo;
  Actor river_ngo;
  Actor verifier;
};

// One user's unit, as only the platform and the user know it.
struct UserUnit {
  std::string redemption;  // org/ref#index
  proofs::Opening opening;
};

class Season {
 public:
  // `tell` prints one line of the story, with the chain's date before it.
  using Tell = std::function<void(const std::string& line)>;
  Season(Actors actors, Tell tell) : actors_(std::move(actors)), tell_(std::move(tell)) {}

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
  cli::Result<void> allocate(const Forest& forest);
  cli::Result<void> run_in_turn(const std::vector<std::function<cli::Result<void>()>>& steps);
  ledger::ObjectId of(const Actor& actor, const std::string& ref) const;
  Actor& planter_of(const Forest& forest);
  void tell_of_room(const Forest& forest);

  Actors actors_;
  Tell tell_;
  UserUnit user_;
};

}  // namespace treeproof::demo
