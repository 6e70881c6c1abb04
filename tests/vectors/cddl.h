// CDDL (RFC 8610) of the structures that schema.h describes, from their one definition.
// Owns the text being written. Caller: the golden test of docs/protocol.cddl. One thread.
// Source: RFC 8610; docs/adr/0005.
#pragma once

#include <set>
#include <string>

#include "consensus/ledger/names.h"
#include "consensus/ledger/schema.h"
#include "crypto/bytes.h"

namespace treeproof::vectors {

class CddlWriter {
 public:
  // Adds the rule of a structure and of all that it refers to, once.
  template <ledger::Structure T>
  void add() {
    const std::string rule = rule_name<T>();
    if (!written_.insert(rule).second) return;
    T value{};
    Fields fields{*this, ledger::ArrayStructure<T>, ""};
    T::fields(value, fields);
    const char* open = ledger::ArrayStructure<T> ? " = [\n" : " = {\n";
    const char* close = ledger::ArrayStructure<T> ? "]\n\n" : "}\n\n";
    text_ += rule + open + fields.lines + close;
  }
  const std::string& text() const noexcept { return text_; }

 private:
  struct Fields {
    CddlWriter& writer;
    bool is_array;
    std::string lines;

    template <class T>
    void operator()(std::string_view key, const T&) {
      lines += "  " + std::string(key) + ": " + writer.type<T>() + ",\n";
    }
    void constant(std::string_view key, std::string_view text) {
      lines += "  " + std::string(key) + ": \"" + std::string(text) + "\",\n";
    }
  };

  // Its own, where a statement and a change share a name.
  template <ledger::Structure T>
  static std::string rule_name() {
    if constexpr (requires { T::kRuleName; }) {
      return std::string(T::kRuleName);
    } else {
      return std::string(T::kName);
    }
  }

  template <class T>
  std::string type() {
    if constexpr (std::same_as<T, bool>) {
      return "bool";
    } else if constexpr (std::is_enum_v<T>) {
      return choice(names_of(T{}));
    } else if constexpr (std::unsigned_integral<T>) {
      return "uint .size " + std::to_string(sizeof(T));
    } else if constexpr (std::signed_integral<T>) {
      return "int";
    } else if constexpr (ledger::kIsByteArray<T>) {
      return "bstr .size " + std::to_string(T{}.size());
    } else if constexpr (std::same_as<T, crypto::Bytes>) {
      return "bstr";
    } else if constexpr (ledger::kIsOptional<T>) {
      return type<typename T::value_type>() + " / null";
    } else if constexpr (ledger::kIsList<T>) {
      return "[" + std::to_string(T::kMin) + "*" + std::to_string(T::kMax) + " " +
             type<typename T::value_type>() + "]";
    } else if constexpr (ledger::kIsVariant<T>) {
      return variant(T{});
    } else if constexpr (ledger::Structure<T>) {
      add<T>();
      return rule_name<T>();
    } else {
      return "tstr";
    }
  }
  template <class... T>
  std::string variant(const std::variant<T...>&) {
    std::string text;
    ((text += (text.empty() ? "" : " / ") + type<T>()), ...);
    return text;
  }
  static std::string choice(ledger::Names names) {
    std::string text;
    for (const auto name : names)
      text += (text.empty() ? "\"" : " / \"") + std::string(name) + "\"";
    return text.empty() ? text : "(" + text + ")";
  }

  std::set<std::string> written_;
  std::string text_;
};

}  // namespace treeproof::vectors
