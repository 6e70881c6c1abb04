// From one trusted validator set to later ones: each change stands in a header that the set before
// it certified. Owns the current set; no header. Callers: certificate verification, snapshots.
// Pure. Source: docs/protocol.md sections 6 to 8; docs/consensus.md rule 28.
#pragma once

#include <expected>
#include <string>

#include "consensus/bft/certificates.h"
#include "consensus/ledger/block.h"

namespace treeproof::proofs {

// The header, where this set certified it; else what is wrong, in a sentence.
std::expected<ledger::Header, std::string> certified_header(
    crypto::ByteSpan header_bytes, const bft::CommitCertificate& certificate,
    std::string_view chain_id, const ValidatorSet& validators);

class SetWalk {
 public:
  // The set is in force from this height on.
  SetWalk(std::string chain_id, ValidatorSet first, Height since)
      : chain_id_(std::move(chain_id)), set_(std::move(first)), since_(since) {}

  // The next change: the header of the set's last height, its certificate, and the set that it
  // announces, in force from the next height on. A sentence where it does not hold; the walk stays
  // where it was.
  std::expected<void, std::string> take(crypto::ByteSpan header_bytes,
                                        const bft::CommitCertificate& certificate,
                                        crypto::ByteSpan next_set);

  const std::string& chain_id() const noexcept { return chain_id_; }
  const ValidatorSet& set() const noexcept { return set_; }
  Height since() const noexcept { return since_; }

 private:
  std::string chain_id_;
  ValidatorSet set_;
  Height since_;
};

}  // namespace treeproof::proofs
