// What this machine can do at the most, measured in the same run as a load: signature checks of one
// core, and syncs of its disk.
// Owns nothing. Caller: load_driver. One thread. Source: docs/performance.md.
#pragma once

#include <filesystem>
#include <vector>

namespace treeproof::load {

// ES256K with a parsed key, one core, about a fifth of a second.
double signature_checks_per_second();
// Each an append of 4 KiB and fdatasync to a file of this folder; ascending.
std::vector<double> sync_times_ms(const std::filesystem::path& folder);

}  // namespace treeproof::load
