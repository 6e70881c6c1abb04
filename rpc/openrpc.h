// The OpenRPC document of the table of methods.
// Owns nothing. Callers: rpc.discover, GET /openrpc.json. Safe from any thread.
// Source: OpenRPC 1.3.2; docs/api.md.
#pragma once

#include <string>

#include "rpc/method.h"

namespace treeproof::rpc {

// The whole document; made once.
const std::string& openrpc_text();

// One member of a result, as Method::result lists them.
struct ResultMember {
  std::string_view name;
  std::string_view type;
  bool may_be_null = false;
};
std::vector<ResultMember> result_members(std::string_view result);

}  // namespace treeproof::rpc
