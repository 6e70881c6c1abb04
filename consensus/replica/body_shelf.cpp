#include "consensus/replica/body_shelf.h"

#include "consensus/bft/proposal_book.h"

namespace treeproof::replica {

ShelvedBody* BodyShelf::put(ShelvedBody body) {
  if (bodies_.contains(body.header_hash)) return nullptr;
  if (bodies_.size() >= kBodiesMax) drop_oldest();
  body.order = next_order_++;
  return &bodies_.insert_or_assign(body.header_hash, std::move(body)).first->second;
}

void BodyShelf::drop_oldest() {
  auto oldest = bodies_.end();
  for (auto at = bodies_.begin(); at != bodies_.end(); ++at) {
    const bool older = oldest == bodies_.end() || at->second.order < oldest->second.order;
    if (older && !wanted_.contains(at->first)) oldest = at;
  }
  if (oldest != bodies_.end()) bodies_.erase(oldest);
}

void BodyShelf::clear() {
  bodies_.clear();
  wanted_.clear();
}

void BodyShelf::want(const crypto::Hash& header_hash) {
  if (wanted_.size() >= bft::kKnownBlocksMax) wanted_.erase(wanted_.begin());
  wanted_.insert(header_hash);
}

ShelvedBody* BodyShelf::find(const crypto::Hash& header_hash) {
  const auto found = bodies_.find(header_hash);
  return found == bodies_.end() ? nullptr : &found->second;
}

std::vector<crypto::Hash> BodyShelf::hashes() const {
  std::vector<crypto::Hash> hashes;
  for (const auto& [hash, body] : bodies_) hashes.push_back(hash);
  return hashes;
}

}  // namespace treeproof::replica
