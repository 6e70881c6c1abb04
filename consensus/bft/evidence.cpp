#include "consensus/bft/evidence.h"

#include "crypto/cbor.h"

namespace treeproof::bft {

namespace {

using crypto::CborReader;
using crypto::CborWriter;

constexpr std::uint64_t kDoubleVote = 1;
constexpr std::uint64_t kDoubleProposal = 2;
constexpr std::uint64_t kForgedRoot = 3;

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};

template <typename Message>
bool one_slot(const Message& first, const Message& second) {
  return first.org == second.org && first.height == second.height && first.round == second.round;
}

bool conflicts(const DoubleVote& votes) {
  return one_slot(votes.first, votes.second) && votes.first.type == votes.second.type &&
         !same_statement(votes.first, votes.second);
}

bool conflicts(const DoubleProposal& proposals) {
  const auto& [first, second] = proposals;
  return one_slot(first, second) &&
         (first.header_hash != second.header_hash || first.valid_round != second.valid_round);
}

bool conflicts(const ForgedRoot& forged) {
  const auto& [vote, committed] = forged;
  return vote.type == VoteType::precommit && vote.value && vote.height == committed.height &&
         vote.value->header_hash == committed.block.header_hash && *vote.value != committed.block;
}

template <typename First, typename Second>
std::expected<void, Refusal> verify_both(const First& first, const Second& second,
                                         std::string_view chain_id,
                                         const ValidatorSet& validators) {
  if (auto verified = verify(first, chain_id, validators); !verified) return verified;
  return verify(second, chain_id, validators);
}

template <typename Pair, typename Message>
std::expected<Evidence, Refusal> pair_of(std::expected<Message, Refusal> first,
                                         std::expected<Message, Refusal> second) {
  if (!first) return std::unexpected(first.error());
  if (!second) return std::unexpected(second.error());
  return Pair{*std::move(first), *std::move(second)};
}

}  // namespace

const std::string& accused_org(const Evidence& evidence) noexcept {
  return std::visit(Match{[](const ForgedRoot& e) -> const std::string& { return e.precommit.org; },
                          [](const auto& e) -> const std::string& { return e.first.org; }},
                    evidence);
}

Height height_of(const Evidence& evidence) noexcept {
  return std::visit(Match{[](const ForgedRoot& e) { return e.precommit.height; },
                          [](const auto& e) { return e.first.height; }},
                    evidence);
}

crypto::Bytes encode(const Evidence& evidence, std::string_view chain_id) {
  CborWriter out;
  out.array(3);
  std::visit(Match{[&](const DoubleVote& e) {
                     out.uint(kDoubleVote).raw(encode(e.first, chain_id));
                     out.raw(encode(e.second, chain_id));
                   },
                   [&](const DoubleProposal& e) {
                     out.uint(kDoubleProposal).raw(encode(e.first, chain_id));
                     out.raw(encode(e.second, chain_id));
                   },
                   [&](const ForgedRoot& e) {
                     out.uint(kForgedRoot).raw(encode(e.precommit, chain_id));
                     out.raw(encode(e.committed));
                   }},
             evidence);
  return out.finish();
}

std::expected<Evidence, Refusal> decode_evidence(crypto::ByteSpan bytes,
                                                 std::string_view chain_id) {
  CborReader in(bytes);
  in.array_exact(3);
  const std::uint64_t kind = in.uint();
  const crypto::ByteSpan first = in.item();
  const crypto::ByteSpan second = in.item();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  switch (kind) {
    case kDoubleVote:
      return pair_of<DoubleVote>(decode_vote(first, chain_id), decode_vote(second, chain_id));
    case kDoubleProposal:
      return pair_of<DoubleProposal>(decode_proposal(first, chain_id),
                                     decode_proposal(second, chain_id));
    case kForgedRoot: {
      auto precommit = decode_vote(first, chain_id);
      if (!precommit) return std::unexpected(precommit.error());
      auto committed = decode_commit_certificate(second);
      if (!committed) return std::unexpected(committed.error());
      return ForgedRoot{*std::move(precommit), *std::move(committed)};
    }
    default:
      return std::unexpected(Refusal::wrong_type);
  }
}

std::expected<void, Refusal> verify(const Evidence& evidence, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  if (!std::visit([](const auto& e) { return conflicts(e); }, evidence)) {
    return std::unexpected(Refusal::no_conflict);
  }
  return std::visit(
      Match{[&](const ForgedRoot& e) {
              return verify_both(e.precommit, e.committed, chain_id, validators);
            },
            [&](const auto& e) { return verify_both(e.first, e.second, chain_id, validators); }},
      evidence);
}

}  // namespace treeproof::bft
