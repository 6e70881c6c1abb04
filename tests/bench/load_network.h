// Four validators as real processes over loopback, with a campaign, a plot and a pledge large
// enough for every statement of a load. Owns the processes and their folder while it lives. Caller:
// load_driver. One thread. Source: docs/performance.md.
#pragma once

#include <filesystem>
#include <string>

#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"

namespace treeproof::load {

inline constexpr std::uint64_t kGramsPerUnit = 17'900;
inline constexpr std::int32_t kDay = 17'230;  // within the campaign's windows
inline constexpr std::size_t kNodes = 4;

// The value, or the end of the program with the two sentences.
template <class T>
T demand(cli::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s %s\n", result.error().what.c_str(), result.error().remedy.c_str());
  std::exit(2);
}

class Network {
 public:
  // `room` is the number of units and pledged trees that the campaign, plot and pledge have
  // room for.
  Network(const std::filesystem::path& program, std::uint64_t room);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  std::string url(std::size_t node) const;
  std::string chain_id() const { return ledger::chain_id(cast_.genesis()); }
  const crypto::SecretKey& key(const std::string& org) const { return cast_.work_key(org); }
  const std::filesystem::path& home() const noexcept { return home_; }
  // User and system seconds of all nodes since they started.
  double cpu_seconds() const;

  static ledger::ObjectId campaign() { return {std::string(demo::kPlatform) + "/load"}; }
  static ledger::ObjectId programme() { return {std::string(demo::kPlatform) + "/points"}; }
  static ledger::ObjectId plot() { return {std::string(demo::kDesertNgo) + "/land"}; }
  static ledger::ObjectId pledge() { return {std::string(demo::kDesertNgo) + "/pledge"}; }
  static ledger::Code species() { return {"haloxylon-ammodendron"}; }

 private:
  void start();
  void set_up(std::uint64_t room);
  void register_land(demo::Actor& ngo, std::uint64_t room);

  std::filesystem::path home_;
  demo::Cast cast_;
  demo::Processes nodes_;
};

}  // namespace treeproof::load
