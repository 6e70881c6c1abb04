#include "rpc/warnings.h"

#include "consensus/ledger/geometry/polygon_codec.h"
#include "rpc/country_boxes.h"
#include "rpc/json_codec.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

using geometry::Position;

constexpr Position kGansu{386'000'000, 1'031'000'000};

TEST(CountryBoxes, HoldThePartsOfACountry) {
  EXPECT_TRUE(may_lie_in({"CN"}, kGansu));
  EXPECT_TRUE(may_lie_in({"CA"}, {492'600'000, -1'231'100'000}));   // Vancouver
  EXPECT_TRUE(may_lie_in({"US"}, {195'000'000, -1'555'000'000}));   // Hawaii
  EXPECT_TRUE(may_lie_in({"US"}, {600'000'000, -1'500'000'000}));   // Alaska
  EXPECT_FALSE(may_lie_in({"US"}, {195'000'000, -1'300'000'000}));  // the sea between
  EXPECT_TRUE(may_lie_in({"FJ"}, {-178'000'000, 1'780'000'000}));
  EXPECT_TRUE(may_lie_in({"KE"}, {-45'123'456, 394'567'890}));
}

TEST(CountryBoxes, TellASwappedPositionAndAnotherCountry) {
  EXPECT_FALSE(may_lie_in({"KE"}, {394'567'890, -45'123'456}));
  EXPECT_FALSE(may_lie_in({"KE"}, kGansu));
  EXPECT_FALSE(may_lie_in({"AD"}, {434'000'000, 15'000'000}));  // 0.7 degrees north of Andorra
}

TEST(CountryBoxes, KnowNothingAgainstACodeThatIsNotThere) {
  EXPECT_TRUE(may_lie_in({"QZ"}, kGansu));
}

class Warnings : public Methods {
 protected:
  Json dry_run(const ledger::Payload& payload) {
    const auto statement = chain_.sign("desert-ngo", payload);
    return ask("record_dryRun", {{"statement", crypto::to_base64url(statement->bytes)}});
  }
  ledger::Plot plot(std::string_view country) {
    ledger::Plot payload;
    payload.ref = {"warned"};
    payload.country = {std::string(country)};
    payload.area = 2'500;
    payload.capacity = 10;
    payload.geometry = chain_.attach(ledger::Attachment::build(geometry::encode_leaves(kGansu)));
    return payload;
  }
  ledger::Plant plant(std::int32_t trees) {
    std::vector<crypto::Bytes> leaves;
    for (std::int32_t i = 0; i < trees; ++i) {
      ledger::PlantLeaf leaf;
      leaf.lat = 400'000'050 + 100 * (i / 90);
      leaf.lon = 1'000'000'050 + 100 * (i % 90);
      leaf.day = chain_.day();
      leaves.push_back(ledger::encode(leaf));
    }
    ledger::Plant payload;
    payload.ref = {"warned"};
    payload.plot = {std::string(kHome)};
    payload.species = {{{"haloxylon"}, leaves.size()}};
    payload.planted_from = payload.planted_to = chain_.day();
    payload.leaves = chain_.attach(ledger::Attachment::build(leaves));
    return payload;
  }
};

TEST_F(Warnings, TellThatAPlotLiesOutsideItsCountry) {
  const Json run = dry_run(plot("KE"));
  EXPECT_EQ(run["would_be"], "included");
  ASSERT_EQ(run["warnings"].size(), 1u);
  EXPECT_EQ(run["warnings"][0]["warning"], "plot_country_implausible");
  EXPECT_EQ(run["warnings"][0]["numbers"][0], (Json{{"label", "country"}, {"value", "KE"}}));
  EXPECT_EQ(dry_run(plot("CN"))["warnings"], Json::array());
}

// 0.95 ha; by its greatest density it holds some 2,380 saxaul, three tenths of which are 715.
TEST_F(Warnings, TellThatAPlantingIsSparse) {
  const Json run = dry_run(plant(600));
  EXPECT_EQ(run["would_be"], "included");
  ASSERT_EQ(run["warnings"].size(), 1u);
  EXPECT_EQ(run["warnings"][0]["warning"], "planting_sparse");
  EXPECT_EQ(run["warnings"][0]["numbers"][0], (Json{{"label", "stems"}, {"value", "700"}}));
  EXPECT_EQ(dry_run(plant(630))["warnings"], Json::array());
}

TEST_F(Warnings, AreNotGivenToWhatIsRefused) {
  ledger::Plot payload = plot("KE");
  payload.area = 40'001;
  const Json run = dry_run(payload);
  EXPECT_EQ(run["would_be"], "refused");
  EXPECT_EQ(run["refusal"]["reason"], "geometry_point_too_large");
  EXPECT_EQ(run["warnings"], Json::array());
}

}  // namespace
}  // namespace treeproof::rpc
