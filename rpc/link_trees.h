// The link leaves of an allocation as its certificates open them: derived from the batches as they
// were at its place in the log, with the Merkle path of any one of them.
// Owns the leaf hashes of the allocations that were asked for last. Callers: certificates, audits.
// Safe from any thread. Source: docs/protocol.md section 8; docs/ledger.md "allocate".
#pragma once

#include <deque>
#include <mutex>

#include "consensus/ledger/links.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

// The state as it was at a height: objects by their versions. It has no pages: the states of single
// trees are kept for the latest height only.
class PastState final : public ledger::StateReader {
 public:
  PastState(const ChainView& view, Height at) : view_(view), at_(at) {}
  ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
    return at_ == view_.height() ? view_.object(key) : view_.object_at(key, at_);
  }
  ledger::SharedBytes page(const ledger::PageKey&) const override { return nullptr; }
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    return view_.attachment(root);
  }

 private:
  const ChainView& view_;
  Height at_;
};

struct OpenedLink {
  crypto::Bytes leaf;
  std::vector<crypto::Hash> path;
};

// The hashes of all full subtrees, level by level, leaf hashes first.
using LinkLevels = std::vector<std::vector<crypto::Hash>>;
using LinkLevelsPtr = std::shared_ptr<const LinkLevels>;

// Derived anew on each call; kept where leaves behind them were redacted. Requires: the allocation
// is an object of the view.
std::expected<LinkLevels, ledger::Refusal> link_levels(const ChainView& view,
                                                       const ledger::ObjectId& allocation);

class LinkTrees {
 public:
  // Refuses earlier_attachment_missing where this node does not hold the leaves behind it, or they
  // were redacted.
  // Requires: index < links of the allocation.
  std::expected<OpenedLink, ledger::Refusal> open(const ChainView& view,
                                                  const ledger::ObjectId& allocation,
                                                  std::uint64_t index);

 private:
  std::expected<LinkLevelsPtr, ledger::Refusal> levels_of(const ChainView& view,
                                                          const ledger::ObjectId& allocation);

  static constexpr std::size_t kAllocationsMax = 8;  // 16 MiB each at the most
  std::mutex lock_;                                  // guards the deque
  std::deque<std::pair<ledger::ObjectId, LinkLevelsPtr>> known_;
};

}  // namespace treeproof::rpc
