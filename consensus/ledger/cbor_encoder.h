// The strict CBOR form of every structure that schema.h describes: writing.
// Owns no structure. Callers: statements, objects, headers, leaves. Pure.
// Source: RFC 8949 section 4.2.1; docs/protocol.md section 1.
#pragma once

#include "consensus/ledger/schema.h"
#include "consensus/types/limits.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

class CborEncoder {
 public:
  explicit CborEncoder(crypto::CborWriter& out) : out_(out) {}

  template <class T>
  void value(const T& item) {
    if constexpr (std::same_as<T, bool>) {
      out_.boolean(item);
    } else if constexpr (std::is_enum_v<T>) {
      out_.text(names_of(item)[static_cast<std::size_t>(item)]);
    } else if constexpr (std::unsigned_integral<T>) {
      out_.uint(item);
    } else if constexpr (std::signed_integral<T>) {
      out_.integer(item);
    } else if constexpr (TextType<T>) {
      out_.text(item.text);
    } else if constexpr (std::same_as<T, std::string>) {
      out_.text(item);
    } else if constexpr (kIsByteArray<T> || std::same_as<T, crypto::Bytes>) {
      out_.bytes(item);
    } else if constexpr (kIsOptional<T>) {
      item ? value(*item) : static_cast<void>(out_.null());
    } else if constexpr (kIsList<T>) {
      out_.array(item.size());
      for (const auto& element : item) value(element);
    } else if constexpr (kIsVariant<T>) {
      std::visit([this](const auto& chosen) { this->value(chosen); }, item);
    } else {
      static_assert(Structure<T>);
      structure(item);
    }
  }

  template <class T>
  void operator()(std::string_view key, const T& item) {
    if (!in_array_) out_.text(key);
    const bool outer = in_array_;
    value(item);
    in_array_ = outer;
  }
  void constant(std::string_view key, std::string_view text) {
    if (!in_array_) out_.text(key);
    out_.text(text);
  }

 private:
  template <Structure T>
  void structure(const T& item) {
    in_array_ = ArrayStructure<T>;
    in_array_ ? out_.array(field_count<T>()) : out_.map(field_count<T>());
    T::fields(item, *this);
  }

  crypto::CborWriter& out_;
  bool in_array_ = false;
};

template <class T>
crypto::Bytes encode(const T& item) {
  crypto::CborWriter out;
  CborEncoder(out).value(item);
  return out.finish();
}

}  // namespace treeproof::ledger
