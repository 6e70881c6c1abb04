#include <cassert>
#include <nlohmann/json.hpp>
#include <sstream>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/names.h"
#include "node/import/geojson_reader.h"
#include "node/import/outlines.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

void judge(const import::Outline& outline) {
  if (!outline.is_good()) return;
  assert(ledger::Ref::check(outline.ref));
  const auto area = geometry::check(outline.polygon);
  assert(area && (outline.point || area->square_metres == outline.area_m2));
  const geometry::Shape shape = outline.shape();
  assert(geometry::counted_polygon(shape, outline.area_m2) == outline.polygon);
  assert(geometry::decode_shape(geometry::encode_shape(shape)) == shape);
}

}  // namespace

int fuzz_geojson(crypto::ByteSpan input) {
  std::istringstream in{std::string(crypto::as_text(input))};
  const auto read = import::for_each_feature(in, [](const rpc::Json& feature) {
    for (const std::string name : {"name", ""}) {
      const auto outlines = import::outlines_of(feature, {.name = name});
      assert(!outlines.empty());
      for (const auto& outline : outlines) judge(outline);
    }
  });
  return read ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
