// One run of sorted entries as a file: written whole, then mapped.
// Owns no order among runs. Caller: sorted_runs. Any thread: a run file never changes.
// Source: the grammar in sorted_runs.h.
#pragma once

#include <expected>
#include <optional>

#include "node/store/sorted_runs.h"

namespace treeproof::store {

std::filesystem::path run_path(const std::filesystem::path& folder, const std::string& kind,
                               std::uint32_t first, std::uint32_t end);
// Under its final name only once it is whole and durable.
std::expected<Run, std::string> write_run(const std::filesystem::path& path, const Run& run);
// Nothing where the name is not of this kind, or the file is not as long as it says.
std::optional<Run> map_run(const std::filesystem::path& path, const std::string& kind);
// Reads all of it.
bool checksum_holds(const Run& run);

}  // namespace treeproof::store
