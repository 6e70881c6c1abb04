#include "consensus/ledger/plot_outline.h"

#include <cassert>

#include "consensus/ledger/geometry/polygon_codec.h"

namespace treeproof::ledger {

geometry::Polygon outline_of(const Plot& plot, const Attachment& geometry) {
  auto shape = geometry::decode_shape(geometry.bytes());
  assert(shape.has_value());
  return geometry::counted_polygon(*std::move(shape), plot.area);
}

}  // namespace treeproof::ledger
