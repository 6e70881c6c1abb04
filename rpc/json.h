// The one JSON type of this folder and of those who call it: objects keep the order in which their
// keys were set. Owns nothing; headers see the name only, .cpp files include <nlohmann/json.hpp>.
// Callers: rpc, node/cli. Safe wherever its value is. Source: RFC 8259.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace treeproof::rpc {

using Json = nlohmann::ordered_json;

}  // namespace treeproof::rpc
