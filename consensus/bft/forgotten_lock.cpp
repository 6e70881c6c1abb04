// How the tally comes upon amnesia: a validator's votes of several rounds, held against each other.
#include <algorithm>
#include <utility>

#include "consensus/bft/vote_tally.h"

namespace treeproof::bft {

std::optional<Amnesia> VoteTally::forgotten_lock(const Vote& vote) const {
  const auto voter = validators_.index_of(vote.org);
  if (!voter) return std::nullopt;
  if (vote.type == VoteType::prevote) return lock_before(vote, *voter);
  // A precommit that came late may be what a later prevote goes against.
  for (Round round = vote.round.next(); rounds_.contains(round); round = round.next()) {
    const auto prevote = counted_vote(round, VoteType::prevote, *voter);
    auto forgot = prevote ? lock_before(*prevote, *voter) : std::nullopt;
    if (forgot) return forgot;
    const auto precommit = counted_vote(round, VoteType::precommit, *voter);
    if (!precommit || precommit->value) return std::nullopt;
  }
  return std::nullopt;
}

// The last precommit for a block before this prevote, with those for nil after it; nothing where a
// round is not known, or where the prevote may stand.
std::optional<Amnesia> VoteTally::lock_before(const Vote& prevote, std::size_t voter) const {
  if (!prevote.value) return std::nullopt;
  Amnesia forgot{{}, prevote};
  for (Round round = prevote.round; round.value > 0;) {
    --round.value;
    auto precommit = counted_vote(round, VoteType::precommit, voter);
    if (!precommit || forgot.precommits.size() == kForgottenRoundsMax) return std::nullopt;
    forgot.precommits.push_back(*std::move(precommit));
    const Vote& lock = forgot.precommits.back();
    if (!lock.value) continue;
    const bool stands =
        lock.value->header_hash == prevote.value->header_hash || prevote.valid_round >= lock.round;
    if (stands) return std::nullopt;
    std::ranges::reverse(forgot.precommits);
    return forgot;
  }
  return std::nullopt;
}

}  // namespace treeproof::bft
