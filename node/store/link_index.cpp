#include "node/store/link_index.h"

#include <cassert>
#include <map>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kRangeItems = 5;
constexpr std::size_t kMemberItems = 3;

struct MemberLink {
  std::uint64_t from;
  std::uint64_t count;
  std::uint64_t link_index;
};

crypto::Bytes encode(const std::vector<ledger::LinkRange>& ranges) {
  std::map<std::string, std::uint64_t> numbers;
  std::vector<std::string> ids;
  const auto number_of = [&](const ledger::ObjectId& id) {
    const auto [found, fresh] = numbers.try_emplace(id.text, ids.size());
    if (fresh) ids.push_back(id.text);
    return found->second;
  };
  crypto::CborWriter list;
  list.array(kRangeItems * ranges.size());
  for (const ledger::LinkRange& range : ranges) {
    list.uint(number_of(range.redeem)).uint(range.unit_from);
    list.uint(number_of(range.plant)).uint(range.tree_from).uint(range.count);
  }
  crypto::CborWriter out;
  out.array(2).array(ids.size());
  for (const std::string& id : ids) out.text(id);
  return out.raw(list.finish()).finish();
}

crypto::Bytes encode(const std::vector<MemberLink>& links) {
  crypto::CborWriter out;
  out.array(kMemberItems * links.size());
  for (const MemberLink& link : links) out.uint(link.from).uint(link.count).uint(link.link_index);
  return out.finish();
}

// The link index of a member, where one of these links holds it.
std::optional<std::uint64_t> find(std::string_view stored, std::uint64_t member) {
  crypto::CborReader in(crypto::as_bytes(stored));
  const std::size_t items = in.array(kMemberItems * kLinksMax);
  for (std::size_t i = 0; i < items; i += kMemberItems) {
    const std::uint64_t from = in.uint();
    const std::uint64_t count = in.uint();
    const std::uint64_t link_index = in.uint();
    if (member >= from && member - from < count) return link_index + (member - from);
  }
  return std::nullopt;
}

}  // namespace

void put_links(Batch& batch, const ledger::AllocationLinks& links) {
  std::map<std::string, std::vector<MemberLink>> members;  // by prefix
  std::uint64_t link_index = 0;
  for (const ledger::LinkRange& range : links.ranges) {
    members[batch_links_prefix(range.plant)].push_back({range.tree_from, range.count, link_index});
    members[redemption_links_prefix(range.redeem)].push_back(
        {range.unit_from, range.count, link_index});
    link_index += range.count;
  }
  batch.put(links_key(links.allocation), encode(links.ranges));
  for (const auto& [prefix, part] : members) {
    batch.put(prefix + links.allocation.text, encode(part));
  }
}

std::vector<ledger::LinkRange> links_of_allocation(const Database& database,
                                                   const Snapshot& snapshot,
                                                   const ledger::ObjectId& allocation) {
  const auto stored = database.get(links_key(allocation), snapshot);
  if (!stored) return {};
  crypto::CborReader in(crypto::as_bytes(*stored));
  in.array_exact(2);
  std::vector<ledger::ObjectId> ids(in.array(2 * kLinksMax));
  for (ledger::ObjectId& id : ids) id.text = in.text(kTextBytesMax);
  const auto next_id = [&]() -> const ledger::ObjectId& { return ids.at(in.uint()); };
  std::vector<ledger::LinkRange> ranges(in.array(kRangeItems * kLinksMax) / kRangeItems);
  assert(in.ok());
  for (ledger::LinkRange& range : ranges) {
    range.redeem = next_id();
    range.unit_from = in.uint();
    range.plant = next_id();
    range.tree_from = in.uint();
    range.count = in.uint();
  }
  assert(in.finish().has_value());
  return ranges;
}

std::vector<rpc::LinkPosition> links_of_member(const Database& database, const Snapshot& snapshot,
                                               const std::string& prefix, std::uint64_t index) {
  std::vector<rpc::LinkPosition> found;
  Cursor cursor = database.cursor(snapshot);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    const auto link_index = find(cursor.value(), index);
    if (!link_index) continue;
    found.push_back({{std::string(cursor.key().substr(prefix.size()))}, *link_index});
  }
  Database::stop_if_failed(cursor);
  return found;
}

}  // namespace treeproof::store
