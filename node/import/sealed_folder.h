// A vault's folder: sealed files, each named by the ref of a statement, held by one command at a
// time. Owns the folder's lock and the key; not what the files say. Callers: redemption_vault,
// points_vault. One thread. Source: docs/importing.md "The vault".
// A file: a line that names its form, then what VaultKey seals, bound to that line and to the ref.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/import/vault_key.h"

namespace treeproof::import {

// What a file holds, told by its extension and its first line.
struct SealedForm {
  std::string_view extension;  // ".vault"
  std::string_view magic;      // "treeproof vault 1\n"
};

class SealedFolder {
 public:
  // Makes the folder where there is none, and holds its lock: one command at a time.
  static cli::Result<SealedFolder> open(const std::filesystem::path& folder, VaultKey key);
  ~SealedFolder();
  SealedFolder(SealedFolder&&) noexcept;
  SealedFolder& operator=(SealedFolder&&) noexcept;

  std::filesystem::path file_of(const SealedForm& form, const std::string& ref) const;
  // The refs that it has files of this form for.
  cli::Result<std::vector<std::string>> refs(const SealedForm& form) const;
  // Fails where the key does not open the file. Wipe it after use.
  cli::Result<crypto::Bytes> read(const SealedForm& form, const std::string& ref) const;
  // Synced when it returns, file and name. Wipes the text.
  cli::Result<void> write(const SealedForm& form, const std::string& ref, std::string text) const;

 private:
  struct Lock;
  SealedFolder(std::filesystem::path folder, VaultKey key, std::unique_ptr<Lock> lock);

  std::filesystem::path folder_;
  VaultKey key_;
  std::unique_ptr<Lock> lock_;
};

inline constexpr std::size_t kSaltBytes = 16;  // of every commitment that is opened by a vault
// From the system's randomness.
std::vector<crypto::Bytes> fresh_salts(std::uint64_t count);

}  // namespace treeproof::import
