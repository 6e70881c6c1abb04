// Trees into the statements that record them: one batch per plot, more where one is too large.
// Owns no tree. Caller: trees command. Pure: the same trees give the same refs and bytes, whenever
// and from whichever order of rows.
// Source: docs/importing.md "Trees"; docs/ledger.md "plant", "inventory".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "node/import/tree_intake.h"

namespace treeproof::import {

struct BatchTerms {
  ledger::BatchSource as = ledger::BatchSource::inventory;
  std::string ref_prefix = "trees";
  ledger::PlantingMethod method = ledger::PlantingMethod::none;
  std::optional<ledger::ObjectId> campaign;
  std::optional<ledger::ObjectId> pledge;  // of a plant
  std::uint32_t precision_m = 0;
};

struct TreeBatch {
  std::string ref;   // "trees-arbutus-ridge", then "trees-arbutus-ridge-2"
  std::string plot;  // ref
  ledger::SpeciesCounts species;
  ledger::AttachmentPtr leaves;
  std::vector<std::string> ids;  // of its trees, in the order of the leaves; never recorded
  std::uint64_t undated = 0;
  std::optional<std::int32_t> first_day;
  std::optional<std::int32_t> last_day;

  std::uint64_t size() const noexcept { return leaves->announced().count; }
};

// Ascending by plot. Each batch has at most kAttachmentLeavesMax trees of at most
// kSpeciesPerStatementMax species.
cli::Result<std::vector<TreeBatch>> batches_of(const Trees& trees, const BatchTerms& terms);

// Whether batches_of may give a batch of this plot that ref.
bool is_batch_ref(const std::string& ref, const std::string& prefix, const std::string& plot);

// A plant or an inventory. Requires: a plant's trees all have days.
ledger::Payload payload_of(const TreeBatch& batch, const BatchTerms& terms, const std::string& org);

}  // namespace treeproof::import
