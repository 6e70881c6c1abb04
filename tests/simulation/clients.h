// Clients of a simulated consortium: photos, and plots with their outlines, at random doors.
// Owns no statement. Caller: the simulated world. One thread.
// Source: docs/ledger.md "Statements".
#pragma once

#include <string>

#include "tests/simulation/world_options.h"

namespace treeproof::simulation {

class Clients {
 public:
  // The world and its options outlive the clients.
  Clients(World& world, const WorldOptions& options) : world_(world), options_(options) {}
  void start();

 private:
  void submit_something();
  void submit_photo(const std::string& door, const std::string& signer);
  void submit_plot(const std::string& door, const std::string& signer);

  World& world_;
  const WorldOptions& options_;
  std::int32_t next_ref_ = 0;
};

}  // namespace treeproof::simulation
