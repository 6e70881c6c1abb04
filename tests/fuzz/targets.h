// Every decoder of bytes from outside, and of those on disk that a node opens with, as a function
// of an input. A target returns kTaken or kRefused, and asserts what must hold of either: mostly
// that there is one encoding for each value. Owns nothing. Callers: libfuzzer_main (one target a
// program), corpora_test (all of them). Source: docs/architecture.md "Tests".
#pragma once

#include "crypto/bytes.h"

namespace treeproof::fuzz {

inline constexpr int kRefused = 0;
inline constexpr int kTaken = 1;

int fuzz_attachment(crypto::ByteSpan input);        // kind of leaf, attachment
int fuzz_block(crypto::ByteSpan input);             // block or header
int fuzz_canonical_cbor(crypto::ByteSpan input);    // one item
int fuzz_certificate(crypto::ByteSpan input);       // tree certificate
int fuzz_certificate_text(crypto::ByteSpan input);  // "TP1:" and Base45
int fuzz_configuration(crypto::ByteSpan input);     // TOML of a node
int fuzz_csv(crypto::ByteSpan input);               // separator, CSV file
int fuzz_frames(crypto::ByteSpan input);            // stream between peers
int fuzz_genesis_file(crypto::ByteSpan input);      // JSON
int fuzz_geojson(crypto::ByteSpan input);           // GeoJSON file
int fuzz_guard(crypto::ByteSpan input);             // a slot; what a torn write leaves of two
int fuzz_hello(crypto::ByteSpan input);             // COSE_Sign1 of a peer
int fuzz_journal(crypto::ByteSpan input);           // what a crash leaves of two files
int fuzz_json_text(crypto::ByteSpan input);         // JSON text
int fuzz_mapping(crypto::ByteSpan input);           // TOML of an import
int fuzz_payload(crypto::ByteSpan input);           // CBOR payload of a statement
int fuzz_payload_json(crypto::ByteSpan input);      // the same as JSON
int fuzz_points_proof(crypto::ByteSpan input);      // a user's, and the record it would fit
int fuzz_peer_message(crypto::ByteSpan input);      // kind, payload of a frame
int fuzz_request(crypto::ByteSpan input);           // body of POST /rpc
int fuzz_sign1(crypto::ByteSpan input);             // COSE_Sign1
int fuzz_snapshot(crypto::ByteSpan input);          // a record, or a snapshot cut in two
int fuzz_state_proof(crypto::ByteSpan input);       // existence or absence, ICS-23
int fuzz_statement(crypto::ByteSpan input);         // signed statement
int fuzz_text_codecs(crypto::ByteSpan input);       // hex, base64, base64url, Base45
int fuzz_tile_path(crypto::ByteSpan input);         // path of a tile
int fuzz_tip_record(crypto::ByteSpan input);        // where a store stands
int fuzz_tree_rows(crypto::ByteSpan input);         // CSV rows through a mapping
int fuzz_trust_file(crypto::ByteSpan input);        // JSON
int fuzz_validator_set(crypto::ByteSpan input);     // CBOR
int fuzz_vote(crypto::ByteSpan input);              // vote or proposal
int fuzz_vote_certificate(crypto::ByteSpan input);  // commit, polka, round; evidence

}  // namespace treeproof::fuzz
