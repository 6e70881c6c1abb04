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
  for (const crypto::Bytes& bytes : {crypto::Bytes{0xff}, encode(sample())}) {
    const Verdict verdict = verify(bytes, trust());
    EXPECT_FALSE(verdict.valid);
    ASSERT_EQ(verdict.checks.size(), kCheckCount);
    EXPECT_EQ(verdict.checks[0].state, CheckState::failed);
    for (std::size_t i = 1; i < kCheckCount; ++i) {
      EXPECT_EQ(verdict.checks[i].state, CheckState::not_made) << i;
    }
  }
}

TEST(Opening, CommitsToSaltAndReference) {
  const Opening one{crypto::Bytes(16, 1), "user"};
  EXPECT_EQ(commitment_of(one), commitment_of({crypto::Bytes(16, 1), "user"}));
  EXPECT_NE(commitment_of(one), commitment_of({crypto::Bytes(16, 2), "user"}));
  EXPECT_NE(commitment_of(one), commitment_of({crypto::Bytes(16, 1), "User"}));
}

}  // namespace
}  // namespace treeproof::proofs
