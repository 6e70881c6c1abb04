// What can be recomputed of a store that was restored from a snapshot: the blocks that it holds
// with their certificates, the log from its leaf hashes, and of the state everything that the
// certified state root covers. Executing again would need the states before, which it does not
// have. Owns nothing. Caller: check_store. One thread. Source: docs/consensus.md rules 24 and 28.
#pragma once

#include "node/store/beginning_record.h"
#include "node/store/block_files.h"
#include "node/store/check_findings.h"
#include "node/store/store.h"

namespace treeproof::store {

struct RestoredParts {
  const Database& database;
  const BlockFiles& blocks;
  const AttachmentFiles& attachments;
  const std::string& chain_id;
};
// From the base to the tip; counts blocks and statements of the report.
void check_restored(const RestoredParts& parts, const BaseRecord& base, const TipRecord& tip,
                    const std::function<void(Height done, Height of)>& progress,
                    CheckReport& report);

}  // namespace treeproof::store
