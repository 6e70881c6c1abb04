// Bytes of a plot's shape: a geometry attachment is a CBOR array of rings, each leaf one ring, a
// ring a CBOR array of [lat, lon] in 1e-7 degrees; or its only leaf is [lat, lon] itself, a point.
// Decoding bounds sizes and ranges; check() judges the polygon. Owns no attachment. Called by the
// ledger's rules and by clients. Pure. Source: docs/protocol.md sections 1 and 3; docs/geometry.md
// section 4.
#pragma once

#include <expected>
#include <vector>

#include "consensus/ledger/geometry/polygon.h"
#include "crypto/cbor.h"

namespace treeproof::geometry {

// One leaf. At most kRingVerticesMax + 1 positions, each in range.
std::expected<Ring, crypto::CborError> decode_ring(crypto::ByteSpan leaf);
// A whole attachment. At most kRingsMax rings.
std::expected<Shape, crypto::CborError> decode_shape(crypto::ByteSpan attachment);

crypto::Bytes encode_ring(const Ring& ring);
// The leaves of a shape, in order: its rings, or its point.
std::vector<crypto::Bytes> encode_leaves(const Shape& shape);
// The whole attachment.
crypto::Bytes encode_shape(const Shape& shape);

}  // namespace treeproof::geometry
