// secp256k1 ECDSA over SHA-256 (ES256K), RFC 6979 nonces, 64-byte r||s, low-S required everywhere.
// Owns no key file and no randomness: seeds come from the caller. Pure; safe from any thread.
// Source: RFC 8812 section 3.2, SEC 1 v2, RFC 6979; docs/protocol.md section 2.
#pragma once

#include <compare>
#include <optional>

#include "crypto/bytes.h"

namespace treeproof::crypto {

using PublicKeyBytes = std::array<std::uint8_t, 33>;  // compressed point
using Signature = std::array<std::uint8_t, 64>;       // r || s, big-endian
using Kid = std::array<std::uint8_t, 8>;              // a hint, never a reason to trust

// True for the one form in which a signature is written: r and s from 1 to the group order, s in
// the lower half. Says nothing of a key or a digest.
bool is_low_s(const Signature& signature);

// The first 8 bytes of SHA-256(public key).
Kid kid_of(const PublicKeyBytes& key);

// A public key that is known to be a point of the curve; parsed once, verified often.
class PublicKey {
 public:
  // Refuses bytes that are not a compressed point of the curve.
  static std::optional<PublicKey> parse(ByteSpan bytes33);

  const PublicKeyBytes& bytes() const noexcept { return bytes_; }
  const Kid& kid() const noexcept { return kid_; }
  // True for a valid low-S signature over the digest; false for anything else, high-S included.
  bool verify(const Hash& digest, const Signature& signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.bytes_ == b.bytes_; }
  friend auto operator<=>(const PublicKey& a, const PublicKey& b) { return a.bytes_ <=> b.bytes_; }

 private:
  PublicKey() = default;
  PublicKeyBytes bytes_{};
  Kid kid_{};
  std::array<std::uint8_t, 64> parsed_{};  // secp256k1_pubkey, opaque
};

// A secret key; its bytes are wiped when it goes.
class SecretKey {
 public:
  // Refuses zero and values at or above the group order.
  static std::optional<SecretKey> from_bytes(ByteSpan bytes32);
  ~SecretKey();
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;

  const PublicKey& public_key() const noexcept { return public_key_; }
  // Deterministic (RFC 6979), low-S. Requires: not moved from.
  Signature sign(const Hash& digest) const;
  // For writing a key file; the caller wipes its copy.
  ByteSpan reveal() const noexcept { return bytes_; }

 private:
  SecretKey(std::span<const std::uint8_t, 32> bytes, const PublicKey& key) noexcept;
  std::array<std::uint8_t, 32> bytes_;
  PublicKey public_key_;
};

}  // namespace treeproof::crypto
