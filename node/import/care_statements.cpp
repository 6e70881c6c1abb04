#include "node/import/care_statements.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "crypto/hash.h"

namespace treeproof::import {

namespace {

// Of deaths, so that whatever stretches they make fit one statement.
constexpr std::size_t kDeathsMax = 4'096;
constexpr std::size_t kRefHashBytes = 8;

std::string cause_text(const std::optional<ledger::Cause>& cause) {
  return cause ? std::string(ledger::names_of(*cause)[static_cast<std::size_t>(*cause)]) : "-";
}

std::string ref_of(const CareGroup& group, const std::string& prefix) {
  static constexpr char kSeen[] = {'a', 'd', 'u'};
  std::string text = group.batch + "\n" + std::to_string(group.day) + "\n";
  for (const Sighting& row : group.sightings) {
    text += std::to_string(row.tree.index) + ' ' + kSeen[static_cast<std::size_t>(row.seen)] + ' ' +
            cause_text(row.cause) + '\n';
  }
  const crypto::Hash hash = crypto::sha256(crypto::as_bytes(text));
  return prefix + "-" + crypto::to_hex(crypto::ByteSpan(hash).first(kRefHashBytes));
}

bool is_of(const CareGroup& group, const Sighting& sighting, Care care) {
  if (group.batch != sighting.tree.batch || group.day != sighting.day) return false;
  return care == Care::observations ||
         (group.sightings.front().cause == sighting.cause && group.sightings.size() < kDeathsMax);
}

ledger::Ranges ranges_of(const std::vector<std::uint64_t>& trees) {
  ledger::Ranges ranges;
  for (const std::uint64_t tree : trees) {
    if (!ranges.empty() && ranges.back().from + ranges.back().count == tree) {
      ++ranges.back().count;
    } else {
      ranges.push_back({tree, 1});
    }
  }
  return ranges;
}

// What is left of a group once the states of its trees have been looked at.
struct Tale {
  std::vector<std::uint64_t> named;  // those that die by it
  std::optional<ledger::Cause> cause;
  std::map<std::string, std::uint64_t> alive;  // by species
  std::map<std::string, std::uint64_t> died;
  std::size_t rows = 0;
};

// Takes the row in, or says why not.
std::optional<RowReason> take(const Sighting& row, const KnownTree& tree, Care care, Tale& tale) {
  if (is_voided(tree.code)) return RowReason::tree_not_live;
  if (is_dead(tree.code)) {
    if (care == Care::mortality || row.seen == Seen::alive) return RowReason::tree_dead;
    ++tale.rows;  // known to be dead, or not looked for: nothing new
    return std::nullopt;
  }
  if (row.seen == Seen::dead) {
    if (!ledger::is_live(tree.code)) return RowReason::tree_not_live;
    if (tale.cause && tale.cause != row.cause) return RowReason::cause_differs;
    if (tale.named.size() == kDeathsMax) return RowReason::deaths_too_many;
    tale.cause = row.cause;
    tale.named.push_back(row.tree.index);
    ++tale.died[tree.species];
  }
  if (row.seen == Seen::alive) ++tale.alive[tree.species];
  ++tale.rows;
  return std::nullopt;
}

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [species, count] : counts) sum += count;
  return sum;
}

CareStatement mortality_of(const CareGroup& group, const Tale& tale) {
  ledger::Mortality payload{.ref = {group.ref},
                            .plant = {group.batch},
                            .ranges = ranges_of(tale.named),
                            .cause = *tale.cause,
                            .day = group.day};
  return {std::move(payload), 0, tale.named.size(), 0};
}

cli::Result<CareStatement> observation_of(const CareGroup& group, Tale& tale,
                                          const KnownBatch& batch) {
  ledger::Observe payload{.ref = {group.ref},
                          .plant = {group.batch},
                          .day = group.day,
                          .species = {},
                          .dead = ranges_of(tale.named),
                          .cause = tale.cause};
  std::uint64_t unknown = 0;
  for (const KnownSpecies& species : batch.species) {
    const std::uint64_t alive = tale.alive[species.code];
    const std::uint64_t dead = species.dead + tale.died[species.code];
    if (alive + dead > species.there) {
      return cli::fail("The trees of " + group.batch + " changed meanwhile.", "Start again.");
    }
    payload.species.push_back({{species.code}, alive, dead, species.there - alive - dead});
    unknown += payload.species.back().unknown;
  }
  return CareStatement{std::move(payload), sum_of(tale.alive), tale.named.size(), unknown};
}

}  // namespace

std::vector<CareGroup> groups_of(std::vector<Sighting> sightings, Care care,
                                 const std::string& ref_prefix) {
  std::vector<CareGroup> groups;
  for (Sighting& sighting : sightings) {
    if (groups.empty() || !is_of(groups.back(), sighting, care)) {
      groups.push_back({{}, sighting.tree.batch, sighting.day, {}});
    }
    groups.back().sightings.push_back(std::move(sighting));
  }
  for (CareGroup& group : groups) {
    std::ranges::sort(group.sightings, {}, [](const Sighting& row) { return row.tree.index; });
    group.ref = ref_of(group, ref_prefix);
  }
  return groups;
}

cli::Result<std::optional<CareStatement>> statement_of(const CareGroup& group, Care care,
                                                       const TreeSource& source,
                                                       Refusals& refusals) {
  std::vector<std::uint64_t> indices;
  for (const Sighting& row : group.sightings) indices.push_back(row.tree.index);
  const auto trees = source.trees(group.batch, indices);
  if (!trees) return std::unexpected(trees.error());
  assert(trees->size() == indices.size());
  Tale tale;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Sighting& row = group.sightings[i];
    const auto reason = take(row, (*trees)[i], care, tale);
    if (reason) refusals.add(row.place, row.id, to_string(*reason));
  }
  if (tale.rows == 0) return std::nullopt;
  if (care == Care::mortality) return mortality_of(group, tale);
  // Asked for now: deaths that this import told before count as dead.
  const auto batch = source.batch(group.batch);
  if (!batch) return std::unexpected(batch.error());
  if (!*batch) return std::nullopt;
  auto observation = observation_of(group, tale, **batch);
  if (!observation) return std::unexpected(observation.error());
  return *std::move(observation);
}

}  // namespace treeproof::import
