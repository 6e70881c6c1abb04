// The committed corpora through every fuzz target, as ordinary tests: what is named good-... must
// be taken, what is named bad-... refused, and nothing may break a target's own assertions.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {
namespace {

struct Target {
  const char* name;
  int (*run)(crypto::ByteSpan input);
};

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

constexpr Target kTargets[] = {
    {"attachment", fuzz_attachment},
    {"block", fuzz_block},
    {"canonical_cbor", fuzz_canonical_cbor},
    {"certificate", fuzz_certificate},
    {"certificate_text", fuzz_certificate_text},
    {"configuration", fuzz_configuration},
    {"csv", fuzz_csv},
    {"frames", fuzz_frames},
    {"genesis_file", fuzz_genesis_file},
    {"geojson", fuzz_geojson},
    {"guard", fuzz_guard},
    {"hello", fuzz_hello},
    {"journal", fuzz_journal},
    {"json_text", fuzz_json_text},
    {"mapping", fuzz_mapping},
    {"payload", fuzz_payload},
    {"payload_json", fuzz_payload_json},
    {"points_proof", fuzz_points_proof},
    {"peer_message", fuzz_peer_message},
    {"request", fuzz_request},
    {"sign1", fuzz_sign1},
    {"snapshot", fuzz_snapshot},
    {"state_proof", fuzz_state_proof},
    {"statement", fuzz_statement},
    {"text_codecs", fuzz_text_codecs},
    {"tile_path", fuzz_tile_path},
    {"tip_record", fuzz_tip_record},
    {"tree_rows", fuzz_tree_rows},
    {"trust_file", fuzz_trust_file},
    {"validator_set", fuzz_validator_set},
    {"vote", fuzz_vote},
    {"vote_certificate", fuzz_vote_certificate},
};

const std::filesystem::path kCorpora = "tests/fuzz/corpus";

crypto::Bytes read_seed(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, GoodSeedsAreTakenAndBadOnesRefused) {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCorpora / GetParam().name)) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(entry.path().string());
    const int answer = GetParam().run(read_seed(entry.path()));
    if (name.starts_with("good-")) {
      ++good;
      EXPECT_EQ(answer, kTaken);
    } else if (name.starts_with("bad-")) {
      ++bad;
      EXPECT_EQ(answer, kRefused);
    }
  }
  EXPECT_GE(good, 1u);
  EXPECT_GE(bad, 1u);
}

// Cut short, lengthened, and each byte another: what the fuzzer tries first, without the fuzzer.
TEST_P(Corpus, SmallDamageBreaksNothing) {
  for (const auto& entry : std::filesystem::directory_iterator(kCorpora / GetParam().name)) {
    SCOPED_TRACE(entry.path().string());
    const crypto::Bytes seed = read_seed(entry.path());
    const std::size_t step = seed.size() / 64 + 1;
    for (std::size_t at = 0; at < seed.size(); at += step) {
      GetParam().run(crypto::ByteSpan(seed).first(at));
      crypto::Bytes damaged = seed;
      damaged[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
      GetParam().run(damaged);
    }
    crypto::Bytes longer = seed;
    longer.push_back(0);
    GetParam().run(longer);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Corpus, testing::ValuesIn(kTargets),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(Corpora, AreSmallAndEachHasATarget) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCorpora)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(std::ranges::any_of(kTargets, [&](const Target& t) { return name == t.name; }))
        << name;
  }
  EXPECT_LE(bytes, 300u << 10);
}

}  // namespace
}  // namespace treeproof::fuzz
