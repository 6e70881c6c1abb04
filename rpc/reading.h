// How handlers read objects: as of the height that was asked for, one or in pages.
// Owns nothing. Callers: handlers. Safe from any thread. Source: docs/api.md "Conventions".
#pragma once

#include <functional>

#include "consensus/ledger/pages.h"
#include "rpc/json_encoder.h"
#include "rpc/link_trees.h"
#include "rpc/method.h"
#include "rpc/services.h"

namespace treeproof::rpc {

inline PastState past(const Query& query) { return {*query.view, query.at}; }

// The object that a statement of this type made, as it was.
template <class T>
std::optional<T> find_object(const Query& query, const ledger::ObjectId& id) {
  return ledger::find<T>(past(query), id);
}
template <class T>
std::optional<T> get_object(const Query& query, std::string_view id) {
  return ledger::get<T>(past(query), id);
}

// {"id", "object"}.
Json identified(std::string_view id, JsonBuilder object);
// The whole answer of a *_get: the object of parameter `what`, or not found. Result keeps the JSON
// type out of this header.
template <class T, class Result = Answer>
Result answer_object(const Query& query, std::string_view what) {
  const ledger::ObjectId id = query.params.object_id(what);
  const auto object = find_object<T>(query, id);
  if (!object) return not_found(what, id.text);
  return identified(id.text, built(*object));
}

// One page of a list, as of query.at: {"items", "cursor"}. `add` appends what it makes of an
// object, or nothing where it is not wanted. Stops at ids that do not begin with `prefix`.
using AddItem =
    std::function<void(Json& items, const std::string& id, const crypto::Bytes& object)>;
Answer list_of_type(const Query& query, std::string_view type, std::string_view prefix,
                    const AddItem& add);
Answer list_of_namespace(const Query& query, std::string_view name_space, const AddItem& add);

// The part of a list, known as a whole, that cursor and limit ask for: its cursor is the number of
// items that were shown. Refuses other cursors and a limit of 0.
struct Slice {
  std::size_t from = 0;
  std::size_t count = 0;
  std::optional<std::string> cursor;
};
std::expected<Slice, RpcError> slice_of(const Query& query, std::size_t size);

// Calls for every object of a type as of query.at, in id order, until it returns false.
void each_of_type(const ChainView& view, Height at, std::string_view type,
                  const std::function<bool(const std::string& id, const crypto::Bytes&)>& visit);

// Calls `take(id, object)` for every object of T's type as of a height, in id order: how many.
template <class T, class Take>
std::uint64_t each_object(const ChainView& view, Height at, Take take) {
  std::uint64_t objects = 0;
  each_of_type(view, at, T::kType, [&](const std::string& id, const crypto::Bytes& bytes) {
    ++objects;
    take(ledger::ObjectId{id}, ledger::decode_stored<T>(bytes));
    return true;
  });
  return objects;
}

// The same for every object of a namespace.
void each_of_namespace(
    const ChainView& view, Height at, std::string_view name_space,
    const std::function<bool(const std::string& id, const crypto::Bytes&)>& visit);

void append(Json& items, Json item);

// Adds {"id", "object"} of those that are wanted.
template <class T>
AddItem items_where(std::function<bool(const T&)> is_wanted) {
  return [is_wanted = std::move(is_wanted)](Json& items, const std::string& id,
                                            const crypto::Bytes& bytes) {
    const T object = ledger::decode_stored<T>(bytes);
    if (is_wanted(object)) append(items, identified(id, built(object)));
  };
}
// The prefix of the ids of an organisation, where one is named.
std::string org_prefix(const Query& query);

// A header as the API shows it; the header of a height, where it is decided.
Json to_json(const ledger::Header& header);
std::optional<ledger::Header> header_of(const ChainView& view, Height height);
// A result with the height, time and state root that it is of. Requires: an object's text.
TextAnswer of_snapshot(const Query& query, std::string result);
// Why nothing is held of a height: pruned below where this node begins, else not found.
std::unexpected<RpcError> not_held(const ChainView& view, Height height);
// The sentence of what is pruned because this node begins at a snapshot.
std::string begins_later(const ChainView& view);
// The path of hashes as hex texts.
Json to_json(std::span<const crypto::Hash> hashes);

}  // namespace treeproof::rpc
