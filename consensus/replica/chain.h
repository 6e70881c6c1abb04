// The decided chain as a replica holds it, and blocks executed on top of it: the log's frontier,
// the state map, the validators. Builds drafts, judges bodies, moves on when one is decided.
// Owns no vote, no pool and no storage (a StateReader reads what the host committed).
// Caller: replica, on its thread. Pure.
// Source: docs/protocol.md sections 4 to 6; docs/consensus.md rules 10, 24 and 25.
#pragma once

#include <expected>
#include <map>
#include <memory>

#include "consensus/bft/evidence.h"
#include "consensus/ledger/block.h"
#include "consensus/ledger/execution.h"
#include "consensus/ledger/lookups.h"
#include "consensus/replica/jobs.h"
#include "crypto/merkle.h"
#include "crypto/state_map.h"

namespace treeproof::replica {

// Where the chain stands after its last decided block (or after genesis, at height 0).
struct Tip {
  Height height;
  crypto::Hash header_hash{};  // SHA-256(genesis file) at height 0
  TimeMs time;
  crypto::Frontier log;
  ValidatorsPtr validators;           // of height + 1
  ValidatorsPtr previous_validators;  // of height; those who certified it
  crypto::Bytes commit{0xf6};         // CBOR of its certificate; null at height 0
};

// A body with what it does; valid by construction.
struct ExecutedBlock {
  ledger::Header header;
  crypto::Hash header_hash{};
  std::shared_ptr<const ledger::Block> block;
  std::vector<ledger::VerifiedStatement> statements;
  std::vector<crypto::Hash> leaf_hashes;  // of the statements, for the log
  ledger::BlockEffects effects;
  std::vector<crypto::StateMapChange> map_changes;  // of the effects
  crypto::Frontier log_after;
  ValidatorsPtr next_validators;

  bft::BlockId id() const { return {header_hash, header.log_size, header.log_root}; }
};
using ExecutedBlockPtr = std::shared_ptr<const ExecutedBlock>;

// Why a body is invalid; texts are stable.
enum class BlockRefusal : std::uint8_t {
  header_malformed,
  wrong_chain,
  wrong_height,
  wrong_previous,
  time_not_after,
  proposer_unknown,
  wrong_validators,
  wrong_rules_version,
  evidence_mismatch,
  evidence_malformed,  // or not ascending by offence, or of a height to come
  evidence_too_much,
  evidence_unverified,
  evidence_repeated,  // an offence that is recorded
  evidence_expired,
  too_large,
  statement_refused,
  wrong_next_validators,
  wrong_log,
  wrong_state
};
std::string_view to_string(BlockRefusal refusal) noexcept;

class Chain {
 public:
  Chain(std::string chain_id, const ledger::StateReader& stored, crypto::StateMap map, Tip tip);

  struct Draft {
    ExecutedBlockPtr block;
    std::vector<std::pair<crypto::Hash, ledger::Refusal>> refused;  // statement id, why
  };
  // The next block from these statements, those refused left out, and from what of this evidence
  // can still be recorded. time > tip().time.
  Draft build(TimeMs time, const ledger::OrgId& proposer,
              std::span<const ledger::VerifiedStatement> statements,
              std::span<const bft::VerifiedEvidence> evidence);

  // What is to be verified of a body's evidence before it is judged. [rule 25]
  std::expected<std::vector<EvidenceClaim>, BlockRefusal> claims_of(
      const ledger::Block& block) const;
  // Judges a complete body: all of its statements and all of its evidence, verified, in order; its
  // previous commit is checked by a job.
  std::expected<ExecutedBlockPtr, BlockRefusal> execute(
      std::shared_ptr<const ledger::Block> block, std::vector<ledger::VerifiedStatement> statements,
      std::span<const bft::VerifiedEvidence> evidence);

  // Moves the tip. Requires: the block was executed on this tip.
  void commit(const ExecutedBlockPtr& block, const bft::CommitCertificate& certificate);

  const Tip& tip() const noexcept { return tip_; }
  const std::string& chain_id() const noexcept { return chain_id_; }
  const ledger::StateReader& stored() const noexcept { return stored_; }
  // The context in which a statement would be judged in the next block at this time.
  ledger::BlockContext next_context(TimeMs time) const;
  // The validators of a height up to the next; null where they are not known any more.
  ValidatorsPtr validators_at(Height height) const;
  // The key of (organisation, kid) as registered before the next block; parsed once.
  std::optional<crypto::PublicKey> key_of(const ledger::OrgId& org, const crypto::Kid& kid);

 private:
  std::expected<void, BlockRefusal> convict(ledger::BlockExecution& execution,
                                            const ledger::Block& block,
                                            std::span<const bft::VerifiedEvidence> evidence) const;

  crypto::Hash root_with(std::span<const crypto::StateMapChange> changes);
  void leave_candidate();

  std::string chain_id_;
  const ledger::StateReader& stored_;
  crypto::StateMap map_;  // of the tip, and of the candidate where there is one
  // Leads back from the block that was built or judged last: most often that one is decided.
  std::optional<crypto::StateMap::Undo> candidate_;
  Tip tip_;
  std::map<std::pair<std::string, crypto::Kid>, crypto::PublicKey> keys_;
};

}  // namespace treeproof::replica
