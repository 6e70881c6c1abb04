#include "node/import/tree_batches.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <set>

#include "node/cli/attachment_build.h"
#include "node/import/derived_names.h"

namespace treeproof::import {

namespace {

using TreeSpan = std::span<const Tree>;

std::string batch_ref(const std::string& prefix, const std::string& plot, std::size_t part) {
  const std::string suffix = part > 1 ? "-" + std::to_string(part) : "";
  return derived_code(prefix + "-" + plot, kRefCharsMax - suffix.size()) + suffix;
}

// How many of the trees fit into one batch.
std::size_t batch_size(TreeSpan trees) {
  std::set<std::uint32_t> species;
  std::size_t size = 0;
  while (size < std::min(trees.size(), kAttachmentLeavesMax)) {
    species.insert(trees[size].species);
    if (species.size() > kSpeciesPerStatementMax) break;
    ++size;
  }
  return size;
}

cli::Result<TreeBatch> batch_of(TreeSpan trees, const std::vector<std::string>& codes) {
  std::map<std::string, std::uint64_t> counts;
  for (const Tree& tree : trees) ++counts[codes[tree.species]];
  TreeBatch batch;
  std::map<std::string, std::uint16_t> places;
  for (const auto& [code, count] : counts) {
    places.emplace(code, static_cast<std::uint16_t>(places.size()));
    batch.species.push_back({{code}, count});
  }
  std::vector<ledger::PlantLeaf> leaves;
  leaves.reserve(trees.size());
  for (const Tree& tree : trees) {
    batch.ids.push_back(tree.id);
    leaves.push_back({.lat = tree.position.lat_e7,
                      .lon = tree.position.lon_e7,
                      .species = places.at(codes[tree.species]),
                      .day = tree.day,
                      .size_mm = tree.size_mm,
                      .exact = std::nullopt});
    if (!tree.day) {
      ++batch.undated;
      continue;
    }
    batch.first_day = std::min(batch.first_day.value_or(*tree.day), *tree.day);
    batch.last_day = std::max(batch.last_day.value_or(*tree.day), *tree.day);
  }
  auto attachment = cli::plant_attachment(std::move(leaves));
  if (!attachment) return std::unexpected(attachment.error());
  batch.leaves = *std::move(attachment);
  return batch;
}

}  // namespace

cli::Result<std::vector<TreeBatch>> batches_of(const Trees& trees, const BatchTerms& terms) {
  std::multimap<std::string, TreeBatch> by_plot;  // those of one plot in the order of their parts
  TreeSpan left = trees.trees;
  std::size_t part = 1;
  while (!left.empty()) {
    const std::uint32_t plot = left.front().plot;
    const auto same_plot = [&](const Tree& tree) { return tree.plot == plot; };
    const auto end = std::ranges::find_if_not(left, same_plot);
    const auto of_plot = left.first(static_cast<std::size_t>(end - left.begin()));
    const std::size_t size = batch_size(of_plot);
    auto batch = batch_of(left.first(size), trees.species);
    if (!batch) return std::unexpected(batch.error());
    batch->plot = trees.plots[plot];
    batch->ref = batch_ref(terms.ref_prefix, batch->plot, part);
    by_plot.emplace(trees.plots[plot], *std::move(batch));
    part = size < of_plot.size() ? part + 1 : 1;
    left = left.subspan(size);
  }
  std::vector<TreeBatch> batches;
  for (auto& [plot, batch] : by_plot) batches.push_back(std::move(batch));
  return batches;
}

bool is_batch_ref(const std::string& ref, const std::string& prefix, const std::string& plot) {
  if (ref == batch_ref(prefix, plot, 1)) return true;
  const char* end = ref.data() + ref.size();
  std::size_t part = 0;
  const auto read = std::from_chars(ref.data() + ref.rfind('-') + 1, end, part);
  const bool is_number = read.ec == std::errc{} && read.ptr == end;
  return is_number && part > 1 && ref == batch_ref(prefix, plot, part);
}

ledger::Payload payload_of(const TreeBatch& batch, const BatchTerms& terms,
                           const std::string& org) {
  const ledger::Ref ref{batch.ref};
  const ledger::ObjectId plot = ledger::ObjectId::of({org}, {batch.plot});
  const ledger::AttachmentRef& leaves = batch.leaves->announced();
  if (terms.as == ledger::BatchSource::inventory) {
    return ledger::Inventory{.ref = ref,
                             .plot = plot,
                             .campaign = terms.campaign,
                             .species = batch.species,
                             .method = terms.method,
                             .positions = ledger::Positions::measured,
                             .precision_m = terms.precision_m,
                             .leaves = leaves,
                             .evidence = {}};
  }
  return ledger::Plant{.ref = ref,
                       .plot = plot,
                       .campaign = terms.campaign,
                       .pledge = terms.pledge,
                       .purpose = ledger::Purpose::campaign,
                       .species = batch.species,
                       .planted_from = *batch.first_day,
                       .planted_to = *batch.last_day,
                       .method = terms.method,
                       .positions = ledger::Positions::measured,
                       .precision_m = terms.precision_m,
                       .leaves = leaves,
                       .evidence = {}};
}

}  // namespace treeproof::import
