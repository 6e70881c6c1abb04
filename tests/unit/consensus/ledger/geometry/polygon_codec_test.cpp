#include "consensus/ledger/geometry/polygon_codec.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

using crypto::CborError;

TEST(PolygonCodec, WritesRingsAsArraysOfPairs) {
  const Polygon triangle = {{{{0, 0}, {-1, 23}, {24, 5}, {0, 0}}}};
  EXPECT_EQ(crypto::to_hex(encode_shape(triangle)), "818482000082201782181805820000");
  EXPECT_EQ(crypto::to_hex(encode_ring(triangle.rings.front())), "8482000082201782181805820000");
}

TEST(PolygonCodec, ReadsBackWhatItWrote) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    Polygon plot = good_star(random, any_place(random), 3 + random() % 200, 900);
    plot.rings.push_back(plot.rings.front());
    EXPECT_EQ(std::get<Polygon>(decode_shape(encode_shape(plot)).value()), plot);
    EXPECT_EQ(decode_ring(encode_ring(plot.rings.front())).value(), plot.rings.front());
  }
}

TEST(PolygonCodec, WritesAPointAsTheOnlyLeaf) {
  EXPECT_EQ(crypto::to_hex(encode_shape(Position{-1, 23})), "81822017");
  EXPECT_EQ(encode_leaves(Position{-1, 23}).size(), 1u);
  EXPECT_EQ(std::get<Position>(decode_shape(*crypto::from_hex("81822017")).value()),
            (Position{-1, 23}));
}

TEST(PolygonCodec, TellsAPointFromARing) {
  EXPECT_TRUE(std::holds_alternative<Polygon>(decode_shape(*crypto::from_hex("8180")).value()));
  EXPECT_TRUE(
      std::holds_alternative<Polygon>(decode_shape(*crypto::from_hex("8182820102820304")).value()));
  EXPECT_FALSE(decode_shape(*crypto::from_hex("82820102820304")));      // two points
  EXPECT_FALSE(decode_shape(*crypto::from_hex("828201028182010203")));  // a point and a ring
  EXPECT_FALSE(decode_shape(*crypto::from_hex("8183010203")));          // of three numbers
  EXPECT_FALSE(decode_shape(*crypto::from_hex("81820161ff")));          // of a number and a text
  EXPECT_EQ(decode_shape(encode_shape(Position{kLatitudeMaxE7 + 1, 0})).error(),
            CborError::out_of_range);
}

TEST(PolygonCodec, RefusesPositionsOutsideTheWorld) {
  EXPECT_TRUE(decode_ring(encode_ring({{900'000'000, -1'800'000'000}})));
  EXPECT_EQ(decode_ring(encode_ring({{900'000'001, 0}})).error(), CborError::out_of_range);
  EXPECT_EQ(decode_ring(encode_ring({{0, -1'800'000'001}})).error(), CborError::out_of_range);
}

TEST(PolygonCodec, RefusesMoreRingsAndPositionsThanTheLimits) {
  EXPECT_TRUE(decode_ring(encode_ring(Ring(kRingVerticesMax + 1))));
  EXPECT_EQ(decode_ring(encode_ring(Ring(kRingVerticesMax + 2))).error(), CborError::too_long);
  EXPECT_TRUE(decode_shape(encode_shape(Polygon{std::vector<Ring>(kRingsMax)})));
  EXPECT_EQ(decode_shape(encode_shape(Polygon{std::vector<Ring>(kRingsMax + 1)})).error(),
            CborError::too_long);
}

TEST(PolygonCodec, RefusesBytesThatAreNotOneRing) {
  const crypto::Bytes exact = encode_ring({{1, 2}, {3, 4}});
  crypto::Bytes longer = exact;
  longer.push_back(0);
  EXPECT_EQ(decode_ring(longer).error(), CborError::trailing_bytes);
  EXPECT_EQ(decode_ring(crypto::ByteSpan(exact).first(exact.size() - 1)).error(),
            CborError::truncated);
  EXPECT_FALSE(decode_ring(*crypto::from_hex("8183010203")));
  EXPECT_FALSE(decode_ring(*crypto::from_hex("8182180102")));
  EXPECT_FALSE(decode_ring({}));
}

}  // namespace
}  // namespace treeproof::geometry
