#include "rpc/reading.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

namespace treeproof::rpc {

namespace {

using Objects = std::vector<std::pair<std::string, ledger::SharedBytes>>;
using Fetch = std::function<Objects(std::string_view cursor, std::size_t limit)>;

constexpr std::size_t kListLimitDefault = 100;
constexpr std::size_t kScannedMax = 5'000;  // of one page: a filter may want few of many
constexpr std::size_t kFetchCount = 500;

ledger::SharedBytes as_of(const Query& query, std::string_view name_space, const std::string& id,
                          const ledger::SharedBytes& latest) {
  if (query.is_latest()) return latest;
  return query.view->object_at({std::string(name_space), id}, query.at);
}

Answer list(const Query& query, std::string_view name_space, std::string_view prefix,
            const Fetch& fetch, const AddItem& add) {
  const std::size_t limit = query.params.number_or("limit", kListLimitDefault);
  if (limit == 0) return invalid_params({"params.limit", "at least 1 is wanted"});
  std::string cursor = query.params.text_or("cursor", prefix);
  Json items = Json::array();
  for (std::size_t scanned = 0; scanned < kScannedMax;) {
    const Objects found = fetch(cursor, kFetchCount);
    for (const auto& [id, latest] : found) {
      if (!id.starts_with(prefix)) return Json{{"items", items}, {"cursor", nullptr}};
      cursor = id;
      ++scanned;
      if (const auto object = as_of(query, name_space, id, latest)) add(items, id, *object);
      if (items.size() >= limit) return Json{{"items", items}, {"cursor", cursor}};
    }
    if (found.size() < kFetchCount) return Json{{"items", items}, {"cursor", nullptr}};
  }
  return Json{{"items", items}, {"cursor", cursor}};
}

using Visit = std::function<bool(const std::string&, const crypto::Bytes&)>;

void each(const ChainView& view, Height at, std::string_view name_space, const Fetch& fetch,
          const Visit& visit) {
  std::string cursor;
  while (true) {
    const Objects found = fetch(cursor, kFetchCount);
    for (const auto& [id, latest] : found) {
      cursor = id;
      const auto object =
          at == view.height() ? latest : view.object_at({std::string(name_space), id}, at);
      if (object && !visit(id, *object)) return;
    }
    if (found.size() < kFetchCount) return;
  }
}

}  // namespace

Json identified(std::string_view id, JsonBuilder object) {
  return {{"id", id}, {"object", object.take()}};
}

void append(Json& items, Json item) { items.push_back(std::move(item)); }

Answer list_of_type(const Query& query, std::string_view type, std::string_view prefix,
                    const AddItem& add) {
  const auto fetch = [&](std::string_view cursor, std::size_t limit) {
    return query.view->objects_of_type(type, cursor, limit);
  };
  return list(query, "object", prefix, fetch, add);
}

Answer list_of_namespace(const Query& query, std::string_view name_space, const AddItem& add) {
  const auto fetch = [&](std::string_view cursor, std::size_t limit) {
    return query.view->objects(name_space, "", cursor, limit);
  };
  return list(query, name_space, "", fetch, add);
}

std::expected<Slice, RpcError> slice_of(const Query& query, std::size_t size) {
  const std::string cursor = query.params.text_or("cursor", "0");
  const std::size_t limit = query.params.number_or("limit", kListLimitDefault);
  const bool is_number = cursor.size() <= 9 &&
                         std::ranges::all_of(cursor, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || cursor.empty()) {
    return invalid_params({"params.cursor", "not a cursor of this list"});
  }
  if (limit == 0) return invalid_params({"params.limit", "at least 1 is wanted"});
  const std::size_t from = std::min<std::size_t>(std::stoull(cursor), size);
  Slice slice{from, std::min(limit, size - from), std::nullopt};
  if (from + slice.count < size) slice.cursor = std::to_string(from + slice.count);
  return slice;
}

void each_of_type(const ChainView& view, Height at, std::string_view type, const Visit& visit) {
  const auto fetch = [&](std::string_view cursor, std::size_t limit) {
    return view.objects_of_type(type, cursor, limit);
  };
  each(view, at, "object", fetch, visit);
}

void each_of_namespace(const ChainView& view, Height at, std::string_view name_space,
                       const Visit& visit) {
  const auto fetch = [&](std::string_view cursor, std::size_t limit) {
    return view.objects(name_space, "", cursor, limit);
  };
  each(view, at, name_space, fetch, visit);
}

std::string org_prefix(const Query& query) {
  return query.params.has("org") ? query.params.text("org") + "/" : "";
}

Json to_json(const ledger::Header& header) {
  return {{"chain", header.chain_id},
          {"height", std::to_string(header.height.value)},
          {"time", std::to_string(header.time.value)},
          {"previous", crypto::to_hex(header.previous)},
          {"proposer", header.proposer.text},
          {"log_size", std::to_string(header.log_size)},
          {"log_root", crypto::to_hex(header.log_root)},
          {"state_root", crypto::to_hex(header.state_root)},
          {"validators_hash", crypto::to_hex(header.validators_hash)},
          {"next_validators_hash", crypto::to_hex(header.next_validators_hash)},
          {"rules_version", header.rules_version},
          {"evidence_hash", crypto::to_hex(header.evidence_hash)}};
}

std::optional<ledger::Header> header_of(const ChainView& view, Height height) {
  if (height == view.height()) return view.header();
  const auto bytes = height < view.height() ? view.header_bytes(height) : std::nullopt;
  if (!bytes) return std::nullopt;
  auto header = ledger::decode_header(*bytes);
  assert(header.has_value());
  return *std::move(header);
}

TextAnswer of_snapshot(const Query& query, std::string result) {
  const auto header = header_of(*query.view, query.at);
  if (!header) return not_found("decided height", std::to_string(query.at.value));
  result.pop_back();
  return result.append(R"(,"height":")")
      .append(std::to_string(query.at.value))
      .append(R"(","time":")")
      .append(std::to_string(header->time.value))
      .append(R"(","state_root":")")
      .append(crypto::to_hex(header->state_root))
      .append(R"(","test_clock":)")
      .append(query.services->is_test_clock ? "true}" : "false}");
}

std::unexpected<RpcError> not_held(const ChainView& view, Height height) {
  const bool is_pruned = height.value > 0 && height < view.base();
  if (is_pruned) return pruned(begins_later(view));
  return not_found("decided height", std::to_string(height.value));
}

std::string begins_later(const ChainView& view) {
  return "This node begins at height " + std::to_string(view.base().value) +
         ", where it was restored from a snapshot: ask a node that holds more.";
}

Json to_json(std::span<const crypto::Hash> hashes) {
  Json texts = Json::array();
  for (const crypto::Hash& hash : hashes) texts.push_back(crypto::to_hex(hash));
  return texts;
}

}  // namespace treeproof::rpc
