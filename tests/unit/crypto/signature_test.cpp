#include "crypto/signature.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace treeproof::crypto {
namespace {

Bytes scalar(std::string_view hex) {
  return *from_hex(std::string(64 - hex.size(), '0') + std::string(hex));
}

Signature signature_from(std::string_view hex) {
  const Bytes bytes = *from_hex(hex);
  Signature signature;
  std::copy(bytes.begin(), bytes.end(), signature.begin());
  return signature;
}

constexpr std::string_view kOrder =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
// The generator: the public key of secret 1.
constexpr std::string_view kGenerator =
    "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

// r and order - s.
Signature with_high_s(const Signature& low) {
  const Bytes order = *from_hex(kOrder);
  Signature high = low;
  int borrow = 0;
  for (std::size_t i = 32; i > 0; --i) {
    int digit = order[i - 1] - low[32 + i - 1] - borrow;
    borrow = digit < 0 ? 1 : 0;
    digit += borrow * 256;
    high[32 + i - 1] = static_cast<std::uint8_t>(digit);
  }
  return high;
}

TEST(SecretKey, OfOneHasTheGeneratorAsPublicKey) {
  const auto key = SecretKey::from_bytes(scalar("1"));
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(key->public_key().bytes()), kGenerator);
}

TEST(SecretKey, SignsByRfc6979) {
  // Published by many implementations: key 1, message "Satoshi Nakamoto".
  const auto key = SecretKey::from_bytes(scalar("1"));
  const Signature signature = key->sign(sha256(as_bytes("Satoshi Nakamoto")));
  EXPECT_EQ(to_hex(signature),
            "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
            "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
  EXPECT_TRUE(key->public_key().verify(sha256(as_bytes("Satoshi Nakamoto")), signature));
}

TEST(SecretKey, RefusesZeroTheOrderAndWrongLengths) {
  EXPECT_FALSE(SecretKey::from_bytes(scalar("0")));
  EXPECT_FALSE(SecretKey::from_bytes(scalar(kOrder)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(32, 0xFF)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(31, 1)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(33, 1)));
}

TEST(SecretKey, MovesAndWipesTheSource) {
  auto first = SecretKey::from_bytes(scalar("7"));
  const Hash digest = sha256(as_bytes("x"));
  const Signature expected = first->sign(digest);
  SecretKey second = std::move(*first);
  EXPECT_EQ(second.sign(digest), expected);
  EXPECT_EQ(to_hex(first->reveal()), std::string(64, '0'));
  auto third = SecretKey::from_bytes(scalar("9"));
  *third = std::move(second);
  EXPECT_EQ(third->sign(digest), expected);
  EXPECT_EQ(to_hex(second.reveal()), std::string(64, '0'));
}

TEST(PublicKey, RefusesWhatIsNoCompressedPoint) {
  EXPECT_TRUE(PublicKey::parse(*from_hex(kGenerator)));
  Bytes bytes = *from_hex(kGenerator);
  bytes[0] = 0x04;
  EXPECT_FALSE(PublicKey::parse(bytes));
  bytes[0] = 0x00;
  EXPECT_FALSE(PublicKey::parse(bytes));
  EXPECT_FALSE(PublicKey::parse(*from_hex("02" + std::string(62, '0') + "05")));  // not on it
  EXPECT_FALSE(PublicKey::parse(*from_hex("02" + std::string(64, 'f'))));
  EXPECT_FALSE(PublicKey::parse(*from_hex(kGenerator.substr(0, 64))));
  EXPECT_FALSE(PublicKey::parse({}));
}

TEST(PublicKey, KidIsTheStartOfItsHash) {
  const auto key = PublicKey::parse(*from_hex(kGenerator));
  const Hash hash = sha256(key->bytes());
  EXPECT_TRUE(equal(key->kid(), ByteSpan(hash).first(8)));
  EXPECT_EQ(key->kid(), kid_of(key->bytes()));
}

TEST(PublicKey, AcceptsOnlyThisDigestThisKeyAndLowS) {
  const auto key = SecretKey::from_bytes(scalar("abcdef"));
  const auto other = SecretKey::from_bytes(scalar("abcdee"));
  for (int i = 0; i < 20; ++i) {
    const Hash digest = sha256(Bytes{static_cast<std::uint8_t>(i)});
    const Signature signature = key->sign(digest);
    EXPECT_TRUE(key->public_key().verify(digest, signature));
    EXPECT_FALSE(other->public_key().verify(digest, signature));
    EXPECT_FALSE(key->public_key().verify(sha256(digest), signature));
    EXPECT_FALSE(key->public_key().verify(digest, with_high_s(signature)));
    EXPECT_TRUE(is_low_s(signature));
    EXPECT_FALSE(is_low_s(with_high_s(signature)));
  }
}

TEST(PublicKey, RefusesZeroAndOverflowingParts) {
  const auto key = SecretKey::from_bytes(scalar("2"));
  const Hash digest = sha256(as_bytes("digest"));
  const std::string good = to_hex(key->sign(digest));
  const std::string zero(64, '0');
  const std::string order(kOrder);
  for (const std::string& bad : {zero + zero, good.substr(0, 64) + zero, zero + good.substr(64),
                                 order + good.substr(64), good.substr(0, 64) + order}) {
    EXPECT_FALSE(key->public_key().verify(digest, signature_from(bad))) << bad;
    EXPECT_FALSE(is_low_s(signature_from(bad))) << bad;
  }
}

}  // namespace
}  // namespace treeproof::crypto
