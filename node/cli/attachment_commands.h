// `treeproof attachment build`: from JSON leaves to the bytes that travel beside a statement.
// Owns no form of leaves (attachment_build.h). Called by main; tests.
// Source: docs/running.md "Attachments".
#pragma once

#include <optional>
#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct AttachmentBuildOptions {
  std::string kind;                     // redeem, plant, geometry, runs
  std::string file;                     // JSON; "-" is the input
  std::string out;                      // .cbor
  std::optional<std::string> openings;  // of a redeem with references: private, for the users
};
// Prints what the statement must say: root, count, bytes.
ExitCode attachment_build(const AttachmentBuildOptions& options, Console& console);

}  // namespace treeproof::cli
