#include "crypto/ics23.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/state_map.h"

namespace treeproof::crypto {
namespace {

Hash key_of(std::uint8_t first) {
  Hash key{};
  key[0] = first;
  return key;
}
Bytes value_of(const Hash& key) { return {0x18, key[0]}; }

// Keys 0x20, 0x40, ..., 0xE0, each with a value that follows from it.
StateMap seven_keys() {
  StateMap map;
  std::vector<StateMapChange> changes;
  for (unsigned first = 0x20; first < 0x100; first += 0x20) {
    const Hash key = key_of(static_cast<std::uint8_t>(first));
    changes.push_back({key, sha256(value_of(key))});
  }
  map.apply(changes);
  return map;
}

StateExistence existence(std::uint8_t key, std::vector<StatePathStep> path) {
  return {key_of(key), value_of(key_of(key)), std::move(path)};
}

TEST(Ics23, HasTheProtobufBytesOfTheStandard) {
  const Hash left = key_of(0x00);
  const Hash right = key_of(0x80);
  StateMap map;
  map.apply({{{left, sha256(Bytes{1})}, {right, sha256(Bytes{2})}}});
  const Hash other = state_leaf_hash(right, sha256(Bytes{2}));
  const std::string zeros(62, '0');
  EXPECT_EQ(to_hex(map.prove_existence(left, Bytes{1})),
            "0a57"  // CommitmentProof.exist
            "0a2000" +
                zeros +   // key
                "120101"  // value
                "1a0708011801"
                "2a0102"  // LeafOp: SHA256, prehash value, prefix 02
                "22270801120103"
                "1a20" +
                to_hex(other));  // InnerOp: SHA256, prefix 03, suffix
  const Hash mine = state_leaf_hash(left, sha256(Bytes{1}));
  EXPECT_EQ(to_hex(map.prove_existence(right, Bytes{2})),
            "0a55"
            "0a2080" +
                zeros +
                "120102"
                "1a07080118012a0102"
                "22250801122103" +
                to_hex(mine));
}

TEST(Ics23, ProvesExistenceOfThisKeyAndValueUnderThisRoot) {
  const StateMap map = seven_keys();
  const Hash key = key_of(0x60);
  const Bytes proof = map.prove_existence(key, value_of(key));
  EXPECT_TRUE(verify_existence(proof, map.root(), key, value_of(key)));
  EXPECT_FALSE(verify_existence(proof, map.root(), key_of(0x40), value_of(key)));
  EXPECT_FALSE(verify_existence(proof, map.root(), key, value_of(key_of(0x40))));
  EXPECT_FALSE(verify_existence(proof, Hash{}, key, value_of(key)));
  EXPECT_FALSE(verify_absence(proof, map.root(), key));
}

TEST(Ics23, RefusesEveryChangedCutOrLengthenedProof) {
  const StateMap map = seven_keys();
  const Hash present = key_of(0x60);
  const Hash absent = key_of(0x61);
  const Bytes exist = map.prove_existence(present, value_of(present));
  const Bytes nonexist = map.prove_absence(absent, value_of);
  const auto accepted = [&](const Bytes& proof) {
    return verify_existence(proof, map.root(), present, value_of(present)) ||
           verify_absence(proof, map.root(), absent);
  };
  for (const Bytes& good : {exist, nonexist}) {
    ASSERT_TRUE(accepted(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const unsigned flip : {0x01u, 0x10u, 0x80u}) {
        Bytes changed = good;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
        EXPECT_FALSE(accepted(changed)) << at;
      }
      EXPECT_FALSE(accepted(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at))));
    }
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_FALSE(accepted(longer));
  }
}

TEST(Ics23, ProvesAbsenceBetweenBelowAndAboveTheKeys) {
  const StateMap map = seven_keys();
  for (unsigned first = 0; first < 0x100; ++first) {
    if (first % 0x20 == 0 && first > 0) continue;
    const Hash key = key_of(static_cast<std::uint8_t>(first));
    const Bytes proof = map.prove_absence(key, value_of);
    EXPECT_TRUE(verify_absence(proof, map.root(), key)) << first;
    EXPECT_FALSE(verify_absence(proof, map.root(), key_of(0x40)));
    EXPECT_FALSE(verify_absence(proof, Hash{}, key));
  }
}

// Proofs of absence that leave keys out: each part is valid, but others lie between.
TEST(Ics23, RefusesNeighboursThatAreNone) {
  const StateMap map = seven_keys();
  const auto part = [&](std::uint8_t first) {
    const Hash key = key_of(first);
    const Bytes proof = map.prove_existence(key, value_of(key));
    // CommitmentProof.exist and its length precede the ExistenceProof.
    const std::size_t head = proof[1] >= 0x80 ? 3 : 2;
    return Bytes(proof.begin() + static_cast<std::ptrdiff_t>(head), proof.end());
  };
  const auto field = [](std::uint8_t tag, const Bytes& content) {
    Bytes out = {tag};
    if (content.size() >= 0x80) {
      out.push_back(static_cast<std::uint8_t>(content.size() | 0x80));
      out.push_back(static_cast<std::uint8_t>(content.size() >> 7));
    } else {
      out.push_back(static_cast<std::uint8_t>(content.size()));
    }
    out.insert(out.end(), content.begin(), content.end());
    return out;
  };
  const auto absence = [&](std::uint8_t key, std::optional<std::uint8_t> left,
                           std::optional<std::uint8_t> right) {
    Bytes message = field(0x0A, to_bytes(key_of(key)));
    for (const auto& [tag, neighbour] : {std::pair{0x12, left}, std::pair{0x1A, right}}) {
      if (!neighbour) continue;
      const Bytes encoded = field(static_cast<std::uint8_t>(tag), part(*neighbour));
      message.insert(message.end(), encoded.begin(), encoded.end());
    }
    return verify_absence(field(0x12, message), map.root(), key_of(key));
  };
  EXPECT_TRUE(absence(0x50, 0x40, 0x60));
  EXPECT_FALSE(absence(0x50, 0x20, 0x60));
  EXPECT_FALSE(absence(0x50, 0x40, 0x80));
  EXPECT_FALSE(absence(0x50, 0x60, 0x40));
  EXPECT_FALSE(absence(0x60, 0x40, 0x80));  // hides a key that exists
  EXPECT_FALSE(absence(0x60, 0x60, 0x80));
  EXPECT_FALSE(absence(0x50, 0x40, std::nullopt));
  EXPECT_FALSE(absence(0x50, std::nullopt, 0x60));
  EXPECT_FALSE(absence(0x50, std::nullopt, std::nullopt));
  EXPECT_TRUE(absence(0x10, std::nullopt, 0x20));
  EXPECT_FALSE(absence(0x10, std::nullopt, 0x40));
  EXPECT_TRUE(absence(0xF0, 0xE0, std::nullopt));
  EXPECT_FALSE(absence(0xF0, 0xC0, std::nullopt));
}

TEST(Ics23, BoundsTheDepth) {
  const auto root_of = [](const StateExistence& proof) {
    Hash root = state_leaf_hash(proof.key, sha256(proof.value));
    for (const StatePathStep& step : proof.path) root = state_inner_hash(root, step.sibling);
    return root;
  };
  const auto deep = existence(1, std::vector<StatePathStep>(kStateDepthMax, {Side::left, Hash{}}));
  const auto deeper =
      existence(1, std::vector<StatePathStep>(kStateDepthMax + 1, {Side::left, Hash{}}));
  EXPECT_TRUE(verify_existence(encode_existence(deep), root_of(deep), deep.key, deep.value));
  EXPECT_FALSE(
      verify_existence(encode_existence(deeper), root_of(deeper), deeper.key, deeper.value));
}

TEST(Ics23, RefusesLongVarintsAndForeignMessages) {
  const Hash root{};
  const Hash key{};
  for (const char* hex : {"", "0a", "0a00", "0a8000", "0aff", "0affffffffffffffffff01", "12",
                          "1200", "1a00", "22", "0a020a00", "0a0000", "128000"}) {
    EXPECT_FALSE(verify_existence(*from_hex(hex), root, key, Bytes{1})) << hex;
    EXPECT_FALSE(verify_absence(*from_hex(hex), root, key)) << hex;
  }
}

TEST(Ics23, AProofWithALongerLengthIsRefused) {
  const StateMap map = seven_keys();
  const Hash key = key_of(0x60);
  Bytes proof = map.prove_existence(key, value_of(key));
  ASSERT_GE(proof[1], 0x80);  // two bytes of length; the second gets a third
  proof[2] |= 0x80;
  proof.insert(proof.begin() + 3, 0x00);
  EXPECT_FALSE(verify_existence(proof, map.root(), key, value_of(key)));
}

}  // namespace
}  // namespace treeproof::crypto
