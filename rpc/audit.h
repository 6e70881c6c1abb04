// The audits: sums and links recomputed from the objects of one height and compared with what the
// chain says. No finding is the clean result.
// Owns nothing. Callers: audit_* handlers, node/cli (treeproof audit). Safe from any thread; slow.
// Source: docs/ledger.md I1, I3, I4, "Validators"; docs/api.md "Regulators".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/reason.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

// What does not hold, of which object, with the numbers that contradict each other.
struct AuditFinding {
  std::string invariant;  // "I1"
  std::string object;
  std::string finding;  // stable name, such as "redeemed_differs"
  ledger::Numbers numbers;
};

// One line of an audit's table: its columns in order. A cell of which nothing is known is null,
// never a zero.
using AuditCell = std::optional<std::string>;
using AuditRow = std::vector<std::pair<std::string, AuditCell>>;

struct AuditReport {
  std::string invariant;
  std::vector<std::pair<std::string, std::uint64_t>> checked;  // what was looked at, how many
  std::vector<AuditFinding> findings;
  std::vector<AuditRow> rows;
};

// I1: issued = outstanding + expired + net redeemed, none negative; and what each programme has
// redeemed is what the redemptions took from it. All programmes, or one.
AuditReport audit_points(const ChainView& view, Height at,
                         const std::optional<ledger::ObjectId>& programme);

// I4: pledges, redemptions and batches of a campaign add up to its tallies; pledge-first: pledged
// >= net redeemed >= allocated; plant-first: net redeemed - allocated <= available; planted is the
// sum of its parts. Nothing where there is no such campaign.
std::optional<AuditReport> audit_campaign(const ChainView& view, Height at,
                                          const ledger::ObjectId& campaign);

// I3: a unit holds at most one tree, a tree belongs to at most one unit, across all allocations;
// each links root is recomputed from the leaves; tallies of codes agree with the links. As of the
// view's height. All allocations, or those of one campaign.
AuditReport audit_allocations(const ChainView& view,
                              const std::optional<ledger::ObjectId>& campaign);

// Consensus rule 25: every conviction of a validator with what became of it; a convicted one sits
// only where nobody can be spared. All organisations, or one.
AuditReport audit_accountability(const ChainView& view, Height at,
                                 const std::optional<std::string>& org);

// I15: every dispute with its standing; what its target's mark says agrees with it. All, or those
// about one organisation.
AuditReport audit_disputes(const ChainView& view, Height at, const std::optional<std::string>& org);

// What batches owe, what was replaced, and what stands reserved for it. All, or of one campaign.
AuditReport audit_owed(const ChainView& view, Height at,
                       const std::optional<ledger::ObjectId>& campaign);

// I14: every correction, and that the verifier whom it names consented. All, or of one issuer.
AuditReport audit_corrections(const ChainView& view, Height at,
                              const std::optional<std::string>& org);

}  // namespace treeproof::rpc
