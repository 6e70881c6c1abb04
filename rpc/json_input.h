// A place in a JSON tree, read strictly value by value, as CborReader reads bytes: what the decoder
// of structures reads from. Errors are sticky and remember where they happened.
// Owns no tree: it must outlive this. Callers: json_decoder.h, genesis and trust files. One thread.
// Source: docs/api.md "Conventions".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

class JsonInput {
 public:
  // `name` begins every path, such as "params"; empty for a file.
  explicit JsonInput(const Json& root, std::string name = {});

  bool boolean();
  std::string_view text();
  // As a number or as a decimal text.
  std::uint64_t uint(std::uint64_t max = UINT64_MAX);
  std::int64_t integer(std::int64_t min, std::int64_t max);
  crypto::Bytes bytes(std::size_t max_length);  // lower-case hex
  bool is_null() const;

  // Goes to a member of this object; false where there is none.
  bool enter(std::string_view key);
  // Goes to a member that must be there; fails otherwise.
  bool require(std::string_view key);
  // Goes to an element. Requires: index < array().
  void enter(std::size_t index);
  void leave();
  // How many elements this array has; fails for anything but an array within the bounds.
  std::size_t array(std::size_t min, std::size_t max);
  // Fails for anything but an object.
  void object();
  // Fails at a key of this object that was never entered.
  void no_other_keys();

  void fail(std::string problem);  // keeps the first
  bool ok() const noexcept { return !failed_; }
  const JsonFault& fault() const noexcept { return fault_; }

 private:
  struct Place {
    const Json* value;
    std::string step;  // ".species", "[2]"
    std::vector<std::string_view> entered;
  };
  const Json& here() const { return *places_.back().value; }

  std::vector<Place> places_;
  bool failed_ = false;
  JsonFault fault_;
};

}  // namespace treeproof::rpc
