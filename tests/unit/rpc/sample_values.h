// Values of parameters: one that every row of the table takes, and those that it must refuse.
// Shared by the tests of calls.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "rpc/params.h"

namespace treeproof::rpc {

// Of the right form; the campaign is one of the season's.
Json good_value(const ParamSpec& spec);

// Of a wrong type, form or size, one for each way of being wrong.
std::vector<Json> wrong_values(const ParamSpec& spec);

}  // namespace treeproof::rpc
