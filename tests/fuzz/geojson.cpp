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
  assert(area && area->square_metres == outline.area_m2);
  const crypto::Bytes bytes = geometry::encode_polygon(outline.polygon);
  const auto again = geometry::decode_polygon(bytes);
  assert(again && geometry::encode_polygon(*again) == bytes);
}

}  // namespace

int fuzz_geojson(crypto::ByteSpan input) {
  std::istringstream in{std::string(crypto::as_text(input))};
  const auto read = import::for_each_feature(in, [](const rpc::Json& feature) {
    for (const std::string name : {"name", ""}) {
      const auto outlines = import::outlines_of(feature, name);
      assert(!outlines.empty());
      for (const auto& outline : outlines) judge(outline);
    }
  });
  return read ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
