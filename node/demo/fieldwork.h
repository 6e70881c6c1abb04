// What both parts of the demo's story are told with: who acts, names of objects, a sample that is
// visited, an allocation that is planned and recorded.
// Owns the actors' connections, not the story. Callers: season, aftermath, demo. One thread.
// Source: docs/running.md "The demo"; docs/ledger.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/demo/actor.h"

namespace treeproof::demo {

struct Actors {
  Actor platform;
  Actor desert_ngo;
  Actor river_ngo;
  Actor verifier;
  Actor regulator;
  std::vector<Actor> further;  // validators beyond four
};

// Prints one line of the story, with the chain's date before it.
using Tell = std::function<void(const std::string& line)>;

// The steps of a story, until one fails.
using Step = std::function<cli::Result<void>()>;
cli::Result<void> run_in_turn(const std::vector<Step>& steps);

ledger::ObjectId object_of(const Actor& actor, const std::string& ref);
// In place of a document that the demo does not have.
crypto::Hash fingerprint(const std::string& what);
// Of an answer, where large numbers are decimal texts.
std::uint64_t number_of(const rpc::Json& value);

// The verifier visits the trees that the chain draws of a batch, and accepts it as "verify-<name>".
// How many it visited.
cli::Result<std::uint64_t> visit_sample(Actor& verifier, const ledger::ObjectId& batch,
                                        const std::string& name);

struct PlannedAllocation {
  ledger::Allocate payload;
  ledger::AttachmentPtr runs;
};
// With the links that follow now. Without runs: those that the node proposes.
cli::Result<PlannedAllocation> plan_allocation(Actor& platform, const ledger::ObjectId& campaign,
                                               const std::string& ref,
                                               const std::vector<ledger::RunLeaf>& runs);

}  // namespace treeproof::demo
