// Golden files: canonical CBOR and COSE as JSON that people read and strangers rebuild, and the
// comparison of such a file with what the code computes. tests/vectors/README.md has the notation.
// Owns no encoding of the protocol. Callers: the golden tests. One thread.
// Source: docs/protocol.md sections 1 and 3.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace treeproof::vectors {

using Json = nlohmann::ordered_json;

// One item: byte strings are "h'..'", integers above 2^53 - 1 "n'..'", integer keys decimal texts.
// Requires: canonical, untagged.
Json readable(crypto::ByteSpan cbor);
// "Signature1", protected header, no external data, payload.
crypto::Bytes sig_structure(crypto::ByteSpan protected_header, crypto::ByteSpan payload);
// A COSE_Sign1 in parts, with its Sig_structure and its hash. A detached payload is named.
Json signed_item(std::string_view signer, crypto::ByteSpan sign1,
                 std::optional<crypto::ByteSpan> detached = std::nullopt);
Json hex_list(std::span<const crypto::Hash> hashes);

// Compares with tests/vectors/<name>; with TREEPROOF_WRITE_GOLDEN=1 writes it first.
void expect_golden(const std::string& name, const std::string& text);
void expect_golden(const std::string& name, const Json& json);

}  // namespace treeproof::vectors
