// What governance decides about who validates and who may sign: the whole next validator set, an
// organisation suspended, an organisation reinstated.
// Owns no rule (changes_membership). Callers: governance, rules, json_codec. Pure.
// Source: docs/ledger.md "Validators"; docs/protocol.md section 11; docs/consensus.md rule 26.
#pragma once

#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"
#include "crypto/signature.h"

namespace treeproof::ledger {

// A validator of the set to be; the key is the organisation's newest live one with the role node.
struct ValidatorSeat {
  static constexpr std::string_view kName = "validator-seat";
  static constexpr bool kIsArray = true;
  OrgId org;
  std::uint64_t power = 0;
  crypto::PublicKeyBytes public_key{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit("power", self.power);
    visit("public_key", self.public_key);
  }
  bool operator==(const ValidatorSeat&) const = default;
};

// The whole set, ascending by organisation: who is not in it leaves, who is new joins.
struct ValidatorsSet {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "validators_set";
  List<ValidatorSeat, kValidatorSeatsMax> validators;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("validators", self.validators);
  }
  bool operator==(const ValidatorsSet&) const = default;
};

// The organisation signs nothing any more, and leaves the validator set where it is in it.
struct SuspendOrg {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "suspend_org";
  OrgId org;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
  }
  bool operator==(const SuspendOrg&) const = default;
};

// Ends a suspension, and what follows from convictions; a seat takes a validators_set.
struct ReinstateOrg {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "reinstate_org";
  OrgId org;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
  }
  bool operator==(const ReinstateOrg&) const = default;
};

}  // namespace treeproof::ledger
