#include "consensus/ledger/geometry/polygon_codec.h"

namespace treeproof::geometry {
namespace {

Position read_position(crypto::CborReader& reader) {
  reader.array_exact(2);
  const auto lat = reader.integer(-kLatitudeMaxE7, kLatitudeMaxE7);
  const auto lon = reader.integer(-kLongitudeMaxE7, kLongitudeMaxE7);
  return {static_cast<std::int32_t>(lat), static_cast<std::int32_t>(lon)};
}

Ring read_ring(crypto::CborReader& reader) {
  Ring ring;
  const std::size_t positions = reader.array(kRingVerticesMax + 1);
  while (ring.size() < positions && reader.ok()) {
    ring.push_back(read_position(reader));
  }
  return ring;
}

void write_ring(crypto::CborWriter& writer, const Ring& ring) {
  writer.array(ring.size());
  for (const Position& position : ring) {
    writer.array(2).integer(position.lat_e7).integer(position.lon_e7);
  }
}

}  // namespace

std::expected<Ring, crypto::CborError> decode_ring(crypto::ByteSpan leaf) {
  crypto::CborReader reader(leaf);
  Ring ring = read_ring(reader);
  if (const auto finished = reader.finish(); !finished) {
    return std::unexpected(finished.error());
  }
  return ring;
}

std::expected<Polygon, crypto::CborError> decode_polygon(crypto::ByteSpan attachment) {
  crypto::CborReader reader(attachment);
  Polygon polygon;
  const std::size_t rings = reader.array(kRingsMax);
  while (polygon.rings.size() < rings && reader.ok()) {
    polygon.rings.push_back(read_ring(reader));
  }
  if (const auto finished = reader.finish(); !finished) {
    return std::unexpected(finished.error());
  }
  return polygon;
}

crypto::Bytes encode_ring(const Ring& ring) {
  crypto::CborWriter writer;
  write_ring(writer, ring);
  return writer.finish();
}

crypto::Bytes encode_polygon(const Polygon& polygon) {
  crypto::CborWriter writer;
  writer.array(polygon.rings.size());
  for (const Ring& ring : polygon.rings) {
    write_ring(writer, ring);
  }
  return writer.finish();
}

}  // namespace treeproof::geometry
