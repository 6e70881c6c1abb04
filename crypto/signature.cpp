#include "crypto/signature.h"

#include <openssl/crypto.h>
#include <secp256k1.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>

#include "crypto/hash.h"

namespace treeproof::crypto {

namespace {

struct ContextDeleter {
  void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};

// Signing needs its own tables; verification uses the library's static context.
const secp256k1_context* signing_context() {
  static const std::unique_ptr<secp256k1_context, ContextDeleter> kContext{
      secp256k1_context_create(SECP256K1_CONTEXT_NONE)};
  assert(kContext != nullptr);
  return kContext.get();
}

// The library's form of a signature, unless r or s overflows or s is in the upper half.
std::optional<secp256k1_ecdsa_signature> parse_low_s(const Signature& signature) {
  secp256k1_ecdsa_signature parsed;
  if (secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &parsed,
                                              signature.data()) != 1) {
    return std::nullopt;
  }
  const bool high_s =
      secp256k1_ecdsa_signature_normalize(secp256k1_context_static, nullptr, &parsed) == 1;
  if (high_s) return std::nullopt;
  return parsed;
}

}  // namespace

bool is_low_s(const Signature& signature) {
  const auto is_zero = [](ByteSpan half) {
    return std::ranges::all_of(half, [](std::uint8_t byte) { return byte == 0; });
  };
  const ByteSpan whole(signature);
  return parse_low_s(signature) && !is_zero(whole.first(32)) && !is_zero(whole.last(32));
}

Kid kid_of(const PublicKeyBytes& key) {
  const Hash hash = sha256(key);
  Kid kid;
  std::copy_n(hash.begin(), kid.size(), kid.begin());
  return kid;
}

std::optional<PublicKey> PublicKey::parse(ByteSpan bytes33) {
  PublicKey key;
  if (bytes33.size() != key.bytes_.size()) return std::nullopt;
  secp256k1_pubkey point;
  static_assert(sizeof point.data == sizeof key.parsed_);
  if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, bytes33.data(), bytes33.size()) !=
      1) {
    return std::nullopt;
  }
  std::ranges::copy(bytes33, key.bytes_.begin());
  std::memcpy(key.parsed_.data(), point.data, sizeof point.data);
  key.kid_ = kid_of(key.bytes_);
  return key;
}

bool PublicKey::verify(const Hash& digest, const Signature& signature) const {
  const auto parsed = parse_low_s(signature);
  if (!parsed) return false;
  secp256k1_pubkey point;
  std::memcpy(point.data, parsed_.data(), sizeof point.data);
  return secp256k1_ecdsa_verify(secp256k1_context_static, &*parsed, digest.data(), &point) == 1;
}

std::optional<SecretKey> SecretKey::from_bytes(ByteSpan bytes32) {
  if (bytes32.size() != 32) return std::nullopt;
  const secp256k1_context* const context = signing_context();
  secp256k1_pubkey point;
  // Fails for zero and for values at or above the group order.
  if (secp256k1_ec_pubkey_create(context, &point, bytes32.data()) != 1) return std::nullopt;
  PublicKeyBytes compressed;
  std::size_t size = compressed.size();
  const int written = secp256k1_ec_pubkey_serialize(context, compressed.data(), &size, &point,
                                                    SECP256K1_EC_COMPRESSED);
  assert(written == 1 && size == compressed.size());
  const auto public_key = PublicKey::parse(compressed);
  assert(public_key.has_value());
  return SecretKey(bytes32.first<32>(), *public_key);
}

SecretKey::SecretKey(std::span<const std::uint8_t, 32> bytes, const PublicKey& key) noexcept
    : public_key_(key) {
  std::ranges::copy(bytes, bytes_.begin());
}

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

SecretKey::SecretKey(SecretKey&& other) noexcept
    : bytes_(other.bytes_), public_key_(other.public_key_) {
  OPENSSL_cleanse(other.bytes_.data(), other.bytes_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    public_key_ = other.public_key_;
    OPENSSL_cleanse(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}

Signature SecretKey::sign(const Hash& digest) const {
  const secp256k1_context* const context = signing_context();
  secp256k1_ecdsa_signature made;
  // The default nonce function is RFC 6979 and the result is low-S; zero means a moved-from key.
  const int signed_ok = secp256k1_ecdsa_sign(context, &made, digest.data(), bytes_.data(),
                                             secp256k1_nonce_function_rfc6979, nullptr);
  assert(signed_ok == 1);
  Signature signature;
  const int written = secp256k1_ecdsa_signature_serialize_compact(context, signature.data(), &made);
  assert(written == 1);
  return signature;
}

}  // namespace treeproof::crypto
