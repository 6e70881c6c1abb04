// The JSON form of every structure that ledger/schema.h describes: reading, strictly. The twin of
// cbor_decoder.h. Unknown fields, wrong types and values out of range are refused with their path;
// only an optional field may be left out. A variant says which by the constant field of its kTag.
// Owns no structure. Callers: json_codec, genesis_json. Pure. Source: docs/api.md "Conventions".
#pragma once

#include <algorithm>
#include <expected>
#include <limits>

#include "consensus/ledger/schema.h"
#include "consensus/types/limits.h"
#include "rpc/json_input.h"

namespace treeproof::rpc {

class JsonDecoder {
 public:
  explicit JsonDecoder(JsonInput& in) : in_(in) {}

  template <class T>
  void value(T& item) {
    if constexpr (std::same_as<T, bool>) {
      item = in_.boolean();
    } else if constexpr (std::is_enum_v<T>) {
      enumeration(item);
    } else if constexpr (std::unsigned_integral<T>) {
      item = static_cast<T>(in_.uint(std::numeric_limits<T>::max()));
    } else if constexpr (std::signed_integral<T>) {
      using Limits = std::numeric_limits<T>;
      item = static_cast<T>(in_.integer(Limits::min(), Limits::max()));
    } else if constexpr (ledger::TextType<T>) {
      item.text = in_.text();
      if (in_.ok() && !T::check(item.text)) in_.fail("not of the form that is wanted here");
    } else if constexpr (std::same_as<T, std::string>) {
      item = in_.text();
      if (item.size() > kTextBytesMax) in_.fail("a text that is too long");
    } else if constexpr (ledger::kIsByteArray<T>) {
      byte_array(item);
    } else if constexpr (std::same_as<T, crypto::Bytes>) {
      item = in_.bytes(kTextBytesMax);
    } else if constexpr (ledger::kIsOptional<T>) {
      if (!in_.is_null()) value(item.emplace());
    } else if constexpr (ledger::kIsList<T>) {
      list(item);
    } else if constexpr (ledger::kIsVariant<T>) {
      variant(item);
    } else {
      static_assert(ledger::Structure<T>);
      in_.object();
      if (in_.ok()) T::fields(item, *this);
      in_.no_other_keys();
    }
  }

  template <class T>
  void operator()(std::string_view key, T& item) {
    if (!in_.ok()) return;
    const bool is_there = ledger::kIsOptional<T> ? in_.enter(key) : in_.require(key);
    if (!is_there) return;
    value(item);
    in_.leave();
  }
  void constant(std::string_view key, std::string_view text) {
    if (!in_.ok() || !in_.require(key)) return;
    if (in_.text() != text) in_.fail("the text " + std::string(text) + " is wanted");
    in_.leave();
  }

 private:
  template <class T>
  void enumeration(T& item) {
    const std::string_view name = in_.text();
    const auto names = names_of(T{});
    const auto found = std::ranges::find(names, name);
    if (found != names.end())
      return static_cast<void>(item = static_cast<T>(found - names.begin()));
    std::string known;
    for (const std::string_view each : names)
      known += (known.empty() ? "" : ", ") + std::string(each);
    in_.fail("one of " + known + " is wanted");
  }
  template <class T>
  void byte_array(T& item) {
    const crypto::Bytes bytes = in_.bytes(item.size());
    if (in_.ok() && bytes.size() != item.size()) {
      in_.fail(std::to_string(item.size()) + " bytes are wanted");
    }
    if (in_.ok()) std::ranges::copy(bytes, item.begin());
  }
  template <class T>
  void list(T& items) {
    const std::size_t count = in_.array(T::kMin, T::kMax);
    items.reserve(count);
    for (std::size_t i = 0; i < count && in_.ok(); ++i) {
      in_.enter(i);
      value(items.emplace_back());
      in_.leave();
    }
  }
  template <class First, class... Rest>
  void variant(std::variant<First, Rest...>& item) {
    in_.object();
    if (!in_.ok() || !in_.require(First::kTag)) return;
    const std::string_view name = in_.text();
    in_.leave();
    if (!in_.ok()) return;
    const bool known = alternative<First>(item, name) || (alternative<Rest>(item, name) || ...);
    if (!known) in_.fail("unknown " + std::string(First::kTag) + " " + std::string(name));
  }
  template <class Chosen, class Variant>
  bool alternative(Variant& item, std::string_view name) {
    if (name != Chosen::kName) return false;
    value(item.template emplace<Chosen>());
    return true;
  }

  JsonInput& in_;
};

}  // namespace treeproof::rpc
