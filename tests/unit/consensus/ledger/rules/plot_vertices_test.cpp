// The bounds of an outline that its rings reach only together.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

// A rectangle whose southern side has `extra` further vertices.
geometry::Ring with_vertices(const Rectangle& on, std::int32_t extra) {
  geometry::Ring ring{{on.south, on.west}};
  for (std::int32_t i = 1; i <= extra; ++i) ring.push_back({on.south, on.west + i});
  const geometry::Ring corners = on.polygon().rings[0];
  ring.insert(ring.end(), corners.begin() + 1, corners.end());
  return ring;
}

geometry::Polygon with_hole(const Rectangle& outer, std::int32_t outer_extra,
                            std::int32_t hole_extra) {
  geometry::Ring hole =
      with_vertices({outer.south + 2'000, outer.west + 2'000, 5'000, 5'000}, hole_extra);
  std::ranges::reverse(hole);
  return {{with_vertices(outer, outer_extra), hole}};
}

TEST(PlotVertices, AreCountedOverAllRings) {
  Field field;
  const Rectangle beside = field.home.shifted(0, 20'000);
  field.must(kCoast, field.plot("full", with_hole(beside, 600, 416)));  // 1,024 in all
  const Rectangle further = beside.shifted(0, 20'000);
  const Refusal refusal = field.refusal(kCoast, field.plot("over", with_hole(further, 600, 417)));
  EXPECT_EQ(refusal.reason, Reason::geometry_too_many_vertices);
}

TEST(PlotVertices, OfMoreThanNineRingsDoNotDecode) {
  Field field;
  geometry::Polygon polygon = field.home.shifted(0, 20'000).polygon();
  polygon.rings.resize(10, polygon.rings[0]);
  const Refusal refusal = field.refusal(kCoast, field.plot("rings", polygon));
  EXPECT_EQ(refusal.reason, Reason::geometry_invalid);
  EXPECT_EQ(number(refusal, "cbor"), "cbor_too_long");
}

}  // namespace
}  // namespace treeproof::ledger
