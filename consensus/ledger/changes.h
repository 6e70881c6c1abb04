// A change that governance decides on: whether it can be carried out now, and carrying it out.
// The same code serves proposals, approvals and an organisation's own key_put and key_revoke.
// Owns no counting of approvals. Callers: rules_governance. Pure.
// Source: docs/ledger.md "Several signers"; docs/protocol.md sections 2 and 11.
#pragma once

#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

// Asks every rule of the change. Keys are unique for ever; the key that votes for a validator is
// revoked only after a successor was put.
bool require_change(Judgement& judgement, const Change& change);
// On the word of this proposal. Requires: require_change held in this judgement.
void carry_out(Judgement& judgement, const Change& change, const ObjectId& proposal);

// Those about who validates and who may sign (changes_membership.cpp). Requires for carrying out:
// as above.
bool require_parts(Judgement& judgement, const ValidatorsSet& change);
bool require_parts(Judgement& judgement, const SuspendOrg& change);
bool require_parts(Judgement& judgement, const ReinstateOrg& change);
void carry_out_parts(Judgement& judgement, const ValidatorsSet& change);
void carry_out_parts(Judgement& judgement, const SuspendOrg& change);
void carry_out_parts(Judgement& judgement, const ReinstateOrg& change);
// Those about what others recorded (changes_resolve.cpp, changes_redact.cpp).
bool require_parts(Judgement& judgement, const Resolve& change);
bool require_parts(Judgement& judgement, const HandoverFor& change);
bool require_parts(Judgement& judgement, const Redact& change);
void carry_out_parts(Judgement& judgement, const Resolve& change, const ObjectId& proposal);
void carry_out_parts(Judgement& judgement, const HandoverFor& change, const ObjectId& proposal);
void carry_out_parts(Judgement& judgement, const Redact& change, const ObjectId& proposal);
// The next set has at least so many: asked when the parameter changes.
bool require_validators_min(Judgement& judgement, std::uint64_t minimum);

// The organisation as the state holds it; refused where there is none.
std::optional<OrgObject> require_org(Judgement& judgement, const OrgId& id);
// The parts that an organisation decides for itself. Requires for the second of each pair: the
// first held.
bool require_new_key(Judgement& judgement, const OrgObject& org,
                     const crypto::PublicKeyBytes& public_key);
void add_key(Judgement& judgement, const OrgId& id, OrgObject org,
             const crypto::PublicKeyBytes& public_key, const KeyRoles& roles);
bool require_revocable(Judgement& judgement, const OrgId& id, const OrgObject& org,
                       const crypto::PublicKeyBytes& public_key);
void revoke_key(Judgement& judgement, const OrgId& id, OrgObject org,
                const crypto::PublicKeyBytes& public_key);

// Strictly ascending, the canonical form of a set. `field` names it in the numbers.
template <class T>
bool require_ascending(Judgement& judgement, const T& list, std::string_view field) {
  const bool ascends = std::ranges::adjacent_find(list, std::ranges::greater_equal{}) == list.end();
  return judgement.require(ascends, Reason::list_not_ascending,
                           [&] { return Numbers{{"field", std::string(field)}}; });
}

}  // namespace treeproof::ledger
