#include "consensus/replica/body_shelf.h"

namespace treeproof::replica {

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
