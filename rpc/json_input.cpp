#include "rpc/json_input.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "consensus/types/limits.h"

namespace treeproof::rpc {

namespace {

// Decimal in its one form: no sign but a minus, no leading zero, no minus zero.
template <class Integer>
std::optional<Integer> from_decimal(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool canonical = !digits.empty() && (digits.front() != '0' || text == "0");
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return canonical && whole ? std::optional(value) : std::nullopt;
}

// A JSON number only where every reader keeps it exact (RFC 7493 section 2.2).
template <class Integer, class Number>
std::optional<Integer> exact(Number number) {
  const bool is_exact = std::cmp_less_equal(number, kQuantityMax) &&
                        std::cmp_greater_equal(number, -std::int64_t{kQuantityMax}) &&
                        std::in_range<Integer>(number);
  return is_exact ? std::optional(static_cast<Integer>(number)) : std::nullopt;
}

template <class Integer>
std::optional<Integer> integer_of(const Json& value) {
  if (value.is_string()) return from_decimal<Integer>(value.get_ref<const std::string&>());
  if (value.is_number_unsigned()) return exact<Integer>(value.get<std::uint64_t>());
  if (value.is_number_integer()) return exact<Integer>(value.get<std::int64_t>());
  return std::nullopt;
}

std::string range_problem(const std::string& min, const std::string& max) {
  return "an integer from " + min + " to " + max + " is wanted";
}

}  // namespace

JsonInput::JsonInput(const Json& root, std::string name) {
  places_.push_back({&root, std::move(name), {}});
}

void JsonInput::fail(std::string problem) {
  if (failed_) return;
  failed_ = true;
  std::string path;
  for (const Place& place : places_) {
    path += path.empty() && place.step.starts_with('.') ? place.step.substr(1) : place.step;
  }
  fault_ = {std::move(path), std::move(problem)};
}

bool JsonInput::boolean() {
  if (here().is_boolean()) return here().get<bool>();
  fail("true or false is wanted");
  return false;
}

std::string_view JsonInput::text() {
  if (here().is_string()) return here().get_ref<const std::string&>();
  fail("a text is wanted");
  return {};
}

std::uint64_t JsonInput::uint(std::uint64_t max) {
  const auto value = integer_of<std::uint64_t>(here());
  if (value && *value <= max) return *value;
  fail(range_problem("0", std::to_string(max)));
  return 0;
}

std::int64_t JsonInput::integer(std::int64_t min, std::int64_t max) {
  const auto value = integer_of<std::int64_t>(here());
  if (value && *value >= min && *value <= max) return *value;
  fail(range_problem(std::to_string(min), std::to_string(max)));
  return 0;
}

crypto::Bytes JsonInput::bytes(std::size_t max_length) {
  const std::string_view hex = text();
  if (!ok()) return {};
  auto bytes = hex.size() <= 2 * max_length ? crypto::from_hex(hex) : std::nullopt;
  if (bytes) return *std::move(bytes);
  fail("lower-case hex of at most " + std::to_string(max_length) + " bytes is wanted");
  return {};
}

bool JsonInput::is_null() const { return here().is_null(); }

bool JsonInput::enter(std::string_view key) {
  if (!here().is_object()) return false;
  const auto found = here().find(std::string(key));
  if (found == here().end()) return false;
  auto& entered = places_.back().entered;
  if (std::ranges::count(entered, key) == 0) entered.push_back(found.key());
  places_.push_back({&*found, "." + std::string(key), {}});
  return true;
}

bool JsonInput::require(std::string_view key) {
  if (enter(key)) return true;
  fail("the field " + std::string(key) + " is missing");
  return false;
}

void JsonInput::enter(std::size_t index) {
  places_.push_back({&here()[index], "[" + std::to_string(index) + "]", {}});
}

void JsonInput::leave() {
  assert(places_.size() > 1);
  places_.pop_back();
}

std::size_t JsonInput::array(std::size_t min, std::size_t max) {
  const bool fits = here().is_array() && here().size() >= min && here().size() <= max;
  if (fits) return here().size();
  fail("an array of " + std::to_string(min) + " to " + std::to_string(max) + " values is wanted");
  return 0;
}

void JsonInput::object() {
  if (!here().is_object()) fail("an object is wanted");
}

void JsonInput::no_other_keys() {
  if (!ok() || here().size() == places_.back().entered.size()) return;
  for (const auto& [key, value] : here().items()) {
    if (std::ranges::count(places_.back().entered, key) == 0) return fail("unknown field " + key);
  }
}

}  // namespace treeproof::rpc
