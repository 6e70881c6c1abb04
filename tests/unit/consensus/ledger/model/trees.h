// The entries of the second ledger (book.h) for trees and units: one for each.
// Owns no rule. Caller: the model. One thread. Source: docs/ledger.md I3 to I5.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.h"

namespace treeproof::ledger::model {

using Cell = std::pair<std::int32_t, std::int32_t>;  // latitude, longitude

// Land along the compass: a rectangle in 1e-7 degrees.
struct Extent {
  std::int32_t south = 0;
  std::int32_t west = 0;
  std::int32_t north = 0;
  std::int32_t east = 0;

  bool has(const Cell& place) const {
    return south <= place.first && place.first <= north && west <= place.second &&
           place.second <= east;
  }
};

struct UnitName {
  std::string redeem;
  std::uint64_t index = 0;
  auto operator<=>(const UnitName&) const = default;
};
struct TreeName {
  std::string batch;
  std::uint64_t index = 0;
  auto operator<=>(const TreeName&) const = default;
};

enum class Standing : std::uint8_t { unverified, rejected, verified };
enum class Fate : std::uint8_t { lives, dead, voided };

struct Tree {
  std::string species;
  Cell place;
  std::optional<std::int32_t> day;
  bool is_stem = true;       // needs the room of its species; a coral fragment, too
  std::uint64_t covers = 0;  // m2, of a campaign by area
  Standing standing{};
  Fate fate{};
  bool is_doubted = false;  // a dispute asks for another verification
  bool is_owed = false;     // its unit waits for another
  std::optional<UnitName> unit;
  std::optional<TreeName> successor;
  std::optional<TreeName> predecessor;
  std::string teller;         // of its death
  std::uint64_t lost_at = 0;  // height of its death or voiding

  // Kilometres of a patrol and nests stand beside what grows there.
  bool takes_land() const { return is_stem || covers > 0; }
  bool lives() const { return fate == Fate::lives && standing != Standing::rejected; }
  bool waits() const { return lives() && (standing == Standing::unverified || is_doubted); }
  // Verified, and nobody has it.
  bool is_usable() const {
    return lives() && standing == Standing::verified && !is_doubted && !unit;
  }
};

struct Batch {
  std::string issuer;
  std::string holder;
  std::optional<std::string> plot;
  std::optional<std::string> campaign;
  std::optional<std::string> pledge;
  bool is_inventory = false;
  bool is_replacement = false;
  bool is_of_stems = true;           // not of another unit of a campaign
  std::vector<std::string> species;  // in the order of the statement
  std::optional<std::int32_t> first_day;
  std::optional<std::int32_t> last_day;
  std::int32_t recorded_day = 0;
  std::uint64_t height = 0;
  std::uint64_t beacon = 0;                 // height whose header draws the sample
  std::vector<std::string> verifiers;       // who verified it, in order
  std::optional<std::string> verification;  // the last one
  std::set<std::string> vouching;           // the last that saw every tree, and all since
  std::set<std::uint64_t> visited;          // by all verifications
  std::set<crypto::Hash> photos;
  crypto::Hash leaves{};  // root
  std::vector<Tree> trees;
};

enum class UnitState : std::uint8_t { free, held, owed, refunded };
struct Unit {
  UnitState state{};
  std::optional<TreeName> tree;
  std::string pledge;  // that it is drawn from; empty: none
};

struct Redemption {
  std::string platform;
  std::string campaign;
  std::string programme;
  std::optional<std::string> species;
  std::uint64_t price = 0;
  std::int32_t day = 0;
  crypto::Hash leaves{};  // root
  std::vector<Unit> units;
};

}  // namespace treeproof::ledger::model
