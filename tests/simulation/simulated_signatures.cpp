// Signatures for simulations: hashes of the shape of an ES256K signature, which only the simulated
// holder of a key makes, and public keys that are parsed once. Three functions take the place of
// curve arithmetic at link time; all that is built on them runs as it does in a node.
// Source: docs/simulation.md "What is simulated".
#include <algorithm>
#include <map>

#include "crypto/hash.h"
#include "crypto/signature.h"

namespace treeproof::simulation {

namespace {

crypto::Signature signature_of(const crypto::PublicKey& key, const crypto::Hash& digest) {
  const crypto::Hash half = crypto::sha256({key.bytes(), digest});
  crypto::Signature signature{};
  std::ranges::copy(half, signature.begin());
  std::ranges::copy(half, signature.begin() + half.size());
  return signature;
}

}  // namespace

using crypto::Hash;
using crypto::PublicKey;
using crypto::SecretKey;
using crypto::Signature;

bool verify_simulated(const PublicKey*, const Hash&, const Signature&) asm(
    "__wrap__ZNK9treeproof6crypto9PublicKey6verifyERKSt5arrayIhLm32EERKS2_IhLm64EE");
Signature sign_simulated(const SecretKey*, const Hash&) asm(
    "__wrap__ZNK9treeproof6crypto9SecretKey4signERKSt5arrayIhLm32EE");

std::optional<crypto::PublicKey> parse_once(crypto::ByteSpan bytes) asm(
    "__wrap__ZN9treeproof6crypto9PublicKey5parseESt4spanIKhLm18446744073709551615EE");
std::optional<crypto::PublicKey> parse_really(crypto::ByteSpan bytes) asm(
    "__real__ZN9treeproof6crypto9PublicKey5parseESt4spanIKhLm18446744073709551615EE");

std::optional<crypto::PublicKey> parse_once(crypto::ByteSpan bytes) {
  crypto::PublicKeyBytes key{};
  if (bytes.size() != key.size()) return std::nullopt;
  std::ranges::copy(bytes, key.begin());
  thread_local std::map<crypto::PublicKeyBytes, std::optional<crypto::PublicKey>> parsed;
  const auto found = parsed.find(key);
  if (found != parsed.end()) return found->second;
  return parsed.emplace(key, parse_really(bytes)).first->second;
}

bool verify_simulated(const PublicKey* key, const Hash& digest, const Signature& signature) {
  return signature == signature_of(*key, digest);
}

Signature sign_simulated(const SecretKey* key, const Hash& digest) {
  return signature_of(key->public_key(), digest);
}

}  // namespace treeproof::simulation
