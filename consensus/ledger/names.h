// The texts and codes that statements are made of: identifiers with their alphabets, roles, kinds.
// Owns no rule beyond an alphabet. Callers: payloads, objects, rules, json_codec. Pure.
// Source: docs/protocol.md sections 2 and 3; docs/ledger.md.
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>

#include "consensus/ledger/schema.h"

namespace treeproof::ledger {

// An organisation: [a-z0-9-], 1 to 16 characters.
struct OrgId {
  std::string text;
  static bool check(std::string_view text) noexcept;
  auto operator<=>(const OrgId&) const = default;
};
// The signer's own reference: [a-z0-9._-], 1 to 48 characters.
struct Ref {
  std::string text;
  static bool check(std::string_view text) noexcept;
  auto operator<=>(const Ref&) const = default;
};
// An object: "org/ref".
struct ObjectId {
  std::string text;
  static bool check(std::string_view text) noexcept;
  static ObjectId of(const OrgId& org, const Ref& ref);
  OrgId org() const;
  auto operator<=>(const ObjectId&) const = default;
};
// A species, series or action code: [a-z0-9._-], 1 to 48 characters.
struct Code {
  std::string text;
  static bool check(std::string_view text) noexcept;
  auto operator<=>(const Code&) const = default;
};
// A name for people: UTF-8 without control characters, 1 to 96 bytes.
struct DisplayName {
  std::string text;
  static bool check(std::string_view text) noexcept;
  auto operator<=>(const DisplayName&) const = default;
};
// ISO 3166-1 alpha-2, upper case.
struct CountryCode {
  std::string text;
  static bool check(std::string_view text) noexcept;
  auto operator<=>(const CountryCode&) const = default;
};

enum class OrgRole : std::uint8_t { platform, programme, planter, verifier, regulator, community };
enum class KeyRole : std::uint8_t { admin, issue, redeem, plant, verify, observe, dispute, node };
enum class Habit : std::uint8_t { tree, shrub, palm, bamboo, mangrove, seagrass, coral, herb };
enum class Unit : std::uint8_t { stem, m2, coral_fragment, patrol_km, nest };
enum class Mode : std::uint8_t { pledge_first, plant_first };
enum class Layer : std::uint8_t { canopy, understory, marine, protection };
enum class PlantingMethod : std::uint8_t { seedling, seed, cutting, coral, none };
enum class Positions : std::uint8_t { measured, grid, plot };
enum class Purpose : std::uint8_t { campaign, replacement };
enum class EvidenceKind : std::uint8_t { photo, drone, satellite, invoice, nursery, land };
enum class Provenance : std::uint8_t { none, present, valid };
enum class VerifyMethod : std::uint8_t { full, sample };
enum class Cause : std::uint8_t {
  drought,
  fire,
  flood,
  pest,
  grazing,
  theft,
  felled,
  storm,
  construction,
  unknown,
};
// Who saw it: the planter or its owner's kin; an independent verifier; anybody else.
enum class Witness : std::uint8_t { self_reported, verified, reported };
enum class RefundReason : std::uint8_t { user_request, not_planted, tree_lost, error };
// What a dispute says is wrong.
enum class Ground : std::uint8_t {
  trees_missing,
  counted_twice,
  wrong_place,
  wrong_species,
  land_right,
  false_report,
  false_points,
  stolen_key,
  other,
};
enum class Outcome : std::uint8_t { upheld, rejected };
enum class Remedy : std::uint8_t { none, void_ranges, reverify, suspend_org };
enum class CorrectionReason : std::uint8_t {
  typing_error,
  survey_error,
  wrong_species,
  entered_twice,
  not_planted,
  other,
};

using Names = std::span<const std::string_view>;
Names names_of(OrgRole) noexcept;
Names names_of(KeyRole) noexcept;
Names names_of(Habit) noexcept;
Names names_of(Unit) noexcept;
Names names_of(Mode) noexcept;
Names names_of(Layer) noexcept;
Names names_of(PlantingMethod) noexcept;
Names names_of(Positions) noexcept;
Names names_of(Purpose) noexcept;
Names names_of(EvidenceKind) noexcept;
Names names_of(Provenance) noexcept;
Names names_of(VerifyMethod) noexcept;
Names names_of(Cause) noexcept;
Names names_of(Witness) noexcept;
Names names_of(RefundReason) noexcept;
Names names_of(Ground) noexcept;
Names names_of(Outcome) noexcept;
Names names_of(Remedy) noexcept;
Names names_of(CorrectionReason) noexcept;

// The stable name of an enumerator.
template <class Enum>
  requires std::is_enum_v<Enum>
std::string_view name(Enum value) {
  return names_of(value)[static_cast<std::size_t>(value)];
}

}  // namespace treeproof::ledger
