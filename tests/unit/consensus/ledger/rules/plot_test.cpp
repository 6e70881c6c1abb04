#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/plot_overlaps.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

// "home" is 10,000 wide; these lie beside it.
class Plots : public testing::Test {
 protected:
  Refusal refused(const Plot& payload) { return field_.refusal(kCoast, payload); }
  std::uint64_t overlap_of(std::string_view plot) const {
    return sum_of(overlaps_of(field_.state, {std::string(plot)}));
  }
  Reason shape_refused(const geometry::Polygon& outline) {
    return refused(field_.plot("shape", outline)).reason;
  }
  Field field_;
  const Rectangle beside_ = field_.home.shifted(0, 20'000);
};

TEST_F(Plots, KeepTheirRecomputedAreaAndNoConfirmedCapacity) {
  Plot payload = field_.plot("new", beside_);
  const std::uint64_t area = payload.area;
  payload.area += area / 1'100;  // within 0.1 %
  field_.must(kCoast, payload);
  const PlotObject plot = field_.plot_object("coast-ngo/new");
  EXPECT_EQ(plot.area_m2, area);
  EXPECT_EQ(plot.confirmed_capacity, 0u);
  EXPECT_EQ(plot.box,
            (Box{beside_.south, beside_.west, beside_.south + 10'000, beside_.west + 10'000}));
}

TEST_F(Plots, AreConfirmedByAVerifiersConsentToTheirStatement) {
  const VerifiedStatement statement = field_.sign(kCoast, field_.plot("new", beside_));
  field_.must(statement);
  EXPECT_EQ(field_.get<PlotById>(crypto::to_hex(statement->id))->plot.text, "coast-ngo/new");
  field_.must(kVerifier, Consent{{"confirm"}, statement->id});
  EXPECT_EQ(field_.plot_object("coast-ngo/new").confirmed_capacity, 1'000'000u);
}

TEST_F(Plots, AreFoundByTheirCells) {
  const std::vector<PlacedObject> found = plots_meeting(
      field_.state, Layer::canopy, {399'990'000, 999'990'000, 400'000'000, 1'000'000'000});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id.text, "desert-ngo/home");
  EXPECT_TRUE(plots_meeting(field_.state, Layer::marine, found[0].box).empty());
  EXPECT_EQ(cells_of(Layer::canopy, {0, 0, 0, 0}), std::vector<std::string>{"canopy/1800/3600"});
}

TEST_F(Plots, RefuseWhatIsEmptyOrTooMuch) {
  Plot payload = field_.plot("new", beside_);
  payload.capacity = 0;
  EXPECT_EQ(refused(payload).reason, Reason::empty);
  payload.capacity = kQuantityMax + 1;
  EXPECT_EQ(refused(payload).reason, Reason::quantity_too_large);
}

TEST_F(Plots, RefuseAnOutlineMoreUncertainThanThirtyMetres) {
  Plot payload = field_.plot("new", beside_);
  payload.uncertainty_m = 31;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::uncertainty_too_large);
  EXPECT_EQ(number(refusal, "limit_m"), "30");
}

TEST_F(Plots, NeedALandRightOfTheirOwn) {
  Evidence deed;
  deed.ref = {"deed"};
  deed.kind = EvidenceKind::land;
  deed.bytes = 1;
  field_.must(kDesert, deed);
  Evidence photo = deed;
  photo.ref = {"photo"};
  photo.kind = EvidenceKind::photo;
  field_.must(kCoast, photo);
  Plot payload = field_.plot("new", beside_);
  for (const std::string wrong : {"desert-ngo/deed", "coast-ngo/photo", "coast-ngo/none"}) {
    payload.land_right = ObjectId{wrong};
    const Refusal refusal = refused(payload);
    EXPECT_EQ(refusal.reason, Reason::land_right_unknown) << wrong;
    EXPECT_EQ(number(refusal, "land_right"), wrong);
  }
  field_.must(kCoast, deed);
  payload.land_right = ObjectId{"coast-ngo/deed"};
  field_.must(kCoast, payload);
}

TEST_F(Plots, RefuseBytesThatAreNoRings) {
  Plot payload = field_.plot("new", beside_);
  payload.geometry = field_.attach_leaves<PlantLeaf>(tree_grid(beside_, 1, 0, 0));
  EXPECT_EQ(refused(payload).reason, Reason::geometry_invalid);
}

TEST_F(Plots, GivenAsAPointCountAsTheSquareOfTheirArea) {
  const geometry::Position middle{400'000'000, 1'000'100'000};
  field_.must(kCoast, field_.point_plot("hut", middle, 2'500));
  const PlotObject plot = field_.plot_object("coast-ngo/hut");
  EXPECT_EQ(plot.area_m2, 2'500u);
  const geometry::BoundingBox box = geometry::bounding_box(geometry::square_around(middle, 2'500));
  EXPECT_EQ(plot.box, (Box{box.south_west.lat_e7, box.south_west.lon_e7, box.north_east.lat_e7,
                           box.north_east.lon_e7}));
}

TEST_F(Plots, GivenAsAPointHaveFourHectaresAtMost) {
  const geometry::Position middle{400'000'000, 1'000'100'000};
  const Refusal refusal = refused(field_.point_plot("hut", middle, 40'001));
  EXPECT_EQ(refusal.reason, Reason::geometry_point_too_large);
  EXPECT_EQ(number(refusal, "limit_m2"), "40000");
  EXPECT_EQ(refused(field_.point_plot("hut", middle, 0)).reason, Reason::empty);
  field_.must(kCoast, field_.point_plot("hut", middle, 40'000));
}

TEST_F(Plots, GivenAsAPointAreRefusedWhereTheirSquareIs) {
  EXPECT_EQ(refused(field_.point_plot("hut", {850'000'000, 0}, 100)).reason,
            Reason::geometry_near_pole);
  EXPECT_EQ(refused(field_.point_plot("hut", {0, 1'800'000'000}, 100)).reason,
            Reason::geometry_crosses_antimeridian);
}

// "home" ends at 10,000 to the east; a square of 2,500 m2 reaches about 2,930 from its middle.
TEST_F(Plots, GivenAsAPointDoNotOverlapTheirNeighbours) {
  const geometry::Position near{400'005'000, 1'000'012'000};
  const Refusal refusal = refused(field_.point_plot("hut", near, 2'500));
  EXPECT_EQ(refusal.reason, Reason::plot_overlaps);
  EXPECT_EQ(number(refusal, "conflicting_plot"), "desert-ngo/home");
  EXPECT_EQ(number(refusal, "smaller_m2"), "2500");
  const geometry::Position beside{400'005'000, 1'000'013'000};
  field_.must(kCoast, field_.point_plot("hut", beside, 2'500));
  EXPECT_EQ(refused(field_.point_plot("tent", beside, 400)).reason, Reason::plot_overlaps);
}

TEST_F(Plots, GivenAsAPointHoldTheTreesOfTheirSquare) {
  const geometry::Position middle{400'005'000, 1'000'105'000};
  field_.settle(kDesert, field_.point_plot("hut", middle, 2'500));
  const geometry::BoundingBox box = geometry::bounding_box(geometry::square_around(middle, 2'500));
  const Rectangle inside{box.south_west.lat_e7, box.south_west.lon_e7,
                         box.north_east.lat_e7 - box.south_west.lat_e7,
                         box.north_east.lon_e7 - box.south_west.lon_e7};
  Plant plant = field_.plant("outside", tree_grid(inside.shifted(0, -200), 1, 0, field_.day()));
  plant.plot = {"desert-ngo/hut"};
  EXPECT_EQ(field_.refusal(kDesert, plant).reason, Reason::tree_outside_plot);
  // 2,505 saxaul per hectare are 626 on a quarter of one, and 5 % more.
  plant = field_.plant("dense", tree_grid(inside, 658, 0, field_.day()));
  plant.plot = {"desert-ngo/hut"};
  EXPECT_EQ(field_.refusal(kDesert, plant).reason, Reason::density_exceeded);
  plant = field_.plant("planted", tree_grid(inside, 657, 0, field_.day()));
  plant.plot = {"desert-ngo/hut"};
  field_.must(kDesert, plant);
}

TEST_F(Plots, RefuseAPointBesideARing) {
  Plot payload = field_.plot("new", beside_);
  std::vector<crypto::Bytes> leaves = geometry::encode_leaves(beside_.polygon());
  leaves.push_back(geometry::encode_leaves(geometry::Position{1, 1}).front());
  payload.geometry = field_.attach(leaves);
  EXPECT_EQ(refused(payload).reason, Reason::geometry_invalid);
}

TEST_F(Plots, RefuseGeometryAboveItsBound) {
  Plot payload = field_.plot("new", beside_);
  const geometry::Ring ring(1'000, geometry::Position{400'000'000, 1'000'000'000});
  const std::vector<crypto::Bytes> rings(10, geometry::encode_ring(ring));
  payload.geometry = field_.attach(rings);
  ASSERT_GT(payload.geometry.bytes, kGeometryBytesMax);
  EXPECT_EQ(refused(payload).reason, Reason::geometry_too_large);
}

TEST_F(Plots, RefuseEveryBrokenShapeByItsName) {
  const Rectangle big{0, 0, 100'000, 100'000};
  const auto ring = [](const Rectangle& on) { return on.polygon().rings[0]; };
  const auto hole = [&](const Rectangle& on) {
    geometry::Ring turned = ring(on);
    std::ranges::reverse(turned);
    return turned;
  };
  const auto with = [&](std::vector<geometry::Ring> holes) {
    geometry::Polygon polygon = big.polygon();
    for (geometry::Ring& one : holes) polygon.rings.push_back(std::move(one));
    return polygon;
  };
  EXPECT_EQ(shape_refused({{{{0, 0}, {0, 9}, {0, 0}}}}), Reason::geometry_too_few_positions);
  EXPECT_EQ(shape_refused({{{{0, 0}, {0, 9'000}, {9'000, 0}, {1, 1}}}}),
            Reason::geometry_not_closed);
  EXPECT_EQ(shape_refused(Rectangle{851'000'000, 0, 10'000, 10'000}.polygon()),
            Reason::geometry_near_pole);
  EXPECT_EQ(shape_refused(Rectangle{0, 1'799'990'000, 10'000, 10'000}.polygon()),
            Reason::geometry_crosses_antimeridian);
  EXPECT_EQ(shape_refused({{{{0, 0}, {0, 9'000}, {0, 9'000}, {9'000, 9'000}, {0, 0}}}}),
            Reason::geometry_repeated_vertex);
  EXPECT_EQ(shape_refused({{{{0, 0}, {0, 5'000}, {0, 9'000}, {0, 0}}}}),
            Reason::geometry_zero_area);
  EXPECT_EQ(shape_refused({{{{0, 0}, {9'000, 9'000}, {9'000, 0}, {0, 5'000}, {0, 0}}}}),
            Reason::geometry_self_intersection);
  EXPECT_EQ(shape_refused({{hole(big)}}), Reason::geometry_wrong_winding);
  EXPECT_EQ(shape_refused(with({hole({200'000, 0, 9'000, 9'000})})), Reason::geometry_hole_outside);
  EXPECT_EQ(shape_refused(with(
                {hole({9'000, 9'000, 20'000, 20'000}), hole({19'000, 19'000, 20'000, 20'000})})),
            Reason::geometry_holes_cross);
  EXPECT_EQ(shape_refused(with(std::vector<geometry::Ring>(9, hole({9'000, 9'000, 9'000, 9'000})))),
            Reason::geometry_invalid);  // the tenth ring does not even decode
  geometry::Ring jagged;
  for (std::int32_t i = 0; i < 600; ++i) jagged.push_back({0, 10 * i});
  for (std::int32_t i = 600; i > 0; --i) jagged.push_back({1'000 + i % 2, 10 * i});
  jagged.push_back(jagged.front());
  const Reason too_many = shape_refused({{jagged}});
  EXPECT_TRUE(too_many == Reason::geometry_too_many_vertices ||
              too_many == Reason::geometry_invalid)
      << name(too_many);
}

TEST_F(Plots, RefuseAnAreaThatIsNotTheirs) {
  Plot payload = field_.plot("new", beside_);
  const std::uint64_t area = payload.area;
  payload.area = area + area / 900;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::plot_area_mismatch);
  EXPECT_EQ(number(refusal, "recomputed_m2"), std::to_string(area));
  payload.area = area - area / 900;
  EXPECT_EQ(refused(payload).reason, Reason::plot_area_mismatch);
}

TEST_F(Plots, RefuseMoreThanTwoThousandHectares) {
  const Refusal refusal = refused(field_.plot("new", Rectangle{0, 0, 600'000, 400'000}));
  EXPECT_EQ(refusal.reason, Reason::plot_too_large);
  EXPECT_EQ(number(refusal, "limit_m2"), "20000000");
  field_.must(kCoast, field_.plot("new", Rectangle{0, 0, 300'000, 500'000}));
}

TEST_F(Plots, RefuseABeltAcrossTooManyCells) {
  const geometry::Polygon belt{
      {{{0, 0}, {0, 1'000}, {8'000'000, 8'001'000}, {8'000'000, 8'000'000}, {0, 0}}}};
  const Refusal refusal = refused(field_.plot("belt", belt));
  EXPECT_EQ(refusal.reason, Reason::plot_too_wide);
  EXPECT_EQ(number(refusal, "cells"), "289");
}

TEST_F(Plots, TouchingNeighboursAreFine) {
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 10'000)));
  EXPECT_EQ(overlap_of("coast-ngo/new"), 0u);
}

TEST_F(Plots, RefuseAnOverlapAboveHalfAPercentOfTheSmaller) {
  const Refusal refusal = refused(field_.plot("new", field_.home.shifted(0, 9'949)));
  EXPECT_EQ(refusal.reason, Reason::plot_overlaps);
  EXPECT_EQ(number(refusal, "conflicting_plot"), "desert-ngo/home");
  EXPECT_EQ(number(refusal, "limit_ppm"), "5000");
  EXPECT_EQ(number(refusal, "overlap_m2"), "48");
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 9'951)));
  EXPECT_EQ(overlap_of("coast-ngo/new"), 46u);
  EXPECT_EQ(overlap_of("desert-ngo/home"), 46u);
}

TEST_F(Plots, OfAnotherLayerShareTheLand) {
  Plot below = field_.plot("below", field_.home);
  below.layer = Layer::understory;
  field_.must(kCoast, below);
  EXPECT_EQ(overlap_of("desert-ngo/home"), 0u);
}

TEST_F(Plots, RefuseASumOfOverlapsAboveOnePercentOfANeighbour) {
  field_.must(kCoast, field_.plot("east", field_.home.shifted(0, 9'960)));
  field_.must(kCoast, field_.plot("west", field_.home.shifted(0, -9'960)));
  const Refusal refusal = refused(field_.plot("north", field_.home.shifted(9'960, 0)));
  EXPECT_EQ(refusal.reason, Reason::plot_overlaps_neighbours);
  EXPECT_EQ(number(refusal, "plot"), "desert-ngo/home");
  EXPECT_EQ(number(refusal, "limit_ppm"), "10000");
}

TEST_F(Plots, RefuseASumOfOverlapsAboveOnePercentOfTheirOwn) {
  const Rectangle middle{0, 0, 10'000, 10'000};
  field_.must(kCoast, field_.plot("east", middle.shifted(0, 9'960)));
  field_.must(kCoast, field_.plot("west", middle.shifted(0, -9'960)));
  field_.must(kCoast, field_.plot("north", middle.shifted(9'970, 0)));
  const Refusal refusal = refused(field_.plot("middle", middle));
  EXPECT_EQ(refusal.reason, Reason::plot_overlaps_neighbours);
  EXPECT_EQ(number(refusal, "plot"), "coast-ngo/middle");
}

}  // namespace
}  // namespace treeproof::ledger
