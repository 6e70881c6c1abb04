// Builds a JSON tree value by value, as CborWriter builds bytes: what the encoder of structures
// writes to. Owns the tree until take(). Callers: json_encoder.h, handlers. One thread.
// Source: docs/api.md "Conventions".
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "rpc/json.h"

namespace treeproof::rpc {

class JsonBuilder {
 public:
  JsonBuilder();
  ~JsonBuilder();
  JsonBuilder(JsonBuilder&&) noexcept;
  JsonBuilder& operator=(JsonBuilder&&) noexcept;

  void null();
  void boolean(bool value);
  void text(std::string_view value);
  // A JSON number: of 32 bits and less, so that every reader keeps it exact.
  void number(std::int64_t value);
  void begin_object();
  void begin_array();
  // Closes the innermost open object or array.
  void end();
  // Requires: an object is open; its value follows.
  void key(std::string_view name);

  // Requires: one whole value was written.
  Json take();

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace treeproof::rpc
