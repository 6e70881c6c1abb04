// Who may connect, by what the chain says: validators of this and the next height and configured
// observers as full peers, every other organisation of the ledger to catch up.
// Owns nothing. Caller: the host, after a height that changes it. Pure.
// Source: docs/protocol.md section 10; docs/consensus.md rule 27; docs/adr/0014.
#pragma once

#include <string>
#include <vector>

#include "consensus/replica/chain.h"
#include "node/network/peer.h"
#include "rpc/ports.h"

namespace treeproof::node {

// The ledger forgets no organisation: those of every earlier set are among them, by the newest of
// their node keys that is not revoked. `own_org` is left out.
network::PeerDirectory make_directory(const rpc::ChainView& view, const replica::Tip& tip,
                                      const std::vector<std::string>& observers,
                                      const std::string& own_org);
// Whether a block on top of this tip may change what make_directory() makes.
bool changes_directory(const replica::ExecutedBlock& block, const replica::Tip& below);

}  // namespace treeproof::node
