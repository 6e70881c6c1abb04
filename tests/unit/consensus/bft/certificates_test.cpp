#include "consensus/bft/certificates.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using testing::block;
using testing::four;
using testing::kChain;
using testing::kHeight;
using testing::precommit;
using testing::prevote;
using testing::refusal_of;
using testing::sign;

const BlockId kRed = block("red");
using Orgs = std::vector<std::string>;

CertificateSignature signature_of(const Vote& vote) {
  const Vote made = sign(vote);
  return {made.org, made.kid, made.signature};
}

CommitCertificate commit(const Orgs& orgs, std::int32_t round = 2) {
  CommitCertificate certificate{kHeight, {round}, kRed, {}};
  for (const std::string& org : orgs) {
    certificate.signatures.push_back(signature_of(precommit(org, round, kRed)));
  }
  return certificate;
}

PolkaCertificate polka(const Orgs& orgs) {
  PolkaCertificate certificate{kHeight, {2}, kRed.header_hash, {1}, {}};
  for (const std::string& org : orgs) {
    certificate.signatures.push_back(signature_of(prevote(org, 2, kRed, 1)));
  }
  return certificate;
}

template <typename Certificate>
std::optional<Refusal> verdict_on(const Certificate& certificate) {
  return refusal_of(verify(certificate, kChain, four()));
}

TEST(Certificates, ComeBackFromTheirBytesAndVerify) {
  const CommitCertificate committed = commit({"v1", "v2", "v4"});
  EXPECT_EQ(decode_commit_certificate(encode(committed)), committed);
  EXPECT_TRUE(verify(committed, kChain, four()).has_value());
  const PolkaCertificate seen = polka({"v1", "v3", "v4"});
  EXPECT_EQ(decode_polka_certificate(encode(seen)), seen);
  EXPECT_TRUE(verify(seen, kChain, four()).has_value());
  const RoundCertificate round{
      kHeight, {3}, {sign(precommit("v2", 3, kRed)), sign(prevote("v4", 5, std::nullopt))}};
  EXPECT_EQ(decode_round_certificate(encode(round, kChain), kChain), round);
  EXPECT_TRUE(verify(round, kChain, four()).has_value());
}

TEST(Certificates, RefuseLessThanAQuorum) {
  EXPECT_EQ(verdict_on(commit({"v1", "v2"})), Refusal::no_quorum);
  EXPECT_EQ(verdict_on(commit({})), Refusal::no_quorum);
  EXPECT_EQ(verdict_on(polka({"v1", "v2"})), Refusal::no_quorum);
}

TEST(Certificates, RefuseADoubledSigner) {
  EXPECT_EQ(verdict_on(commit({"v1", "v2", "v2"})), Refusal::doubled_validator);
  EXPECT_EQ(refusal_of(decode_commit_certificate(encode(commit({"v1", "v2", "v2"})))),
            Refusal::doubled_validator);
}

TEST(Certificates, RefuseSignersOutOfOrder) {
  EXPECT_EQ(verdict_on(commit({"v2", "v1", "v3"})), Refusal::unsorted);
  EXPECT_EQ(refusal_of(decode_polka_certificate(encode(polka({"v2", "v1", "v3"})))),
            Refusal::unsorted);
}

TEST(Certificates, RefuseAnUnknownSignerBesideAQuorum) {
  EXPECT_EQ(verdict_on(commit({"v1", "v2", "v3", "v9"})), Refusal::unknown_validator);
}

TEST(Certificates, RefuseOneInvalidSignatureBesideAQuorum) {
  for (std::size_t i = 0; i < 4; ++i) {  // the last stands behind a quorum
    CommitCertificate certificate = commit({"v1", "v2", "v3", "v4"});
    certificate.signatures[i].signature[5] ^= 1;
    EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature) << i;
  }
}

TEST(Certificates, RefuseASignatureOfAnotherRoundOrRoot) {
  CommitCertificate certificate = commit({"v1", "v2", "v3"});
  certificate.signatures[0] = signature_of(precommit("v1", 1, kRed));
  EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature);
  certificate = commit({"v1", "v2", "v3"});
  certificate.block.log_root[0] ^= 1;
  EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature);
}

TEST(Certificates, RefuseAnotherKey) {
  CommitCertificate certificate = commit({"v1", "v2", "v3"});
  certificate.signatures[1].kid[0] ^= 1;
  EXPECT_EQ(verdict_on(certificate), Refusal::wrong_key);
}

TEST(Certificates, APolkaBelongsToOneValueAndValidRound) {
  PolkaCertificate certificate = polka({"v1", "v2", "v3"});
  certificate.valid_round = {0};
  EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature);
  certificate = polka({"v1", "v2", "v3"});
  certificate.header_hash[0] ^= 1;
  EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature);
}

TEST(Certificates, PrevotesAreNoCommit) {
  CommitCertificate certificate = commit({"v1", "v2", "v3"});
  const PolkaCertificate prevoted = polka({"v1", "v2", "v3"});
  certificate.signatures = prevoted.signatures;
  EXPECT_EQ(verdict_on(certificate), Refusal::bad_signature);
}

TEST(Certificates, ARoundIsJustifiedByPrecommitsBeforeOrVotesBeyond) {
  const auto round = [](std::vector<Vote> votes) {
    for (Vote& vote : votes) vote = sign(vote);
    return RoundCertificate{kHeight, {3}, std::move(votes)};
  };
  EXPECT_TRUE(verify(round({precommit("v1", 2, kRed), precommit("v2", 2, std::nullopt),
                            precommit("v3", 2, kRed)}),
                     kChain, four())
                  .has_value());
  EXPECT_EQ(verdict_on(round({precommit("v1", 2, kRed), precommit("v2", 2, std::nullopt)})),
            Refusal::no_quorum);
  EXPECT_EQ(verdict_on(round({prevote("v1", 3, kRed)})), Refusal::no_quorum);
  EXPECT_EQ(verdict_on(round({prevote("v1", 2, kRed), prevote("v2", 4, kRed)})),
            Refusal::wrong_round);
  RoundCertificate other_height = round({prevote("v1", 3, kRed), prevote("v2", 4, kRed)});
  other_height.votes[0].height = {8};
  EXPECT_EQ(verdict_on(other_height), Refusal::wrong_height);
}

TEST(Certificates, RefuseEveryCutAndAppendedByte) {
  crypto::Bytes bytes = encode(commit({"v1", "v2", "v3"}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_commit_certificate(crypto::ByteSpan(bytes).first(size)).has_value());
  }
  bytes.push_back(0);
  EXPECT_EQ(refusal_of(decode_commit_certificate(bytes)), Refusal::malformed);
}

}  // namespace
}  // namespace treeproof::bft
