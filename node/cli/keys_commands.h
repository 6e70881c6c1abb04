// `treeproof keys new` and `keys show`.
// Own no format (key_file.h, store/guard_file.h). Called by main; tests.
// Source: docs/running.md "Keys"; docs/consensus.md rule 23.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "node/cli/console.h"

namespace treeproof::cli {

struct KeysNewOptions {
  std::filesystem::path out;
  std::string org;
  std::vector<std::string> roles;
};
// With the role node, the sign guard is made together with the key.
ExitCode keys_new(const KeysNewOptions& options, Console& console);

struct KeysShowOptions {
  std::filesystem::path file;
};
// Never prints the secret.
ExitCode keys_show(const KeysShowOptions& options, Console& console);

}  // namespace treeproof::cli
