// Trees of a planting by themselves and on their land.
#include <gtest/gtest.h>

#include "consensus/ledger/density.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class Trees : public testing::Test {
 protected:
  std::vector<PlantLeaf> trees(std::uint64_t count, std::uint64_t first = 0) const {
    return tree_grid(field_.home, count, first, field_.day());
  }
  Refusal refused(std::span<const PlantLeaf> leaves) {
    return field_.refusal(kDesert, field_.plant("batch", leaves));
  }
  Refusal refused(const Plant& payload) { return field_.refusal(kDesert, payload); }
  Field field_;
};

TEST_F(Trees, RefuseLeavesThatAreNone) {
  Plant payload = field_.plant("batch", trees(1));
  payload.leaves = field_.attach(std::vector<crypto::Bytes>{{0x01}});
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::leaf_invalid);
  EXPECT_EQ(number(refusal, "leaf"), "0");
}

TEST_F(Trees, RefuseHalfAPositionAndOneOffTheEarth) {
  auto leaves = trees(3);
  leaves[2].lon.reset();
  EXPECT_EQ(number(refused(leaves), "leaf"), "2");
  EXPECT_EQ(refused(leaves).reason, Reason::leaf_invalid);
  leaves = trees(3);
  leaves[1].lat = 900'000'001;
  EXPECT_EQ(refused(leaves).reason, Reason::leaf_invalid);
}

TEST_F(Trees, RefuseASpeciesBeyondTheList) {
  auto leaves = trees(2);
  leaves[1].species = 1;
  const Refusal refusal = refused(leaves);
  EXPECT_EQ(refusal.reason, Reason::tree_species_unknown);
  EXPECT_EQ(number(refusal, "index"), "1");
}

TEST_F(Trees, RefuseCountsThatAreNotThoseOfTheLeaves) {
  auto leaves = trees(5);
  leaves[4].species = 1;
  Plant payload = field_.plant("batch", leaves);
  payload.species = {{kHaloxylon, 3}, {kRhizophora, 2}};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::species_counts_mismatch);
  EXPECT_EQ(number(refusal, "species"), "haloxylon");
  EXPECT_EQ(number(refusal, "stated"), "3");
  EXPECT_EQ(number(refusal, "found"), "4");
  payload.species = {{kHaloxylon, 4}, {kRhizophora, 1}};
  field_.must(kDesert, payload);
}

TEST_F(Trees, RefusePositionsThatAreTooCoarse) {
  Plant payload = field_.plant("batch", trees(1));
  payload.precision_m = 10'001;
  EXPECT_EQ(refused(payload).reason, Reason::precision_too_coarse);
}

TEST_F(Trees, HavePositionsExactlyWhereTheyAreAnnounced) {
  auto leaves = trees(3);
  leaves[2].lat.reset();
  leaves[2].lon.reset();
  const Refusal missing = refused(leaves);
  EXPECT_EQ(missing.reason, Reason::tree_position_missing);
  EXPECT_EQ(number(missing, "leaf"), "2");
  Plant payload = field_.plant("batch", leaves);
  payload.positions = Positions::plot;
  const Refusal unexpected = refused(payload);
  EXPECT_EQ(unexpected.reason, Reason::tree_position_unexpected);
  EXPECT_EQ(number(unexpected, "leaf"), "0");
  for (PlantLeaf& leaf : leaves) leaf.lat = leaf.lon = std::nullopt;
  payload.leaves = field_.attach_leaves<PlantLeaf>(leaves);
  field_.must(kDesert, payload);
}

TEST_F(Trees, AscendStrictly) {
  auto leaves = trees(3);
  std::swap(leaves[0], leaves[1]);
  EXPECT_EQ(refused(leaves).reason, Reason::trees_not_ascending);
  leaves = trees(3);
  leaves[2] = leaves[1];
  const Refusal twice = refused(leaves);
  EXPECT_EQ(twice.reason, Reason::trees_not_ascending);
  EXPECT_EQ(number(twice, "leaf"), "2");
  leaves[2].exact = crypto::sha256(crypto::as_bytes("salted"));
  field_.must(kDesert, field_.plant("coarse", leaves));
}

TEST_F(Trees, RefuseADayMissingOrOutsideTheStatement) {
  auto leaves = trees(2);
  leaves[1].day.reset();
  EXPECT_EQ(refused(leaves).reason, Reason::tree_day_missing);
  leaves[1].day = field_.day() - 1;
  EXPECT_EQ(refused(leaves).reason, Reason::tree_day_outside);
}

TEST_F(Trees, RefuseMoreThanTheConfirmedCapacity) {
  Plot small = field_.plot("small", field_.home.shifted(0, 20'000));
  small.capacity = 50;
  const VerifiedStatement statement = field_.sign(kDesert, small);
  field_.must(statement);
  Plant payload =
      field_.plant("batch", tree_grid(field_.home.shifted(0, 20'000), 51, 0, field_.day()));
  payload.plot = {"desert-ngo/small"};
  EXPECT_EQ(number(refused(payload), "confirmed_capacity"), "0");
  field_.must(kVerifier, Consent{{"confirm"}, statement->id});
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::capacity_exceeded);
  EXPECT_EQ(number(refusal, "confirmed_capacity"), "50");
}

TEST_F(Trees, RefuseMoreThanTheLandCarriesWithFivePercentSlack) {
  const std::uint64_t area = field_.plot_object("desert-ngo/home").area_m2;
  const std::uint64_t most = area * 1'050'000 / (10'000'000'000 / 2'505);
  const Refusal refusal = refused(trees(most + 1));
  EXPECT_EQ(refusal.reason, Reason::density_exceeded);
  EXPECT_EQ(number(refusal, "area_m2"), std::to_string(area));
  field_.must(kDesert, field_.plant("batch", trees(most)));
  EXPECT_EQ(refused(field_.plant("one-more", trees(1, most))).reason, Reason::density_exceeded);
}

TEST_F(Trees, RefuseUnitsByAreaBeyondThePlot) {
  Campaign campaign = field_.campaign("meadow", Mode::plant_first);
  campaign.unit = Unit::m2;
  campaign.unit_size = 10;
  field_.open(campaign);
  const std::uint64_t area = field_.plot_object("desert-ngo/home").area_m2;
  const std::uint64_t most = area / 10;
  Plant payload = field_.plant("batch", trees(most + 1));
  payload.campaign = ObjectId{"platform/meadow"};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::area_exceeded);
  EXPECT_EQ(number(refusal, "covered_m2"), std::to_string(10 * (most + 1)));
  payload.leaves = field_.attach_leaves<PlantLeaf>(trees(most));
  payload.species[0].count = most;
  field_.must(kDesert, payload);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").covered_mm2, most * 10'000'000);
}

TEST_F(Trees, StandInThePlotGrownByUncertaintyAndPrecision) {
  auto leaves = trees(1);
  leaves[0].lat = field_.home.south - 300;  // 3.3 m
  const Refusal refusal = refused(leaves);
  EXPECT_EQ(refusal.reason, Reason::tree_outside_plot);
  EXPECT_EQ(number(refusal, "leaf"), "0");
  EXPECT_EQ(number(refusal, "lat_e7"), std::to_string(*leaves[0].lat));
  EXPECT_EQ(number(refusal, "grown_by_m"), "0");
  Plant payload = field_.plant("batch", leaves);
  payload.precision_m = 4;
  field_.must(kDesert, payload);
  payload.ref = {"grid"};
  payload.positions = Positions::grid;
  payload.precision_m = 3;
  EXPECT_EQ(refused(payload).reason, Reason::tree_outside_plot);
}

TEST_F(Trees, ShareNoMeasuredPositionWithALiveTreeOfAnotherBatch) {
  field_.must(kDesert, field_.plant("first", trees(100, 50)));
  field_.must(kDesert, field_.plant("apart", trees(10, 300)));
  const Refusal refusal = refused(trees(51));
  EXPECT_EQ(refusal.reason, Reason::position_taken);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/first#0");
  EXPECT_EQ(number(refusal, "leaf"), "50");
  EXPECT_EQ(number(refused(trees(200, 149)), "tree"), "desert-ngo/first#99");
  field_.must(kDesert, field_.plant("before", trees(50)));
  field_.must(kDesert, field_.plant("after", trees(150, 150)));
}

TEST_F(Trees, MayStandWhereAnotherWasRejected) {
  field_.must(kDesert, field_.plant("first", trees(10)));
  field_.must(kVerifier, field_.full("verify", "desert-ngo/first", {{3, 1}}));
  EXPECT_EQ(refused(trees(1, 4)).reason, Reason::position_taken);
  field_.must(kDesert, field_.plant("again", trees(1, 3)));
}

TEST_F(Trees, DifferByTheirExactPosition) {
  auto leaves = trees(1);
  field_.must(kDesert, field_.plant("first", leaves));
  leaves[0].exact = crypto::sha256(crypto::as_bytes("salted"));
  field_.must(kDesert, field_.plant("second", leaves));
  const Refusal refusal = refused(leaves);
  EXPECT_EQ(refusal.reason, Reason::position_taken);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/second#0");
}

TEST(Density, HasADefaultForEveryHabitAndALayerForEach) {
  for (std::size_t i = 0; i < names_of(Habit{}).size(); ++i) {
    const auto habit = static_cast<Habit>(i);
    EXPECT_GE(default_max_stems_per_ha(habit), 1'000u);
    EXPECT_TRUE(fits(habit, Layer::canopy) || fits(habit, Layer::understory) ||
                fits(habit, Layer::marine));
    EXPECT_TRUE(fits(habit, Layer::protection));
  }
  EXPECT_FALSE(fits(Habit::coral, Layer::canopy));
  EXPECT_FALSE(fits(Habit::tree, Layer::marine));
}

TEST(Density, AHectareHoldsExactlyTheMaximum) {
  Species species;
  species.max_stems_per_ha = 2'505;
  EXPECT_LE(2'505 * stem_space_mm2(species), 10'000'000'000u);
  EXPECT_GT(2'506 * stem_space_mm2(species), 10'000'000'000u);
}

}  // namespace
}  // namespace treeproof::ledger
