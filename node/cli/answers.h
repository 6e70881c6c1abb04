// Fields of a node's answers. A missing field or another type throws, and main says that the node
// answered in another form than this program knows.
// Owns nothing. Callers: commands, after a successful call. Pure.
// Source: docs/api.md "Conventions".
#pragma once

#include <cstdint>
#include <string>

#include "crypto/bytes.h"
#include "rpc/json.h"

namespace treeproof::cli {

// A text; empty where it is null.
std::string text_at(const rpc::Json& object, const char* key);
// A number, or its decimal text.
std::uint64_t number_at(const rpc::Json& object, const char* key);
// Whatever it is, as people read it: texts bare, null as "-".
std::string shown_at(const rpc::Json& object, const char* key);
crypto::Hash hash_at(const rpc::Json& object, const char* key);    // hex
crypto::Bytes proof_at(const rpc::Json& object, const char* key);  // base64url

}  // namespace treeproof::cli
