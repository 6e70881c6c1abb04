// Counts the verified votes of one height, by round, type and value.
// Owns no rule of agreement, no signature check and no clock. Caller: Agreement. One thread.
// Source: arXiv 1807.04938 algorithm 1; docs/consensus.md rules 3, 6, 7, 18 and 19.
#pragma once

#include <bitset>
#include <map>

#include "consensus/bft/certificates.h"
#include "consensus/bft/evidence.h"
#include "consensus/types/limits.h"

namespace treeproof::bft {

// More than 2/3 prevoted this hash with this valid round, in one round.
struct Polka {
  crypto::Hash header_hash{};
  Round valid_round = kNoRound;
};

struct CommittedBlock {
  Round round;
  BlockId block;
};

struct SupportedBlock {
  Round round;
  crypto::Hash header_hash{};
};

class VoteTally {
 public:
  VoteTally(Height height, ValidatorSet validators);

  // Counts a vote of a validator of this height (asserted). Of each validator, round and type the
  // first vote and one conflicting vote are kept, and each counts for its own value. Rounds above
  // current + 1 keep only the votes of each validator's highest round; rounds more than a thousand
  // behind take certificates only. [rules 18, 19]
  // Returns evidence when the vote is the first to conflict.
  std::optional<DoubleVote> add(const Vote& vote, Round current);
  // Verified certificates count whole, in any round, whatever votes are held. [rule 18]
  // Returns evidence against those whose votes in it are the first to conflict. [rule 25]
  std::vector<DoubleVote> add(const PolkaCertificate& certificate);
  std::vector<DoubleVote> add(const CommitCertificate& certificate);
  // Votes kept for rounds that have come near are counted in full. Returns evidence where a
  // certificate of such a round holds another vote of the same validator.
  std::vector<DoubleVote> advance(Round current);
  // Whether this very vote is held, signature included.
  bool holds(const Vote& vote) const;

  // Every quorum is ValidatorSet::is_quorum over distinct validators. [rule 7]
  std::vector<Polka> polkas(Round round) const;
  bool has_polka_for(Round round, const crypto::Hash& header_hash) const;  // any valid round
  bool has_nil_polka(Round round) const;
  bool has_any_prevotes(Round round) const;
  bool has_any_precommits(Round round) const;
  bool is_supported(Round round, const crypto::Hash& header_hash) const;  // prevotes of > 1/3
  // Blocks with a quorum of precommits in one round, and blocks that more than 1/3 precommitted or
  // a polka prevoted; each in the order in which it came to be so.
  std::span<const CommittedBlock> committed() const noexcept { return committed_; }
  std::span<const SupportedBlock> supported() const noexcept { return supported_; }
  // The highest round above `current` that validators of more than 1/3 have reached, by prevotes
  // and precommits counted together; kNoRound where there is none. [rules 6, 16]
  Round skip_target(Round current) const;

  std::optional<PolkaCertificate> polka_certificate(Round round) const;
  // Requires: the block is among committed() with this round.
  CommitCertificate commit_certificate(const CommittedBlock& committed) const;
  std::optional<RoundCertificate> round_certificate(Round round) const;
  // What this vote, counted before, shows beside the others of its voter: that a lock was
  // forgotten. [rule 25]
  std::optional<Amnesia> forgotten_lock(const Vote& vote) const;
  // Precommits of another size or root under the header hash of this block.
  std::vector<Vote> precommits_forging(const BlockId& block) const;

  const ValidatorSet& validators() const noexcept { return validators_; }

 private:
  using Voters = std::bitset<kValidatorsMax>;
  struct Ballot {
    std::optional<BlockId> value;
    Round valid_round = kNoRound;
    bool operator==(const Ballot&) const = default;
  };
  using SignedBy = std::pair<std::uint8_t, crypto::Signature>;  // index of the validator
  struct Support {                                              // who voted for one ballot
    Ballot ballot;
    Voters voters;
    std::uint64_t power = 0;
    std::vector<SignedBy> signatures;
  };
  struct Count {  // one round, one type
    std::vector<Support> supports;
    Voters senders;
    Voters conflicted;
    std::uint64_t senders_power = 0;
  };
  struct RoundCount {
    Count prevotes;
    Count precommits;
  };
  struct Ahead {  // a validator's votes above current + 1
    Round round = kNoRound;
    std::optional<Vote> prevote;
    std::optional<Vote> precommit;
    bool conflicted = false;
  };

  static Ballot ballot_of(const Vote& vote);
  Count& count_of(Round round, VoteType type);
  const Count* find(Round round, VoteType type) const;
  Support& support_of(Count& count, const Ballot& ballot);
  std::optional<DoubleVote> add_near(const Vote& vote, std::size_t voter);
  std::optional<DoubleVote> add_ahead(const Vote& vote, std::size_t voter);
  void enter(const Vote& vote, std::size_t voter);
  std::vector<DoubleVote> enter_all(const std::vector<Vote>& votes);
  // Notes that the voter conflicts. At most once for each voter, round and type.
  std::optional<DoubleVote> note_conflict(const Vote& vote, std::size_t voter);
  void note_thresholds(const Vote& vote, const Support& support);
  void forget_old_rounds(Round current);
  Vote vote_of(Round round, VoteType type, const Support& support, std::size_t at) const;
  std::optional<Vote> counted_vote(Round round, VoteType type, std::size_t voter) const;
  std::optional<Vote> vote_from(Round from, std::size_t voter) const;
  std::optional<Amnesia> lock_before(const Vote& prevote, std::size_t voter) const;
  std::vector<CertificateSignature> sorted_signatures(const Support& support) const;

  Height height_;
  ValidatorSet validators_;
  std::map<Round, RoundCount> rounds_;
  std::vector<Ahead> ahead_;
  std::vector<Round> highest_;
  std::vector<CommittedBlock> committed_;
  std::vector<SupportedBlock> supported_;
};

}  // namespace treeproof::bft
