// The entries of the second ledger (book.h) for trees and units: one for each.
// Owns no rule. Caller: the model. One thread. Source: docs/ledger.md I3 to I5.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace treeproof::ledger::model {

using Cell = std::pair<std::int32_t, std::int32_t>;  // latitude, longitude

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
  Standing standing{};
  Fate fate{};
  bool is_doubted = false;  // a dispute asks for another verification
  bool is_owed = false;     // its unit waits for another
  std::optional<UnitName> unit;
  std::optional<TreeName> successor;
  std::optional<TreeName> predecessor;
  std::string teller;         // of its death
  std::uint64_t lost_at = 0;  // height of its death or voiding

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
  bool is_inventory = false;
  bool is_replacement = false;
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
  std::vector<Tree> trees;
};

enum class UnitState : std::uint8_t { free, held, owed, refunded };
struct Unit {
  UnitState state{};
  std::optional<TreeName> tree;
};

struct Redemption {
  std::string platform;
  std::string campaign;
  std::string programme;
  std::optional<std::string> species;
  std::uint64_t price = 0;
  std::optional<std::string> pledge;
  std::int32_t day = 0;
  std::vector<Unit> units;
};

}  // namespace treeproof::ledger::model
