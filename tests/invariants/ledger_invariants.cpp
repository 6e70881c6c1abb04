#include "tests/invariants/ledger_invariants.h"

#include <iterator>
#include <sstream>
#include <utility>

#include "consensus/ledger/objects.h"
#include "tests/invariants/inventory.h"

namespace treeproof::invariants {

using namespace ledger;

namespace {

template <class T>
bool take(ById<T>& all, const std::string& id, std::string_view type, const crypto::Bytes& bytes) {
  if (type != T::kType) return false;
  all.emplace(id, decode_stored<T>(bytes));
  return true;
}

}  // namespace

Inventory::Inventory(const WholeState& state) : reader(state.reader) {
  for (const auto& [key, bytes] : state.objects) {
    if (!bytes) continue;
    if (key.name_space == OrgObject::kNamespace) {
      groups[key.id] = decode_stored<OrgObject>(*bytes).conflict_group.text;
    } else if (key.name_space == PhotoUse::kNamespace) {
      photos.emplace(key.id, decode_stored<PhotoUse>(*bytes));
    }
    if (key.name_space != BatchObject::kNamespace) continue;
    records.emplace(key.id, record_of(*bytes));
    const std::string_view type = tag_of(*bytes, "type");
    const auto is = [&](auto& kind) { return take(kind, key.id, type, *bytes); };
    (void)(is(programmes) || is(campaigns) || is(plots) || is(pledges) || is(batches) ||
           is(redemptions) || is(allocations) || is(verifications) || is(observations) ||
           is(evidence) || is(disputes) || is(refunds) || is(corrections));
  }
  for (const auto& [id, batch] : batches) {
    TreeCodes codes(reader, {id}, batch.size());
    for (std::uint64_t i = 0; i < batch.size(); ++i) trees[id].push_back(codes.at(i));
  }
  for (const auto& [id, redemption] : redemptions) {
    UnitCodes codes(reader, {id}, redemption.payload.units);
    for (std::uint64_t i = 0; i < codes.members(); ++i) units[id].push_back(codes.at(i));
  }
}

std::string told(std::string_view of,
                 std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers) {
  std::ostringstream text;
  text << "of " << of;
  std::string_view separator = ": ";
  for (const auto& [label, number] : numbers) {
    text << std::exchange(separator, ", ") << label << '=' << number;
  }
  return text.str();
}

namespace {

constexpr std::string_view kNames[] = {
    "I1 points are conserved",
    "I2 units cost exactly their price",
    "I3 a unit has one live tree at most, a tree one unit",
    "I4 campaigns balance",
    "I5 batches add up",
    "I6 areas are the recomputed ones",
    "I7 plots do not overlap",
    "I8 plots are not overfull",
    "I9 measured trees stand in their plots",
    "I10 a photo proves one planting",
    "I11 nothing is from the future",
    "I12 verifiers are independent",
    "I13 replacements are one to one and acyclic",
    "I14 corrections only lower",
    "I15 what is frozen takes no allocation",
    "I16 a reference is used once",
    "I17 numbers keep their limits",
};
using Check = void (*)(const Inventory&, Verdict&);
constexpr Check kChecks[] = {
    points_conserved,
    prices_exact,
    one_tree_one_unit,
    campaigns_balance,
    batches_add_up,
    outlines_measured,
    plots_apart,
    plots_not_overfull,
    trees_in_plots,
    photos_once,
    nothing_from_the_future,
    verifiers_independent,
    replacements_one_to_one,
    corrections_only_lower,
    frozen_not_given,
    refs_unique,
    within_limits,
};
static_assert(std::size(kNames) == std::size(kChecks));

}  // namespace

std::span<const std::string_view> names() noexcept { return kNames; }

std::vector<Broken> broken_in(const WholeState& state) {
  const Inventory all(state);
  std::vector<Broken> broken;
  for (std::size_t i = 0; i < std::size(kChecks); ++i) {
    Verdict verdict(kNames[i]);
    kChecks[i](all, verdict);
    for (Broken& found : verdict.take()) broken.push_back(std::move(found));
  }
  return broken;
}

}  // namespace treeproof::invariants
