#include "consensus/replica/attachment_stock.h"

namespace treeproof::replica {

std::optional<ledger::AttachmentRef> AttachmentStock::end(const crypto::Hash& root) {
  auto moved = moving_.extract(root);
  if (moved.empty()) return std::nullopt;
  return moved.mapped();
}

std::vector<crypto::Hash> AttachmentStock::take_lapsed(TimeMs now, const IsNamed& is_named) {
  std::vector<crypto::Hash> lapsed;
  if (now.value < looked_.value + kLookEveryMs) return lapsed;
  looked_ = now;
  for (auto& [root, seen] : seen_named_) {
    if (is_moving(root) || is_named(root)) seen = now;
    if (now.value > seen.value + kPatienceMs) lapsed.push_back(root);
  }
  for (const crypto::Hash& root : lapsed) seen_named_.erase(root);
  dropped_.insert(lapsed.begin(), lapsed.end());
  return lapsed;
}

}  // namespace treeproof::replica
