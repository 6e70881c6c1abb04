// The key of a vault, and what it seals: ChaCha20-Poly1305 with a fresh nonce for each seal.
// Owns the key's bytes, wiped at its end; its file, of mode 0600, belongs to the platform.
// Callers: redemption_vault, vault commands. Any thread.
// Source: docs/importing.md "The vault"; RFC 8439.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "crypto/bytes.h"
#include "node/cli/outcome.h"

namespace treeproof::import {

inline constexpr std::size_t kVaultKeyBytes = 32;
inline constexpr std::size_t kSealNonceBytes = 12;
inline constexpr std::size_t kSealTagBytes = 16;

class VaultKey {
 public:
  // Writes a new key, as a line of 64 hex digits, of mode 0600; an existing file is never touched.
  static cli::Result<void> make(const std::filesystem::path& file);
  // Strict; refuses a file that others than its owner may read.
  static cli::Result<VaultKey> read(const std::filesystem::path& file);

  VaultKey(VaultKey&& other) noexcept;
  VaultKey& operator=(VaultKey&& other) noexcept;
  ~VaultKey();

  // Nonce, what was sealed, tag. `bound` is not in it, and must be the same to open it.
  crypto::Bytes seal(crypto::ByteSpan plain, crypto::ByteSpan bound) const;
  // Nothing for bytes that this key did not seal, or not with `bound`.
  std::optional<crypto::Bytes> open(crypto::ByteSpan sealed, crypto::ByteSpan bound) const;

 private:
  VaultKey() = default;
  std::array<std::uint8_t, kVaultKeyBytes> bytes_{};
};

// From the system's randomness.
void fill_random(std::span<std::uint8_t> bytes);
// So that no compiler leaves it out.
void wipe(void* bytes, std::size_t count) noexcept;

}  // namespace treeproof::import
