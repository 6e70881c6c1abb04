// A stored block executed again: its certificate and every signature verified, its effects derived
// anew. Owns nothing. Callers: the store on opening (a block that outran LevelDB), check_store.
// One thread beside those that verify signatures for the call.
// Source: docs/consensus.md rules 24 and 27.
#pragma once

#include <expected>
#include <string>

#include "consensus/replica/effects.h"
#include "node/store/block_files.h"

namespace treeproof::store {

// The commit of the next height, or why it cannot be. The chain is moved by the caller, once the
// state that it reads has moved. Requires: `chain` reads the state below this block.
std::expected<replica::Commit, std::string> execute_again(replica::Chain& chain,
                                                          const StoredBlock& stored);

}  // namespace treeproof::store
