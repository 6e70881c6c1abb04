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

// Whether the next item begins like a position: an array of two whose first is a number. A ring's
// first is an array. The reader is a copy: nothing is taken from the caller's.
bool is_point(crypto::CborReader reader) {
  if (reader.array(2) != 2) return false;
  const crypto::CborKind first = reader.peek();
  return first == crypto::CborKind::uint || first == crypto::CborKind::negative;
}

void write_position(crypto::CborWriter& writer, Position position) {
  writer.array(2).integer(position.lat_e7).integer(position.lon_e7);
}

void write_ring(crypto::CborWriter& writer, const Ring& ring) {
  writer.array(ring.size());
  for (const Position& position : ring) write_position(writer, position);
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

std::expected<Shape, crypto::CborError> decode_shape(crypto::ByteSpan attachment) {
  crypto::CborReader reader(attachment);
  Shape shape;
  const std::size_t leaves = reader.array(kRingsMax);
  if (leaves == 1 && is_point(reader)) {
    shape = read_position(reader);
  } else {
    auto& rings = std::get<Polygon>(shape).rings;
    while (rings.size() < leaves && reader.ok()) rings.push_back(read_ring(reader));
  }
  if (const auto finished = reader.finish(); !finished) {
    return std::unexpected(finished.error());
  }
  return shape;
}

crypto::Bytes encode_ring(const Ring& ring) {
  crypto::CborWriter writer;
  write_ring(writer, ring);
  return writer.finish();
}

std::vector<crypto::Bytes> encode_leaves(const Shape& shape) {
  if (const auto* point = std::get_if<Position>(&shape)) {
    crypto::CborWriter writer;
    write_position(writer, *point);
    return {writer.finish()};
  }
  std::vector<crypto::Bytes> leaves;
  for (const Ring& ring : std::get<Polygon>(shape).rings) leaves.push_back(encode_ring(ring));
  return leaves;
}

crypto::Bytes encode_shape(const Shape& shape) {
  const std::vector<crypto::Bytes> leaves = encode_leaves(shape);
  crypto::CborWriter writer;
  writer.array(leaves.size());
  for (const crypto::Bytes& leaf : leaves) writer.raw(leaf);
  return writer.finish();
}

}  // namespace treeproof::geometry
