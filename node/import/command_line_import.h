// The commands `treeproof import ...` and `treeproof vault ...` on the command line.
// Owns no command and no parser. Called by main. One thread.
// Source: docs/importing.md.
#pragma once

#include "node/cli/command_line.h"

namespace treeproof::import {

void add_import_commands(cli::CommandLine& line);

}  // namespace treeproof::import
