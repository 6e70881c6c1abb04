#include "consensus/ledger/allocation_links.h"

#include <map>

#include "consensus/types/limits.h"

namespace treeproof::ledger {

namespace {

constexpr std::size_t kRangeItems = 5;

// Reads a number of the list of ids. Each id is there because a number names it.
const ObjectId* read_id(crypto::CborReader& in, const std::vector<ObjectId>& ids,
                        std::size_t& named) {
  const std::uint64_t number = in.uint();
  const bool is_known = number < named;
  const bool is_next = number == named && number < ids.size();
  if (is_next) ++named;
  if (in.ok() && !is_known && !is_next) in.fail(crypto::CborError::out_of_range);
  return in.ok() ? &ids[number] : nullptr;
}

std::vector<ObjectId> read_ids(crypto::CborReader& in) {
  std::vector<ObjectId> ids;
  std::map<std::string, std::size_t> seen;
  const std::size_t count = in.array(2 * kLinksMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    ObjectId id{std::string(in.text(kObjectIdCharsMax))};
    const bool is_fresh = seen.emplace(id.text, i).second;
    if (in.ok() && !(is_fresh && ObjectId::check(id.text))) {
      in.fail(crypto::CborError::out_of_range);
    }
    ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace

crypto::Bytes encode(const std::vector<LinkRange>& ranges) {
  std::map<std::string, std::uint64_t> numbers;
  std::vector<std::string> ids;
  const auto number_of = [&](const ObjectId& id) {
    const auto [found, fresh] = numbers.try_emplace(id.text, ids.size());
    if (fresh) ids.push_back(id.text);
    return found->second;
  };
  crypto::CborWriter list;
  list.array(kRangeItems * ranges.size());
  for (const LinkRange& range : ranges) {
    list.uint(number_of(range.redeem)).uint(range.unit_from);
    list.uint(number_of(range.plant)).uint(range.tree_from).uint(range.count);
  }
  crypto::CborWriter out;
  out.array(2).array(ids.size());
  for (const std::string& id : ids) out.text(id);
  return out.raw(list.finish()).finish();
}

std::expected<std::vector<LinkRange>, crypto::CborError> decode_link_ranges(
    crypto::ByteSpan bytes) {
  crypto::CborReader in(bytes);
  in.array_exact(2);
  const std::vector<ObjectId> ids = read_ids(in);
  std::size_t named = 0;
  const std::size_t items = in.array(kRangeItems * kLinksMax);
  if (in.ok() && items % kRangeItems != 0) in.fail(crypto::CborError::out_of_range);
  std::vector<LinkRange> ranges;
  for (std::size_t i = 0; i < items && in.ok(); i += kRangeItems) {
    LinkRange range;
    if (const ObjectId* id = read_id(in, ids, named)) range.redeem = *id;
    range.unit_from = in.uint();
    if (const ObjectId* id = read_id(in, ids, named)) range.plant = *id;
    range.tree_from = in.uint();
    range.count = in.uint();
    ranges.push_back(std::move(range));
  }
  if (in.ok() && named != ids.size()) in.fail(crypto::CborError::out_of_range);
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  return ranges;
}

}  // namespace treeproof::ledger
