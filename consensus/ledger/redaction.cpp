#include "consensus/ledger/redaction.h"

#include <algorithm>

#include "consensus/ledger/chunked_list.h"

namespace treeproof::ledger {

bool is_redacted(const StateReader& state, const crypto::Hash& root) {
  return state.object(chunk_key(kRedactionNamespace, crypto::to_hex(root), 0)) != nullptr;
}

bool is_redacted(const StateReader& state, const crypto::Hash& root, std::uint64_t leaf) {
  return std::ranges::any_of(redacted_leaves(state, root), [&](const Range& range) {
    return leaf >= range.from && leaf - range.from < range.count;
  });
}

std::vector<Range> redacted_leaves(const StateReader& state, const crypto::Hash& root) {
  std::vector<Range> ranges;
  each_item<RedactedRange>(
      state, kRedactionNamespace, crypto::to_hex(root),
      [&](const RedactedRange& item) { ranges.push_back({item.from, item.count}); });
  return ranges;
}

std::vector<crypto::Hash> redacted_by(const StateChanges& changes) {
  std::vector<crypto::Hash> roots;
  const ObjectKey first{std::string(kRedactionNamespace), {}};
  for (auto at = changes.objects.lower_bound(first);
       at != changes.objects.end() && at->first.name_space == kRedactionNamespace; ++at) {
    const auto root = crypto::hash_from_hex(at->first.id.substr(0, 2 * sizeof(crypto::Hash)));
    assert(root.has_value());
    if (roots.empty() || roots.back() != *root) roots.push_back(*root);
  }
  return roots;
}

std::vector<ObjectId> users_of_attachment(const StateReader& state, const crypto::Hash& root) {
  std::vector<ObjectId> objects;
  each_item<AttachmentUse>(state, kUsesNamespace, crypto::to_hex(root),
                           [&](AttachmentUse& use) { objects.push_back(std::move(use.object)); });
  return objects;
}

}  // namespace treeproof::ledger
