// The record that every applied statement leaves in the state: which statement, where and when.
// Owns no payload and no rule. Callers: every object, rules, queries. Pure.
// Source: docs/protocol.md sections 3 and 5.
//
// A statement creates one object, in namespace "object", with the id "org/ref": its map has the
// constant "type" (kType) and "record". find<T> (state.h) tells the types apart.
#pragma once

#include <algorithm>
#include <array>

#include "consensus/ledger/schema.h"
#include "crypto/signature.h"

namespace treeproof::ledger {

// The statement that made an object, and where it stands.
struct RecordInfo {
  static constexpr std::string_view kName = "record-info";
  static constexpr bool kIsArray = true;
  crypto::Hash statement{};  // statement id
  std::uint64_t height = 0;
  std::uint64_t log_index = 0;
  std::uint64_t time_s = 0;  // of the block
  crypto::Kid kid{};         // of the issuer's key that signed it

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("statement", self.statement);
    visit("height", self.height);
    visit("log_index", self.log_index);
    visit("time_s", self.time_s);
    visit("kid", self.kid);
  }
  bool operator==(const RecordInfo&) const = default;
};

// The record of an object of namespace "object", whatever its type. Requires: it is one.
RecordInfo record_of(crypto::ByteSpan object);

// The object of a statement whose effect is to stand in the log: its payload, as it was signed.
template <class P>
struct Recorded {
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = P::kName;
  static constexpr std::string_view kPrefix = "recorded-";
  static constexpr auto kNameText = [] {
    std::array<char, kPrefix.size() + P::kName.size()> text{};
    std::ranges::copy(P::kName, std::ranges::copy(kPrefix, text.begin()).out);
    return text;
  }();
  static constexpr std::string_view kName{kNameText.data(), kNameText.size()};
  RecordInfo record;
  P payload;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("record", self.record);
    visit("payload", self.payload);
  }
  bool operator==(const Recorded&) const = default;
};

}  // namespace treeproof::ledger
