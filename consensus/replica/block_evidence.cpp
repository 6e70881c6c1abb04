#include "consensus/replica/block_evidence.h"

#include <array>
#include <optional>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::replica {

namespace {

constexpr std::size_t kHeadBytes = 1;  // of an array of at most 23 items
static_assert(kBlockEvidenceMax < 24);

}  // namespace

ledger::OffenceKind offence_kind(const bft::Evidence& evidence) {
  using enum ledger::OffenceKind;
  constexpr std::array kKinds = {double_vote, double_proposal, forged_root, wrong_proposer,
                                 amnesia};
  static_assert(kKinds.size() == std::variant_size_v<bft::Evidence>);
  return kKinds.at(evidence.index());
}

ledger::Conviction conviction_of(const bft::VerifiedEvidence& evidence) {
  return {bft::offence_of(evidence.evidence()), offence_kind(evidence.evidence()),
          crypto::sha256(evidence.bytes())};
}

std::vector<ledger::Conviction> convictions_of(std::span<const bft::VerifiedEvidence> evidence) {
  std::vector<ledger::Conviction> convictions;
  for (const bft::VerifiedEvidence& piece : evidence) convictions.push_back(conviction_of(piece));
  return convictions;
}

crypto::Bytes encode_evidence(std::span<const bft::VerifiedEvidence> evidence) {
  crypto::CborWriter out;
  out.array(evidence.size());
  for (const bft::VerifiedEvidence& piece : evidence) out.raw(piece.bytes());
  return out.finish();
}

std::expected<std::vector<bft::Evidence>, EvidenceFault> evidence_of(const ledger::Block& block,
                                                                     std::string_view chain_id) {
  crypto::CborReader in(block.evidence);
  const std::size_t count = in.array(block.evidence.size());
  const bool fits =
      count <= kBlockEvidenceMax && block.evidence.size() <= kBlockEvidenceBytesMax + kHeadBytes;
  if (!fits) return std::unexpected(EvidenceFault::too_much);
  std::vector<bft::Evidence> pieces;
  std::optional<crypto::Hash> before;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const crypto::ByteSpan item = in.item();
    auto evidence = bft::decode_evidence(item, chain_id);
    if (!evidence) return std::unexpected(EvidenceFault::malformed);
    const crypto::Hash id = offence_id(bft::offence_of(*evidence));
    if (before && *before >= id) return std::unexpected(EvidenceFault::malformed);
    before = id;
    pieces.push_back(*std::move(evidence));
  }
  if (!in.finish()) return std::unexpected(EvidenceFault::malformed);
  return pieces;
}

}  // namespace treeproof::replica
