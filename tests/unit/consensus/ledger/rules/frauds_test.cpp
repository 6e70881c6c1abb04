// Frauds with land and trees, each played as somebody would try it. All of them fail, for a reason
// that never changes its name, and leave the state root where it was.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/sample.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kHome = {"desert-ngo/home"};
const ObjectId kBelow = {"coast-ngo/below"};

// 20 shrubs of the desert stand on "home", verified.
class LandFrauds : public testing::Test {
 protected:
  LandFrauds() { field_.grow("grown", 20, 0); }

  Refusal fails(std::string_view org, const Payload& payload) {
    const crypto::Hash root = field_.root();
    Refusal refusal = field_.refusal(org, payload);
    EXPECT_EQ(field_.root(), root);
    return refusal;
  }
  Plot plot_in(Layer layer, std::string_view ref, const Rectangle& on) {
    Plot payload = field_.plot(ref, on);
    payload.layer = layer;
    return payload;
  }
  // Those of "grown" once more, elsewhere in the books.
  Plant again(std::string_view ref, const ObjectId& plot) {
    Plant payload = field_.plant(ref, tree_grid(field_.home, 20, 0, field_.day()));
    payload.plot = plot;
    return payload;
  }
  void void_of_life(const ObjectId& batch, std::string_view org = kDesert) {
    field_.must(org, Mortality{{"fire"}, batch, {{0, 20}}, Cause::fire, field_.day()});
  }
  void open_history() {
    const auto today = static_cast<std::uint64_t>(field_.day());
    field_.govern(ParamsSet{{{{"history_until_day"}, today}}});
  }
  Field field_;
};

TEST_F(LandFrauds, TheSameForestUnderTwoOrganisations) {
  const Rectangle inner{field_.home.south + 1'000, field_.home.west + 1'000, 8'000, 8'000};
  const geometry::Position middle{field_.home.south + 5'000, field_.home.west + 5'000};
  for (const Plot& plot :
       {field_.plot("mine", field_.home), field_.plot("mine", field_.home.shifted(90, 90)),
        field_.plot("mine", inner), field_.point_plot("mine", middle, 9'000)}) {
    const Refusal refusal = fails(kCoast, plot);
    EXPECT_EQ(refusal.reason, Reason::plot_overlaps);
    EXPECT_EQ(number(refusal, "conflicting_plot"), kHome.text);
  }
}

TEST_F(LandFrauds, TheSameForestInTwoLayers) {
  field_.settle(kCoast, plot_in(Layer::understory, "below", field_.home));
  Plant plant = again("mine", kBelow);
  const Refusal refusal = fails(kCoast, plant);
  EXPECT_EQ(refusal.reason, Reason::habit_unfit);
  EXPECT_EQ(number(refusal, "habit"), "shrub");
  EXPECT_EQ(number(refusal, "standing_on"), kHome.text);
  EXPECT_EQ(number(refusal, "standing_in"), "canopy");
  Inventory inventory = field_.inventory("mine", tree_grid(field_.home, 20, 0, field_.day()));
  inventory.plot = kBelow;
  EXPECT_EQ(fails(kCoast, inventory).reason, Reason::habit_unfit);
  std::vector<PlantLeaf> nowhere = tree_grid(field_.home, 20, 0, field_.day());
  for (PlantLeaf& leaf : nowhere) leaf.lat = leaf.lon = std::nullopt;
  plant.positions = Positions::plot;
  plant.leaves = field_.attach_leaves<PlantLeaf>(nowhere);
  EXPECT_EQ(fails(kCoast, plant).reason, Reason::habit_unfit);
}

TEST_F(LandFrauds, TheSameForestByItsAreaInTheLayerBelow) {
  Campaign meadow = field_.campaign("meadow", Mode::plant_first);
  meadow.unit = Unit::m2;
  meadow.unit_size = 10;
  field_.open(meadow);
  field_.settle(kDesert, plot_in(Layer::understory, "under", field_.home));
  Plant area = again("area", {"desert-ngo/under"});
  area.campaign = ObjectId{"platform/meadow"};
  EXPECT_EQ(fails(kDesert, area).reason, Reason::habit_unfit);
  void_of_life(kGrown);
  field_.must(kDesert, area);
  EXPECT_EQ(fails(kDesert, again("stems", kHome)).reason, Reason::habit_unfit);
}

TEST_F(LandFrauds, TheSameForestInTwoLayersByARevision) {
  const Rectangle beside = field_.home.shifted(0, 20'000);
  field_.settle(kCoast, plot_in(Layer::understory, "below", beside));
  std::vector<PlantLeaf> nowhere = tree_grid(beside, 20, 0, field_.day());
  for (PlantLeaf& leaf : nowhere) leaf.lat = leaf.lon = std::nullopt;
  Plant plant = field_.plant("mine", nowhere);
  plant.plot = kBelow;
  plant.positions = Positions::plot;
  field_.must(kCoast, plant);
  const Plot there = field_.plot("x", field_.home);
  const PlotRevision move{{"move"}, kBelow, there.area, there.geometry};
  EXPECT_EQ(fails(kCoast, move).reason, Reason::habit_unfit);
  void_of_life(kGrown);
  field_.must(kCoast, move);
}

TEST_F(LandFrauds, DeadTreesReturnInOneLayerWhenTheyWereSoldInAnother) {
  field_.govern(OrgPut{{"partner"}, {"Partner"}, {OrgRole::verifier}, {"partner"}});
  void_of_life(kGrown);
  field_.settle(kCoast, plot_in(Layer::understory, "below", field_.home));
  field_.must(kCoast, again("mine", kBelow));
  EXPECT_EQ(fails(kPartner, Revive{{"alive"}, kGrown, {{0, 20}}, field_.day()}).reason,
            Reason::habit_unfit);
  void_of_life({"coast-ngo/mine"}, kCoast);
  field_.must(kPartner, Revive{{"alive"}, kGrown, {{0, 20}}, field_.day()});
}

TEST_F(LandFrauds, ATreeThatIsCorrectedIntoAShrubOfTheLayerBelow) {
  const Rectangle delta = field_.home.shifted(0, 20'000);
  field_.settle(kCoast, plot_in(Layer::canopy, "delta", delta));
  field_.settle(kDesert, plot_in(Layer::understory, "under-delta", delta));
  Plant above = field_.plant("mangroves", tree_grid(delta, 20, 0, field_.day()));
  above.plot = {"coast-ngo/delta"};
  above.species = {{kRhizophora, 20}};
  field_.must(kCoast, above);
  Plant below = field_.plant("shrubs", tree_grid(delta, 20, 0, field_.day()));
  below.plot = {"desert-ngo/under-delta"};
  field_.must(kDesert, below);  // two habits, two layers: nothing is told twice
  const Correct correct{
      {"fix"}, {"coast-ngo/mangroves"}, CorrectSpecies{3, kHaloxylon}, {}, {"verifier"}};
  EXPECT_EQ(fails(kCoast, correct).reason, Reason::habit_unfit);
}

TEST_F(LandFrauds, ABatchSoldAgainWithOneLeafMoved) {
  auto moved = tree_grid(field_.home, 20, 0, field_.day());
  moved.back() = tree_grid(field_.home, 1, 700, field_.day())[0];
  const Refusal refusal = fails(kDesert, field_.plant("fresh", moved));
  EXPECT_EQ(refusal.reason, Reason::position_taken);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/grown#0");
}

// Where positions are those of a grid, what a verifier confirmed to fit there is the wall.
TEST_F(LandFrauds, AGridSoldAgainWithEveryLeafMoved) {
  const Rectangle beside = field_.home.shifted(0, 20'000);
  Plot plot = field_.plot("stand", beside);
  plot.capacity = 20;
  field_.settle(kDesert, plot);
  Plant plant = field_.plant("first", tree_grid(beside, 20, 0, field_.day()));
  plant.plot = {"desert-ngo/stand"};
  plant.positions = Positions::grid;
  field_.must(kDesert, plant);
  plant.ref = {"second"};
  plant.leaves = field_.attach_leaves<PlantLeaf>(tree_grid(beside, 20, 20, field_.day()));
  const Refusal refusal = fails(kDesert, plant);
  EXPECT_EQ(refusal.reason, Reason::capacity_exceeded);
  EXPECT_EQ(number(refusal, "live"), "20");
}

TEST_F(LandFrauds, TreesThatStandOnNoLandAtAllAreNotGiven) {
  open_history();
  Inventory street = field_.inventory("street", tree_grid(field_.home, 20, 0, field_.day()));
  street.plot.reset();
  street.campaign = ObjectId{"platform/planted"};
  EXPECT_EQ(fails(kCoast, street).reason, Reason::plot_required);
  street.campaign.reset();
  field_.must(kCoast, street);  // as facts about a city they are welcome
  field_.must(kVerifier, field_.full("seen", "coast-ngo/street"));
  EXPECT_EQ(fails(kCoast, Assign{{"join"}, {"coast-ngo/street"}, {"platform/planted"}}).reason,
            Reason::plot_required);
}

TEST_F(LandFrauds, APhotoThatProvesTwoPlantings) {
  Evidence photo;
  photo.ref = {"photo"};
  photo.sha256.fill(7);
  photo.day = field_.day();
  photo.bytes = 1;
  field_.must(kDesert, photo);
  photo.ref = {"copy"};
  field_.must(kDesert, photo);
  Plant plant = field_.plant("first", tree_grid(field_.home, 5, 200, field_.day()));
  plant.evidence = {{"desert-ngo/photo"}};
  field_.must(kDesert, plant);
  plant = field_.plant("second", tree_grid(field_.home, 5, 300, field_.day()));
  plant.evidence = {{"desert-ngo/copy"}};
  EXPECT_EQ(fails(kDesert, plant).reason, Reason::photo_used);
}

TEST_F(LandFrauds, APlotThatGrowsOverItsNeighbourByRevisions) {
  field_.settle(kCoast, field_.plot("east", field_.home.shifted(0, 10'000)));
  const auto grown_by = [&](std::int32_t width, std::string_view ref) {
    const Plot wider =
        field_.plot("x", Rectangle{field_.home.south, field_.home.west, 10'000, 10'000 + width});
    return PlotRevision{{std::string(ref)}, kHome, wider.area, wider.geometry};
  };
  field_.must(kDesert, grown_by(20, "a-little"));
  field_.must(kDesert, grown_by(40, "and-a-little"));
  const Refusal refusal = fails(kDesert, grown_by(60, "and-more"));
  EXPECT_EQ(refusal.reason, Reason::plot_overlaps);
  EXPECT_EQ(number(refusal, "conflicting_plot"), "coast-ngo/east");
}

TEST_F(LandFrauds, ASampleChosenByItsVerifier) {
  constexpr std::uint64_t kTrees = 500;
  field_.must(kDesert, field_.plant("new", tree_grid(field_.home, kTrees, 200, field_.day())));
  Verify verify = field_.full("seen", "desert-ngo/new");
  verify.method = VerifyMethod::sample;
  verify.visited = {{0, 10}};
  EXPECT_EQ(fails(kVerifier, verify).reason, Reason::sample_too_early);
  field_.empty_block();
  field_.empty_block();
  EXPECT_EQ(fails(kVerifier, verify).reason, Reason::sample_not_visited);
  const auto beacon =
      field_.get<BeaconObject>(std::to_string(field_.batch("desert-ngo/new").beacon));
  auto sample = sample_draw(beacon->header_hash.value(), {"desert-ngo/new"}, kTrees, 10);
  sample.pop_back();  // one tree that would not bear being seen
  std::ranges::sort(sample);
  verify.visited = {};
  for (const std::uint64_t tree : sample) verify.visited.push_back({tree, 1});
  const Refusal refusal = fails(kVerifier, verify);
  EXPECT_EQ(refusal.reason, Reason::sample_not_visited);
  EXPECT_EQ(number(refusal, "drawn_and_visited"), "9");
}

TEST_F(LandFrauds, ADeathHiddenInAnObservation) {
  field_.must(kVerifier, Mortality{{"storm"}, kGrown, {{0, 5}}, Cause::storm, field_.day()});
  Observe observe;
  observe.ref = {"all-well"};
  observe.plant = kGrown;
  observe.day = field_.day();
  const auto seen = [&](std::uint64_t alive, std::uint64_t dead, std::uint64_t unknown) {
    observe.species = {{kHaloxylon, alive, dead, unknown}};
    return fails(kDesert, observe).reason;
  };
  EXPECT_EQ(seen(20, 0, 0), Reason::deaths_mismatch);
  EXPECT_EQ(seen(15, 0, 5), Reason::deaths_mismatch);
  EXPECT_EQ(seen(15, 0, 0), Reason::species_counts_mismatch);
  EXPECT_EQ(seen(13, 7, 0), Reason::deaths_mismatch);  // two that are told without a name
}

}  // namespace
}  // namespace treeproof::ledger
