#include "consensus/replica/chain.h"

#include <array>
#include <cassert>

#include "consensus/bft/certificates.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/history.h"
#include "consensus/replica/block_evidence.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::replica {

namespace {

using ledger::Block;
using ledger::Header;

bool fits(const Block& block) {
  std::size_t bytes = 0;
  for (const auto& statement : block.statements) bytes += statement.size();
  return bytes <= kBlockStatementBytesMax;
}

// What counts against the limits of a block: statements, and the attachments that they announce.
struct Weight {
  std::size_t statement_bytes = 0;
  std::size_t attachment_bytes = 0;
  std::size_t leaves = 0;

  bool add(const ledger::SignedStatement& statement) {
    const auto* attachment = ledger::attachment_of(statement.payload);
    Weight next = *this;
    next.statement_bytes += statement.bytes.size();
    next.attachment_bytes += attachment ? attachment->bytes : 0;
    next.leaves += attachment ? attachment->count : 0;
    const ledger::LinksRef* links = ledger::links_of(statement.payload);
    next.leaves += links ? links->count : 0;
    const bool fits = next.statement_bytes <= kBlockStatementBytesMax &&
                      next.attachment_bytes <= kBlockAttachmentBytesMax &&
                      next.leaves <= kBlockLeavesMax;
    if (fits) *this = next;
    return fits;
  }
};

// What can be recorded after these statements.
std::vector<bft::VerifiedEvidence> recordable(std::span<const bft::VerifiedEvidence> evidence,
                                              const ledger::StateReader& state, Height height) {
  std::vector<bft::VerifiedEvidence> held;
  for (const bft::VerifiedEvidence& piece : evidence) {
    const Offence offence = bft::offence_of(piece.evidence());
    if (ledger::check_offence(state, height, offence)) held.push_back(piece);
  }
  return held;
}

BlockRefusal refusal_of(ledger::Reason reason) {
  if (reason == ledger::Reason::evidence_recorded) return BlockRefusal::evidence_repeated;
  assert(reason == ledger::Reason::evidence_expired);  // the rest was asked of its claims
  return BlockRefusal::evidence_expired;
}

}  // namespace

std::string_view to_string(BlockRefusal refusal) noexcept {
  static constexpr std::array<std::string_view, 19> kNames{
      "header_malformed",      "wrong_chain",        "wrong_height",      "wrong_previous",
      "time_not_after",        "proposer_unknown",   "wrong_validators",  "wrong_rules_version",
      "evidence_mismatch",     "evidence_malformed", "evidence_too_much", "evidence_unverified",
      "evidence_repeated",     "evidence_expired",   "too_large",         "statement_refused",
      "wrong_next_validators", "wrong_log",          "wrong_state"};
  return kNames[static_cast<std::size_t>(refusal)];
}

Chain::Chain(std::string chain_id, const ledger::StateReader& stored, crypto::StateMap map, Tip tip)
    : chain_id_(std::move(chain_id)), stored_(stored), map_(std::move(map)), tip_(std::move(tip)) {}

ledger::BlockContext Chain::next_context(TimeMs time) const {
  return {chain_id_, tip_.height.next(), time, tip_.header_hash, tip_.log.size(), tip_.validators};
}

std::optional<crypto::PublicKey> Chain::key_of(const ledger::OrgId& org, const crypto::Kid& kid) {
  const auto known = keys_.find({org.text, kid});
  if (known != keys_.end()) return known->second;
  const auto registered = ledger::registered_key(stored_, org, kid);
  if (!registered) return std::nullopt;
  keys_.emplace(std::pair{org.text, kid}, *registered);
  return registered;
}

void Chain::leave_candidate() {
  if (candidate_) map_.revert(*candidate_);
  candidate_.reset();
}

// The state root if these changes were made to the tip's state.
crypto::Hash Chain::root_with(std::span<const crypto::StateMapChange> changes) {
  leave_candidate();
  candidate_ = map_.apply(changes);
  return map_.root();
}

Chain::Draft Chain::build(TimeMs time, const ledger::OrgId& proposer,
                          std::span<const ledger::VerifiedStatement> statements,
                          std::span<const bft::VerifiedEvidence> evidence) {
  assert(time > tip_.time);
  Draft draft;
  auto block = std::make_shared<Block>();
  auto executed = std::make_shared<ExecutedBlock>();
  executed->log_after = tip_.log;
  ledger::BlockExecution execution(stored_, next_context(time));
  Weight weight;
  for (const auto& statement : statements) {
    if (!weight.add(*statement)) continue;
    if (auto added = execution.add(statement); !added) {
      draft.refused.emplace_back(statement->id, added.error());
      continue;
    }
    block->statements.push_back(statement->bytes);
    executed->statements.push_back(statement);
    executed->leaf_hashes.push_back(statement->leaf);
    executed->log_after.append(executed->leaf_hashes.back());
  }
  const auto recorded = recordable(evidence, execution.state(), tip_.height.next());
  block->evidence = encode_evidence(recorded);
  const bool convicted = execution.convict(convictions_of(recorded)).has_value();
  assert(convicted);           // each was asked of the same state
  executed->next_validators =  // before finish() takes the changes out of that state
      std::make_shared<const ValidatorSet>(ledger::validators_of(execution.state()));
  executed->effects = execution.finish();
  executed->map_changes = ledger::map_changes(executed->effects.changes);
  block->previous_commit = tip_.commit;

  Header& header = executed->header;
  header.chain_id = chain_id_;
  header.height = tip_.height.next();
  header.time = time;
  header.previous = tip_.header_hash;
  header.proposer = proposer;
  header.log_size = executed->log_after.size();
  header.log_root = executed->log_after.root();
  header.state_root = root_with(executed->map_changes);
  header.validators_hash = tip_.validators->hash();
  header.next_validators_hash = executed->next_validators->hash();
  header.rules_version = ledger::kRulesVersion;
  header.evidence_hash = ledger::evidence_hash(*block);
  block->header_bytes = ledger::encode_header(header);
  executed->header_hash = ledger::header_hash(block->header_bytes);
  executed->block = std::move(block);
  draft.block = std::move(executed);
  return draft;
}

std::expected<ExecutedBlockPtr, BlockRefusal> Chain::execute(
    std::shared_ptr<const Block> block, std::vector<ledger::VerifiedStatement> statements,
    std::span<const bft::VerifiedEvidence> evidence) {
  const auto refuse = [](BlockRefusal why) { return std::unexpected(why); };
  auto header = ledger::decode_header(block->header_bytes);
  if (!header) return refuse(BlockRefusal::header_malformed);
  if (header->chain_id != chain_id_) return refuse(BlockRefusal::wrong_chain);
  if (header->height != tip_.height.next()) return refuse(BlockRefusal::wrong_height);
  if (header->previous != tip_.header_hash) return refuse(BlockRefusal::wrong_previous);
  if (header->time <= tip_.time) return refuse(BlockRefusal::time_not_after);
  const bool known_proposer = tip_.validators->find(header->proposer.text) != nullptr;
  if (!known_proposer) return refuse(BlockRefusal::proposer_unknown);
  if (header->validators_hash != tip_.validators->hash()) {
    return refuse(BlockRefusal::wrong_validators);
  }
  if (header->rules_version != ledger::kRulesVersion) {
    return refuse(BlockRefusal::wrong_rules_version);
  }
  if (header->evidence_hash != ledger::evidence_hash(*block)) {
    return refuse(BlockRefusal::evidence_mismatch);
  }
  if (!fits(*block)) return refuse(BlockRefusal::too_large);

  auto executed = std::make_shared<ExecutedBlock>();
  executed->log_after = tip_.log;
  ledger::BlockExecution execution(stored_, next_context(header->time));
  Weight weight;
  for (const auto& statement : statements) {
    if (!weight.add(*statement)) return refuse(BlockRefusal::too_large);
    if (!execution.add(statement)) return refuse(BlockRefusal::statement_refused);
    executed->leaf_hashes.push_back(statement->leaf);
    executed->log_after.append(executed->leaf_hashes.back());
  }
  if (auto held = convict(execution, *block, evidence); !held) return refuse(held.error());
  executed->next_validators =  // before finish() takes the changes out of that state
      std::make_shared<const ValidatorSet>(ledger::validators_of(execution.state()));
  executed->effects = execution.finish();
  executed->map_changes = ledger::map_changes(executed->effects.changes);
  if (header->next_validators_hash != executed->next_validators->hash()) {
    return refuse(BlockRefusal::wrong_next_validators);
  }
  const bool same_log = header->log_size == executed->log_after.size() &&
                        header->log_root == executed->log_after.root();
  if (!same_log) return refuse(BlockRefusal::wrong_log);
  if (header->state_root != root_with(executed->map_changes)) {
    return refuse(BlockRefusal::wrong_state);
  }
  executed->header = *std::move(header);
  executed->header_hash = ledger::header_hash(block->header_bytes);
  executed->block = std::move(block);
  executed->statements = std::move(statements);
  return executed;
}

ValidatorsPtr Chain::validators_at(Height height) const {
  if (height == tip_.height.next()) return tip_.validators;
  auto validators = ledger::validators_at(stored_, height);
  return validators ? std::make_shared<const ValidatorSet>(*std::move(validators)) : nullptr;
}

std::expected<std::vector<EvidenceClaim>, BlockRefusal> Chain::claims_of(const Block& block) const {
  auto pieces = evidence_of(block, chain_id_);
  if (!pieces) {
    const bool too_much = pieces.error() == EvidenceFault::too_much;
    return std::unexpected(too_much ? BlockRefusal::evidence_too_much
                                    : BlockRefusal::evidence_malformed);
  }
  std::vector<EvidenceClaim> claims;
  for (bft::Evidence& evidence : *pieces) {
    const Height height = bft::offence_of(evidence).height;
    if (height > tip_.height.next()) return std::unexpected(BlockRefusal::evidence_malformed);
    auto validators = validators_at(height);
    if (!validators) return std::unexpected(BlockRefusal::evidence_expired);
    claims.push_back({std::move(evidence), std::move(validators)});
  }
  return claims;
}

// The evidence given is all that the block carries, each piece verified by the validators of its
// height; then it is as good as its offences.
std::expected<void, BlockRefusal> Chain::convict(
    ledger::BlockExecution& execution, const Block& block,
    std::span<const bft::VerifiedEvidence> evidence) const {
  const auto claims = claims_of(block);
  if (!claims) return std::unexpected(claims.error());
  bool verified = encode_evidence(evidence) == block.evidence;
  for (std::size_t i = 0; verified && i < evidence.size(); ++i) {
    verified = evidence[i].validators_hash() == (*claims)[i].validators->hash();
  }
  if (!verified) return std::unexpected(BlockRefusal::evidence_unverified);
  const auto convicted = execution.convict(convictions_of(evidence));
  if (convicted) return {};
  return std::unexpected(refusal_of(convicted.error().reason));
}

void Chain::commit(const ExecutedBlockPtr& block, const bft::CommitCertificate& certificate) {
  assert(block->header.previous == tip_.header_hash);
  assert(certificate.block == block->id());
  if (map_.root() != block->header.state_root) {
    leave_candidate();
    map_.apply(block->map_changes);
  }
  candidate_.reset();
  assert(map_.root() == block->header.state_root);
  tip_.height = block->header.height;
  tip_.header_hash = block->header_hash;
  tip_.time = block->header.time;
  tip_.log = block->log_after;
  tip_.previous_validators = std::move(tip_.validators);
  tip_.validators = block->next_validators;
  tip_.commit = bft::encode(certificate);
}

}  // namespace treeproof::replica
