// One definition per structure: each lists its fields once, and from that come its strict CBOR
// codec (cbor_encoder.h, cbor_decoder.h), its JSON form (rpc/json_codec) and its CDDL
// (docs/protocol.md). Owns no structure and no rule. Callers: every payload, object, header and
// leaf. Pure. Source: RFC 8949 section 4.2.1; docs/protocol.md section 1; docs/adr/0005.
//
// A structure says
//   static constexpr std::string_view kName = "pledge";       // its CDDL name
//   template <class Self, class Visitor>
//   static void fields(Self& self, Visitor& visit) {
//     visit("plot", self.plot);                               // text keys in canonical order:
//     visit.constant("type", kName);                          // shorter first, then bytewise
//   }
// One that travels as a CBOR array instead says `static constexpr bool kIsArray = true;` too.
// std::optional is the value or null, always present. An enum travels as its name: it has
// `std::span<const std::string_view> names_of(Enum)`, found by ADL, index = value.
// A text type (OrgId, ObjectId, ...) holds `std::string text` and says `static bool check(text)`.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace treeproof::ledger {

// A list with its bounds in its type.
template <class T, std::size_t kMaxItems, std::size_t kMinItems = 0>
struct List : std::vector<T> {
  using std::vector<T>::vector;
  static constexpr std::size_t kMax = kMaxItems;
  static constexpr std::size_t kMin = kMinItems;
};

template <class T>
concept TextType = requires(const T& value) {
  { T::check(std::string_view{}) } -> std::same_as<bool>;
  { value.text } -> std::convertible_to<std::string_view>;
};

template <class T>
concept Structure = requires {
  { T::kName } -> std::convertible_to<std::string_view>;
};

template <class T>
concept ArrayStructure = Structure<T> && requires { T::kIsArray; };

template <class T>
inline constexpr bool kIsList = false;
template <class T, std::size_t kMax, std::size_t kMin>
inline constexpr bool kIsList<List<T, kMax, kMin>> = true;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsVariant = false;
template <class... T>
inline constexpr bool kIsVariant<std::variant<T...>> = true;

template <class T>
inline constexpr bool kIsByteArray = false;
template <std::size_t kSize>
inline constexpr bool kIsByteArray<std::array<std::uint8_t, kSize>> = true;

// How many fields a structure has, the constant ones included.
struct FieldCounter {
  std::size_t count = 0;
  template <class T>
  void operator()(std::string_view, T&) {
    ++count;
  }
  void constant(std::string_view, std::string_view) { ++count; }
};

template <Structure T>
std::size_t field_count() {
  T value{};
  FieldCounter counter;
  T::fields(value, counter);
  return counter.count;
}

}  // namespace treeproof::ledger
