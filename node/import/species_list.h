// The species that files name, as they are to be registered: of a list of species, or of the files
// of trees themselves. Owns no registration. Callers: species and trees commands. One thread.
// Source: docs/importing.md "Species"; docs/ledger.md "species_put".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/governance.h"
#include "node/import/mapping.h"
#include "node/import/refusals.h"

namespace treeproof::import {

struct SpeciesList {
  std::map<std::string, ledger::Species> species;  // by code; the first row of a code counts
  std::uint64_t rows = 0;
};

// Without a mapping the columns are the usual ones of a species list. `habit` is that of rows
// without a habit of their own. Refuses rows: row_malformed, species_missing, species_invalid.
cli::Result<SpeciesList> read_species(const std::vector<std::string>& files,
                                      const std::optional<Mapping>& mapping, ledger::Habit habit,
                                      Refusals& refusals);

// In the order of their codes, cut so that each fits a statement.
std::vector<ledger::SpeciesPut> species_changes(
    const std::map<std::string, ledger::Species>& species);

// "species-" and 16 hex digits of the change's SHA-256: the same species, the same proposal.
ledger::Ref proposal_ref(const ledger::SpeciesPut& change);

}  // namespace treeproof::import
