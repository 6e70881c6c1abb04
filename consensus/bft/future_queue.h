// Messages of heights that this node has not reached: a bounded queue, farthest heights evicted.
// Owns no verification: the validators of those heights may be unknown. Caller: the replica.
// Source: docs/consensus.md rule 18.
#pragma once

#include <map>
#include <variant>

#include "consensus/bft/messages.h"
#include "consensus/types/limits.h"

namespace treeproof::bft {

using HeightMessage = std::variant<Proposal, Vote>;

inline constexpr std::size_t kFutureMessagesPerOrgMax = 4;  // of one height

class FutureQueue {
 public:
  // Drops exact duplicates, more than kFutureMessagesPerOrgMax of one organisation and height, and
  // heights farther than the kFutureHeightsMax nearest. Requires: the message names the
  // organisation of the peer that sent it, else one peer could fill another's room.
  void add(HeightMessage message);
  // The messages of this height, in order of arrival; those of lower heights are forgotten.
  std::vector<HeightMessage> take(Height height);
  std::size_t size() const noexcept;

 private:
  std::map<Height, std::vector<HeightMessage>> heights_;
};

}  // namespace treeproof::bft
