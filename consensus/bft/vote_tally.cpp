#include "consensus/bft/vote_tally.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

namespace treeproof::bft {

namespace {

// Rounds counted behind the current one. Older ones go unless a quorum for a block stands in them,
// and are decided by certificates only.
constexpr std::int32_t kRoundsBehindMax = 1'024;

}  // namespace

VoteTally::VoteTally(Height height, ValidatorSet validators)
    : height_(height),
      validators_(std::move(validators)),
      ahead_(validators_.size()),
      highest_(validators_.size(), kNoRound) {}

VoteTally::Ballot VoteTally::ballot_of(const Vote& vote) {
  if (!vote.value) return {};
  if (vote.type == VoteType::precommit) return {vote.value, kNoRound};
  return {prevote_value(vote.value->header_hash), vote.valid_round};
}

VoteTally::Count& VoteTally::count_of(Round round, VoteType type) {
  RoundCount& count = rounds_[round];
  return type == VoteType::prevote ? count.prevotes : count.precommits;
}

const VoteTally::Count* VoteTally::find(Round round, VoteType type) const {
  const auto found = rounds_.find(round);
  if (found == rounds_.end()) return nullptr;
  return type == VoteType::prevote ? &found->second.prevotes : &found->second.precommits;
}

VoteTally::Support& VoteTally::support_of(Count& count, const Ballot& ballot) {
  const auto found = std::ranges::find(count.supports, ballot, &Support::ballot);
  if (found != count.supports.end()) return *found;
  return count.supports.emplace_back(Support{ballot, {}, 0, {}});
}

std::optional<DoubleVote> VoteTally::add(const Vote& vote, Round current) {
  const auto voter = validators_.index_of(vote.org);
  assert(voter && vote.height == height_ && vote.round.exists());
  if (vote.round.value < current.value - kRoundsBehindMax) return std::nullopt;
  if (vote.round <= current.next()) return add_near(vote, *voter);
  return add_ahead(vote, *voter);
}

std::optional<DoubleVote> VoteTally::add_near(const Vote& vote, std::size_t voter) {
  const bool is_first = !count_of(vote.round, vote.type).senders.test(voter);
  auto evidence = note_conflict(vote, voter);
  if (is_first || evidence) enter(vote, voter);
  return evidence;
}

std::optional<DoubleVote> VoteTally::note_conflict(const Vote& vote, std::size_t voter) {
  auto first = counted_vote(vote.round, vote.type, voter);
  Count& count = count_of(vote.round, vote.type);
  const bool is_same = std::ranges::any_of(count.supports, [&](const Support& support) {
    return support.voters.test(voter) && support.ballot == ballot_of(vote);
  });
  if (!first || is_same || count.conflicted.test(voter)) return std::nullopt;
  count.conflicted.set(voter);
  return DoubleVote{*std::move(first), vote};
}

// Beyond the next round nothing counts but how far each validator has come. [rule 18]
std::optional<DoubleVote> VoteTally::add_ahead(const Vote& vote, std::size_t voter) {
  Ahead& ahead = ahead_[voter];
  if (vote.round < ahead.round) return std::nullopt;
  if (vote.round > ahead.round) ahead = {vote.round, {}, {}, false};
  highest_[voter] = std::max(highest_[voter], vote.round);
  std::optional<Vote>& held = vote.type == VoteType::prevote ? ahead.prevote : ahead.precommit;
  if (!held) held = vote;
  if (ahead.conflicted || ballot_of(*held) == ballot_of(vote)) return std::nullopt;
  ahead.conflicted = true;
  return DoubleVote{*held, vote};
}

// Counts a vote for its ballot, once for each validator.
void VoteTally::enter(const Vote& vote, std::size_t voter) {
  Count& count = count_of(vote.round, vote.type);
  const std::uint64_t power = validators_.at(voter).power;
  if (!count.senders.test(voter)) {
    count.senders.set(voter);
    count.senders_power += power;
  }
  highest_[voter] = std::max(highest_[voter], vote.round);
  Support& support = support_of(count, ballot_of(vote));
  if (support.voters.test(voter)) return;
  support.voters.set(voter);
  support.power += power;
  support.signatures.emplace_back(static_cast<std::uint8_t>(voter), vote.signature);
  note_thresholds(vote, support);
}

void VoteTally::note_thresholds(const Vote& vote, const Support& support) {
  if (!vote.value) return;
  const bool quorum = validators_.is_quorum(support.power);
  const crypto::Hash& hash = vote.value->header_hash;
  const auto is_this = [&](const auto& noted) { return noted.round == vote.round; };
  if (vote.type == VoteType::precommit && quorum) {
    const auto known = [&](const CommittedBlock& noted) {
      return is_this(noted) && noted.block == *vote.value;
    };
    if (std::ranges::none_of(committed_, known)) committed_.push_back({vote.round, *vote.value});
  }
  const bool precommitted =
      vote.type == VoteType::precommit && validators_.is_honest(support.power);
  if (!quorum && !precommitted) return;
  const auto known = [&](const SupportedBlock& noted) { return noted.header_hash == hash; };
  if (std::ranges::none_of(supported_, known)) supported_.push_back({vote.round, hash});
}

std::vector<DoubleVote> VoteTally::add(const PolkaCertificate& certificate) {
  return enter_all(votes_of(certificate));
}

std::vector<DoubleVote> VoteTally::add(const CommitCertificate& certificate) {
  return enter_all(votes_of(certificate));
}

std::vector<DoubleVote> VoteTally::enter_all(const std::vector<Vote>& votes) {
  std::vector<DoubleVote> evidence;
  for (const Vote& vote : votes) {
    const auto voter = validators_.index_of(vote.org);
    assert(voter && vote.height == height_);
    if (auto conflict = note_conflict(vote, *voter)) evidence.push_back(*std::move(conflict));
    enter(vote, *voter);
  }
  return evidence;
}

std::vector<DoubleVote> VoteTally::advance(Round current) {
  std::vector<DoubleVote> evidence;
  for (std::size_t voter = 0; voter < ahead_.size(); ++voter) {
    if (!ahead_[voter].round.exists() || ahead_[voter].round > current.next()) continue;
    const Ahead near = std::exchange(ahead_[voter], {});
    for (const std::optional<Vote>& vote : {near.prevote, near.precommit}) {
      auto conflict = vote ? add_near(*vote, voter) : std::nullopt;
      if (conflict) evidence.push_back(*std::move(conflict));
    }
  }
  forget_old_rounds(current);
  return evidence;
}

void VoteTally::forget_old_rounds(Round current) {
  const auto has_quorum = [this](const Count& count) {
    return std::ranges::any_of(count.supports, [this](const Support& support) {
      return support.ballot.value && validators_.is_quorum(support.power);
    });
  };
  std::erase_if(rounds_, [&](const auto& entry) {
    const bool old = entry.first.value < current.value - kRoundsBehindMax;
    return old && !has_quorum(entry.second.prevotes) && !has_quorum(entry.second.precommits);
  });
}

Vote VoteTally::vote_of(Round round, VoteType type, const Support& support, std::size_t at) const {
  const auto& [voter, signature] = support.signatures.at(at);
  const Validator& validator = validators_.at(voter);
  return {type,
          height_,
          round,
          support.ballot.value,
          support.ballot.valid_round,
          validator.org,
          validator.key.kid(),
          signature};
}

bool VoteTally::holds(const Vote& vote) const {
  const auto voter = validators_.index_of(vote.org);
  if (!voter || vote.height != height_) return false;
  const Ahead& ahead = ahead_[*voter];
  if (ahead.prevote == vote || ahead.precommit == vote) return true;
  const Count* count = find(vote.round, vote.type);
  if (count == nullptr) return false;
  const auto held = std::ranges::find(count->supports, ballot_of(vote), &Support::ballot);
  if (held == count->supports.end() || !held->voters.test(*voter)) return false;
  const SignedBy entry{static_cast<std::uint8_t>(*voter), vote.signature};
  return vote.kid == validators_.at(*voter).key.kid() &&
         std::ranges::find(held->signatures, entry) != held->signatures.end();
}

std::vector<Polka> VoteTally::polkas(Round round) const {
  std::vector<Polka> polkas;
  const Count* count = find(round, VoteType::prevote);
  if (count == nullptr) return polkas;
  for (const Support& support : count->supports) {
    if (!support.ballot.value || !validators_.is_quorum(support.power)) continue;
    polkas.push_back({support.ballot.value->header_hash, support.ballot.valid_round});
  }
  return polkas;
}

bool VoteTally::has_polka_for(Round round, const crypto::Hash& header_hash) const {
  return std::ranges::any_of(polkas(round),
                             [&](const Polka& polka) { return polka.header_hash == header_hash; });
}

bool VoteTally::has_nil_polka(Round round) const {
  const Count* count = find(round, VoteType::prevote);
  if (count == nullptr) return false;
  return std::ranges::any_of(count->supports, [this](const Support& support) {
    return !support.ballot.value && validators_.is_quorum(support.power);
  });
}

bool VoteTally::has_any_prevotes(Round round) const {
  const Count* count = find(round, VoteType::prevote);
  return count != nullptr && validators_.is_quorum(count->senders_power);
}

bool VoteTally::has_any_precommits(Round round) const {
  const Count* count = find(round, VoteType::precommit);
  return count != nullptr && validators_.is_quorum(count->senders_power);
}

bool VoteTally::is_supported(Round round, const crypto::Hash& header_hash) const {
  const Count* count = find(round, VoteType::prevote);
  if (count == nullptr) return false;
  return std::ranges::any_of(count->supports, [&](const Support& support) {
    return support.ballot.value && support.ballot.value->header_hash == header_hash &&
           validators_.is_honest(support.power);
  });
}

Round VoteTally::skip_target(Round current) const {
  std::vector<std::pair<Round, std::uint64_t>> reached;
  for (std::size_t voter = 0; voter < highest_.size(); ++voter) {
    if (highest_[voter] > current) {
      reached.emplace_back(highest_[voter], validators_.at(voter).power);
    }
  }
  std::ranges::sort(reached, std::greater{});
  std::uint64_t power = 0;
  for (const auto& [round, voter_power] : reached) {
    power += voter_power;
    if (validators_.is_honest(power)) return round;
  }
  return kNoRound;
}

std::vector<CertificateSignature> VoteTally::sorted_signatures(const Support& support) const {
  auto entries = support.signatures;
  std::ranges::sort(entries);  // validators are in order of organisation
  std::vector<CertificateSignature> signatures;
  for (const auto& [voter, signature] : entries) {
    const Validator& validator = validators_.at(voter);
    signatures.push_back({validator.org, validator.key.kid(), signature});
  }
  return signatures;
}

std::optional<PolkaCertificate> VoteTally::polka_certificate(Round round) const {
  const Count* count = find(round, VoteType::prevote);
  if (count == nullptr) return std::nullopt;
  for (const Support& support : count->supports) {
    if (!support.ballot.value || !validators_.is_quorum(support.power)) continue;
    return PolkaCertificate{height_, round, support.ballot.value->header_hash,
                            support.ballot.valid_round, sorted_signatures(support)};
  }
  return std::nullopt;
}

CommitCertificate VoteTally::commit_certificate(const CommittedBlock& committed) const {
  const Count* count = find(committed.round, VoteType::precommit);
  assert(count != nullptr);
  const Ballot ballot{committed.block, kNoRound};
  const auto support = std::ranges::find(count->supports, ballot, &Support::ballot);
  assert(support != count->supports.end() && validators_.is_quorum(support->power));
  return {height_, committed.round, committed.block, sorted_signatures(*support)};
}

// The first vote of a validator that counts in this round and type.
std::optional<Vote> VoteTally::counted_vote(Round round, VoteType type, std::size_t voter) const {
  const Count* count = find(round, type);
  if (count == nullptr) return std::nullopt;
  for (const Support& support : count->supports) {
    if (!support.voters.test(voter)) continue;
    const auto at = std::ranges::find(support.signatures, voter, &SignedBy::first);
    return vote_of(round, type, support, static_cast<std::size_t>(at - support.signatures.begin()));
  }
  return std::nullopt;
}

// A vote of a validator that has come to this round or farther.
std::optional<Vote> VoteTally::vote_from(Round from, std::size_t voter) const {
  const Ahead& ahead = ahead_[voter];
  if (ahead.round >= from) return ahead.precommit ? ahead.precommit : ahead.prevote;
  for (auto entry = rounds_.rbegin(); entry != rounds_.rend() && entry->first >= from; ++entry) {
    for (const VoteType type : {VoteType::precommit, VoteType::prevote}) {
      if (auto vote = counted_vote(entry->first, type, voter)) return vote;
    }
  }
  return std::nullopt;
}

std::optional<RoundCertificate> VoteTally::round_certificate(Round round) const {
  if (round.value <= 0) return std::nullopt;
  RoundCertificate certificate{height_, round, {}};
  const Round before{round.value - 1};
  const bool by_precommits = has_any_precommits(before);
  std::uint64_t power = 0;
  for (std::size_t voter = 0; voter < validators_.size(); ++voter) {
    std::optional<Vote> vote;
    if (by_precommits) {
      vote = counted_vote(before, VoteType::precommit, voter);
    } else if (!validators_.is_honest(power)) {
      vote = vote_from(round, voter);
    }
    if (!vote) continue;
    power += validators_.at(voter).power;
    certificate.votes.push_back(*std::move(vote));
  }
  if (!by_precommits && !validators_.is_honest(power)) return std::nullopt;
  return certificate;
}

std::vector<Vote> VoteTally::precommits_forging(const BlockId& block) const {
  std::vector<Vote> forging;
  for (const auto& [round, count] : rounds_) {
    for (const Support& support : count.precommits.supports) {
      const std::optional<BlockId>& value = support.ballot.value;
      if (!value || value->header_hash != block.header_hash || *value == block) continue;
      for (std::size_t at = 0; at < support.signatures.size(); ++at) {
        forging.push_back(vote_of(round, VoteType::precommit, support, at));
      }
    }
  }
  return forging;
}

}  // namespace treeproof::bft
