#include "tests/simulation/memory_store.h"

#include "crypto/hash.h"

namespace treeproof::simulation {

namespace {

template <class Map>
auto value_or_null(const Map& map, const typename Map::key_type& key) -> typename Map::mapped_type {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

MemoryStore::MemoryStore(const ledger::Genesis& genesis) {
  take(ledger::genesis_state(genesis));
  tip_.header_hash = genesis.file_hash;
  tip_.time = genesis.clock ? genesis.clock->start : genesis.time;
  for (const auto& entry : ledger::genesis_log_entries(genesis)) {
    leaves_.push_back(crypto::leaf_hash(entry));
    tip_.log.append(leaves_.back());
  }
  tip_.validators = std::make_shared<const ValidatorSet>(ledger::genesis_validators(genesis));
  tip_.previous_validators = tip_.validators;
  first_validators_ = tip_.validators;
  base_validators_ = tip_.validators;
}

const replica::Commit* MemoryStore::block(Height height) const {
  const bool is_held = height > base_ && height <= tip_.height;
  return is_held ? &blocks_[height.value - base_.value - 1] : nullptr;
}

std::optional<replica::PastDecision> MemoryStore::past(Height height) const {
  const replica::Commit* const held = block(height);
  if (held == nullptr) return height == base_ ? base_decision_ : std::nullopt;
  const replica::Commit* const before = block({height.value - 1});
  return replica::PastDecision{held->certificate,
                               before ? before->block->next_validators : base_validators_};
}

ledger::SharedBytes MemoryStore::object(const ledger::ObjectKey& key) const {
  return value_or_null(objects_, key);
}

ledger::SharedBytes MemoryStore::page(const ledger::PageKey& key) const {
  return value_or_null(pages_, key);
}

ledger::AttachmentPtr MemoryStore::attachment(const crypto::Hash& root) const {
  return value_or_null(attachments_, root);
}

void MemoryStore::take(const ledger::StateChanges& changes) {
  for (const auto& [key, value] : changes.objects) {
    value ? static_cast<void>(objects_[key] = value) : static_cast<void>(objects_.erase(key));
  }
  for (const auto& [key, value] : changes.pages) {
    value ? static_cast<void>(pages_[key] = value) : static_cast<void>(pages_.erase(key));
  }
}

void MemoryStore::commit(const replica::Commit& commit) {
  const auto& block = *commit.block;
  note_set_change(commit);
  take(block.effects.changes);
  leaves_.insert(leaves_.end(), block.leaf_hashes.begin(), block.leaf_hashes.end());
  for (const ledger::AllocationLinks& links : block.effects.links) {
    links_.insert_or_assign(links.allocation.text, links.ranges);
  }
  tip_.height = block.header.height;
  tip_.header_hash = block.header_hash;
  tip_.time = block.header.time;
  tip_.log = block.log_after;
  tip_.previous_validators = tip_.validators;
  tip_.validators = block.next_validators;
  tip_.commit = bft::encode(commit.certificate);
  for (const auto& statement : block.statements) {
    const auto* attachment = ledger::attachment_of(statement->payload);
    if (attachment != nullptr) claimed_.insert(attachment->root);
  }
  blocks_.push_back(commit);
}

// The certificate is the one that the next block carries, once there is one.
void MemoryStore::note_set_change(const replica::Commit& commit) {
  const auto& block = *commit.block;
  if (!set_changes_.empty() && set_changes_.back().certificate.height == tip_.height) {
    const auto carried = bft::decode_commit_certificate(block.block->previous_commit);
    if (carried) set_changes_.back().certificate = *carried;
  }
  if (*block.next_validators == *tip_.validators) return;
  set_changes_.push_back(
      {block.block->header_bytes, commit.certificate, block.next_validators->encode()});
}

void MemoryStore::put_attachment(const ledger::AttachmentPtr& attachment) {
  attachments_.insert_or_assign(attachment->announced().root, attachment);
}

void MemoryStore::drop_attachments(const std::vector<crypto::Hash>& roots) {
  for (const crypto::Hash& root : roots) {
    if (!claimed_.contains(root)) attachments_.erase(root);
  }
}

std::vector<crypto::Hash> MemoryStore::unclaimed_attachments() const {
  std::vector<crypto::Hash> roots;
  for (const auto& [root, attachment] : attachments_) {
    if (!claimed_.contains(root)) roots.push_back(root);
  }
  return roots;
}

crypto::StateMap MemoryStore::build_state_map() const {
  std::vector<crypto::StateMapChange> changes;
  for (const auto& [key, value] : objects_) {
    changes.push_back({crypto::state_key(key.name_space, key.id), crypto::sha256(*value)});
  }
  crypto::StateMap map;
  map.apply(changes);
  return map;
}

}  // namespace treeproof::simulation
