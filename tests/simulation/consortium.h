// A test consortium: four validators with fixed keys, and the genesis that names them.
// Owns its keys. Callers: the simulator, the tour, scenario tests. One thread.
// Source: docs/protocol.md section 11.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/genesis.h"
#include "consensus/ledger/statement.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

struct Member {
  std::string org;
  crypto::SecretKey node_key;
  crypto::SecretKey work_key;  // every role but node
};

class Consortium {
 public:
  // The first `validators` of platform, desert-ngo, river-ngo, verifier, regulator, ngo-5, ...
  explicit Consortium(std::size_t validators);
  // The same one for every run of this thread: its keys cost more than a short run.
  static const Consortium& of(std::size_t validators);

  const ledger::Genesis& genesis() const noexcept { return genesis_; }
  const std::string& chain_id() const noexcept { return chain_id_; }
  const Member& member(const std::string& org) const { return members_.at(org); }
  std::vector<std::string> validators() const;
  // A store that holds genesis and nothing else; copy it.
  const MemoryStore& empty_store() const { return *empty_store_; }

  // A statement signed with the organisation's work key.
  ledger::StatementPtr sign(const std::string& org, const ledger::Payload& payload,
                            std::uint64_t issued_at_s) const;

 private:
  std::map<std::string, Member> members_;
  ledger::Genesis genesis_;
  std::string chain_id_;
  std::optional<MemoryStore> empty_store_;
};

}  // namespace treeproof::simulation
