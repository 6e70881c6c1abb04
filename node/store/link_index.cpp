#include "node/store/link_index.h"

#include <cassert>
#include <map>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kMemberItems = 3;

struct MemberLink {
  std::uint64_t from;
  std::uint64_t count;
  std::uint64_t link_index;
};

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
  batch.put(links_key(links.allocation), ledger::encode(links.ranges));
  for (const auto& [prefix, part] : members) {
    batch.put(prefix + links.allocation.text, encode(part));
  }
}

std::vector<ledger::LinkRange> links_of_allocation(const Database& database,
                                                   const Snapshot& snapshot,
                                                   const ledger::ObjectId& allocation) {
  const auto stored = database.get(links_key(allocation), snapshot);
  if (!stored) return {};
  auto ranges = ledger::decode_link_ranges(crypto::as_bytes(*stored));
  assert(ranges.has_value());
  return *std::move(ranges);
}

std::vector<ledger::ObjectId> allocations_of(const Database& database, const std::string& prefix) {
  std::vector<ledger::ObjectId> found;
  Cursor cursor = database.cursor();
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    found.push_back({std::string(cursor.key().substr(prefix.size()))});
  }
  Database::stop_if_failed(cursor);
  return found;
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
