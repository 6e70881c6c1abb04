// The comparisons of check_store: each adds a sentence for what differs, up to a bound.
// Owns nothing. Caller: check.cpp. One thread.
// Source: docs/api.md (`treeproof store check`).
#pragma once

#include <string>
#include <vector>

#include "node/store/attachment_files.h"
#include "node/store/tip_record.h"

namespace treeproof::store {

using Findings = std::vector<std::string>;
inline constexpr std::size_t kFindingsMax = 100;
void add(Findings& findings, std::string finding);  // up to the bound

// Every key that follows from the blocks; attachments, evidence and alarms do not.
void find_differences(const Database& stored, const Database& remade, Findings& findings);
void find_tip_differences(const TipRecord& stored, TipRecord remade, Findings& findings);
// Every attachment that the index names is whole under its root.
void find_attachment_damage(const Database& stored, const AttachmentFiles& attachments,
                            Findings& findings);
// The run files hold their checksums, and the entries of the numbers that they cover.
void find_lookup_damage(const std::filesystem::path& folder, const Database& remade,
                        const AttachmentFiles& attachments, const TipRecord& tip,
                        Findings& findings);

}  // namespace treeproof::store
