// Attachments from what people have: leaves as values or as JSON, in the order that the rules ask
// for. Owns no file. Callers: attachment command, import, demo. Any thread.
// Source: docs/protocol.md section 3 "Attachments"; docs/ledger.md (plant, redeem, allocate).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/geometry/polygon.h"
#include "consensus/proofs/certificate.h"
#include "node/cli/outcome.h"
#include "rpc/json.h"

namespace treeproof::cli {

// Sorted by latitude, longitude and exact commitment. Refuses no leaves, and too many.
Result<ledger::AttachmentPtr> plant_attachment(std::vector<ledger::PlantLeaf> leaves);
// Units sorted by their first commitment, the shares of a unit by theirs.
Result<ledger::AttachmentPtr> redeem_attachment(std::vector<ledger::RedeemLeaf> units);
// Checked as the ledger's rules will check it, but for the square of a point, which depends on its
// area; one leaf per ring, or the point.
Result<ledger::AttachmentPtr> geometry_attachment(const geometry::Shape& shape);
// In the order given.
Result<ledger::AttachmentPtr> runs_attachment(const std::vector<ledger::RunLeaf>& runs);

// One share of a unit before its commitment is made: the user's reference stays off the chain.
struct UserShare {
  std::string reference;
  std::uint64_t grams = 0;
};
struct PrivateRedemption {
  ledger::AttachmentPtr attachment;
  // By unit of the attachment, then share: what the user keeps.
  std::vector<std::vector<proofs::Opening>> openings;
};
// Fresh salts from the system's randomness.
Result<PrivateRedemption> redeem_for_users(const std::vector<std::vector<UserShare>>& units);

// "redeem": [[{"commitment", "grams"}, ...], ...]; "plant": [{"lat", "lon", "species", "day",
// "size_mm", "exact"}, ...]; "runs": [{"redeem", "plant", "species", "count"}, ...];
// "replace": [{"from", "from_tree", "to", "to_tree", "count"}, ...];
// "geometry": [[[lat, lon], ...], ...] in 1e-7 degrees, the outer ring first, or a point [lat,
// lon].
Result<ledger::AttachmentPtr> attachment_from_json(std::string_view kind, const rpc::Json& leaves);
// [[{"reference", "grams"}, ...], ...]; nothing where shares carry commitments already.
Result<std::optional<std::vector<std::vector<UserShare>>>> user_shares_from_json(
    const rpc::Json& leaves);

}  // namespace treeproof::cli
