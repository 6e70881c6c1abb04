#include "node/import/vault_key.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "node/cli/files.h"

namespace treeproof::import {

namespace {

constexpr std::size_t kKeyFileBytesMax = 1'024;
static_assert(crypto_aead_chacha20poly1305_ietf_KEYBYTES == kVaultKeyBytes);
static_assert(crypto_aead_chacha20poly1305_ietf_NPUBBYTES == kSealNonceBytes);
static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == kSealTagBytes);

}  // namespace

void fill_random(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

void wipe(void* bytes, std::size_t count) noexcept { sodium_memzero(bytes, count); }

cli::Result<void> VaultKey::make(const std::filesystem::path& file) {
  VaultKey key;
  fill_random(key.bytes_);
  std::string text = crypto::to_hex(key.bytes_) + "\n";
  auto written =
      cli::write_file(file, crypto::as_bytes(text), cli::Replace::never, cli::Privacy::owner);
  wipe(text.data(), text.size());
  return written;
}

cli::Result<VaultKey> VaultKey::read(const std::filesystem::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) {
    return cli::fail("\"" + file.string() + "\" could not be read: " + std::strerror(errno) + ".",
                     "Check the name; `treeproof vault key --out FILE` makes a new key.");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return cli::fail("The key \"" + file.string() + "\" is open to others than its owner.",
                     "Run chmod 600 on it.");
  }
  auto text = cli::read_text(file, kKeyFileBytesMax);
  if (!text) return std::unexpected(text.error());
  const bool is_line = text->size() == 2 * kVaultKeyBytes + 1 && text->back() == '\n';
  auto bytes = is_line ? crypto::from_hex(std::string_view(*text).substr(0, 2 * kVaultKeyBytes))
                       : std::nullopt;
  wipe(text->data(), text->size());
  if (!bytes) {
    return cli::fail("\"" + file.string() +
                         "\" is no key of a vault: it is not one line of 64 hex "
                         "digits.",
                     "Give a file that `treeproof vault key` wrote.");
  }
  VaultKey key;
  std::ranges::copy(*bytes, key.bytes_.begin());
  wipe(bytes->data(), bytes->size());
  return key;
}

VaultKey::VaultKey(VaultKey&& other) noexcept : bytes_(other.bytes_) {
  wipe(other.bytes_.data(), other.bytes_.size());
}
VaultKey& VaultKey::operator=(VaultKey&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  wipe(other.bytes_.data(), other.bytes_.size());
  return *this;
}
VaultKey::~VaultKey() { wipe(bytes_.data(), bytes_.size()); }

crypto::Bytes VaultKey::seal(crypto::ByteSpan plain, crypto::ByteSpan bound) const {
  crypto::Bytes sealed(kSealNonceBytes + plain.size() + kSealTagBytes);
  fill_random(std::span(sealed).first(kSealNonceBytes));
  crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data() + kSealNonceBytes, nullptr, plain.data(),
                                            plain.size(), bound.data(), bound.size(), nullptr,
                                            sealed.data(), bytes_.data());
  return sealed;
}

std::optional<crypto::Bytes> VaultKey::open(crypto::ByteSpan sealed, crypto::ByteSpan bound) const {
  if (sealed.size() < kSealNonceBytes + kSealTagBytes) return std::nullopt;
  const crypto::ByteSpan body = sealed.subspan(kSealNonceBytes);
  crypto::Bytes plain(body.size() - kSealTagBytes);
  const int opened = crypto_aead_chacha20poly1305_ietf_decrypt(
      plain.data(), nullptr, nullptr, body.data(), body.size(), bound.data(), bound.size(),
      sealed.data(), bytes_.data());
  if (opened == 0) return plain;
  wipe(plain.data(), plain.size());
  return std::nullopt;
}

}  // namespace treeproof::import
