// Where a store begins: at genesis, or at the block of the snapshot that it was restored from.
// Owns nothing. Callers: restoration (writes it), store, views, check. Pure.
// Source: docs/consensus.md rule 28; the keys are drawn in key_layout.h.
//
// A restored store holds blocks, and answers for objects, from its base on. Below it there are the
// log's hashes, every validator set, and header with certificate where the set changed.
#pragma once

#include "consensus/bft/certificates.h"
#include "node/store/database.h"

namespace treeproof::store {

struct BaseRecord {
  Height height;               // 0: genesis
  std::uint64_t log_from = 0;  // the first entry of the log whose bytes are held, beside genesis
};
crypto::Bytes encode(const BaseRecord& base);
// Stops the process where what is stored does not decode.
BaseRecord read_base(const Database& database, const Snapshot& snapshot);

// A header that its validators certified.
struct CertifiedHeader {
  crypto::Bytes header;
  bft::CommitCertificate certificate;
};
crypto::Bytes encode(const CertifiedHeader& certified);
// Of a change of validators below the base; nothing for any other height.
std::optional<CertifiedHeader> read_certified(const Database& database, const Snapshot& snapshot,
                                              Height height);

}  // namespace treeproof::store
