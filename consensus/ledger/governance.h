// What a proposal may change: organisations, keys, species, parameters, validators,
// and what others recorded (remedies.h).
// Owns no rule (rules_governance). Callers: statement, rules, json_codec. Pure.
// Source: docs/ledger.md "Several signers" and "Statements".
#pragma once

#include <variant>

#include "consensus/ledger/membership.h"
#include "consensus/ledger/remedies.h"

namespace treeproof::ledger {

using KeyRoles = List<KeyRole, 8, 1>;
using OrgRoles = List<OrgRole, 6, 1>;

// Admits an organisation, or changes its name, roles and group.
struct OrgPut {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "org_put";
  OrgId org;
  DisplayName name;
  OrgRoles roles;
  OrgId conflict_group;  // same owner, same group

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
    visit("name", self.name);
    visit("roles", self.roles);
    visit("conflict_group", self.conflict_group);
  }
  bool operator==(const OrgPut&) const = default;
};

// Gives an organisation a key, its first one for instance.
struct KeyPutFor {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "key_put";
  static constexpr std::string_view kRuleName = "key-put-for";  // beside the statement's
  OrgId org;
  crypto::PublicKeyBytes public_key{};
  KeyRoles roles;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
    visit("roles", self.roles);
    visit("public_key", self.public_key);
  }
  bool operator==(const KeyPutFor&) const = default;
};

struct KeyRevokeFor {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "key_revoke";
  static constexpr std::string_view kRuleName = "key-revoke-for";
  OrgId org;
  crypto::PublicKeyBytes public_key{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
    visit("public_key", self.public_key);
  }
  bool operator==(const KeyRevokeFor&) const = default;
};

struct Species {
  static constexpr std::string_view kName = "species";
  static constexpr std::string_view kNamespace = "species";  // id: the code
  static constexpr bool kIsArray = true;
  Code code;
  DisplayName name;  // scientific name
  std::optional<std::uint64_t> gbif_id;
  std::optional<std::uint64_t> iucn_id;
  Habit habit{};
  std::optional<std::uint64_t> max_stems_per_ha;  // null: the default of the habit

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("code", self.code);
    visit("name", self.name);
    visit("gbif_id", self.gbif_id);
    visit("iucn_id", self.iucn_id);
    visit("habit", self.habit);
    visit("max_stems_per_ha", self.max_stems_per_ha);
  }
  bool operator==(const Species&) const = default;
};

// Registers or changes species.
struct SpeciesPut {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "species_put";
  List<Species, kSpeciesPerStatementMax, 1> species;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("species", self.species);
  }
  bool operator==(const SpeciesPut&) const = default;
};

struct Setting {
  static constexpr std::string_view kName = "setting";
  static constexpr bool kIsArray = true;
  Code name;
  std::uint64_t value = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("value", self.value);
  }
  bool operator==(const Setting&) const = default;
};

// Sets parameters by name (parameters.h lists them).
struct ParamsSet {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "params_set";
  List<Setting, 64, 1> settings;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("settings", self.settings);
  }
  bool operator==(const ParamsSet&) const = default;
};

using Change = std::variant<OrgPut, KeyPutFor, KeyRevokeFor, SpeciesPut, ParamsSet, ValidatorsSet,
                            SuspendOrg, ReinstateOrg, Resolve, HandoverFor, Redact>;

}  // namespace treeproof::ledger
