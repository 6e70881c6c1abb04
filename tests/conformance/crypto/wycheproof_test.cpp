#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "crypto/signature.h"
#include "tests/conformance/crypto/vectors.h"

namespace treeproof::crypto {
namespace {

using Json = nlohmann::json;

// One DER INTEGER at the front, as 32 bytes; strict: shortest form, not negative, at most 256 bits.
std::optional<Bytes> take_integer(ByteSpan& der) {
  if (der.size() < 3 || der[0] != 0x02) return std::nullopt;
  const std::size_t length = der[1];
  if (length == 0 || length > 33 || der.size() < 2 + length) return std::nullopt;
  ByteSpan value = der.subspan(2, length);
  der = der.subspan(2 + length);
  if (value[0] >= 0x80) return std::nullopt;
  if (value[0] == 0 && length > 1) {
    if (value[1] < 0x80) return std::nullopt;
    value = value.subspan(1);
  }
  if (value.size() > 32) return std::nullopt;
  Bytes fixed(32 - value.size(), 0);
  fixed.insert(fixed.end(), value.begin(), value.end());
  return fixed;
}

std::optional<Signature> signature_from_der(ByteSpan der) {
  if (der.size() < 2 || der[0] != 0x30 || der[1] >= 0x80 || der[1] != der.size() - 2) {
    return std::nullopt;
  }
  der = der.subspan(2);
  const auto r = take_integer(der);
  const auto s = r ? take_integer(der) : std::nullopt;
  if (!s || !der.empty()) return std::nullopt;
  Signature signature;
  std::copy(r->begin(), r->end(), signature.begin());
  std::copy(s->begin(), s->end(), signature.begin() + 32);
  return signature;
}

std::optional<Signature> signature_from_p1363(ByteSpan bytes) {
  Signature signature;
  if (bytes.size() != signature.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), signature.begin());
  return signature;
}

// The vectors give uncompressed points 04 || x || y.
std::optional<PublicKey> key_of(const Json& group) {
  const auto point = from_hex(group["publicKey"]["uncompressed"].get<std::string>());
  if (!point || point->size() != 65) return std::nullopt;
  Bytes compressed(point->begin(), point->begin() + 33);
  compressed[0] = point->back() % 2 == 0 ? 0x02 : 0x03;
  return PublicKey::parse(compressed);
}

// s above half the group order, which our rule refuses although plain ECDSA accepts it.
bool is_high_s(const Signature& signature) {
  const Bytes half = *from_hex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
  return std::lexicographical_compare(half.begin(), half.end(), signature.begin() + 32,
                                      signature.end());
}

struct Tally {
  int accepted = 0;
  int refused = 0;
  int refused_for_high_s = 0;
};

template <class ToSignature>
Tally run(const std::filesystem::path& file, ToSignature to_signature) {
  Tally tally;
  const Json document = Json::parse(conformance::read_file(file));
  for (const Json& group : document["testGroups"]) {
    const auto key = key_of(group);
    EXPECT_TRUE(key);
    for (const Json& test : group["tests"]) {
      const auto signature = to_signature(*from_hex(test["sig"].get<std::string>()));
      const Hash digest = sha256(*from_hex(test["msg"].get<std::string>()));
      const bool accepted = key && signature && key->verify(digest, *signature);
      const bool valid = test["result"] == "valid";
      const bool high_s = valid && signature && is_high_s(*signature);
      EXPECT_EQ(accepted, valid && !high_s) << "tcId " << test["tcId"] << " " << test["comment"];
      (accepted ? tally.accepted : tally.refused) += 1;
      tally.refused_for_high_s += high_s ? 1 : 0;
    }
  }
  return tally;
}

TEST(Wycheproof, BitcoinSignaturesAreAcceptedOnlyWhenValidAndLowS) {
  const auto file =
      conformance::vectors_folder() / "wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const Tally tally = run(file, signature_from_der);
  EXPECT_EQ(tally.accepted, 162);
  EXPECT_EQ(tally.refused, 301);
  EXPECT_EQ(tally.refused_for_high_s, 0);
}

TEST(Wycheproof, RawSignaturesAreRefusedWhenHighS) {
  const auto file =
      conformance::vectors_folder() / "wycheproof/ecdsa_secp256k1_sha256_p1363_test.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const Tally tally = run(file, signature_from_p1363);
  EXPECT_EQ(tally.accepted, 95);
  EXPECT_EQ(tally.refused, 157);
  EXPECT_EQ(tally.refused_for_high_s, 72);
}

}  // namespace
}  // namespace treeproof::crypto
