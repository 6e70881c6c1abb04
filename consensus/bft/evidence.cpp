#include "consensus/bft/evidence.h"

#include <algorithm>
#include <iterator>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"

namespace treeproof::bft {

namespace {

using crypto::CborReader;
using crypto::CborWriter;

constexpr std::uint64_t kDoubleVote = 1;
constexpr std::uint64_t kDoubleProposal = 2;
constexpr std::uint64_t kForgedRoot = 3;
constexpr std::uint64_t kWrongProposer = 4;
constexpr std::uint64_t kAmnesia = 5;
static_assert((kForgottenRoundsMax + 1) * kMessageBytesMax < kEvidenceBytesMax);

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

Offence offence_by(const Vote& vote) {
  const bool prevote = vote.type == VoteType::prevote;
  return {vote.org, vote.height, vote.round, prevote ? SignedStep::prevote : SignedStep::precommit};
}

Offence offence_by(const Proposal& proposal) {
  return {proposal.org, proposal.height, proposal.round, SignedStep::proposal};
}

bool conflicts(const DoubleVote& votes, const ValidatorSet&) {
  return offence_by(votes.first) == offence_by(votes.second) &&
         !same_statement(votes.first, votes.second);
}

bool conflicts(const DoubleProposal& proposals, const ValidatorSet&) {
  const auto& [first, second] = proposals;
  return offence_by(first) == offence_by(second) &&
         (first.header_hash != second.header_hash || first.valid_round != second.valid_round);
}

bool conflicts(const ForgedRoot& forged, const ValidatorSet&) {
  const auto& [vote, committed] = forged;
  return vote.type == VoteType::precommit && vote.value && vote.height == committed.height &&
         vote.value->header_hash == committed.block.header_hash && *vote.value != committed.block;
}

bool conflicts(const WrongProposer& wrong, const ValidatorSet& validators) {
  const Proposal& proposal = wrong.proposal;
  return proposal.round.exists() &&
         validators.proposer(proposal.height, proposal.round).org != proposal.org;
}

// Without a precommit for a block in between, the lock is what it was. [rules 1, 2]
bool conflicts(const Amnesia& forgot, const ValidatorSet&) {
  const auto& [precommits, prevote] = forgot;
  if (precommits.empty() || precommits.size() > kForgottenRoundsMax) return false;
  Offence expected = offence_by(prevote);
  if (expected.step != SignedStep::prevote || !prevote.value) return false;
  expected.step = SignedStep::precommit;
  for (auto vote = precommits.rbegin(); vote != precommits.rend(); ++vote) {
    --expected.round.value;
    const bool is_lock = std::next(vote) == precommits.rend();
    if (offence_by(*vote) != expected || vote->value.has_value() != is_lock) return false;
  }
  const Vote& lock = precommits.front();
  return lock.round.exists() && lock.value->header_hash != prevote.value->header_hash &&
         prevote.valid_round < lock.round;
}

std::expected<void, Refusal> verify_votes(const Amnesia& forgot, std::string_view chain_id,
                                          const ValidatorSet& validators) {
  for (const Vote& vote : forgot.precommits) {
    if (auto verified = verify(vote, chain_id, validators); !verified) return verified;
  }
  return verify(forgot.prevote, chain_id, validators);
}

template <typename First, typename Second>
std::expected<void, Refusal> verify_both(const First& first, const Second& second,
                                         std::string_view chain_id,
                                         const ValidatorSet& validators) {
  if (auto verified = verify(first, chain_id, validators); !verified) return verified;
  return verify(second, chain_id, validators);
}

void write_pair(CborWriter& out, std::uint64_t kind, crypto::Bytes first, crypto::Bytes second) {
  if (second < first) std::swap(first, second);
  out.array(3).uint(kind).raw(first).raw(second);
}

template <typename Pair, typename Decode>
std::expected<Evidence, Refusal> read_pair(CborReader& in, Decode decode) {
  const crypto::ByteSpan first = in.item();
  const crypto::ByteSpan second = in.item();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  if (!std::ranges::lexicographical_compare(first, second)) {
    return std::unexpected(Refusal::unsorted);
  }
  auto one = decode(first);
  if (!one) return std::unexpected(one.error());
  auto other = decode(second);
  if (!other) return std::unexpected(other.error());
  return Pair{*std::move(one), *std::move(other)};
}

std::expected<Evidence, Refusal> read_forged_root(CborReader& in, std::string_view chain_id) {
  const crypto::ByteSpan vote = in.item();
  const crypto::ByteSpan certificate = in.item();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  auto precommit = decode_vote(vote, chain_id);
  if (!precommit) return std::unexpected(precommit.error());
  auto committed = decode_commit_certificate(certificate);
  if (!committed) return std::unexpected(committed.error());
  return ForgedRoot{*std::move(precommit), *std::move(committed)};
}

std::expected<Evidence, Refusal> read_wrong_proposer(CborReader& in, std::string_view chain_id) {
  const crypto::ByteSpan bytes = in.item();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  auto proposal = decode_proposal(bytes, chain_id);
  if (!proposal) return std::unexpected(proposal.error());
  return WrongProposer{*std::move(proposal)};
}

std::expected<Evidence, Refusal> read_amnesia(CborReader& in, std::string_view chain_id) {
  Amnesia forgot;
  const std::size_t rounds = in.array(kForgottenRoundsMax);
  for (std::size_t i = 0; i < rounds; ++i) {
    auto precommit = decode_vote(in.item(), chain_id);
    if (!precommit) return std::unexpected(precommit.error());
    forgot.precommits.push_back(*std::move(precommit));
  }
  const crypto::ByteSpan last = in.item();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  auto prevote = decode_vote(last, chain_id);
  if (!prevote) return std::unexpected(prevote.error());
  forgot.prevote = *std::move(prevote);
  return forgot;
}

}  // namespace

Offence offence_of(const Evidence& evidence) {
  return std::visit(Match{[](const ForgedRoot& e) { return offence_by(e.precommit); },
                          [](const WrongProposer& e) { return offence_by(e.proposal); },
                          [](const Amnesia& e) { return offence_by(e.prevote); },
                          [](const auto& e) { return offence_by(e.first); }},
                    evidence);
}

crypto::Bytes encode(const Evidence& evidence, std::string_view chain_id) {
  CborWriter out;
  std::visit(Match{[&](const DoubleVote& e) {
                     write_pair(out, kDoubleVote, encode(e.first, chain_id),
                                encode(e.second, chain_id));
                   },
                   [&](const DoubleProposal& e) {
                     write_pair(out, kDoubleProposal, encode(e.first, chain_id),
                                encode(e.second, chain_id));
                   },
                   [&](const ForgedRoot& e) {
                     out.array(3).uint(kForgedRoot).raw(encode(e.precommit, chain_id));
                     out.raw(encode(e.committed));
                   },
                   [&](const WrongProposer& e) {
                     out.array(2).uint(kWrongProposer).raw(encode(e.proposal, chain_id));
                   },
                   [&](const Amnesia& e) {
                     out.array(3).uint(kAmnesia).array(e.precommits.size());
                     for (const Vote& vote : e.precommits) out.raw(encode(vote, chain_id));
                     out.raw(encode(e.prevote, chain_id));
                   }},
             evidence);
  return out.finish();
}

std::expected<Evidence, Refusal> decode_evidence(crypto::ByteSpan bytes,
                                                 std::string_view chain_id) {
  if (bytes.size() > kEvidenceBytesMax) return std::unexpected(Refusal::malformed);
  CborReader in(bytes);
  const std::size_t parts = in.array(3);
  const std::uint64_t kind = in.uint();
  if (!in.ok() || parts != (kind == kWrongProposer ? 2u : 3u)) {
    return std::unexpected(Refusal::malformed);
  }
  switch (kind) {
    case kDoubleVote:
      return read_pair<DoubleVote>(
          in, [&](crypto::ByteSpan vote) { return decode_vote(vote, chain_id); });
    case kDoubleProposal:
      return read_pair<DoubleProposal>(
          in, [&](crypto::ByteSpan proposal) { return decode_proposal(proposal, chain_id); });
    case kForgedRoot:
      return read_forged_root(in, chain_id);
    case kWrongProposer:
      return read_wrong_proposer(in, chain_id);
    case kAmnesia:
      return read_amnesia(in, chain_id);
    default:
      return std::unexpected(Refusal::wrong_type);
  }
}

std::expected<VerifiedEvidence, Refusal> VerifiedEvidence::verify(const Evidence& evidence,
                                                                  std::string_view chain_id,
                                                                  const ValidatorSet& validators) {
  if (!std::visit([&](const auto& e) { return conflicts(e, validators); }, evidence)) {
    return std::unexpected(Refusal::no_conflict);
  }
  const auto holds = std::visit(
      Match{[&](const ForgedRoot& e) {
              return verify_both(e.precommit, e.committed, chain_id, validators);
            },
            [&](const WrongProposer& e) {
              return verify_signature(e.proposal, chain_id, validators);
            },
            [&](const Amnesia& e) { return verify_votes(e, chain_id, validators); },
            [&](const auto& e) { return verify_both(e.first, e.second, chain_id, validators); }},
      evidence);
  if (!holds) return std::unexpected(holds.error());
  return VerifiedEvidence(evidence, encode(evidence, chain_id), validators.hash());
}

}  // namespace treeproof::bft
