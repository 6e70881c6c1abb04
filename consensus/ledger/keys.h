// Payloads that decide and that name keys: propose, approve, consent, key_put, key_revoke.
// Owns no rule (rules_governance). Callers: statement, rules, json_codec. Pure.
// Source: docs/ledger.md "Several signers" and "Statements".
#pragma once

#include "consensus/ledger/governance.h"

namespace treeproof::ledger {

struct Propose {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "propose";
  Ref ref;
  Change change;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("change", self.change);
  }
  bool operator==(const Propose&) const = default;
};

struct Approve {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "approve";
  Ref ref;
  ObjectId proposal;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("proposal", self.proposal);
  }
  bool operator==(const Approve&) const = default;
};

// Consents to a statement that waits, or to a logged plot (confirms its capacity).
struct Consent {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "consent";
  Ref ref;
  crypto::Hash statement{};  // statement id

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("statement", self.statement);
  }
  bool operator==(const Consent&) const = default;
};

// The organisation rotates its own keys.
struct KeyPut {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "key_put";
  Ref ref;
  crypto::PublicKeyBytes public_key{};
  KeyRoles roles;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("roles", self.roles);
    visit("public_key", self.public_key);
  }
  bool operator==(const KeyPut&) const = default;
};

struct KeyRevoke {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "key_revoke";
  Ref ref;
  crypto::PublicKeyBytes public_key{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("public_key", self.public_key);
  }
  bool operator==(const KeyRevoke&) const = default;
};

}  // namespace treeproof::ledger
