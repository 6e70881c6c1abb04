// Bytes of an outline: a geometry attachment is a CBOR array of rings, each leaf one ring, a ring a
// CBOR array of [lat, lon] in 1e-7 degrees. Decoding bounds sizes and ranges; check() judges the
// shape. Owns no attachment. Called by the ledger's rules and by clients. Pure. Source:
// docs/protocol.md sections 1 and 3; docs/geometry.md section 4.
#pragma once

#include <expected>
#include <vector>

#include "consensus/ledger/geometry/polygon.h"
#include "crypto/cbor.h"

namespace treeproof::geometry {

// One leaf. At most kRingVerticesMax + 1 positions, each in range.
std::expected<Ring, crypto::CborError> decode_ring(crypto::ByteSpan leaf);
// A whole attachment. At most kRingsMax rings.
std::expected<Polygon, crypto::CborError> decode_polygon(crypto::ByteSpan attachment);

crypto::Bytes encode_ring(const Ring& ring);
crypto::Bytes encode_polygon(const Polygon& polygon);

}  // namespace treeproof::geometry
