#include "consensus/bft/proposal_book.h"

#include <algorithm>
#include <cassert>

namespace treeproof::bft {

namespace {

bool same_statement(const Proposal& left, const Proposal& right) {
  return left.header_hash == right.header_hash && left.valid_round == right.valid_round;
}

}  // namespace

std::optional<DoubleProposal> ProposalBook::add(const Proposal& proposal, Round current,
                                                Backing backing) {
  if (proposal.round < current || !make_room_ahead(proposal, current)) return std::nullopt;
  std::vector<Proposal>& held = rounds_[proposal.round];
  const auto same = [&](const Proposal& other) { return same_statement(other, proposal); };
  if (std::ranges::any_of(held, same)) return std::nullopt;
  const bool backed = backing == Backing::one_third;
  if (held.size() >= (backed ? kProposalsPerRoundMax : kProposalsPerRound)) return std::nullopt;
  held.push_back(proposal);
  if (held.size() != 2) return std::nullopt;
  return DoubleProposal{held[0], held[1]};
}

// Of the rounds beyond the next, a proposer has room in its highest only.
bool ProposalBook::make_room_ahead(const Proposal& proposal, Round current) {
  const Round next = current.next();
  if (proposal.round <= next) return true;
  const auto from = rounds_.upper_bound(next);
  for (auto entry = from; entry != rounds_.end(); ++entry) {
    if (entry->second.front().org != proposal.org || entry->first == proposal.round) continue;
    if (entry->first > proposal.round) return false;
    rounds_.erase(entry);
    break;
  }
  return true;
}

void ProposalBook::advance(Round current) {
  rounds_.erase(rounds_.begin(), rounds_.lower_bound(current));
}

bool ProposalBook::holds(const Proposal& proposal) const {
  return std::ranges::find(of_round(proposal.round), proposal) != of_round(proposal.round).end();
}

std::span<const Proposal> ProposalBook::of_round(Round round) const {
  const auto found = rounds_.find(round);
  if (found == rounds_.end()) return {};
  return found->second;
}

const Proposal* ProposalBook::find(Round round, const crypto::Hash& header_hash,
                                   Round valid_round) const {
  for (const Proposal& proposal : of_round(round)) {
    if (proposal.header_hash == header_hash && proposal.valid_round == valid_round) {
      return &proposal;
    }
  }
  return nullptr;
}

bool ProposalBook::names(const crypto::Hash& header_hash) const {
  return std::ranges::any_of(rounds_, [&](const auto& entry) {
    return std::ranges::find(entry.second, header_hash, &Proposal::header_hash) !=
           entry.second.end();
  });
}

void KnownBlocks::set(const BlockId& block, Validity validity) {
  assert(validity != Validity::unknown);
  const auto [entry, is_new] = known_.try_emplace(block.header_hash);
  Known& known = entry->second;
  if (is_new) {
    known = {block, validity, next_order_++};
    return;
  }
  assert(known.block == block);
  assert((known.validity == Validity::invalid) == (validity == Validity::invalid));
  known.validity = validity;
}

const KnownBlocks::Known* KnownBlocks::find(const crypto::Hash& header_hash) const {
  const auto found = known_.find(header_hash);
  return found == known_.end() ? nullptr : &found->second;
}

Validity KnownBlocks::validity(const crypto::Hash& header_hash) const {
  const Known* known = find(header_hash);
  return known == nullptr ? Validity::unknown : known->validity;
}

}  // namespace treeproof::bft
