// Forest No. 277 as it was published: 222.27 ha, 150,000 saxaul on a grid of 3 by 5 m. 478 columns
// of 3 m by 310 rows of 5 m are exactly that area and hold 148,180 trees; the other 1,820 stand in
// further columns to the east, within the uncertainty of the outline.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/sample.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

constexpr std::uint64_t kAreaM2 = 2'222'700;
constexpr std::uint64_t kSaxaul = 150'000;
constexpr std::int32_t kColumns = 478;
constexpr std::int32_t kRows = 310;
constexpr std::int32_t kColumnsOutside = 5;
constexpr std::int32_t kRowsOfTheSixth = 270;
static_assert(kColumns * kRows == 148'180);
static_assert(kColumns * 3 * kRows * 5 == kAreaM2);
static_assert(kRows * (kColumns + kColumnsOutside) + kRowsOfTheSixth == kSaxaul);

// The smallest value for which `holds` is true. Requires: it is for `high`, and stays so.
template <class Holds>
std::int32_t smallest(std::int32_t low, std::int32_t high, Holds holds) {
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// 1,434 m wide, and as high as the area asks, in Minqin, Gansu.
Rectangle outline() {
  Rectangle forest{386'000'000, 1'031'000'000, 0, 0};
  const geometry::Position corner{forest.south, forest.west};
  forest.width = smallest(100'000, 300'000, [&](std::int32_t width) {
    return !geometry::distance_at_most(corner, {forest.south, forest.west + width}, 3 * kColumns);
  });
  forest.height = smallest(100'000, 300'000, [&](std::int32_t height) {
    forest.height = height;
    return geometry::area_m2(forest.polygon()) >= kAreaM2;
  });
  return forest;
}

std::vector<PlantLeaf> saxaul(const Rectangle& forest, std::int32_t day) {
  std::vector<PlantLeaf> leaves;
  for (std::int32_t row = 0; row < kRows; ++row) {
    const std::int32_t sixth = row < kRowsOfTheSixth ? 1 : 0;
    for (std::int32_t column = 0; column < kColumns + kColumnsOutside + sixth; ++column) {
      PlantLeaf leaf;
      leaf.lat = forest.south + static_cast<std::int32_t>((2 * std::int64_t{row} + 1) *
                                                          forest.height / (2 * kRows));
      leaf.lon = forest.west + static_cast<std::int32_t>((2 * std::int64_t{column} + 1) *
                                                         forest.width / (2 * kColumns));
      leaf.day = day;
      leaves.push_back(leaf);
    }
  }
  return leaves;
}

TEST(Forest277, HoldsItsSaxaulOnTheGroundOrWithinItsUncertainty) {
  Field field;
  const Rectangle forest = outline();
  Plot plot = field.plot("forest-277", forest);
  // One step of the lattice to the north is 16 m2: the published 222.27 ha is met to that.
  EXPECT_GE(plot.area, kAreaM2);
  EXPECT_LT(plot.area, kAreaM2 + 16);
  plot.area = kAreaM2;
  plot.capacity = kSaxaul;
  plot.uncertainty_m = 30;
  field.settle(kDesert, plot);
  field.must(kDesert, field.pledge("season", "desert-ngo/forest-277", kSaxaul));

  const std::vector<PlantLeaf> leaves = saxaul(forest, field.day());
  const geometry::PlanePolygon ground(forest.polygon());
  EXPECT_EQ(std::ranges::count_if(leaves,
                                  [&](const PlantLeaf& leaf) {
                                    return geometry::contains(ground, {*leaf.lat, *leaf.lon});
                                  }),
            148'180);
  Plant plant = field.plant("saxaul", leaves);
  plant.plot = {"desert-ngo/forest-277"};
  plant.campaign = ObjectId{"platform/pledged"};
  plant.pledge = ObjectId{"desert-ngo/season"};
  plant.positions = Positions::grid;
  field.must(kDesert, plant);

  const PlotObject planted = field.plot_object("desert-ngo/forest-277");
  EXPECT_EQ(planted.live, kSaxaul);
  EXPECT_EQ(planted.pledged, 0u);
  // 675 per ha, far from the most that saxaul bears: 2,505 per ha.
  EXPECT_EQ(planted.live * 10'000 / planted.area_m2, 674u);
  EXPECT_EQ(planted.occupied_mm2 / 1'000'000, 598'802u);
  EXPECT_EQ(field.batch("desert-ngo/saxaul").pages_root, fresh_pages_root(kSaxaul));
}

TEST(Forest277, DoesNotReachTheSixthColumnFromAnOutlineCertainToSixteenMetres) {
  Field field;
  const Rectangle forest = outline();
  Plot plot = field.plot("forest-277", forest);
  plot.uncertainty_m = 16;
  field.settle(kDesert, plot);
  Plant plant = field.plant("saxaul", saxaul(forest, field.day()));
  plant.plot = {"desert-ngo/forest-277"};
  plant.positions = Positions::grid;
  const Refusal refusal = field.refusal(kDesert, plant);
  EXPECT_EQ(refusal.reason, Reason::tree_outside_plot);
  EXPECT_EQ(number(refusal, "leaf"), "483");
  EXPECT_EQ(number(refusal, "grown_by_m"), "16");
}

const ObjectId kForest = {"desert-ngo/saxaul"};
const ObjectId kSeason = {"platform/pledged"};
const ObjectId kHikers = {"platform/hikers"};
constexpr std::uint64_t kUnits = 10'000;

// The forest as it is told: accepted; verified in December 2019, which is the chain's first day
// here; nobody counts it for 21 months; disputed in September 2021; counted, and resolved.
class Forest277Story : public testing::Test {
 protected:
  static constexpr std::int32_t kDaysUnseen = 640;  // December 2019 to September 2021

  Forest277Story() {
    const Rectangle forest = outline();
    Plot plot = field_.plot("forest-277", forest);
    plot.capacity = kSaxaul;
    plot.uncertainty_m = 30;
    field_.settle(kDesert, plot);
    field_.must(kDesert, field_.pledge("season", "desert-ngo/forest-277", kSaxaul));
    Redeem redeem = field_.redeem("hikers", kUnits);
    redeem.campaign = kSeason;
    redeem.draws = {{{"desert-ngo/season"}, kUnits}};
    field_.must(kPlatform, redeem);
    Plant plant = field_.plant("saxaul", saxaul(forest, field_.day()));
    plant.plot = {"desert-ngo/forest-277"};
    plant.campaign = kSeason;
    plant.pledge = ObjectId{"desert-ngo/season"};
    plant.positions = Positions::grid;
    field_.must(kDesert, plant);
    verify();
  }
  void verify() {
    field_.empty_block();
    field_.empty_block();
    const auto beacon = field_.get<BeaconObject>(std::to_string(forest().beacon));
    auto sample = sample_draw(beacon->header_hash.value(), kForest, kSaxaul, 60);
    std::ranges::sort(sample);
    Verify payload = field_.full("december-2019", kForest.text);
    payload.method = VerifyMethod::sample;
    payload.visited = {};
    for (const std::uint64_t tree : sample) payload.visited.push_back({tree, 1});
    field_.must(kVerifier, payload);
  }
  BatchObject forest() const { return field_.batch(kForest.text); }
  CampaignTally season() const { return campaign_tally(field_.state, kSeason); }
  Allocate give(std::string_view ref) {
    const RunLeaf run{kHikers, kForest, kHaloxylon, kUnits / 2};
    Allocate payload = field_.allocate(ref, std::vector<RunLeaf>{run});
    payload.campaign = kSeason;
    return payload;
  }
  // What was ever counted of the forest; empty is no data, never a rate of 0 or 100 %.
  std::vector<ObservationObject> counts() const {
    std::vector<ObservationObject> found;
    for (const auto& [key, bytes] : field_.state.all.objects) {
      if (key.name_space != ObservationObject::kNamespace) continue;
      const auto seen = find<ObservationObject>(field_.state, ObjectId{key.id});
      if (seen && seen->payload.plant == kForest) found.push_back(*seen);
    }
    return found;
  }
  std::optional<Freeze> freeze() const {
    return freeze_of_batch(field_.state, field_.block().time.seconds(), kForest, forest());
  }
  void dispute() {
    Dispute payload;
    payload.ref = {"unseen"};
    payload.target = DisputedRecord{kForest};
    payload.ground = Ground::trees_missing;
    field_.must(kRegulator, payload);
  }
  // 60 of the trees that have units died of drought, 1,740 were not found.
  void count() {
    Observe payload;
    payload.ref = {"september-2021"};
    payload.plant = kForest;
    payload.day = field_.day();
    payload.species = {{kHaloxylon, 148'200, 60, 1'740}};
    payload.dead = {{1'000, 60}};
    payload.cause = Cause::drought;
    field_.must(kVerifier, payload);
  }
  void resolve() {
    const Resolve end{{"regulator/unseen"}, Outcome::rejected, Remedy::none, {}};
    field_.must(kCoast, Propose{{"end"}, end});
    for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
      field_.must(org, Approve{{"yes"}, {"coast-ngo/end"}});
    }
  }
  Field field_;
};

TEST_F(Forest277Story, IsVerifiedInDecember2019AndSeenByNobodyFor21Months) {
  EXPECT_EQ(forest().verification->text, "verifier/december-2019");
  EXPECT_EQ(forest().trees()[TreeCode::available], kSaxaul);
  EXPECT_TRUE(counts().empty());
  field_.must(kPlatform, give("first-half"));
  EXPECT_EQ(season().allocated, kUnits / 2);
  field_.advance_days(kDaysUnseen);
  EXPECT_TRUE(counts().empty());
  EXPECT_EQ(forest().trees()[TreeCode::allocated], kUnits / 2);
  EXPECT_EQ(forest().trees().live(), kSaxaul);  // so far as anybody has said
  EXPECT_FALSE(freeze().has_value());
}

TEST_F(Forest277Story, IsDisputedAndTakesNoAllocation) {
  field_.must(kPlatform, give("first-half"));
  field_.advance_days(kDaysUnseen);
  dispute();
  EXPECT_EQ(freeze()->dispute.text, "regulator/unseen");
  const crypto::Hash root = field_.root();
  const Refusal refusal = field_.refusal(kPlatform, give("second-half"));
  EXPECT_EQ(refusal.reason, Reason::target_frozen);
  EXPECT_EQ(number(refusal, "target"), kForest.text);
  EXPECT_EQ(number(refusal, "dispute"), "regulator/unseen");
  EXPECT_EQ(field_.root(), root);
  EXPECT_EQ(season().allocated, kUnits / 2);  // what was given stays given
  EXPECT_EQ(season().waiting(), kUnits / 2);
}

TEST_F(Forest277Story, IsCountedAndStaysFrozenUntilTheDisputeIsResolved) {
  field_.must(kPlatform, give("first-half"));
  field_.advance_days(kDaysUnseen);
  dispute();
  field_.advance_days(12);
  count();
  ASSERT_EQ(counts().size(), 1u);
  EXPECT_EQ(counts()[0].witness, Witness::verified);
  EXPECT_EQ(forest().trees().live(), kSaxaul - 60);
  // Later than the policy's 500 days after planting: no other tree is owed.
  EXPECT_EQ(season().trees[TreeCode::dead_not_owed], 60u);
  EXPECT_EQ(field_.refusal(kPlatform, give("second-half")).reason, Reason::target_frozen);
  field_.advance_days(8);
  resolve();
  const auto ended = field_.find<DisputeObject>("regulator/unseen");
  EXPECT_EQ(ended->resolution->outcome, Outcome::rejected);
  EXPECT_FALSE(freeze().has_value());
  field_.must(kPlatform, give("second-half"));
  EXPECT_EQ(season().waiting(), 0u);
  EXPECT_EQ(forest().trees()[TreeCode::allocated], kUnits - 60);
}

}  // namespace
}  // namespace treeproof::ledger
