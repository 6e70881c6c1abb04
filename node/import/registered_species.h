// The species codes that a chain knows. Owns nothing. Callers: species and trees commands.
// One thread. Source: docs/api.md species_list.
#pragma once

#include <set>
#include <string>

#include "node/cli/rpc_client.h"

namespace treeproof::import {

cli::Result<std::set<std::string>> registered_species(cli::RpcClient& client);

}  // namespace treeproof::import
