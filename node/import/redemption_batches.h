// Units to redeem into the statements that redeem them, and how a user opens one.
// Owns no vault. Callers: redemptions and vault commands. Pure but for fresh salts.
// Source: docs/importing.md "Redemptions"; docs/ledger.md "redeem".
#pragma once

#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/redeem.h"
#include "node/import/redemption_intake.h"

namespace treeproof::import {

struct BatchNames {
  std::string programme;           // org/ref
  std::string ref_prefix;          // refs are this, "-" and a number
  std::uint64_t first_number = 1;  // of a batch that is made now
  std::uint64_t units_max = 0;     // of one statement
};
// One more than the highest number that the vault has with this prefix.
std::uint64_t next_number(const RedemptionVault& vault, const std::string& ref_prefix);

// A batch has one species and one pledge, or none; rows keep their order and are never cut. Salts
// are fresh. Requires: no row has more than units_max units.
std::vector<SealedBatch> batches_of(const std::vector<RedemptionRow>& rows,
                                    const CampaignTerms& campaign, const BatchNames& names);

struct BuiltRedemption {
  ledger::Redeem payload;
  ledger::AttachmentPtr leaves;
};
// The same batch, the same bytes.
cli::Result<BuiltRedemption> build(const SealedBatch& batch);

// What a user is told of one unit.
struct UnitOpening {
  std::string unit;  // org/ref#index
  crypto::Hash commitment{};
  proofs::Opening opening;
};
std::vector<UnitOpening> openings_of(const SealedPlace& place);

}  // namespace treeproof::import
