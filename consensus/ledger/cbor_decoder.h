// The strict CBOR form of every structure that schema.h describes: reading.
// Owns no structure. Callers: statements, objects, headers, leaves. Pure.
// Source: RFC 8949 section 4.2.1; docs/protocol.md section 1.
// A variant is a map: its alternatives share one constant field (kTag) that tells them apart.
#pragma once

#include <algorithm>
#include <expected>
#include <limits>

#include "consensus/ledger/schema.h"
#include "consensus/types/limits.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

// The item under `key` of an encoded map of texts; empty where there is none.
crypto::ByteSpan field_of(crypto::ByteSpan encoded_map, std::string_view key);
// The text under `key`; empty where there is none.
std::string_view tag_of(crypto::ByteSpan encoded_map, std::string_view key);

class CborDecoder {
 public:
  explicit CborDecoder(crypto::CborReader& in) : in_(in) {}

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
    } else if constexpr (TextType<T>) {
      item.text = in_.text(kTextBytesMax);
      if (in_.ok() && !T::check(item.text)) in_.fail(crypto::CborError::out_of_range);
    } else if constexpr (std::same_as<T, std::string>) {
      item = in_.text(kTextBytesMax);
    } else if constexpr (kIsByteArray<T>) {
      const crypto::ByteSpan bytes = in_.bytes_exact(item.size());
      if (in_.ok()) std::ranges::copy(bytes, item.begin());
    } else if constexpr (std::same_as<T, crypto::Bytes>) {
      const crypto::ByteSpan bytes = in_.bytes(kTextBytesMax);
      item.assign(bytes.begin(), bytes.end());
    } else if constexpr (kIsOptional<T>) {
      optional(item);
    } else if constexpr (kIsList<T>) {
      list(item);
    } else if constexpr (kIsVariant<T>) {
      variant(item);
    } else {
      static_assert(Structure<T>);
      structure(item);
    }
  }

  template <class T>
  void operator()(std::string_view key, T& item) {
    expect_key(key);
    const bool outer = in_array_;
    if (in_.ok()) value(item);
    in_array_ = outer;
  }
  void constant(std::string_view key, std::string_view text) {
    expect_key(key);
    if (in_.ok() && in_.text(kTextBytesMax) != text) in_.fail(crypto::CborError::unknown_field);
  }

 private:
  void expect_key(std::string_view key) {
    if (in_array_ || !in_.ok()) return;
    if (in_.text(kTextBytesMax) != key) in_.fail(crypto::CborError::unknown_field);
  }
  template <class T>
  void enumeration(T& item) {
    const std::string_view name = in_.text(kTextBytesMax);
    const auto names = names_of(T{});
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return static_cast<void>(item = static_cast<T>(i));
    }
    in_.fail(crypto::CborError::out_of_range);
  }
  template <class T>
  void optional(std::optional<T>& item) {
    if (in_.next_is_null()) return in_.null();
    value(item.emplace());
  }
  template <class T>
  void list(T& items) {
    const std::size_t count = in_.array(T::kMax);
    if (in_.ok() && count < T::kMin) in_.fail(crypto::CborError::out_of_range);
    if (in_.ok()) items.reserve(count);
    for (std::size_t i = 0; i < count && in_.ok(); ++i) value(items.emplace_back());
  }
  // Finds the tag in the item's own bytes, then decodes the alternative that bears its name.
  template <class First, class... Rest>
  void variant(std::variant<First, Rest...>& item) {
    const crypto::ByteSpan bytes = in_.item();
    if (!in_.ok()) return;
    const std::string_view name = tag_of(bytes, First::kTag);
    const bool known =
        alternative<First>(item, name, bytes) || (alternative<Rest>(item, name, bytes) || ...);
    if (!known) in_.fail(crypto::CborError::unknown_field);
  }
  template <class Chosen, class Variant>
  bool alternative(Variant& item, std::string_view name, crypto::ByteSpan bytes) {
    if (name != Chosen::kName) return false;
    crypto::CborReader inner(bytes);
    CborDecoder(inner).value(item.template emplace<Chosen>());
    if (auto end = inner.finish(); !end) in_.fail(end.error());
    return true;
  }
  template <Structure T>
  void structure(T& item) {
    in_array_ = ArrayStructure<T>;
    if constexpr (ArrayStructure<T>) {
      in_.array_exact(field_count<T>());
    } else if (in_.map(kTextBytesMax) != field_count<T>()) {
      in_.fail(crypto::CborError::unknown_field);
    }
    if (in_.ok()) T::fields(item, *this);
  }

  crypto::CborReader& in_;
  bool in_array_ = false;
};

template <class T>
std::expected<T, crypto::CborError> decode(crypto::ByteSpan bytes) {
  crypto::CborReader in(bytes);
  T item{};
  CborDecoder(in).value(item);
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  return item;
}

}  // namespace treeproof::ledger
