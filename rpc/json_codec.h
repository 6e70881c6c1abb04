// The JSON form of the ledger's structures for people and programs: payloads both ways, objects of
// the state one way. One list of fields per structure (ledger/schema.h) gives it and the CBOR.
// Owns no structure. Callers: handlers, node/cli (record new, export). Pure; safe from any thread.
// Source: docs/api.md "Conventions".
#pragma once

#include <expected>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

// Strict: {"type": "pledge", "ref": ..., ...}. The fault's path begins with `name`.
std::expected<ledger::Payload, JsonFault> payload_from_json(const Json& json,
                                                            std::string_view name = "payload");
Json payload_to_json(const ledger::Payload& payload);

Json to_json(const ledger::AttachmentRef& attachment);
Json to_json(const ledger::LinksRef& links);
// {"reason", "sentence", "numbers": [{"label", "value"}]}.
Json to_json(const ledger::Refusal& refusal);
Json to_json(const ledger::Numbers& numbers);

// An object of the state, whatever its namespace and type. Requires: it is one of this chain's.
Json object_to_json(std::string_view name_space, crypto::ByteSpan object);

}  // namespace treeproof::rpc
