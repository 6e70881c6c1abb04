// Fills any structure of schema.h with values that its schema allows: the same for the same seed.
// Shared by the tests of codecs.
#pragma once

#include <cstdint>

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/schema.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

class SampleFiller {
 public:
  explicit SampleFiller(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  template <class T>
  void value(T& item) {
    if constexpr (std::same_as<T, bool>) {
      item = next() % 2 == 0;
    } else if constexpr (std::is_enum_v<T>) {
      item = static_cast<T>(next() % names_of(T{}).size());
    } else if constexpr (std::integral<T>) {
      item = static_cast<T>(next() >> (next() % 64));
    } else if constexpr (TextType<T>) {
      text(item);
    } else if constexpr (std::same_as<T, std::string>) {
      item = "text-" + std::to_string(next() % 100);
    } else if constexpr (kIsByteArray<T>) {
      for (std::uint8_t& byte : item) byte = static_cast<std::uint8_t>(next());
    } else if constexpr (std::same_as<T, crypto::Bytes>) {
      item.assign(next() % 40, static_cast<std::uint8_t>(next()));
    } else if constexpr (kIsOptional<T>) {
      item.reset();
      if (next() % 2 == 0) value(item.emplace());
    } else if constexpr (kIsList<T>) {
      item.clear();
      const std::size_t spread = std::min<std::size_t>(T::kMax - T::kMin, 3) + 1;
      const std::size_t count = T::kMin + next() % spread;
      for (std::size_t i = 0; i < count; ++i) value(item.emplace_back());
    } else if constexpr (kIsVariant<T>) {
      variant(item, next() % std::variant_size_v<T>);
    } else {
      static_assert(Structure<T>);
      T::fields(item, *this);
    }
  }

  template <class T>
  void operator()(std::string_view, T& item) {
    value(item);
  }
  void constant(std::string_view, std::string_view) {}

 private:
  // xorshift64*
  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1Du;
  }

  template <class T>
  void text(T& item) {
    const std::string number = std::to_string(next() % 1'000);
    if constexpr (std::same_as<T, ObjectId>) {
      item.text = "org-" + number + "/ref." + number;
    } else if constexpr (std::same_as<T, MemberId>) {
      item.text = "org-" + number + "/ref#" + number;
    } else if constexpr (std::same_as<T, CountryCode>) {
      item.text = next() % 2 == 0 ? "CN" : "KE";
    } else if constexpr (std::same_as<T, DisplayName>) {
      item.text = "Name \xC3\xA9 " + number;
    } else {
      item.text = "name-" + number;
    }
  }

  template <class First, class... Rest>
  void variant(std::variant<First, Rest...>& item, std::size_t index) {
    std::size_t at = 0;
    const auto fill = [&]<class Chosen>(Chosen*) {
      if (at++ == index) value(item.template emplace<Chosen>());
    };
    fill(static_cast<First*>(nullptr));
    (fill(static_cast<Rest*>(nullptr)), ...);
  }

  std::uint64_t state_;
};

template <class T>
T sample(std::uint64_t seed) {
  T item{};
  SampleFiller(seed).value(item);
  return item;
}

}  // namespace treeproof::ledger
