// The proposals of one height that may still matter, and what is known of blocks.
// Owns no vote and no rule; bounded whatever a faulty proposer sends. Caller: Agreement.
// Source: docs/consensus.md rules 8, 10, 14, 18 and 19.
#pragma once

#include <map>

#include "consensus/bft/evidence.h"

namespace treeproof::bft {

// `untimely`: valid in every other respect, but its time, proposer or emptiness is not acceptable
// in a fresh proposal (valid round -1). [rule 14]
enum class Validity : std::uint8_t { unknown, invalid, untimely, valid };

// How many proposals of one round are kept in any case, and when more than 1/3 prevote them.
inline constexpr std::size_t kProposalsPerRound = 2;
inline constexpr std::size_t kProposalsPerRoundMax = 8;

class ProposalBook {
 public:
  enum class Backing : std::uint8_t { none, one_third };

  // Keeps proposals of the current and the next round; beyond, those of each proposer's highest
  // round; of past rounds none. Returns evidence when it is the first to conflict in its round.
  std::optional<DoubleProposal> add(const Proposal& proposal, Round current, Backing backing);
  // Forgets the rounds before.
  void advance(Round current);

  bool holds(const Proposal& proposal) const;
  std::span<const Proposal> of_round(Round round) const;
  const Proposal* find(Round round, const crypto::Hash& header_hash, Round valid_round) const;
  bool names(const crypto::Hash& header_hash) const;

 private:
  bool make_room_ahead(const Proposal& proposal, Round current);
  std::map<Round, std::vector<Proposal>> rounds_;
};

inline constexpr std::size_t kKnownBlocksMax = 64;

// What the host has said of blocks; the oldest that nothing needs goes first.
class KnownBlocks {
 public:
  struct Known {
    BlockId block;
    Validity validity = Validity::unknown;
    std::uint64_t order = 0;
  };

  // Requires: validity is not unknown; a block keeps its size and root, and never changes between
  // invalid and the others.
  void set(const BlockId& block, Validity validity);
  const Known* find(const crypto::Hash& header_hash) const;
  Validity validity(const crypto::Hash& header_hash) const;
  std::size_t size() const noexcept { return known_.size(); }
  // Drops the oldest block for which `needed` is false while more than kKnownBlocksMax are held.
  template <typename Needed>
  void trim(const Needed& needed) {
    while (known_.size() > kKnownBlocksMax) {
      auto oldest = known_.end();
      for (auto at = known_.begin(); at != known_.end(); ++at) {
        const bool older = oldest == known_.end() || at->second.order < oldest->second.order;
        if (older && !needed(at->first)) oldest = at;
      }
      if (oldest == known_.end()) return;
      known_.erase(oldest);
    }
  }

 private:
  std::map<crypto::Hash, Known> known_;
  std::uint64_t next_order_ = 0;
};

}  // namespace treeproof::bft
