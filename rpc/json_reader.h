// JSON text from outside into a tree, bounded: depth, number of values and doubled keys are judged
// while it is read, so that nothing unbounded is ever built.
// Owns no meaning of the values. Callers: dispatcher, genesis and trust files, cli. Pure; safe from
// any thread. Source: RFC 8259; RFC 7493 section 2.3 (no doubled keys).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "rpc/json.h"

namespace treeproof::rpc {

// Where and what: {"params.limit", "above 500"}. The path is empty for the text as a whole.
struct JsonFault {
  std::string path;
  std::string problem;
  bool operator==(const JsonFault&) const = default;
};
// "params.limit: above 500".
std::string to_string(const JsonFault& fault);

struct JsonLimits {
  std::size_t depth_max = 32;
  std::size_t values_max = 65'536;
  std::size_t keys_max = 256;  // of one object
};

// UTF-8, one value, nothing after it. Integers above 64 bits and fractions become floating-point
// values, which no reader of the tree takes.
std::expected<Json, JsonFault> parse_json(std::string_view text, const JsonLimits& limits = {});

// The text of a tree, without white space; of a tree for people, indented by two.
std::string to_text(const Json& json);
std::string to_pretty_text(const Json& json);

}  // namespace treeproof::rpc
