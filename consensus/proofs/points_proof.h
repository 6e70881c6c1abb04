// The small file by which a user shows that her points are among those that a record issued, and
// its judgement against that record.
// Owns neither tree (crypto/sum_tree.h) nor record. Callers: rpc, the commands of programmes,
// tests. Pure. Source: docs/protocol.md section 9; docs/adr/0031.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "consensus/ledger/points.h"
#include "consensus/proofs/verify.h"
#include "crypto/sum_tree.h"

namespace treeproof::proofs {

inline constexpr std::size_t kPointsProofBytesMax = 4'096;
// Of a tree of kQuantityMax accounts, more than which no record has.
inline constexpr std::size_t kPointsPathMax = 53;

// A sibling on the way from the leaf to the root.
struct PointsStep {
  static constexpr std::string_view kName = "points-step";
  static constexpr bool kIsArray = true;
  crypto::Hash hash{};
  std::uint64_t sum = 0;  // grams below it

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("hash", self.hash);
    visit("sum", self.sum);
  }
  bool operator==(const PointsStep&) const = default;
};

// A private file: it names the user.
struct PointsProof {
  static constexpr std::string_view kName = "points-proof";
  static constexpr std::string_view kType = "points_proof";
  ledger::ObjectId issue;  // the issue_points
  crypto::Bytes salt;      // with the reference it opens the commitment of the leaf
  std::string reference;   // of the user, by which she knows herself
  std::uint64_t grams = 0;
  std::uint64_t index = 0;
  std::uint64_t accounts = 0;  // of the whole tree
  ledger::List<PointsStep, kPointsPathMax> path;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("path", self.path);
    visit("salt", self.salt);
    visit.constant("type", kType);
    visit("grams", self.grams);
    visit("index", self.index);
    visit("issue", self.issue);
    visit("accounts", self.accounts);
    visit("reference", self.reference);
  }
  bool operator==(const PointsProof&) const = default;
};

crypto::Bytes encode(const PointsProof& proof);
// Strict; the salt has 16 to 64 bytes.
std::expected<PointsProof, crypto::CborError> decode_points_proof(crypto::ByteSpan bytes);

// What is claimed of one account; it names nobody.
struct PointsClaim {
  crypto::SumLeaf leaf;  // amounts are grams
  std::uint64_t index = 0;
  std::uint64_t accounts = 0;
  std::vector<crypto::SumNode> path;
};
PointsClaim claim_of(const PointsProof& proof);

enum class PointsCheckName : std::uint8_t {
  accounts,  // the tree has as many leaves as the record has accounts
  path,      // of its exact length, no sum of 0 and none too large
  root,      // it leads to the record's root
  grams,     // and to the record's grams
};
inline constexpr std::size_t kPointsCheckCount = 4;
std::string_view name(PointsCheckName check) noexcept;

struct PointsCheck {
  PointsCheckName name{};
  CheckState state = CheckState::not_made;
  std::string detail;
};
struct PointsVerdict {
  bool holds = false;
  std::vector<PointsCheck> checks;  // all of PointsCheckName, in its order
};

// Never refuses to answer.
PointsVerdict check_points(const PointsClaim& claim, const ledger::IssuePoints& issue);

}  // namespace treeproof::proofs
