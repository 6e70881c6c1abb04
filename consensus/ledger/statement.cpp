#include "consensus/ledger/statement.h"

#include <algorithm>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

std::unexpected<Refusal> refuse(Reason reason, Numbers numbers = {}) {
  return std::unexpected(Refusal{reason, std::move(numbers)});
}

std::unexpected<Refusal> refuse(crypto::CborError error, std::string_view part) {
  return refuse(reason_of(error), {{"part", std::string(part)}});
}

std::expected<crypto::ProtectedHeader, Refusal> read_header(crypto::ByteSpan bytes,
                                                            std::string_view chain_id) {
  auto header = crypto::decode_protected(bytes);
  if (!header) return refuse(header.error(), "protected header");
  if (!OrgId::check(header->issuer)) return refuse(Reason::header_invalid, {{"part", "issuer"}});
  if (!header->issued_at) return refuse(Reason::header_invalid, {{"part", "iat"}});
  if (header->bind) return refuse(Reason::header_invalid, {{"part", "receipt"}});
  if (header->typ != kStatementTyp) {
    return refuse(Reason::header_typ_wrong, {{"typ", header->typ}});
  }
  if (header->content_type != kStatementContentType) {
    return refuse(Reason::header_content_type_wrong, {{"content_type", header->content_type}});
  }
  if (header->audience != chain_id) {
    return refuse(Reason::wrong_chain,
                  {{"chain", header->audience}, {"expected", std::string(chain_id)}});
  }
  return *std::move(header);
}

}  // namespace

std::string_view type_of(const Payload& payload) {
  return std::visit([](const auto& chosen) { return std::decay_t<decltype(chosen)>::kName; },
                    payload);
}

const Ref& ref_of(const Payload& payload) {
  return std::visit([](const auto& chosen) -> const Ref& { return chosen.ref; }, payload);
}

const AttachmentRef* attachment_of(const Payload& payload) {
  return std::visit(
      [](const auto& chosen) -> const AttachmentRef* {
        if constexpr (requires { chosen.leaves; }) return &chosen.leaves;
        if constexpr (requires { chosen.geometry; }) return &chosen.geometry;
        if constexpr (requires { chosen.runs; }) return &chosen.runs;
        return nullptr;
      },
      payload);
}

const LinksRef* links_of(const Payload& payload) {
  if (const auto* allocate = std::get_if<Allocate>(&payload)) return &allocate->links;
  const auto* replace = std::get_if<Replace>(&payload);
  return replace != nullptr && replace->links ? &*replace->links : nullptr;
}

std::expected<StatementPtr, Refusal> parse_statement(crypto::Bytes bytes,
                                                     std::string_view chain_id) {
  if (bytes.size() > kStatementBytesMax) {
    return refuse(Reason::statement_too_large, {{"bytes", std::to_string(bytes.size())},
                                                {"limit", std::to_string(kStatementBytesMax)}});
  }
  const auto view =
      crypto::decode_sign1(bytes, kStatementBytesMax, crypto::Unprotected::must_be_empty);
  if (!view) return refuse(view.error(), "COSE_Sign1");
  if (!view->payload) return refuse(crypto::CborError::wrong_type, "COSE_Sign1");
  auto header = read_header(view->protected_header, chain_id);
  if (!header) return std::unexpected(std::move(header).error());
  auto payload = decode<Payload>(*view->payload);
  if (!payload) return refuse(payload.error(), "payload");

  auto statement = std::make_shared<SignedStatement>();
  statement->id = crypto::sig_structure_hash(view->protected_header, *view->payload);
  statement->chain_id = std::move(header->audience);
  statement->issuer.text = std::move(header->issuer);
  statement->kid = header->kid;
  statement->issued_at_s = *header->issued_at;
  statement->signature = view->signature;
  statement->payload = *std::move(payload);
  const std::string object = statement->object().text;
  if (header->subject != object) {
    return refuse(Reason::header_subject_mismatch,
                  {{"subject", header->subject}, {"expected", object}});
  }
  statement->leaf = crypto::leaf_hash(bytes);
  statement->bytes = std::move(bytes);
  return statement;
}

std::expected<VerifiedStatement, Refusal> VerifiedStatement::verify(StatementPtr statement,
                                                                    const crypto::PublicKey& key) {
  if (statement->kid != key.kid()) {
    return refuse(Reason::key_unknown,
                  {{"org", statement->issuer.text}, {"kid", crypto::to_hex(statement->kid)}});
  }
  if (!key.verify(statement->id, statement->signature)) {
    return refuse(Reason::signature_invalid,
                  {{"org", statement->issuer.text}, {"kid", crypto::to_hex(statement->kid)}});
  }
  return VerifiedStatement(std::move(statement), key.bytes());
}

crypto::Bytes sign_statement(const Payload& payload, const OrgId& issuer, std::string_view chain_id,
                             std::uint64_t issued_at_s, const crypto::SecretKey& key) {
  crypto::ProtectedHeader header;
  header.content_type = kStatementContentType;
  header.kid = key.public_key().kid();
  header.issuer = issuer.text;
  header.subject = ObjectId::of(issuer, ref_of(payload)).text;
  header.audience = chain_id;
  header.issued_at = issued_at_s;
  header.typ = kStatementTyp;
  const crypto::Bytes protected_bytes = crypto::encode(header);
  const crypto::Bytes payload_bytes = encode(payload);
  const crypto::Hash digest = crypto::sig_structure_hash(protected_bytes, payload_bytes);
  return crypto::encode_sign1(protected_bytes, payload_bytes, key.sign(digest));
}

}  // namespace treeproof::ledger
