// What the state keeps of the chain itself: the sentinel, the beacon that samples are drawn from,
// and the way from a plot's statement to the plot. Owns no rule. Callers: genesis, execution,
// rules. Pure. Source: docs/protocol.md section 5; docs/ledger.md "verify".
#pragma once

#include <optional>

#include "consensus/ledger/names.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

// So that the state is never empty. Id: "genesis".
struct SentinelObject {
  static constexpr std::string_view kName = "sentinel-object";
  static constexpr std::string_view kNamespace = "sentinel";
  crypto::Hash genesis{};  // SHA-256 of the genesis file

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("genesis", self.genesis);
  }
  bool operator==(const SentinelObject&) const = default;
};
inline constexpr std::string_view kSentinelId = "genesis";

// The header hash of a height that samples are drawn from. A plant or inventory of height h marks
// h + 1; block h + 2, whose header names it, fills it in. Id: the height, decimal.
struct BeaconObject {
  static constexpr std::string_view kName = "beacon-object";
  static constexpr std::string_view kNamespace = "beacon";
  std::optional<crypto::Hash> header_hash;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("header_hash", self.header_hash);
  }
  bool operator==(const BeaconObject&) const = default;
};

// Id: the id of the statement that registered the plot, in hex.
struct PlotById {
  static constexpr std::string_view kName = "plot-by-id";
  static constexpr std::string_view kNamespace = "plot_by_id";
  ObjectId plot;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("plot", self.plot);
  }
  bool operator==(const PlotById&) const = default;
};

}  // namespace treeproof::ledger
