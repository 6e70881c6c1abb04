#include "node/cli/payload_template.h"

#include <variant>

#include "consensus/ledger/schema.h"

namespace treeproof::cli {

namespace {

using ledger::Payload;

// Puts one element into every list and a well-formed text into every text.
class Filler {
 public:
  template <class T>
  void operator()(std::string_view, T& item) {
    value(item);
  }
  void constant(std::string_view, std::string_view) {}

  template <class T>
  void value(T& item) {
    if constexpr (ledger::TextType<T>) {
      text(item);
    } else if constexpr (ledger::kIsList<T>) {
      value(item.emplace_back());
    } else if constexpr (ledger::kIsVariant<T>) {
      std::visit([this](auto& chosen) { this->value(chosen); }, item);
    } else if constexpr (ledger::Structure<T>) {
      T::fields(item, *this);
    }
  }

 private:
  static void text(ledger::OrgId& item) { item.text = "some-org"; }
  static void text(ledger::Ref& item) { item.text = "my-ref-1"; }
  static void text(ledger::ObjectId& item) { item.text = "some-org/some-ref"; }
  static void text(ledger::Code& item) { item.text = "some-code"; }
  static void text(ledger::DisplayName& item) { item.text = "Some name"; }
  static void text(ledger::CountryCode& item) { item.text = "CN"; }
};

template <std::size_t kIndex = 0>
std::optional<ledger::Change> change_named(std::string_view name) {
  if constexpr (kIndex == std::variant_size_v<ledger::Change>) {
    return std::nullopt;
  } else {
    using Chosen = std::variant_alternative_t<kIndex, ledger::Change>;
    if (Chosen::kName != name) return change_named<kIndex + 1>(name);
    Chosen chosen;
    Filler().value(chosen);
    return chosen;
  }
}

template <std::size_t kIndex = 0>
std::optional<Payload> payload_named(std::string_view name) {
  if constexpr (kIndex == std::variant_size_v<Payload>) {
    return std::nullopt;
  } else {
    using Chosen = std::variant_alternative_t<kIndex, Payload>;
    if (Chosen::kName != name) return payload_named<kIndex + 1>(name);
    Chosen chosen;
    Filler().value(chosen);
    return chosen;
  }
}

template <class Variant, std::size_t... kIndices>
std::vector<std::string> names(std::string_view prefix, std::index_sequence<kIndices...>) {
  return {std::string(prefix) +
          std::string(std::variant_alternative_t<kIndices, Variant>::kName)...};
}

template <class Variant>
std::vector<std::string> names(std::string_view prefix) {
  return names<Variant>(prefix, std::make_index_sequence<std::variant_size_v<Variant>>());
}

constexpr std::string_view kProposePrefix = "propose:";

}  // namespace

std::vector<std::string> template_names() {
  std::vector<std::string> all = names<Payload>("");
  for (std::string& change : names<ledger::Change>(kProposePrefix)) {
    all.push_back(std::move(change));
  }
  return all;
}

std::optional<Payload> payload_template(std::string_view name) {
  if (!name.starts_with(kProposePrefix)) return payload_named(name);
  auto change = change_named(name.substr(kProposePrefix.size()));
  if (!change) return std::nullopt;
  return ledger::Propose{ledger::Ref{"my-ref-1"}, *std::move(change)};
}

}  // namespace treeproof::cli
