// The node's verifier against the traps of tests/vectors/traps.json: certificates, each wrong in
// one way, that tests/interop makes and gives to the page's verifier too. The reasons are the
// node's.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "consensus/proofs/verify.h"
#include "rpc/trust_json.h"

namespace treeproof::proofs {
namespace {

using nlohmann::ordered_json;

const ordered_json& vectors() {
  static const ordered_json read =
      ordered_json::parse(std::ifstream("tests/vectors/traps.json", std::ios::binary));
  return read;
}

const Trust& trust() {
  static const Trust read = rpc::parse_trust(vectors().at("trust").dump()).value();
  return read;
}

// The base, `drop` of its bytes from `at` on replaced by `put`.
crypto::Bytes certificate_of(const ordered_json& item) {
  const auto hex = [](const ordered_json& text) {
    return crypto::from_hex(text.get<std::string>()).value();
  };
  crypto::Bytes bytes = hex(vectors().at("bases").at(item.at("base").get<std::string>()));
  const crypto::Bytes put = hex(item.at("put"));
  const auto first = bytes.begin() + item.at("at").get<std::ptrdiff_t>();
  const auto where = bytes.erase(first, first + item.at("drop").get<std::ptrdiff_t>());
  bytes.insert(where, put.begin(), put.end());
  return bytes;
}

std::vector<Check> failed_of(const Verdict& verdict) {
  std::vector<Check> failed;
  std::ranges::copy_if(verdict.checks, std::back_inserter(failed),
                       [](const Check& check) { return check.state == CheckState::failed; });
  return failed;
}

TEST(Traps, EachIsRefusedByItsCheckForItsReason) {
  for (const ordered_json& trap : vectors().at("traps")) {
    SCOPED_TRACE(trap.at("name").get<std::string>());
    const Verdict verdict = verify(certificate_of(trap), trust());
    EXPECT_FALSE(verdict.valid);
    EXPECT_FALSE(verdict.facts.has_value());
    const std::vector<Check> failed = failed_of(verdict);
    if (failed.size() != 1u) {
      ADD_FAILURE() << failed.size() << " checks failed";
      continue;
    }
    EXPECT_EQ(name(failed.front().name), trap.at("failed").get<std::string>());
    EXPECT_EQ(failed.front().detail, trap.at("reason").get<std::string>());
  }
}

TEST(Traps, WhatTheyBendHolds) {
  for (const ordered_json& item : vectors().at("sound")) {
    SCOPED_TRACE(item.at("name").get<std::string>());
    const Verdict verdict = verify(certificate_of(item), trust());
    EXPECT_TRUE(verdict.valid);
    for (const Check& check : failed_of(verdict)) ADD_FAILURE() << name(check.name) << check.detail;
  }
}

TEST(Traps, ThereIsOneForEveryCheck) {
  std::set<std::string> failed;
  for (const ordered_json& trap : vectors().at("traps")) failed.insert(trap.at("failed"));
  EXPECT_EQ(failed.size(), kCheckCount);
  EXPECT_GT(vectors().at("traps").size(), 150u);
}

// Every byte counts: no other certificate is one flipped bit away.
TEST(Traps, NoFlippedBitIsOverlooked) {
  const crypto::Bytes whole = certificate_of(vectors().at("sound").at(1));
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    crypto::Bytes flipped = whole;
    flipped[at] ^= static_cast<std::uint8_t>(1 << (at % 8));
    EXPECT_FALSE(verify(flipped, trust()).valid) << "byte " << at;
  }
}

}  // namespace
}  // namespace treeproof::proofs
