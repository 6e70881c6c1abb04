#include "consensus/proofs/certificate.h"

#include <gtest/gtest.h>

#include "consensus/proofs/verify.h"
#include "crypto/hash.h"
#include "tests/simulation/consortium.h"

namespace treeproof::proofs {
namespace {

crypto::Hash hash_of(std::string_view text) { return crypto::sha256(crypto::as_bytes(text)); }

TreeCertificate sample() {
  TreeCertificate certificate;
  certificate.statement = {1, 2, 3};
  certificate.log_path = {5, {hash_of("a"), hash_of("b")}};
  certificate.bind = {9, 1, 7, hash_of("header")};
  certificate.receipts = {{"platform", {}, {}}, {"verifier", {}, {}}};
  certificate.link = {4, 5};
  certificate.link_path = {0, {}};
  return certificate;
}

Trust trust() {
  const simulation::Consortium consortium(4);
  return {consortium.chain_id(),
          consortium.genesis().file_hash,
          Height{1},
          std::nullopt,
          ledger::genesis_validators(consortium.genesis()),
          std::nullopt};
}

TEST(Certificate, ComesBackWithAndWithoutOptionalFields) {
  TreeCertificate certificate = sample();
  EXPECT_EQ(decode_certificate(encode(certificate)), certificate);
  certificate.opening = Opening{crypto::Bytes(16, 7), "my tree"};
  certificate.status = Status{
      {6},
      {{"org", "platform", crypto::Bytes{1}, {2}}, {"object", "platform/x", std::nullopt, {3}}}};
  certificate.set_changes = {{{1}, certificate.bind, certificate.receipts, {2}}};
  EXPECT_EQ(decode_certificate(encode(certificate)), certificate);
}

TEST(Certificate, TextIsBase45BehindItsPrefix) {
  const crypto::Bytes bytes = encode(sample());
  const std::string text = to_text(bytes);
  EXPECT_TRUE(text.starts_with("TP1:"));
  EXPECT_EQ(from_text("  " + text + "\n"), bytes);
  EXPECT_EQ(from_text(text.substr(4)), std::nullopt);
  EXPECT_EQ(from_text("TP1:!"), std::nullopt);
  EXPECT_EQ(from_text("   "), std::nullopt);
}

TEST(Certificate, EveryTruncationIsRefused) {
  const crypto::Bytes bytes = encode(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_certificate(crypto::ByteSpan(bytes.data(), size)).has_value()) << size;
  }
}

TEST(Certificate, ShortSaltsAndUnknownFieldsAreRefused) {
  TreeCertificate certificate = sample();
  certificate.opening = Opening{crypto::Bytes(15, 7), "my tree"};
  EXPECT_FALSE(decode_certificate(encode(certificate)).has_value());
  crypto::Bytes bytes = encode(sample());
  bytes[0] = 0xa7;  // seven fields announced, the seventh is number 10
  bytes.insert(bytes.end(), {0x0a, 0x00});
  EXPECT_EQ(decode_certificate(bytes).error(), crypto::CborError::unknown_field);
}

TEST(Verify, SaysWhatFailedFirstAndMakesNothingAfter) {
  const Verdict garbage = verify(crypto::Bytes{0xff}, trust());
  EXPECT_FALSE(garbage.valid);
  EXPECT_EQ(garbage.checks.front().state, CheckState::failed);
  EXPECT_EQ(garbage.checks.back().state, CheckState::not_made);
  const Verdict empty_path = verify(encode(sample()), trust());
  EXPECT_FALSE(empty_path.valid);
  EXPECT_EQ(empty_path.checks[0].state, CheckState::passed);
  EXPECT_EQ(empty_path.checks[1].state, CheckState::failed);  // size 7 needs another length
  EXPECT_EQ(empty_path.checks[3].state, CheckState::not_made);
}

TEST(Opening, CommitsToSaltAndReference) {
  const Opening one{crypto::Bytes(16, 1), "user"};
  EXPECT_EQ(commitment_of(one), commitment_of({crypto::Bytes(16, 1), "user"}));
  EXPECT_NE(commitment_of(one), commitment_of({crypto::Bytes(16, 2), "user"}));
  EXPECT_NE(commitment_of(one), commitment_of({crypto::Bytes(16, 1), "User"}));
}

}  // namespace
}  // namespace treeproof::proofs
