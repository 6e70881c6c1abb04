#include "consensus/types/validator_set.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof {
namespace {

using Powers = std::vector<std::pair<std::string, std::uint64_t>>;

// The largest sum of powers whose triple still fits 64 bits.
constexpr std::uint64_t kTotalMax = UINT64_MAX / 3;

crypto::PublicKey key_of(const std::string& name) {
  const auto seed = crypto::sha256(crypto::as_bytes("treeproof golden key " + name));
  return crypto::SecretKey::from_bytes(seed)->public_key();
}

// Of numbered organisations; a key costs more than all else here.
const crypto::PublicKey& numbered_key(std::size_t number) {
  static std::vector<crypto::PublicKey> keys;
  while (keys.size() <= number) keys.push_back(key_of(std::to_string(keys.size())));
  return keys[number];
}

std::vector<Validator> validators_of(const Powers& powers) {
  std::vector<Validator> validators;
  for (const auto& [org, power] : powers) {
    validators.push_back({org, power, numbered_key(validators.size())});
  }
  return validators;
}

std::optional<ValidatorSet> set_of(const Powers& powers) {
  return ValidatorSet::make(validators_of(powers));
}

// org-000, org-001, ... with one vote each.
std::optional<ValidatorSet> equals(std::size_t count) {
  Powers powers;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string digits = std::to_string(i);
    powers.emplace_back("org-" + std::string(3 - digits.size(), '0') + digits, 1);
  }
  return set_of(powers);
}

TEST(ValidatorSet, AQuorumIsTheSmallestCountAboveTwoThirds) {
  for (std::uint64_t n = kValidatorsMin; n <= kValidatorsMax; ++n) {
    const ValidatorSet set = *equals(n);
    const std::uint64_t quorum = 2 * n / 3 + 1;
    EXPECT_EQ(set.total_power(), n);
    EXPECT_FALSE(set.is_quorum(0)) << n;
    EXPECT_FALSE(set.is_quorum(quorum - 1)) << n;
    EXPECT_TRUE(set.is_quorum(quorum)) << n;
    EXPECT_TRUE(set.is_quorum(n)) << n;
  }
}

TEST(ValidatorSet, OneIsHonestInTheSmallestCountAboveOneThird) {
  for (std::uint64_t n = kValidatorsMin; n <= kValidatorsMax; ++n) {
    const ValidatorSet set = *equals(n);
    const std::uint64_t honest = n / 3 + 1;
    EXPECT_FALSE(set.is_honest(0)) << n;
    EXPECT_FALSE(set.is_honest(honest - 1)) << n;
    EXPECT_TRUE(set.is_honest(honest)) << n;
    EXPECT_TRUE(set.is_honest(n)) << n;
  }
}

TEST(ValidatorSet, TwoQuorumsShareAnHonestOneAndTheHonestAreAQuorum) {
  for (std::uint64_t n = kValidatorsMin; n <= kValidatorsMax; ++n) {
    const ValidatorSet set = *equals(n);
    const std::uint64_t faulty_max = (n - 1) / 3;
    EXPECT_TRUE(set.is_quorum(n - faulty_max)) << n;
    EXPECT_FALSE(set.is_honest(faulty_max)) << n;
    std::uint64_t quorum = 0;
    while (!set.is_quorum(quorum)) ++quorum;
    EXPECT_TRUE(set.is_honest(2 * quorum - n)) << n;
  }
}

TEST(ValidatorSet, PowerCountsNotHeads) {
  const ValidatorSet set = *set_of({{"a", 7}, {"b", 1}, {"c", 1}, {"d", 1}});
  EXPECT_TRUE(set.is_quorum(7));
  EXPECT_FALSE(set.is_honest(3));
  EXPECT_TRUE(set.is_honest(4));
  const ValidatorSet three = *set_of({{"a", 2}, {"b", 2}, {"c", 2}});
  EXPECT_FALSE(three.is_quorum(4));  // exactly two thirds
  EXPECT_FALSE(three.is_honest(2));  // exactly one third
}

TEST(ValidatorSet, ThresholdsAreExactAtTheLargestPower) {
  const ValidatorSet set = *set_of({{"a", kTotalMax - 3}, {"b", 1}, {"c", 1}, {"d", 1}});
  ASSERT_EQ(set.total_power(), kTotalMax);
  static_assert(kTotalMax % 3 == 2);  // so neither third is a whole number
  const std::uint64_t two_thirds = kTotalMax / 3 * 2 + 1;
  EXPECT_FALSE(set.is_quorum(two_thirds));
  EXPECT_TRUE(set.is_quorum(two_thirds + 1));
  EXPECT_TRUE(set.is_quorum(kTotalMax));
  EXPECT_FALSE(set.is_honest(kTotalMax / 3));
  EXPECT_TRUE(set.is_honest(kTotalMax / 3 + 1));
}

TEST(ValidatorSet, PowersWhoseTripleOverflowsAreRefused) {
  EXPECT_TRUE(set_of({{"a", kTotalMax}}));
  EXPECT_FALSE(set_of({{"a", kTotalMax + 1}}));
  EXPECT_FALSE(set_of({{"a", kTotalMax}, {"b", 1}}));
  EXPECT_FALSE(set_of({{"a", UINT64_MAX}}));
  // Sums that wrap around to something small.
  EXPECT_FALSE(set_of({{"a", UINT64_MAX}, {"b", 5}}));
  EXPECT_FALSE(set_of({{"a", 5}, {"b", UINT64_MAX}}));
  const std::uint64_t half = std::uint64_t{1} << 63;
  EXPECT_FALSE(set_of({{"a", half}, {"b", half}, {"c", 1}}));
}

TEST(ValidatorSet, HasOneToAHundredValidators) {
  EXPECT_FALSE(ValidatorSet::make({}));
  EXPECT_TRUE(equals(1));
  EXPECT_TRUE(equals(kValidatorsMax));
  EXPECT_FALSE(equals(kValidatorsMax + 1));
}

TEST(ValidatorSet, RefusesDoubledOrganisationsAndKeysAndZeroPower) {
  EXPECT_FALSE(set_of({{"a", 1}, {"b", 1}, {"a", 2}}));
  EXPECT_FALSE(set_of({{"a", 1}, {"b", 0}}));
  auto doubled = validators_of({{"a", 1}, {"b", 1}, {"c", 1}});
  doubled[2].key = doubled[0].key;
  EXPECT_FALSE(ValidatorSet::make(doubled));
}

TEST(ValidatorSet, RefusesNamesThatAreEmptyOrTooLong) {
  EXPECT_FALSE(set_of({{"", 1}}));
  EXPECT_TRUE(set_of({{std::string(kOrgIdCharsMax, 'a'), 1}}));
  EXPECT_FALSE(set_of({{std::string(kOrgIdCharsMax + 1, 'a'), 1}}));
}

TEST(ValidatorSet, StandsInOrderOfOrganisationHoweverItWasGiven) {
  auto validators = validators_of({{"d", 4}, {"b", 2}, {"a", 1}, {"c", 3}});
  const ValidatorSet set = *ValidatorSet::make(validators);
  EXPECT_TRUE(std::ranges::is_sorted(set.all(), {}, &Validator::org));
  EXPECT_EQ(set.at(3).power, 4u);
  std::ranges::reverse(validators);
  EXPECT_EQ(*ValidatorSet::make(validators), set);
  validators[0].power = 9;
  EXPECT_FALSE(*ValidatorSet::make(validators) == set);
}

TEST(ValidatorSet, FindsItsOwnAndNobodyElse) {
  const ValidatorSet set = *set_of({{"bb", 2}, {"dd", 4}});
  EXPECT_EQ(set.index_of("bb"), 0u);
  EXPECT_EQ(set.index_of("dd"), 1u);
  EXPECT_EQ(set.find("dd")->power, 4u);
  for (const char* stranger : {"", "a", "b", "bbb", "c", "e"}) {
    EXPECT_EQ(set.index_of(stranger), std::nullopt) << stranger;
    EXPECT_EQ(set.find(stranger), nullptr) << stranger;
  }
}

// The bytes and the hash are those of tests/vectors/chain.json, which a program that shares no code
// with this one makes again.
TEST(ValidatorSet, BytesAndHashAreTheGoldenOnes) {
  std::vector<Validator> validators;
  for (const char* org : {"verifier", "platform", "desert-ngo", "coast-ngo"}) {
    validators.push_back({org, 1, key_of(std::string(org) + "/node")});
  }
  const ValidatorSet set = *ValidatorSet::make(validators);
  EXPECT_EQ(crypto::to_hex(set.encode()),
            "848369636f6173742d6e676f01582103bd56d8df0101baecabc3d894831c12a05f3533676008d9353cea15"
            "a5733f631a836a6465736572742d6e676f01582102345b9e1bbea60a5919a8e5d5380c4cde2aca643fb5ef"
            "a7e9880bb0f75e0278408368706c6174666f726d0158210370b7158426927f2ef1ab2ac12f42b17231ca7b"
            "fa710a88d58f505126f2f04acb8368766572696669657201582102788a24c71d095c3559aab2a240d517d9"
            "9b4c394ecc8e44268d6066c753a15a1c");
  EXPECT_EQ(crypto::to_hex(set.hash()),
            "22bf6b7e9d09c4d65b5f478770d0f7203f90d6e103497a49355f0f6215c2c541");
}

TEST(ValidatorSet, ComesBackFromItsBytes) {
  const ValidatorSet set = *set_of({{"a", 1}, {"b", kTotalMax - 1}});
  const auto back = ValidatorSet::decode(set.encode());
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(std::ranges::equal(back->all(), set.all()));
  EXPECT_EQ(back->hash(), set.hash());
  EXPECT_EQ(back->total_power(), kTotalMax);
}

// As anybody might write it, right or wrong.
crypto::Bytes written(const std::vector<Validator>& validators) {
  crypto::CborWriter out;
  out.array(validators.size());
  for (const Validator& validator : validators) {
    out.array(3).text(validator.org).uint(validator.power).bytes(validator.key.bytes());
  }
  return out.finish();
}

TEST(ValidatorSet, RefusesBytesOutOfOrderOrDoubled) {
  auto validators = validators_of({{"a", 1}, {"b", 1}, {"c", 1}});
  ASSERT_TRUE(ValidatorSet::decode(written(validators)).has_value());
  std::swap(validators[0], validators[1]);
  EXPECT_EQ(ValidatorSet::decode(written(validators)).error(), crypto::CborError::out_of_range);
  validators[0] = validators[1];
  EXPECT_EQ(ValidatorSet::decode(written(validators)).error(), crypto::CborError::out_of_range);
  validators = validators_of({{"a", 1}, {"b", UINT64_MAX}});
  EXPECT_EQ(ValidatorSet::decode(written(validators)).error(), crypto::CborError::out_of_range);
  EXPECT_EQ(ValidatorSet::decode(written({})).error(), crypto::CborError::out_of_range);
}

TEST(ValidatorSet, RefusesBytesInAnyOtherForm) {
  const crypto::Bytes good = set_of({{"a", 1}})->encode();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ValidatorSet::decode(crypto::ByteSpan(good).first(size)).has_value()) << size;
  }
  crypto::Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(ValidatorSet::decode(longer).error(), crypto::CborError::trailing_bytes);
  const crypto::Bytes power{0x81, 0x83, 0x61, 'a', 0x01};
  ASSERT_TRUE(std::ranges::equal(power, crypto::ByteSpan(good).first(power.size())));
  crypto::Bytes long_power = good;
  long_power[4] = 0x18;  // the 1 in two bytes
  long_power.insert(long_power.begin() + 5, 0x01);
  EXPECT_EQ(ValidatorSet::decode(long_power).error(), crypto::CborError::not_shortest);
  crypto::Bytes no_point = good;
  no_point[7] = 0x05;  // where a compressed point says which root it is
  EXPECT_EQ(ValidatorSet::decode(no_point).error(), crypto::CborError::out_of_range);
}

// [rule 11]
TEST(Proposer, IsNumberHeightPlusRound) {
  const ValidatorSet set = *set_of({{"a", 1}, {"b", 9}, {"c", 1}, {"d", 1}});
  EXPECT_EQ(set.proposer({0}, {0}).org, "a");
  EXPECT_EQ(set.proposer({1}, {0}).org, "b");
  EXPECT_EQ(set.proposer({1}, {1}).org, "c");
  EXPECT_EQ(set.proposer({3}, {1}).org, "a");
  EXPECT_EQ(set.proposer({7}, {kRoundMax}).org, "d");  // 1,000,007 = 3 (mod 4)
}

TEST(Proposer, IsEveryoneInTurnWhateverTheirPower) {
  for (const std::size_t n : {std::size_t{4}, std::size_t{7}, kValidatorsMax}) {
    const ValidatorSet set = *equals(n);
    for (const std::uint64_t first : {std::uint64_t{1}, UINT64_MAX - 50}) {
      std::vector<std::string> orgs;
      for (std::size_t round = 0; round < n; ++round) {
        orgs.push_back(set.proposer({first}, {static_cast<std::int32_t>(round)}).org);
      }
      std::ranges::sort(orgs);
      EXPECT_EQ(std::ranges::adjacent_find(orgs), orgs.end()) << n << " from " << first;
    }
  }
}

}  // namespace
}  // namespace treeproof
