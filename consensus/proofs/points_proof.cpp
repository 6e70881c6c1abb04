#include "consensus/proofs/points_proof.h"

#include <algorithm>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"

namespace treeproof::proofs {

namespace {

constexpr std::size_t kSaltBytesMin = 16;
constexpr std::size_t kSaltBytesMax = 64;
static_assert(kQuantityMax >> kPointsPathMax == 0);

CheckState state_of(bool passed) { return passed ? CheckState::passed : CheckState::failed; }

std::string compared(std::string_view what, std::uint64_t claimed, std::uint64_t recorded) {
  const std::string number = std::to_string(recorded);
  if (claimed == recorded) return number + " " + std::string(what);
  return "the proof makes it " + std::to_string(claimed) + " " + std::string(what) +
         ", the record says " + number;
}

}  // namespace

crypto::Bytes encode(const PointsProof& proof) { return ledger::encode(proof); }

std::expected<PointsProof, crypto::CborError> decode_points_proof(crypto::ByteSpan bytes) {
  using crypto::CborError;
  if (bytes.size() > kPointsProofBytesMax) return std::unexpected(CborError::too_long);
  auto proof = ledger::decode<PointsProof>(bytes);
  if (!proof) return proof;
  const std::size_t salt = proof->salt.size();
  if (salt < kSaltBytesMin || salt > kSaltBytesMax) return std::unexpected(CborError::out_of_range);
  return proof;
}

PointsClaim claim_of(const PointsProof& proof) {
  const crypto::Hash commitment = commitment_of({proof.salt, proof.reference});
  PointsClaim claim{{commitment, proof.grams}, proof.index, proof.accounts, {}};
  for (const PointsStep& step : proof.path) claim.path.push_back({step.hash, step.sum});
  return claim;
}

std::string_view name(PointsCheckName check) noexcept {
  static constexpr std::array<std::string_view, kPointsCheckCount> kNames{"accounts", "path",
                                                                          "root", "grams"};
  return kNames[static_cast<std::size_t>(check)];
}

PointsVerdict check_points(const PointsClaim& claim, const ledger::IssuePoints& issue) {
  using enum PointsCheckName;
  PointsVerdict verdict;
  verdict.checks.push_back({accounts, state_of(claim.accounts == issue.accounts),
                            compared("accounts", claim.accounts, issue.accounts)});
  // By the record's count: with another one the same path would stand for another place.
  const auto reached =
      crypto::sum_root_from_path(claim.leaf, claim.index, issue.accounts, claim.path);
  if (reached) {
    const bool is_root = reached->hash == issue.root;
    verdict.checks.push_back({path, CheckState::passed, "of its exact length"});
    verdict.checks.push_back({root, state_of(is_root),
                              is_root ? "the path leads to the record's root"
                                      : "the path leads to another root than the record's"});
    verdict.checks.push_back({grams, state_of(reached->sum == issue.grams),
                              compared("grams", reached->sum, issue.grams)});
  } else {
    constexpr std::string_view kNotReached = "not made: the path leads nowhere";
    verdict.checks.push_back(
        {path, CheckState::failed, std::string(crypto::to_string(reached.error()))});
    for (const auto check : {root, grams}) {
      verdict.checks.push_back({check, CheckState::not_made, std::string(kNotReached)});
    }
  }
  verdict.holds = std::ranges::all_of(
      verdict.checks, [](const PointsCheck& check) { return check.state == CheckState::passed; });
  return verdict;
}

}  // namespace treeproof::proofs
