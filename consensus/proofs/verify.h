// The offline judgement of a tree certificate, check by check, from a trust file alone.
// Owns no file and no network. Callers: cli, rpc (tree_verify), tests. Pure.
// Source: docs/protocol.md section 8 "Valid requires" and section 7.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/leaves.h"
#include "consensus/proofs/certificate.h"
#include "consensus/types/validator_set.h"

namespace treeproof::proofs {

// What the holder asks for on top of the quorum; it can only add.
struct Policy {
  std::vector<std::string> required_orgs;
  std::uint64_t minimum_signers = 0;
};
// A sentence where the signers of a certificate do not satisfy it.
std::expected<void, std::string> check_policy(
    const Policy& policy, const std::vector<bft::CertificateSignature>& signatures);
struct Trust {
  std::string chain_id;
  crypto::Hash genesis{};  // SHA-256 of the genesis file
  Height from_height;
  std::optional<Height> to_height;
  ValidatorSet validators;
  std::optional<Policy> policy;
};

enum class CheckName : std::uint8_t {
  encoding,          // strict decoding, no unknown field
  path_lengths,      // both Merkle paths are exactly as long as index and size say
  statement,         // typ, chain and type of the statement
  receipts,          // every receipt is a distinct validator's signature over the log root
  quorum,            // more than two thirds of the power, and what the policy adds
  height,            // the trust file covers the height, or set changes reach it
  link_path,         // the link is one of the statement's links
  opening,           // the owner's reference opens a commitment of the link
  status,            // the state proofs stand under the very header that was signed
  set_changes,       // every change of validators was certified by the set before it
  issuer_signature,  // the issuer's own signature, where something trusted holds its key
};
inline constexpr std::size_t kCheckCount = 11;
std::string_view name(CheckName check) noexcept;

enum class CheckState : std::uint8_t { passed, failed, not_made };
std::string_view name(CheckState state) noexcept;
struct Check {
  CheckName name{};
  CheckState state = CheckState::not_made;
  std::string detail;
};

// Only of a valid certificate: what its checks prove.
struct Facts {
  ledger::LinkLeaf link;
  std::string issuer;
  std::string statement_ref;
  crypto::Hash statement_id{};
  std::uint64_t issued_at_s = 0;
  std::uint64_t log_index = 0;
  crypto::ReceiptBind bind;
  std::vector<std::string> signers;
  std::optional<std::string> user_reference;
  std::optional<TimeMs> time;  // of the block, where the header is in the certificate
  std::optional<Status> status;
};

struct Verdict {
  bool valid = false;
  std::vector<Check> checks;  // all of CheckName, in its order
  std::optional<Facts> facts;
};

// Never refuses to answer: whatever the bytes are, the verdict says what was checked.
Verdict verify(crypto::ByteSpan certificate, const Trust& trust);

}  // namespace treeproof::proofs
