// A signing key on disk: JSON {"org", "roles", "public_key", "secret_key"}, readable by its owner
// only. Owns the format; the sign guard of a node key is a file beside it (store/guard_file.h).
// Callers: commands that sign, node. Any thread.
// Source: docs/running.md "Keys"; docs/protocol.md section 2.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "consensus/ledger/names.h"
#include "crypto/signature.h"
#include "node/cli/outcome.h"

namespace treeproof::cli {

struct KeyFile {
  std::string org;
  std::vector<ledger::KeyRole> roles;  // strictly ascending
  crypto::SecretKey key;

  bool has(ledger::KeyRole role) const noexcept;
};

// A new key from the system's randomness.
crypto::SecretKey random_key();

// Mode 0600; an existing file is never touched.
Result<void> write_key_file(const std::filesystem::path& file, const KeyFile& key);
// Strict; the public key must be the secret key's.
Result<KeyFile> read_key_file(const std::filesystem::path& file);

// "KEY.guard".
std::filesystem::path guard_path(const std::filesystem::path& key_file);

// "admin,node"; refuses unknown names and none at all. Sorted, each once.
Result<std::vector<ledger::KeyRole>> parse_roles(const std::vector<std::string>& names);
std::string roles_text(const std::vector<ledger::KeyRole>& roles);

}  // namespace treeproof::cli
