// The JSON form of every structure that ledger/schema.h describes: writing. The twin of
// cbor_encoder.h: one list of fields gives both forms.
// Owns no structure. Callers: json_codec, handlers. Pure. Source: docs/api.md "Conventions".
//
// 64-bit integers are decimal texts, smaller ones numbers; bytes are lower-case hex; an enum is
// its name, an absent optional null; every structure is an object, those that are CBOR arrays too.
#pragma once

#include "consensus/ledger/schema.h"
#include "crypto/bytes.h"
#include "rpc/json_builder.h"

namespace treeproof::rpc {

class JsonEncoder {
 public:
  explicit JsonEncoder(JsonBuilder& out) : out_(out) {}

  template <class T>
  void value(const T& item) {
    if constexpr (std::same_as<T, bool>) {
      out_.boolean(item);
    } else if constexpr (std::is_enum_v<T>) {
      out_.text(names_of(item)[static_cast<std::size_t>(item)]);
    } else if constexpr (std::integral<T>) {
      sizeof(T) == 8 ? out_.text(std::to_string(item))
                     : out_.number(static_cast<std::int64_t>(item));
    } else if constexpr (ledger::TextType<T>) {
      out_.text(item.text);
    } else if constexpr (std::same_as<T, std::string>) {
      out_.text(item);
    } else if constexpr (ledger::kIsByteArray<T> || std::same_as<T, crypto::Bytes>) {
      out_.text(crypto::to_hex(item));
    } else if constexpr (ledger::kIsOptional<T>) {
      item ? value(*item) : out_.null();
    } else if constexpr (ledger::kIsList<T>) {
      out_.begin_array();
      for (const auto& element : item) value(element);
      out_.end();
    } else if constexpr (ledger::kIsVariant<T>) {
      std::visit([this](const auto& chosen) { this->value(chosen); }, item);
    } else {
      static_assert(ledger::Structure<T>);
      out_.begin_object();
      T::fields(item, *this);
      out_.end();
    }
  }

  template <class T>
  void operator()(std::string_view key, const T& item) {
    out_.key(key);
    value(item);
  }
  void constant(std::string_view key, std::string_view text) {
    out_.key(key);
    out_.text(text);
  }

 private:
  JsonBuilder& out_;
};

// The tree of one structure, to be taken.
template <class T>
JsonBuilder built(const T& item) {
  JsonBuilder out;
  JsonEncoder(out).value(item);
  return out;
}

}  // namespace treeproof::rpc
