#include "node/import/registered_species.h"

#include <nlohmann/json.hpp>

#include "node/cli/answers.h"

namespace treeproof::import {

cli::Result<std::set<std::string>> registered_species(cli::RpcClient& client) {
  const auto items = cli::list_all(client, "species_list", rpc::Json::object());
  if (!items) return std::unexpected(items.error());
  std::set<std::string> codes;
  for (const rpc::Json& item : *items) codes.insert(cli::text_at(item, "code"));
  return codes;
}

}  // namespace treeproof::import
