#include "node/cli/attachment_build.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/replace.h"
#include "node/cli/attachment_commands.h"
#include "node/cli/files.h"
#include "node/cli/statement_file.h"
#include "rpc/json_reader.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

rpc::Json json(std::string_view text) { return rpc::parse_json(text).value(); }

TEST(AttachmentBuild, SortsTreesByPosition) {
  const auto attachment = attachment_from_json("plant", json(R"([
      {"lat": 5, "lon": 1, "species": 0, "day": 20000},
      {"lat": -3, "lon": 9, "species": 1, "day": 20000},
      {"lat": 5, "lon": 0, "species": 0, "day": 20001}])"));
  ASSERT_TRUE(attachment.has_value());
  ASSERT_TRUE((*attachment)->trees().has_value());
  EXPECT_EQ((*attachment)->trees()->descending, std::nullopt);
  EXPECT_EQ((*attachment)->trees()->positions.front().lat_e7, -3);
}

TEST(AttachmentBuild, UsersOpeningsOpenTheirUnits) {
  std::vector<std::vector<UserShare>> units;
  for (int i = 0; i < 20; ++i) {
    units.push_back({{"user " + std::to_string(i), 100}, {"friend " + std::to_string(i), 50}});
  }
  const auto redemption = redeem_for_users(units);
  ASSERT_TRUE(redemption.has_value());
  EXPECT_TRUE(redemption->attachment->redeem_facts().has_value());
  EXPECT_EQ(redemption->attachment->redeem_facts()->grams_per_unit, 150u);
  ASSERT_EQ(redemption->openings.size(), 20u);
  for (std::size_t unit = 0; unit < 20; ++unit) {
    const auto leaf =
        ledger::decode<ledger::RedeemLeaf>(redemption->attachment->leaf(unit)).value();
    for (std::size_t share = 0; share < leaf.size(); ++share) {
      const proofs::Opening& opening = redemption->openings[unit][share];
      EXPECT_EQ(leaf[share].commitment, proofs::commitment_of(opening));
      EXPECT_EQ(leaf[share].grams, opening.reference.starts_with("user") ? 100u : 50u);
    }
  }
}

TEST(AttachmentBuild, TakesAPointForAnOutline) {
  const auto attachment = attachment_from_json("geometry", json("[400000000, -1000000000]"));
  ASSERT_TRUE(attachment.has_value());
  EXPECT_EQ(crypto::to_hex((*attachment)->bytes()), "81821a17d784003a3b9ac9ff");
  EXPECT_FALSE(attachment_from_json("geometry", json("[900000001, 0]")).has_value());
  EXPECT_FALSE(attachment_from_json("geometry", json("[1, 2, 3]")).has_value());
}

TEST(AttachmentBuild, JudgesOutlinesAsTheLedgerWill) {
  const char* square =
      "[[[100000, 100000], [100000, 200000], [200000, 200000], [200000, 100000], [100000, "
      "100000]]]";
  EXPECT_TRUE(attachment_from_json("geometry", json(square)).has_value());
  const char* open_ring =
      "[[[100000, 100000], [100000, 200000], [200000, 200000], [200000, 100000]]]";
  const auto refused = attachment_from_json("geometry", json(open_ring));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("geometry_not_closed"), std::string::npos);
}

TEST(AttachmentBuild, RefusesUnknownKindsFieldsAndEmptyLists) {
  EXPECT_FALSE(attachment_from_json("photos", json("[]")).has_value());
  EXPECT_FALSE(attachment_from_json("plant", json("[]")).has_value());
  EXPECT_FALSE(attachment_from_json("plant", json(R"([{"lat": 1, "height": 2}])")).has_value());
  EXPECT_FALSE(attachment_from_json("redeem", json("[[]]")).has_value());
  EXPECT_FALSE(user_shares_from_json(json(R"([[{"reference": "a", "gram": 1}]])")).has_value());
  EXPECT_EQ(user_shares_from_json(json(R"([[{"commitment": "00"}]])")).value(), std::nullopt);
}

TEST(AttachmentBuild, MakesTheRunsOfAReplace) {
  const auto runs = attachment_from_json("replace", json(R"([{"from": "city/june",
      "from_tree": "3", "to": "city/planted", "to_tree": "7", "count": "1"}])"));
  ASSERT_TRUE(runs.has_value()) << runs.error().what;
  const auto leaf = ledger::decode<ledger::ReplaceLeaf>((*runs)->leaf(0));
  ASSERT_TRUE(leaf.has_value());
  EXPECT_EQ(*leaf, (ledger::ReplaceLeaf{{"city/june"}, 3, {"city/planted"}, 7, 1}));
  EXPECT_FALSE(attachment_from_json("replace", json(R"([{"from": "city/june"}])")).has_value());
}

TEST(AttachmentBuildCommand, PrintsWhatTheStatementMustSay) {
  const Scratch scratch;
  StringConsole console;
  console.in.str(R"([{"redeem": "platform/r1", "plant": "desert-ngo/p1", "species": "saxaul",
                      "count": "5"}])");
  const AttachmentBuildOptions options{"runs", "-", scratch.path("runs.cbor"), std::nullopt};
  ASSERT_EQ(attachment_build(options, console.console), ExitCode::ok) << console.err.str();
  const auto read = read_attachment(scratch.path("runs.cbor"));
  ASSERT_TRUE(read.has_value());
  const std::string root = crypto::to_hex((*read)->announced().root);
  EXPECT_NE(console.out.str().find(root), std::string::npos);
  EXPECT_EQ((*read)->announced().count, 1u);
}

TEST(AttachmentBuildCommand, KeepsSaltsInAPrivateFileAndNowhereElse) {
  const Scratch scratch;
  StringConsole console;
  console.in.str(R"([[{"reference": "anna", "grams": "10"}]])");
  AttachmentBuildOptions options{"redeem", "-", scratch.path("leaves.cbor"), std::nullopt};
  EXPECT_EQ(attachment_build(options, console.console), ExitCode::failed);
  EXPECT_FALSE(std::filesystem::exists(options.out));
  console.in.clear();
  console.in.str(R"([[{"reference": "anna", "grams": "10"}]])");
  options.openings = scratch.path("openings.json");
  ASSERT_EQ(attachment_build(options, console.console), ExitCode::ok) << console.err.str();
  const auto kept = rpc::parse_json(*read_text(*options.openings, 4'096)).value();
  EXPECT_EQ(kept.at(0).at("shares").at(0).at("reference"), "anna");
  const auto leaves = *read_text(options.out, 4'096);
  EXPECT_EQ(leaves.find("anna"), std::string::npos);
}

TEST(ReadAttachment, RefusesWhatIsNoCanonicalArray) {
  const Scratch scratch;
  int number = 0;
  for (const crypto::Bytes& bytes :
       {crypto::Bytes{}, {0x80}, {0x81}, {0x82, 0x01}, {0x81, 0x01, 0x00}, {0x98, 0x01, 0x01}}) {
    const std::string file = scratch.path(std::to_string(number++));
    ASSERT_TRUE(write_file(file, bytes).has_value());
    EXPECT_FALSE(read_attachment(file).has_value()) << file;
  }
}

}  // namespace
}  // namespace treeproof::cli
