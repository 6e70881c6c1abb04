// Random payloads of every type go through JSON unharmed; random damage is refused by name.
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include "rpc/json_codec.h"
#include "tests/unit/rpc/json_mutation.h"

namespace treeproof::rpc {
namespace {

constexpr std::size_t kTypes = std::variant_size_v<ledger::Payload>;
constexpr JsonLimits kWide{.values_max = 1'000'000};  // a list at its bound has many values

ledger::Payload random_payload(RandomFiller& random, std::size_t type) {
  ledger::Payload payload;
  random.alternative(payload, type);
  return payload;
}

// As a client would: over the text.
std::expected<ledger::Payload, JsonFault> read_back(std::string_view text) {
  const auto tree = parse_json(text, kWide);
  if (!tree) return std::unexpected(tree.error());
  return payload_from_json(*tree);
}

// What can be wrong with a text, before its values are looked at.
bool is_known_problem(std::string_view problem) {
  for (const std::string_view known :
       {"not JSON at byte ", "nested too deeply", "too many values",
        "a key stands twice: ", "an object with too many keys", "minus zero is no integer"}) {
    if (problem.starts_with(known)) return true;
  }
  return false;
}

// Either a payload, which then has one JSON form, or a fault that says what and where.
void expect_payload_or_named_fault(std::string_view text) {
  const auto tree = parse_json(text, kWide);
  if (!tree) {
    RC_ASSERT(tree.error().path.empty() && is_known_problem(tree.error().problem));
    return;
  }
  const auto payload = payload_from_json(*tree);
  if (payload) {
    const auto again = read_back(to_text(payload_to_json(*payload)));
    RC_ASSERT(again.has_value() && *again == *payload);
    return;
  }
  RC_ASSERT(payload.error().path.starts_with("payload"));
  RC_ASSERT(!payload.error().problem.empty());
}

RC_GTEST_PROP(JsonProperty, EveryPayloadComesBackFromItsJson, (std::uint64_t seed)) {
  RandomFiller random(seed);
  for (std::size_t type = 0; type < kTypes; ++type) {
    const ledger::Payload payload = random_payload(random, type);
    const std::string text = to_text(payload_to_json(payload));
    RC_LOG() << text << "\n";
    const auto read = read_back(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT((*read == payload));
    RC_ASSERT(to_text(payload_to_json(*read)) == text);
  }
}

RC_GTEST_PROP(JsonProperty, DamagedTreesAreReadOrRefusedByName, (std::uint64_t seed)) {
  RandomFiller random(seed);
  for (std::size_t type = 0; type < kTypes; ++type) {
    Json json = payload_to_json(random_payload(random, type));
    for (std::size_t i = random.below(3) + 1; i > 0; --i) damage_tree(json, random);
    const std::string text = to_text(json);
    RC_LOG() << text.substr(0, 10'000) << "\n";
    expect_payload_or_named_fault(text);
  }
}

RC_GTEST_PROP(JsonProperty, DamagedTextsAreReadOrRefusedByName, (std::uint64_t seed)) {
  RandomFiller random(seed);
  for (std::size_t type = 0; type < kTypes; ++type) {
    std::string text = to_text(payload_to_json(random_payload(random, type)));
    for (std::size_t i = random.below(3) + 1; i > 0; --i) damage_text(text, random);
    RC_LOG() << text.substr(0, 10'000) << "\n";
    expect_payload_or_named_fault(text);
  }
}

RC_GTEST_PROP(JsonProperty, WhateverIsReadIsWrittenAsItWas, (std::uint64_t seed)) {
  RandomFiller random(seed);
  Json json = hostile_value(random);
  for (int i = 0; i < 20; ++i) damage_tree(json, random);
  const std::string text = to_text(json);
  const auto read = parse_json(text, kWide);
  RC_PRE(read.has_value());
  RC_ASSERT(to_text(*read) == text);
}

}  // namespace
}  // namespace treeproof::rpc
