// Who plays in the demo: organisations with keys made on the spot, and their genesis.
// Owns the keys and the folder's files. Caller: demo. One thread.
// Source: docs/running.md "The demo".
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "consensus/ledger/genesis.h"
#include "node/cli/key_file.h"
#include "node/cli/outcome.h"

namespace treeproof::demo {

inline constexpr const char* kPlatform = "green-platform";
inline constexpr const char* kDesertNgo = "desert-ngo";
inline constexpr const char* kRiverNgo = "river-ngo";
inline constexpr const char* kVerifier = "verifier";
inline constexpr const char* kRegulator = "regulator";

inline constexpr std::size_t kValidatorsFewest = 4;  // of which one may fail
inline constexpr std::size_t kValidatorsMost = 7;    // of which two may fail

struct CastOptions {
  std::filesystem::path home;
  std::uint16_t peer_port = 8650;  // and those after it, one for each node
  std::uint16_t rpc_port = 8640;
  std::size_t validators = kValidatorsFewest;
};

class Cast {
 public:
  // Writes keys, guards, genesis, trust file and one configuration for each node below home.
  // Refuses another number of validators, and ports that do not exist or are wanted twice.
  static cli::Result<Cast> write(const CastOptions& options, TimeMs now);

  // In the order of their ports: four validators, the regulator, who observes, and the validators
  // beyond four.
  const std::vector<std::string>& orgs() const noexcept { return orgs_; }
  std::size_t validators() const noexcept { return options_.validators; }
  std::string rpc_url(const std::string& org) const;
  std::filesystem::path config(const std::string& org) const { return folder(org) / "node.toml"; }
  std::filesystem::path log(const std::string& org) const { return folder(org) / "node.log"; }
  std::filesystem::path trust() const { return options_.home / "trust.json"; }
  std::filesystem::path genesis_file() const { return options_.home / "genesis.json"; }
  const crypto::SecretKey& work_key(const std::string& org) const { return keys_.at(org).key; }
  const ledger::Genesis& genesis() const noexcept { return genesis_; }

 private:
  explicit Cast(CastOptions options);
  std::filesystem::path folder(const std::string& org) const { return options_.home / org; }
  cli::Result<ledger::GenesisOrg> admit(const std::string& org);
  cli::Result<void> write_genesis(TimeMs now);
  cli::Result<void> write_configs() const;

  CastOptions options_;
  std::vector<std::string> orgs_;
  std::map<std::string, cli::KeyFile> keys_;
  ledger::Genesis genesis_;
};

}  // namespace treeproof::demo
