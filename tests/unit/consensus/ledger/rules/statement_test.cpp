#include "consensus/ledger/statement.h"

#include <gtest/gtest.h>

#include "consensus/ledger/cbor_encoder.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"
#include "tests/unit/consensus/ledger/rules/sample_filler.h"

namespace treeproof::ledger {
namespace {

constexpr std::string_view kChain = "test-chain";

Payload approve() { return Approve{{"a-1"}, {"org/p"}}; }

crypto::ProtectedHeader good_header() {
  crypto::ProtectedHeader header;
  header.content_type = kStatementContentType;
  header.kid = secret_key("org").public_key().kid();
  header.issuer = "org";
  header.subject = "org/a-1";
  header.audience = kChain;
  header.issued_at = 1'000;
  header.typ = kStatementTyp;
  return header;
}

crypto::Bytes signed_with(const crypto::ProtectedHeader& header, crypto::ByteSpan payload) {
  const crypto::Bytes head = crypto::encode(header);
  const crypto::Hash digest = crypto::sig_structure_hash(head, payload);
  return crypto::encode_sign1(head, payload, secret_key("org").sign(digest));
}

Reason refusal_of(crypto::Bytes bytes) {
  const auto parsed = parse_statement(std::move(bytes), kChain);
  EXPECT_FALSE(parsed.has_value());
  return parsed ? Reason{} : parsed.error().reason;
}

Reason refusal_of(const crypto::ProtectedHeader& header) {
  return refusal_of(signed_with(header, encode(approve())));
}

TEST(Statement, IsParsedAsItWasSigned) {
  const crypto::SecretKey key = secret_key("org");
  const crypto::Bytes bytes = sign_statement(approve(), {"org"}, kChain, 1'234, key);
  const auto parsed = parse_statement(bytes, kChain);
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error());
  const SignedStatement& statement = **parsed;
  EXPECT_EQ(statement.bytes, bytes);
  EXPECT_EQ(statement.chain_id, kChain);
  EXPECT_EQ(statement.issuer.text, "org");
  EXPECT_EQ(statement.kid, key.public_key().kid());
  EXPECT_EQ(statement.issued_at_s, 1'234u);
  EXPECT_EQ(statement.payload, approve());
  EXPECT_EQ(statement.object().text, "org/a-1");
  EXPECT_TRUE(VerifiedStatement::verify(*parsed, key.public_key()).has_value());
}

TEST(Statement, OfEveryTypeIsParsedAsItWasSigned) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto payload = sample<Payload>(seed);
    const auto parsed =
        parse_statement(sign_statement(payload, {"org"}, kChain, seed, secret_key("org")), kChain);
    ASSERT_TRUE(parsed.has_value()) << type_of(payload) << " " << to_string(parsed.error());
    EXPECT_EQ((*parsed)->payload, payload);
    EXPECT_EQ((*parsed)->object().text, "org/" + ref_of(payload).text);
  }
}

TEST(Statement, IdDoesNotDependOnTheSignature) {
  const crypto::Bytes bytes = sign_statement(approve(), {"org"}, kChain, 5, secret_key("org"));
  crypto::Bytes forged = bytes;
  forged.back() ^= 1;
  const auto good = parse_statement(bytes, kChain);
  const auto bad = parse_statement(forged, kChain);
  ASSERT_TRUE(good && bad);
  EXPECT_EQ((*good)->id, (*bad)->id);
}

TEST(Statement, WithAForgedSignatureIsRefused) {
  crypto::Bytes bytes = sign_statement(approve(), {"org"}, kChain, 5, secret_key("org"));
  bytes.back() ^= 1;
  const auto parsed = parse_statement(bytes, kChain);
  const auto verified = VerifiedStatement::verify(*parsed, secret_key("org").public_key());
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().reason, Reason::signature_invalid);
}

// s' = n - s verifies in plain ECDSA; low-S alone is accepted here.
TEST(Statement, WithAHighSIsRefused) {
  constexpr std::array<std::uint8_t, 32> kOrder = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
                                                   0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B,
                                                   0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41};
  crypto::Bytes bytes = sign_statement(approve(), {"org"}, kChain, 5, secret_key("org"));
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    std::uint8_t& byte = bytes[bytes.size() - 32 + i];
    const int difference = kOrder[i] - byte - borrow;
    borrow = difference < 0 ? 1 : 0;
    byte = static_cast<std::uint8_t>(difference);
  }
  const auto parsed = parse_statement(bytes, kChain);
  ASSERT_TRUE(parsed.has_value());
  const auto verified = VerifiedStatement::verify(*parsed, secret_key("org").public_key());
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().reason, Reason::signature_invalid);
}

TEST(Statement, CheckedAgainstAnotherKeyIsRefused) {
  const auto parsed =
      parse_statement(sign_statement(approve(), {"org"}, kChain, 5, secret_key("org")), kChain);
  const auto verified = VerifiedStatement::verify(*parsed, secret_key("other").public_key());
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().reason, Reason::key_unknown);
}

TEST(Statement, AboveItsSizeIsRefused) {
  EXPECT_EQ(refusal_of(crypto::Bytes(kStatementBytesMax + 1)), Reason::statement_too_large);
}

TEST(Statement, ForAnotherChainIsRefused) {
  crypto::ProtectedHeader header = good_header();
  header.audience = "other-chain";
  EXPECT_EQ(refusal_of(header), Reason::wrong_chain);
}

TEST(Statement, WithAnIncompleteHeaderIsRefused) {
  crypto::ProtectedHeader header = good_header();
  header.issued_at.reset();
  EXPECT_EQ(refusal_of(header), Reason::header_invalid);
  header = good_header();
  header.issuer = "Not An Org";
  EXPECT_EQ(refusal_of(header), Reason::header_invalid);
  header = good_header();
  header.bind = crypto::ReceiptBind{};
  EXPECT_EQ(refusal_of(header), Reason::header_invalid);
}

TEST(Statement, WithAnotherTypIsRefused) {
  crypto::ProtectedHeader header = good_header();
  header.typ = "application/treeproof-receipt+cose";
  EXPECT_EQ(refusal_of(header), Reason::header_typ_wrong);
}

TEST(Statement, WithAnotherContentTypeIsRefused) {
  crypto::ProtectedHeader header = good_header();
  header.content_type = "application/cbor";
  EXPECT_EQ(refusal_of(header), Reason::header_content_type_wrong);
}

TEST(Statement, WhoseSubjectIsNotItsObjectIsRefused) {
  crypto::ProtectedHeader header = good_header();
  header.subject = "org/a-2";
  EXPECT_EQ(refusal_of(header), Reason::header_subject_mismatch);
}

TEST(Statement, WithAnUnprotectedHeaderIsRefused) {
  crypto::Bytes bytes = signed_with(good_header(), encode(approve()));
  const auto view = crypto::decode_sign1(bytes, 1'000, crypto::Unprotected::must_be_empty);
  crypto::CborWriter out;
  out.tag(18).array(4).bytes(view->protected_header).map(1).uint(1).uint(1);
  out.bytes(*view->payload).bytes(view->signature);
  EXPECT_EQ(refusal_of(out.finish()), Reason::cbor_unknown_field);
}

TEST(Statement, WithADetachedPayloadIsRefused) {
  const crypto::Bytes head = crypto::encode(good_header());
  const crypto::Bytes none = {0xA0};
  EXPECT_EQ(refusal_of(crypto::encode_sign1_detached(head, none, {})), Reason::cbor_wrong_type);
}

// Every form that deterministic CBOR forbids has a name of its own.
TEST(Statement, WithMalformedCborIsRefusedByName) {
  const auto with_payload = [](std::string_view hex) {
    return refusal_of(signed_with(good_header(), *crypto::from_hex(hex)));
  };
  EXPECT_EQ(refusal_of(crypto::Bytes{}), Reason::cbor_truncated);
  EXPECT_EQ(refusal_of(crypto::Bytes{0x00}), Reason::cbor_wrong_type);
  EXPECT_EQ(with_payload("a3"), Reason::cbor_truncated);
  EXPECT_EQ(with_payload(crypto::to_hex(encode(approve())) + "00"), Reason::cbor_trailing_bytes);
  EXPECT_EQ(with_payload("b800"), Reason::cbor_not_shortest);
  EXPECT_EQ(with_payload("bfff"), Reason::cbor_indefinite_length);
  EXPECT_EQ(with_payload("a100f97c00"), Reason::cbor_unsupported_item);
  EXPECT_EQ(with_payload("a2616200616100"), Reason::cbor_unsorted_key);
  EXPECT_EQ(with_payload("a2616100616100"), Reason::cbor_duplicate_key);
  EXPECT_EQ(with_payload("a0"), Reason::cbor_unknown_field);
  EXPECT_EQ(with_payload("a10062ff"), Reason::cbor_truncated);
  EXPECT_EQ(with_payload("a10061ff"), Reason::cbor_invalid_utf8);
  EXPECT_EQ(with_payload("a100" + std::string(40, '8') + "80"), Reason::cbor_truncated);
  std::string deep = "a100";
  for (int i = 0; i < 20; ++i) deep += "81";
  EXPECT_EQ(with_payload(deep + "00"), Reason::cbor_too_deep);
}

TEST(Statement, WithALongListIsRefused) {
  crypto::CborWriter roles;
  roles.map(4).text("ref").text("r").text("type").text("key_put").text("roles").array(9);
  for (int i = 0; i < 9; ++i) roles.text("admin");
  roles.text("public_key").bytes(crypto::Bytes(33));
  crypto::ProtectedHeader header = good_header();
  header.subject = "org/r";
  EXPECT_EQ(refusal_of(signed_with(header, roles.finish())), Reason::cbor_too_long);
}

TEST(Statement, WithAnUnknownRoleIsRefused) {
  crypto::CborWriter roles;
  roles.map(4).text("ref").text("r").text("type").text("key_put").text("roles").array(1);
  roles.text("emperor").text("public_key").bytes(crypto::Bytes(33));
  EXPECT_EQ(refusal_of(signed_with(good_header(), roles.finish())), Reason::cbor_out_of_range);
}

}  // namespace
}  // namespace treeproof::ledger
