#include "consensus/ledger/links.h"

#include <algorithm>
#include <map>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

// Stretches of members of one batch or redemption.
using Stretches = std::vector<Range>;

// The first `count` members of [0, members) with `code` that `wanted` accepts, marked `taken`.
// Shorter than asked for where there are fewer.
template <class Code, class Wanted>
Stretches take_first(Codes<Code>& codes, Code code, Code taken, std::uint64_t count,
                     Wanted wanted) {
  Stretches stretches;
  codes.each_run(code, 0, codes.members(), [&](std::uint64_t from, std::uint64_t run_count) {
    for (std::uint64_t i = from; i < from + run_count && count > 0; ++i) {
      if (!wanted(i)) continue;
      const bool joins = !stretches.empty() && stretches.back().from + stretches.back().count == i;
      if (!joins) stretches.push_back({i, 0});
      ++stretches.back().count;
      --count;
    }
    return count > 0;
  });
  for (const Range& stretch : stretches) codes.set(stretch.from, stretch.count, taken);
  return stretches;
}

std::uint64_t length_of(const Stretches& stretches) {
  std::uint64_t sum = 0;
  for (const Range& stretch : stretches) sum += stretch.count;
  return sum;
}

// Pairs units and trees in order, cut where either side jumps.
void pair_up(const RunLeaf& run, const Stretches& units, const Stretches& trees,
             std::vector<LinkRange>& out) {
  std::size_t unit_at = 0;
  std::size_t tree_at = 0;
  std::uint64_t units_used = 0;
  std::uint64_t trees_used = 0;
  while (unit_at < units.size() && tree_at < trees.size()) {
    const Range& unit = units[unit_at];
    const Range& tree = trees[tree_at];
    const std::uint64_t count = std::min(unit.count - units_used, tree.count - trees_used);
    out.push_back({run.redeem, unit.from + units_used, run.plant, tree.from + trees_used, count});
    units_used += count;
    trees_used += count;
    if (units_used == unit.count) ++unit_at, units_used = 0;
    if (trees_used == tree.count) ++tree_at, trees_used = 0;
  }
}

struct Units {
  RedemptionObject redemption;
  UnitCodes codes;
};
struct Trees {
  BatchObject batch;
  std::optional<CountedTrees> leaves;  // nothing: not held by this node
  TreeCodes codes;
};

// The runs taken one after the other over a working copy of the codes.
class Derivation {
 public:
  explicit Derivation(const StateReader& state) : state_(state) {}

  std::expected<void, Refusal> take(std::size_t number, const RunLeaf& run) {
    const auto units = units_of(run.redeem);
    if (units == nullptr) return refuse(number, Reason::redemption_unknown, run.redeem.text);
    const auto trees = trees_of(run.plant);
    if (trees == nullptr) return refuse(number, Reason::batch_unknown, run.plant.text);
    if (!trees->leaves) return refuse(number, Reason::earlier_attachment_missing, run.plant.text);
    const auto& species = units->redemption.payload.species;
    if (species && *species != run.species) {
      return refuse(number, Reason::redemption_species_mismatch, species->text);
    }
    const auto part = std::ranges::find(trees->batch.species, run.species, &BatchSpecies::species);
    if (part == trees->batch.species.end()) {
      return refuse(number, Reason::species_not_in_batch, run.species.text);
    }
    const auto index = part - trees->batch.species.begin();
    const Stretches free = take_first(units->codes, UnitCode::free, UnitCode::allocated, run.count,
                                      [](std::uint64_t) { return true; });
    if (length_of(free) < run.count) {
      return refuse_shortage(number, Reason::units_insufficient, run.count, length_of(free));
    }
    const Stretches available =
        take_first(trees->codes, TreeCode::available, TreeCode::allocated, run.count,
                   [&](std::uint64_t i) { return trees->leaves->species(i) == index; });
    if (length_of(available) < run.count) {
      return refuse_shortage(number, Reason::trees_insufficient, run.count, length_of(available));
    }
    pair_up(run, free, available, ranges_);
    return {};
  }

  std::vector<LinkRange> ranges() { return std::move(ranges_); }

 private:
  static std::unexpected<Refusal> refuse(std::size_t number, Reason reason, std::string what) {
    return std::unexpected(
        Refusal{reason, {{"run", std::to_string(number)}, {"found", std::move(what)}}});
  }
  static std::unexpected<Refusal> refuse_shortage(std::size_t number, Reason reason,
                                                  std::uint64_t wanted, std::uint64_t found) {
    return std::unexpected(Refusal{reason,
                                   {{"run", std::to_string(number)},
                                    {"wanted", std::to_string(wanted)},
                                    {"found", std::to_string(found)}}});
  }
  Units* units_of(const ObjectId& id) {
    const auto known = units_.find(id);
    if (known != units_.end()) return &known->second;
    auto redemption = find<RedemptionObject>(state_, id);
    if (!redemption) return nullptr;
    const std::uint64_t units = redemption->payload.units;
    Units entry{*std::move(redemption), UnitCodes(state_, id, units)};
    return &units_.emplace(id, std::move(entry)).first->second;
  }
  Trees* trees_of(const ObjectId& id) {
    const auto known = trees_.find(id);
    if (known != trees_.end()) return &known->second;
    auto batch = find<BatchObject>(state_, id);
    if (!batch) return nullptr;
    const std::uint64_t size = batch->size();
    AttachmentPtr held = state_.attachment(batch->leaves.root);
    std::optional<CountedTrees> leaves;
    if (held) leaves.emplace(state_, id, *batch, std::move(held));
    Trees entry{*std::move(batch), std::move(leaves), TreeCodes(state_, id, size)};
    return &trees_.emplace(id, std::move(entry)).first->second;
  }

  const StateReader& state_;
  std::map<ObjectId, Units> units_;
  std::map<ObjectId, Trees> trees_;
  std::vector<LinkRange> ranges_;
};

}  // namespace

std::expected<std::vector<RunLeaf>, Refusal> decode_runs(const Attachment& runs) {
  if (runs.leaf_count() > kRunsMax) {
    return std::unexpected(Refusal{
        Reason::runs_too_many,
        {{"runs", std::to_string(runs.leaf_count())}, {"limit", std::to_string(kRunsMax)}}});
  }
  std::vector<RunLeaf> decoded;
  for (std::size_t i = 0; i < runs.leaf_count(); ++i) {
    auto run = decode<RunLeaf>(runs.leaf(i));
    if (!run) return std::unexpected(Refusal{Reason::leaf_invalid, {{"leaf", std::to_string(i)}}});
    decoded.push_back(*std::move(run));
  }
  return decoded;
}

std::expected<std::vector<LinkRange>, Refusal> derive_ranges(const StateReader& state,
                                                             std::span<const RunLeaf> runs) {
  std::uint64_t links = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::uint64_t count = runs[i].count;
    if (count == 0) return std::unexpected(Refusal{Reason::empty, {{"run", std::to_string(i)}}});
    if (count > kLinksMax - links) {
      return std::unexpected(
          Refusal{Reason::links_too_many,
                  {{"run", std::to_string(i)}, {"limit", std::to_string(kLinksMax)}}});
    }
    links += count;
  }
  Derivation derivation(state);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (auto taken = derivation.take(i, runs[i]); !taken) return std::unexpected(taken.error());
  }
  return derivation.ranges();
}

}  // namespace treeproof::ledger
