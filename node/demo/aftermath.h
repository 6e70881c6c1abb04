// What follows the season: trees die and are replaced, are counted, doubted, found, and a record is
// corrected.
// Owns the story, not the nodes. Caller: demo. One thread.
// Source: docs/running.md "The demo"; docs/ledger.md "When trees die" to "Corrections".
#pragma once

#include "node/demo/fieldwork.h"

namespace treeproof::demo {

class Aftermath {
 public:
  // `end` is when the chain's clock begins to run like any other. Requires: the actors outlive
  // this, and the season was played.
  Aftermath(Actors& actors, Tell tell, TimeMs end)
      : actors_(actors), tell_(std::move(tell)), end_(end) {}

  cli::Result<void> play();

 private:
  // by the river
  cli::Result<void> lose_trees();
  cli::Result<void> replant();
  cli::Result<void> replace();
  cli::Result<void> count_river();
  // in forest No. 277
  cli::Result<void> wait_for_the_end();
  cli::Result<void> dispute();
  cli::Result<void> show_freeze();
  cli::Result<void> answer();
  cli::Result<void> resolve();
  cli::Result<void> allocate_rest();
  cli::Result<void> correct();

  // What needs the verifier's consent.
  cli::Result<void> record_agreed(Actor& issuer, const ledger::Payload& payload,
                                  const std::string& consent_ref,
                                  const ledger::AttachmentPtr& attachment = nullptr);
  cli::Result<PlannedAllocation> plan_rest();

  Actors& actors_;
  Tell tell_;
  TimeMs end_;
  std::vector<ledger::PlantLeaf> replants_;  // in the order of the dead
};

}  // namespace treeproof::demo
