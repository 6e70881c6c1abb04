// A statement on its way in: exact bytes parsed strictly, then its signature verified. Each step
// has a type that only that step can make (parse, don't validate).
// Owns no state and no rule. Callers: rpc and host (parse, verify on any thread), replica. Pure.
// Source: docs/protocol.md section 3; RFC 9943 (SCITT), RFC 9052.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <variant>

#include "consensus/ledger/batch.h"
#include "consensus/ledger/campaign.h"
#include "consensus/ledger/campaign_revise.h"
#include "consensus/ledger/care.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/dispute.h"
#include "consensus/ledger/keys.h"
#include "consensus/ledger/plot.h"
#include "consensus/ledger/points.h"
#include "consensus/ledger/reason.h"
#include "consensus/ledger/redeem.h"
#include "consensus/ledger/replace.h"
#include "crypto/cose.h"

namespace treeproof::ledger {

using Payload =
    std::variant<Propose, Approve, Consent, KeyPut, KeyRevoke, Programme, IssuePoints, Campaign,
                 Plot, Pledge, Evidence, Plant, Inventory, Verify, Redeem, Allocate, PledgeRelease,
                 CampaignRevise, CloseCampaign, Refund, ExpirePoints, Observe, Mortality, Dispute,
                 Replace, Revive, Correct, Assign, PlotRevision, PlotClose, Handover>;

// The name of the payload's type, such as "plant".
std::string_view type_of(const Payload& payload);
const Ref& ref_of(const Payload& payload);
// The attachment that the payload announces, if its type has one.
const AttachmentRef* attachment_of(const Payload& payload);
// The links that it states: of an allocate, and of a replace where units wait for a successor.
const LinksRef* links_of(const Payload& payload);

inline constexpr std::string_view kStatementTyp = "application/treeproof-statement+cose";
inline constexpr std::string_view kStatementContentType = "application/treeproof+cbor";

// Parsed and well-formed; its signature is not looked at yet.
struct SignedStatement {
  crypto::Bytes bytes;  // exactly as received
  crypto::Hash id{};    // SHA-256(Sig_structure): independent of the signature's bytes
  crypto::Hash leaf{};  // its leaf in the log (RFC 9162): of these very bytes, signature included
  std::string chain_id;
  OrgId issuer;
  crypto::Kid kid{};
  std::uint64_t issued_at_s = 0;
  crypto::Signature signature{};
  Payload payload;

  ObjectId object() const { return ObjectId::of(issuer, ref_of(payload)); }
};
using StatementPtr = std::shared_ptr<const SignedStatement>;

// Strict: size, COSE form, header (alg, typ, content type, subject = issuer/ref), payload.
std::expected<StatementPtr, Refusal> parse_statement(crypto::Bytes bytes,
                                                     std::string_view chain_id);

// A statement whose signature was verified with this key. Whether the key may sign it at a height
// is a rule (check_statement); the key of an (organisation, kid) never changes.
class VerifiedStatement {
 public:
  // Refuses signature_invalid, and key_unknown where the kid is not the key's.
  static std::expected<VerifiedStatement, Refusal> verify(StatementPtr statement,
                                                          const crypto::PublicKey& key);
  const SignedStatement& operator*() const noexcept { return *statement_; }
  const SignedStatement* operator->() const noexcept { return statement_.get(); }
  const StatementPtr& pointer() const noexcept { return statement_; }
  const crypto::PublicKeyBytes& key() const noexcept { return key_; }

 private:
  VerifiedStatement(StatementPtr statement, const crypto::PublicKeyBytes& key)
      : statement_(std::move(statement)), key_(key) {}
  StatementPtr statement_;
  crypto::PublicKeyBytes key_;
};

// What a signer needs: the exact bytes of a signed statement. issuer and ref make the subject.
crypto::Bytes sign_statement(const Payload& payload, const OrgId& issuer, std::string_view chain_id,
                             std::uint64_t issued_at_s, const crypto::SecretKey& key);

}  // namespace treeproof::ledger
