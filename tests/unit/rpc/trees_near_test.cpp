// tree_near: which trees stand around a place, measured again by the plain way.
#include "rpc/trees_near.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/correct.h"
#include "consensus/ledger/geometry/local_scale.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

using geometry::Position;

// The season's trees: row i / 10 + 1, column i % 10 + 1 of a grid of 300 steps (3.3 m and 2.6 m).
constexpr Position position_of(std::uint64_t tree) {
  const auto i = static_cast<std::int32_t>(tree);
  return {400'000'000 + 300 * (i / 10 + 1), 1'000'000'000 + 300 * (i % 10 + 1)};
}

class NearTreesOf : public testing::Test {
 protected:
  NearTreesOf() : caller_(chain_) { play_season(chain_); }

  Json ask(Position at, std::uint64_t radius_m, std::uint64_t limit = 100) {
    Json answer = caller_.result(
        "tree_near",
        {{"lat", at.lat_e7}, {"lon", at.lon_e7}, {"radius_m", radius_m}, {"limit", limit}});
    expect_promised("tree_near", answer);
    return answer;
  }
  static std::vector<std::string> names(const Json& answer) {
    std::vector<std::string> all;
    for (const Json& tree : answer["trees"]) all.push_back(tree["tree"]);
    return all;
  }
  // Those of the season's planting, the nearest first, from every position.
  static std::vector<std::string> measured(Position at, std::uint32_t radius_m) {
    std::vector<std::tuple<geometry::UInt128, std::uint64_t>> near;
    for (std::uint64_t i = 0; i < 100; ++i) {
      if (!geometry::distance_at_most(at, position_of(i), radius_m)) continue;
      near.emplace_back(geometry::squared_distance(at, position_of(i)), i);
    }
    std::ranges::sort(near);
    std::vector<std::string> all;
    for (const auto& [squared, i] : near) all.push_back("desert-ngo/grown#" + std::to_string(i));
    return all;
  }
  // A square of 10,000 steps; its trees, where there are any, are known by it only.
  void add_plot(const std::string& ref, Position corner, std::uint64_t trees) {
    const auto statement = chain_.must("desert-ngo", square_plot(chain_, ref, corner, 100));
    chain_.must("verifier", ledger::Consent{{"confirm-" + ref}, statement->id});
    ledger::PlantLeaf leaf;
    leaf.day = chain_.day();
    ledger::Plant plant;
    plant.ref = {"in-" + ref};
    plant.plot = {"desert-ngo/" + ref};
    plant.species = {{{"haloxylon"}, trees}};
    plant.planted_from = plant.planted_to = chain_.day();
    plant.positions = ledger::Positions::plot;
    plant.leaves = chain_.attach(
        ledger::Attachment::build(std::vector<crypto::Bytes>(trees, ledger::encode(leaf))));
    chain_.must("desert-ngo", plant);
  }

  TestChain chain_;
  Caller caller_;
};

TEST_F(NearTreesOf, APlaceAreThoseWithinTheRadiusTheNearestFirst) {
  for (const Position at : {position_of(44), Position{400'001'234, 1'000'000'777},
                            Position{399'999'000, 1'000'005'000}}) {
    for (const std::uint32_t radius_m : {0u, 3u, 10u, 40u}) {
      const Json answer = ask(at, radius_m);
      EXPECT_EQ(names(answer), measured(at, radius_m)) << at.lat_e7 << " " << radius_m;
      EXPECT_EQ(answer["found"], std::to_string(answer["trees"].size()));
      EXPECT_EQ(answer["complete"], true);
    }
  }
  EXPECT_EQ(measured(position_of(44), 3).size(), 3u);  // so that something was compared
  EXPECT_EQ(measured(position_of(44), 40).size(), 100u);
}

TEST_F(NearTreesOf, APlaceAreToldWithTheirDistanceAndState) {
  const Json answer = ask({position_of(3).lat_e7 - 300, position_of(3).lon_e7}, 4);
  const Json& first = answer["trees"].at(0);
  EXPECT_EQ(first["tree"], "desert-ngo/grown#3");
  EXPECT_NEAR(first["distance_cm"].get<int>(), 333, 1);  // 300 steps of a meridian at 40 degrees
  EXPECT_EQ(first["lat"], position_of(3).lat_e7);
  EXPECT_EQ(first["lon"], position_of(3).lon_e7);
  EXPECT_EQ(first["species"], "haloxylon");
  EXPECT_EQ(first["state"], "allocated");
  EXPECT_EQ(first["plot"], kHome);
  EXPECT_EQ(first["positions"], "measured");
}

TEST_F(NearTreesOf, APlaceAreLimitedToTheNearest) {
  const Position at{400'001'234, 1'000'000'777};
  const auto all = measured(at, 40);
  const Json answer = ask(at, 40, 7);
  EXPECT_EQ(names(answer), std::vector(all.begin(), all.begin() + 7));
  EXPECT_EQ(answer["found"], "100");
  EXPECT_EQ(answer["complete"], true);
}

TEST_F(NearTreesOf, APlaceLive) {
  let_die(chain_, "storm", kGrown, {{44, 1}});
  const auto near = names(ask(position_of(44), 3));
  EXPECT_EQ(near, (std::vector<std::string>{"desert-ngo/grown#43", "desert-ngo/grown#45"}));
}

TEST_F(NearTreesOf, APlaceStandWhereCorrectionsPutThem) {
  const ledger::Correct correct{{"moved"},
                                {std::string(kGrown)},
                                ledger::CorrectPosition{44, 400'009'000, 1'000'009'000},
                                {},
                                {"verifier"}};
  const auto waiting = chain_.sign("desert-ngo", correct);
  chain_.must("verifier", ledger::Consent{{"agree"}, waiting->id});
  ASSERT_TRUE(chain_.record(waiting).has_value());
  EXPECT_EQ(names(ask(position_of(44), 0)), std::vector<std::string>{});
  EXPECT_EQ(names(ask({400'009'000, 1'000'009'000}, 1)),
            std::vector<std::string>{"desert-ngo/grown#44"});
}

TEST_F(NearTreesOf, APlotAreNamedByIt) {
  add_plot("blind", {400'020'000, 1'000'000'000}, 12);
  const Json inside = ask({400'025'000, 1'000'005'000}, 0);
  EXPECT_EQ(inside["trees"], Json::array());
  EXPECT_EQ(inside["plots"],
            Json::array({{{"plot", "desert-ngo/blind"}, {"layer", "canopy"}, {"trees", "12"}}}));
  // 100 steps south of its edge are 1.1 m.
  EXPECT_EQ(ask({400'019'900, 1'000'005'000}, 2)["plots"].size(), 1u);
  EXPECT_EQ(ask({400'019'900, 1'000'005'000}, 1)["plots"].size(), 0u);
  let_die(chain_, "flood", "desert-ngo/in-blind", {{0, 12}});
  EXPECT_EQ(ask({400'025'000, 1'000'005'000}, 0)["plots"].size(), 0u);
}

TEST_F(NearTreesOf, APlaceAreFoundAcrossTheAntimeridian) {
  add_plot("dawn", {0, -1'799'999'900}, 5);
  add_plot("dusk", {0, 1'799'999'900 - 10'000}, 6);
  for (const std::int32_t lon : {1'800'000'000, -1'800'000'000, 1'799'999'990, -1'799'999'990}) {
    const Json plots = ask({5'000, lon}, 10)["plots"];
    ASSERT_EQ(plots.size(), 2u) << lon;
    EXPECT_EQ(plots[0]["plot"], "desert-ngo/dawn");
    EXPECT_EQ(plots[1]["plot"], "desert-ngo/dusk");
  }
}

TEST_F(NearTreesOf, APlaceAreAskedForWithinBounds) {
  for (const Json& wrong :
       {Json{{"lat", 900'000'001}, {"lon", 0}}, Json{{"lat", 0}, {"lon", -1'800'000'001}},
        Json{{"lat", 0}, {"lon", 0}, {"radius_m", 1'001}},
        Json{{"lat", 0}, {"lon", 0}, {"limit", 0}}, Json{{"lat", 0}, {"lon", 0}, {"limit", 101}}}) {
    EXPECT_EQ(caller_.error("tree_near", wrong)["code"], -32602) << wrong;
  }
  for (const std::int32_t lat : {-900'000'000, -850'000'000, 850'000'000, 900'000'000}) {
    for (const std::int32_t lon : {-1'800'000'000, 0, 1'800'000'000}) {
      EXPECT_EQ(ask({lat, lon}, 1'000)["complete"], true);
    }
  }
}

// Whoever is told less than all there is is told so.
TEST_F(NearTreesOf, APlaceThatAreTooManyToLookAtAreCounted) {
  plant_more(chain_, {.ref = "far", .row = 20, .campaign = std::nullopt});
  const auto near = [this](std::size_t objects_max, std::uint64_t trees_max) {
    return trees_near(*chain_.latest(), {.at = position_of(0),
                                         .radius_m = 200,
                                         .limit = 100,
                                         .objects_max = objects_max,
                                         .trees_max = trees_max});
  };
  EXPECT_EQ(near(3, 110).found, 110u);
  EXPECT_EQ(near(3, 110).skipped_batches, 0u);
  const NearTrees nearest = near(3, 109);
  EXPECT_EQ(nearest.found, 100u);  // the nearer batch comes first
  EXPECT_EQ(nearest.skipped_batches, 1u);
  EXPECT_EQ(near(2, 110).skipped_batches, 1u);
  EXPECT_EQ(near(0, 110).skipped_plots, 1u);
}

}  // namespace
}  // namespace treeproof::rpc
