#include "consensus/replica/mempool.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

std::size_t announced_bytes(const PoolEntry& entry) {
  const auto* attachment = ledger::attachment_of(entry.statement->payload);
  return attachment == nullptr ? 0 : attachment->bytes;
}

}  // namespace

std::optional<PoolRefusal> Mempool::add(PoolEntry entry) {
  const crypto::Hash id = entry.statement->id;
  if (PoolEntry* held = find(id)) {
    held->tickets.insert(held->tickets.end(), entry.tickets.begin(), entry.tickets.end());
    if (held->tickets.size() > kWaitersPerStatementMax) {
      held->tickets.resize(kWaitersPerStatementMax);
    }
    return std::nullopt;
  }
  const std::size_t bytes = entry.statement->bytes.size();
  const bool full = bytes_ + bytes > kMempoolBytesMax || entries_.size() >= kMempoolCountMax;
  if (full) return PoolRefusal::full;
  Share& share = shares_[entry.statement->issuer.text];
  const bool over_share =
      share.bytes + bytes > kMempoolBytesMax / 4 || share.count >= kMempoolCountMax / 4;
  if (over_share) return PoolRefusal::organisation_share;
  const std::size_t announced = announced_bytes(entry);
  if (announced > kPendingAttachmentBytesMax - share.attachment_bytes) {
    return PoolRefusal::attachment_quota;
  }

  share.bytes += bytes;
  ++share.count;
  share.attachment_bytes += announced;
  bytes_ += bytes;
  entry.order = next_order_++;
  by_leaf_.emplace(entry.statement->leaf, id);
  if (entry.attachment) by_root_[*entry.attachment].insert(id);
  waiting_.emplace(entry.order, id);
  entries_.emplace(id, std::move(entry));
  refresh(id);
  return std::nullopt;
}

void Mempool::remove(const crypto::Hash& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  const PoolEntry& entry = found->second;
  const std::string& org = entry.statement->issuer.text;
  const std::size_t bytes = entry.statement->bytes.size();
  Share& share = shares_[org];
  share.bytes -= bytes;
  share.attachment_bytes -= announced_bytes(entry);
  if (--share.count == 0) shares_.erase(org);
  bytes_ -= bytes;
  by_leaf_.erase(entry.statement->leaf);
  if (entry.attachment) {
    auto& announcing = by_root_[*entry.attachment];
    announcing.erase(id);
    if (announcing.empty()) by_root_.erase(*entry.attachment);
  }
  waiting_.erase(entry.order);
  if (const auto queue = ready_.find(org); queue != ready_.end()) {
    queue->second.erase(entry.order);
    if (queue->second.empty()) ready_.erase(queue);
  }
  entries_.erase(found);
}

PoolEntry* Mempool::find(const crypto::Hash& id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

const PoolEntry* Mempool::find_leaf(const crypto::Hash& leaf_hash) const {
  const auto found = by_leaf_.find(leaf_hash);
  return found == by_leaf_.end() ? nullptr : &entries_.at(found->second);
}

std::vector<PoolEntry*> Mempool::announcing(const crypto::Hash& root) {
  std::vector<PoolEntry*> found;
  if (const auto ids = by_root_.find(root); ids != by_root_.end()) {
    for (const auto& id : ids->second) found.push_back(&entries_.at(id));
  }
  return found;
}

std::vector<ledger::VerifiedStatement> Mempool::select(std::size_t bytes_max) const {
  struct Queue {
    std::map<std::uint64_t, crypto::Hash>::const_iterator next, end;
  };
  std::vector<Queue> queues;
  for (const auto& [org, queue] : ready_) queues.push_back({queue.begin(), queue.end()});
  std::vector<ledger::VerifiedStatement> chosen;
  std::size_t bytes = 0;
  bool any = true;
  while (any) {
    any = false;
    for (Queue& queue : queues) {
      if (queue.next == queue.end) continue;
      const PoolEntry& entry = entries_.at(queue.next->second);
      bytes += entry.statement->bytes.size();
      if (bytes > bytes_max) return chosen;
      chosen.push_back(entry.statement);
      ++queue.next;
      any = true;
    }
  }
  return chosen;
}

void Mempool::refresh(const crypto::Hash& id) {
  const PoolEntry& entry = entries_.at(id);
  const std::string& org = entry.statement->issuer.text;
  if (entry.includable()) {
    waiting_.erase(entry.order);
    ready_[org].emplace(entry.order, id);
    return;
  }
  if (const auto queue = ready_.find(org); queue != ready_.end()) {
    queue->second.erase(entry.order);
    if (queue->second.empty()) ready_.erase(queue);
  }
  waiting_.emplace(entry.order, id);
}

std::vector<const PoolEntry*> Mempool::all() const {
  std::vector<const PoolEntry*> entries;
  for (const auto& [id, entry] : entries_) entries.push_back(&entry);
  std::ranges::sort(entries, {}, &PoolEntry::order);
  return entries;
}

std::vector<PoolEntry*> Mempool::waiting() {
  std::vector<PoolEntry*> entries;
  for (const auto& [order, id] : waiting_) entries.push_back(&entries_.at(id));
  return entries;
}

}  // namespace treeproof::replica
