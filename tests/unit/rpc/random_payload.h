// Fills any structure of schema.h with random values that its schema allows, the bounds of numbers
// and hostile letters of texts among them: the same for the same seed.
// Shared by the property tests.
#pragma once

#include <algorithm>
#include <limits>
#include <random>

#include "consensus/ledger/statement.h"
#include "consensus/types/limits.h"

namespace treeproof::rpc {

class RandomFiller {
 public:
  explicit RandomFiller(std::uint64_t seed) : engine_(seed) {}

  // From 0 to below `end`.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_()) % end; }

  template <class T>
  void value(T& item) {
    if constexpr (std::same_as<T, bool>) {
      item = below(2) == 0;
    } else if constexpr (std::is_enum_v<T>) {
      item = static_cast<T>(below(names_of(T{}).size()));
    } else if constexpr (std::integral<T>) {
      item = integer<T>();
    } else if constexpr (ledger::TextType<T>) {
      text(item);
    } else if constexpr (std::same_as<T, std::string>) {
      item = letters_of_people(kTextBytesMax);
    } else if constexpr (ledger::kIsByteArray<T>) {
      for (std::uint8_t& byte : item) byte = static_cast<std::uint8_t>(engine_());
    } else if constexpr (std::same_as<T, crypto::Bytes>) {
      item.resize(below(kTextBytesMax + 1));
      for (std::uint8_t& byte : item) byte = static_cast<std::uint8_t>(engine_());
    } else if constexpr (ledger::kIsOptional<T>) {
      item.reset();
      if (below(3) > 0) value(item.emplace());
    } else if constexpr (ledger::kIsList<T>) {
      item.clear();
      const std::size_t spread = std::min<std::size_t>(T::kMax - T::kMin, 4) + 1;
      const std::size_t count = below(100) == 0 ? T::kMax : T::kMin + below(spread);
      for (std::size_t i = 0; i < count; ++i) value(item.emplace_back());
    } else if constexpr (ledger::kIsVariant<T>) {
      alternative(item, below(std::variant_size_v<T>));
    } else {
      static_assert(ledger::Structure<T>);
      T::fields(item, *this);
    }
  }
  template <class T>
  void operator()(std::string_view, T& item) {
    value(item);
  }
  void constant(std::string_view, std::string_view) {}

  // Makes it this alternative of the variant.
  template <class First, class... Rest>
  void alternative(std::variant<First, Rest...>& item, std::size_t index) {
    std::size_t at = 0;
    const auto fill = [&]<class Chosen>(Chosen*) {
      if (at++ == index) value(item.template emplace<Chosen>());
    };
    fill(static_cast<First*>(nullptr));
    (fill(static_cast<Rest*>(nullptr)), ...);
  }

 private:
  template <class T>
  T integer() {
    using Limits = std::numeric_limits<T>;
    switch (below(8)) {
      case 0:
        return 0;
      case 1:
        return Limits::max();
      case 2:
        return Limits::min();
      case 3:  // where a JSON number would cease to be exact
        return static_cast<T>(kQuantityMax + below(3));
      default:
        return static_cast<T>(engine_() >> below(64));
    }
  }

  std::string letters_of(std::string_view alphabet, std::size_t length_max) {
    std::string out(1 + below(length_max), ' ');
    for (char& letter : out) letter = alphabet[below(alphabet.size())];
    return out;
  }
  std::string letters_of_people(std::size_t bytes_max) {
    static constexpr std::string_view kLetters[] = {
        "a",        "Z",        " ",     "\"",           "\\",           "/",
        "\\u0000",  "</",       "'",     "\xc3\xa9",     "\xe6\xa0\x91", "\xf0\x9f\x8c\xb3",
        "\xc2\x85", "\xc2\xa0", "%2f",   "\xe2\x80\xa8", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf",
        "{}",       "null",     "1e400", "\xed\x9f\xbf", "\xef\xbb\xbf", "#"};
    std::string out(kLetters[below(std::size(kLetters))]);
    for (std::size_t left = below(bytes_max); left > 0; --left) {
      const std::string_view next = kLetters[below(std::size(kLetters))];
      if (out.size() + next.size() <= bytes_max) out += next;
    }
    return out;
  }

  template <class T>
  void text(T& item) {
    static constexpr std::string_view kRefLetters = "abcxyz0189._-";
    static constexpr std::string_view kOrgLetters = "abcxyz0189-";
    if constexpr (std::same_as<T, ledger::ObjectId>) {
      item.text = letters_of(kOrgLetters, kOrgIdCharsMax) + "/";
      item.text += letters_of(kRefLetters, kRefCharsMax);
    } else if constexpr (std::same_as<T, ledger::OrgId>) {
      item.text = letters_of(kOrgLetters, kOrgIdCharsMax);
    } else if constexpr (std::same_as<T, ledger::CountryCode>) {
      item.text = {static_cast<char>('A' + below(26)), static_cast<char>('A' + below(26))};
    } else if constexpr (std::same_as<T, ledger::DisplayName>) {
      item.text = letters_of_people(96);
    } else {
      item.text = letters_of(kRefLetters, kRefCharsMax);
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace treeproof::rpc
