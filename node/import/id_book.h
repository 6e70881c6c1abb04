// Which recorded tree each id of a city's or planter's own files is: a table on the importer's
// disk, as ids are not recorded. Later files speak of the trees by the same ids. Owns no tree.
// Callers: trees command (writes), care command (reads). One thread. Source: docs/importing.md "The
// book of ids".
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/import/known_trees.h"
#include "node/import/tree_batches.h"

namespace treeproof::import {

// Nothing for an id that stands for several trees.
using IdBook = std::map<std::string, std::optional<TreeName>>;

// CSV: id, tree. Synced when it returns; an existing file is replaced.
cli::Result<void> write_id_book(const std::filesystem::path& file,
                                const std::vector<TreeBatch>& batches, const std::string& org);
// Those of all files together. Strict: a row that is not of this table is a failure.
cli::Result<IdBook> read_id_books(const std::vector<std::string>& files);

}  // namespace treeproof::import
