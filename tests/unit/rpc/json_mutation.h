// Random damage to JSON: to the tree, and to the bytes of its text. The same for the same filler.
// Shared by the property tests.
#pragma once

#include <nlohmann/json.hpp>

#include "rpc/json.h"
#include "tests/unit/rpc/random_payload.h"

namespace treeproof::rpc {

// Replaces, takes away, adds or renames somewhere in the tree.
void damage_tree(Json& json, RandomFiller& random);

// Changes, takes away, adds or doubles some of the bytes.
void damage_text(std::string& text, RandomFiller& random);

// A value that no reader expects.
Json hostile_value(RandomFiller& random);

}  // namespace treeproof::rpc
