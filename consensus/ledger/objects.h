// What the state keeps of those who decide: organisations with their keys, proposals, consents.
// Objects of points, campaigns, plots, batches and of the chain have headers of their own.
// Owns no rule. Callers: rules, genesis, queries. Pure.
// Source: docs/protocol.md section 5; docs/ledger.md "Who", "Several signers".
#pragma once

#include <optional>

#include "consensus/ledger/keys.h"
#include "consensus/ledger/record.h"

namespace treeproof::ledger {

struct KeyEntry {
  static constexpr std::string_view kName = "key-entry";
  static constexpr bool kIsArray = true;
  crypto::Kid kid{};
  crypto::PublicKeyBytes public_key{};
  KeyRoles roles;
  std::uint64_t from_height = 0;
  std::optional<std::uint64_t> revoked_height;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("kid", self.kid);
    visit("public_key", self.public_key);
    visit("roles", self.roles);
    visit("from_height", self.from_height);
    visit("revoked_height", self.revoked_height);
  }
  bool live() const noexcept { return !revoked_height; }
  bool has(KeyRole role) const noexcept;
  bool operator==(const KeyEntry&) const = default;
};

// Id: the organisation.
struct OrgObject {
  static constexpr std::string_view kName = "org-object";
  static constexpr std::string_view kNamespace = "org";
  DisplayName name;
  OrgRoles roles;
  OrgId conflict_group;
  List<KeyEntry, kKeysPerOrgMax> keys;  // in the order in which they came, revoked ones too
  bool suspended = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("keys", self.keys);
    visit("name", self.name);
    visit("roles", self.roles);
    visit("suspended", self.suspended);
    visit("conflict_group", self.conflict_group);
  }
  bool has(OrgRole role) const noexcept;
  const KeyEntry* key(const crypto::Kid& kid) const noexcept;
  const KeyEntry* key(const crypto::PublicKeyBytes& public_key) const noexcept;
  // The newest live one with the role node; null where there is none.
  const KeyEntry* node_key() const noexcept;
  bool operator==(const OrgObject&) const = default;
};

// Id: a public key in hex. Keys belong to one organisation, for ever.
struct KeyOwner {
  static constexpr std::string_view kName = "key-owner";
  static constexpr std::string_view kNamespace = "key";
  OrgId org;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
  }
  bool operator==(const KeyOwner&) const = default;
};

// Those who can take part in resolving disputes, ascending. Id: "current".
struct RegulatorsObject {
  static constexpr std::string_view kName = "regulators-object";
  static constexpr std::string_view kNamespace = "regulators";
  List<OrgId, kRegulatorsMax> orgs;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("orgs", self.orgs);
  }
  bool operator==(const RegulatorsObject&) const = default;
};
inline constexpr std::string_view kRegulatorsId = "current";

struct ProposalObject {
  static constexpr std::string_view kName = "proposal-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Propose::kName;
  RecordInfo record;
  Propose payload;
  List<OrgId, kApprovalsMax> approvals;      // ascending; recounted at each
  std::optional<std::uint64_t> carried_out;  // height

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("record", self.record);
    visit("payload", self.payload);
    visit("approvals", self.approvals);
    visit("carried_out", self.carried_out);
  }
  bool operator==(const ProposalObject&) const = default;
};

// Id: statement id in hex, "/", organisation.
struct ConsentObject {
  static constexpr std::string_view kName = "consent-object";
  static constexpr std::string_view kNamespace = "consent";
  ObjectId consent;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("consent", self.consent);
  }
  bool operator==(const ConsentObject&) const = default;
};

}  // namespace treeproof::ledger
