// A short story told in real bytes: a genesis; a block with a statement of every type but one; a
// block with the allocate and a validator's new key; an empty block that the new set certified; a
// block of what came later; and two of what became of trees and land.
// Every signature is deterministic (RFC 6979), and the blocks are those that a replica builds.
// Owns keys that are public on purpose. Callers: the golden tests. One thread.
// Source: docs/protocol.md; the statements are in story_statements.cpp, story_later.cpp and
// story_after.cpp.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "consensus/ledger/genesis.h"
#include "consensus/proofs/certificate.h"
#include "consensus/replica/chain.h"

namespace treeproof::vectors {

inline constexpr std::string_view kPlatform = "platform";
inline constexpr std::string_view kDesert = "desert-ngo";
inline constexpr std::string_view kCoast = "coast-ngo";
inline constexpr std::string_view kVerifier = "verifier";
inline constexpr std::uint64_t kGenesisTimeS = 1'767'225'600;  // 2026-01-01T00:00:00Z

// SHA-256 of "treeproof golden key " and the name. An organisation signs statements with the key of
// its own name and votes with that of "<org>/node".
crypto::SecretKey secret_of(std::string_view key_name);
std::string node_key_of(std::string_view org);
// The name of the key that a validator votes with.
std::string vote_key_of(const Validator& validator);

struct SignedBy {
  std::string key_name;
  ledger::StatementPtr statement;
};

struct DecidedBlock {
  replica::ExecutedBlockPtr executed;
  ValidatorSet validators;  // of its height
  bft::CommitCertificate commit;

  const ledger::Header& header() const { return executed->header; }
  const crypto::Hash& header_hash() const { return executed->header_hash; }
  const ledger::Block& block() const { return *executed->block; }
};

struct NamedAttachment {
  std::string kind;  // of its leaves
  std::string statement;
  ledger::AttachmentPtr attachment;
};

class Story final : public ledger::StateReader {
 public:
  // Told once, the same for everyone.
  static const Story& told();

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;

  const std::string& genesis_text() const noexcept { return genesis_text_; }
  const ledger::Genesis& genesis() const noexcept { return genesis_; }
  const std::string& chain_id() const noexcept { return chain_id_; }
  // Of the genesis.
  const ValidatorSet& validators() const noexcept { return blocks_.front().validators; }
  const std::vector<crypto::Bytes>& log() const noexcept { return log_; }
  const std::vector<SignedBy>& statements() const noexcept { return statements_; }
  const std::vector<NamedAttachment>& attachments() const noexcept { return attachments_; }
  const std::vector<DecidedBlock>& blocks() const noexcept { return blocks_; }
  const std::vector<crypto::Bytes>& link_leaves() const noexcept { return link_leaves_; }
  const std::vector<proofs::Opening>& openings() const noexcept { return openings_; }
  const crypto::StateMap& state_map() const noexcept { return map_; }
  const ledger::StateChanges& state() const noexcept { return state_; }

 private:
  Story();
  void open_chain();
  ledger::StatementPtr sign(std::string_view org, const ledger::Payload& payload) const;
  void record(std::string_view org, ledger::StatementPtr statement);
  void record(std::string_view org, const ledger::Payload& payload);
  // The same after the other's consent.
  void record_agreed(std::string_view org, const ledger::Payload& payload, std::string_view other);
  // Builds the block of what was recorded since the last one, and commits it; asserted.
  void decide(Round round, std::size_t signers);
  ledger::AttachmentRef attach(std::string kind, std::string statement,
                               const std::vector<crypto::Bytes>& leaves);

  void tell_of_governance();
  void tell_of_points();
  void tell_of_a_campaign();
  void tell_of_land();
  void tell_of_trees();
  void tell_of_a_redemption();
  void tell_of_an_allocation();
  void tell_of_a_new_node_key();
  void tell_of_membership();
  // What came later; story_later.cpp.
  void tell_of_a_point_plot();
  void tell_of_a_release();
  void tell_of_a_campaigns_end();
  void tell_of_points_that_return();
  void tell_of_deaths();
  // What was said at last; story_after.cpp.
  void tell_of_new_trees();
  void tell_of_trees_that_change();
  void tell_of_land_that_changes();
  void tell_of_a_dispute();

  std::string genesis_text_;
  ledger::Genesis genesis_;
  std::string chain_id_;
  ledger::StateChanges state_;
  crypto::StateMap map_;  // of the state
  std::map<crypto::Hash, ledger::AttachmentPtr> held_;
  std::vector<NamedAttachment> attachments_;
  std::optional<replica::Chain> chain_;
  std::vector<crypto::Bytes> log_;
  std::vector<SignedBy> statements_;
  std::vector<ledger::VerifiedStatement> pending_;  // of the next block
  std::vector<DecidedBlock> blocks_;
  std::vector<crypto::Bytes> link_leaves_;
  std::vector<proofs::Opening> openings_;
};

}  // namespace treeproof::vectors
