// Attachments on their way to the disk or back from it, and those on it that no committed
// statement announces: what no pending one announces either, for a while, is given back.
// Owns no attachment. Caller: replica, on its thread. Pure.
// Source: docs/protocol.md section 3 "Attachments".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/types/height.h"

namespace treeproof::replica {

class AttachmentStock {
 public:
  // Long enough for peers to send all that is pending after a restart.
  static constexpr std::uint64_t kPatienceMs = 600'000;
  static constexpr std::uint64_t kLookEveryMs = 60'000;

  // Being stored, or read again.
  void begin(const ledger::AttachmentRef& announced) { moving_.emplace(announced.root, announced); }
  std::optional<ledger::AttachmentRef> end(const crypto::Hash& root);
  bool is_moving(const crypto::Hash& root) const { return moving_.contains(root); }

  // Stored here; committed by a block. Times are real ones.
  void note_stored(const crypto::Hash& root, TimeMs now) { seen_named_.try_emplace(root, now); }
  void note_committed(const crypto::Hash& root) { seen_named_.erase(root); }
  // Those that were not named, nor on their way, for longer than kPatienceMs: dropped now.
  using IsNamed = std::function<bool(const crypto::Hash& root)>;
  std::vector<crypto::Hash> take_lapsed(TimeMs now, const IsNamed& is_named);
  // Until the end of the step the host still holds what was dropped in it.
  bool is_dropped(const crypto::Hash& root) const { return dropped_.contains(root); }
  void end_step() { dropped_.clear(); }

 private:
  std::map<crypto::Hash, ledger::AttachmentRef> moving_;
  std::map<crypto::Hash, TimeMs> seen_named_;  // when it was named last, or stored
  std::set<crypto::Hash> dropped_;
  TimeMs looked_;
};

}  // namespace treeproof::replica
