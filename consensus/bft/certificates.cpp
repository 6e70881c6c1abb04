#include "consensus/bft/certificates.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"

namespace treeproof::bft {

namespace {

using crypto::CborReader;
using crypto::CborWriter;

void write_signatures(CborWriter& out, const std::vector<CertificateSignature>& signatures) {
  out.array(signatures.size());
  for (const CertificateSignature& entry : signatures) {
    out.array(3).text(entry.org).bytes(entry.kid).bytes(entry.signature);
  }
}

std::vector<CertificateSignature> read_signatures(CborReader& in) {
  std::vector<CertificateSignature> signatures;
  const std::size_t count = in.array(kValidatorsMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    CertificateSignature& entry = signatures.emplace_back();
    in.array_exact(3);
    entry.org = in.text(kOrgIdCharsMax);
    std::ranges::copy(in.bytes_exact(entry.kid.size()), entry.kid.begin());
    std::ranges::copy(in.bytes_exact(entry.signature.size()), entry.signature.begin());
  }
  return signatures;
}

Round read_round(CborReader& in) { return {static_cast<std::int32_t>(in.uint(kRoundMax))}; }

template <typename Entries>
std::expected<void, Refusal> check_order(const Entries& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i - 1].org == entries[i].org) return std::unexpected(Refusal::doubled_validator);
    if (entries[i - 1].org > entries[i].org) return std::unexpected(Refusal::unsorted);
  }
  return {};
}

// The power of distinct known signers, before any signature is looked at.
template <typename Entries>
std::expected<std::uint64_t, Refusal> power_of(const Entries& entries,
                                               const ValidatorSet& validators) {
  if (auto order = check_order(entries); !order) return std::unexpected(order.error());
  std::uint64_t power = 0;
  for (const auto& entry : entries) {
    const Validator* validator = validators.find(entry.org);
    if (validator == nullptr) return std::unexpected(Refusal::unknown_validator);
    if (validator->key.kid() != entry.kid) return std::unexpected(Refusal::wrong_key);
    power += validator->power;  // distinct validators: at most the total
  }
  return power;
}

std::expected<void, Refusal> verify_all(const std::vector<Vote>& votes, std::string_view chain_id,
                                        const ValidatorSet& validators) {
  for (const Vote& vote : votes) {
    if (auto verified = verify(vote, chain_id, validators); !verified) return verified;
  }
  return {};
}

template <typename Certificate>
std::expected<void, Refusal> verify_quorum(const Certificate& certificate,
                                           std::string_view chain_id,
                                           const ValidatorSet& validators) {
  const auto power = power_of(certificate.signatures, validators);
  if (!power) return std::unexpected(power.error());
  if (!validators.is_quorum(*power)) return std::unexpected(Refusal::no_quorum);
  return verify_all(votes_of(certificate), chain_id, validators);
}

}  // namespace

std::vector<Vote> votes_of(const CommitCertificate& certificate) {
  std::vector<Vote> votes;
  votes.reserve(certificate.signatures.size());
  for (const CertificateSignature& entry : certificate.signatures) {
    votes.push_back({VoteType::precommit, certificate.height, certificate.round, certificate.block,
                     kNoRound, entry.org, entry.kid, entry.signature});
  }
  return votes;
}

std::vector<Vote> votes_of(const PolkaCertificate& certificate) {
  std::vector<Vote> votes;
  votes.reserve(certificate.signatures.size());
  for (const CertificateSignature& entry : certificate.signatures) {
    votes.push_back({VoteType::prevote, certificate.height, certificate.round,
                     prevote_value(certificate.header_hash), certificate.valid_round, entry.org,
                     entry.kid, entry.signature});
  }
  return votes;
}

crypto::Bytes encode(const CommitCertificate& certificate) {
  assert(certificate.round.exists());
  CborWriter out;
  out.array(6).uint(certificate.height.value);
  out.uint(static_cast<std::uint64_t>(certificate.round.value));
  out.bytes(certificate.block.header_hash).uint(certificate.block.log_size);
  out.bytes(certificate.block.log_root);
  write_signatures(out, certificate.signatures);
  return out.finish();
}

crypto::Bytes encode(const PolkaCertificate& certificate) {
  assert(certificate.round.exists());
  CborWriter out;
  out.array(5).uint(certificate.height.value);
  out.uint(static_cast<std::uint64_t>(certificate.round.value));
  out.bytes(certificate.header_hash).integer(certificate.valid_round.value);
  write_signatures(out, certificate.signatures);
  return out.finish();
}

crypto::Bytes encode(const RoundCertificate& certificate, std::string_view chain_id) {
  assert(certificate.round.exists());
  CborWriter out;
  out.array(3).uint(certificate.height.value);
  out.uint(static_cast<std::uint64_t>(certificate.round.value));
  out.array(certificate.votes.size());
  for (const Vote& vote : certificate.votes) out.raw(encode(vote, chain_id));
  return out.finish();
}

std::expected<CommitCertificate, Refusal> decode_commit_certificate(crypto::ByteSpan bytes) {
  CborReader in(bytes);
  CommitCertificate certificate;
  in.array_exact(6);
  certificate.height = {in.uint()};
  certificate.round = read_round(in);
  certificate.block.header_hash = in.hash();
  certificate.block.log_size = in.uint();
  certificate.block.log_root = in.hash();
  certificate.signatures = read_signatures(in);
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  if (auto order = check_order(certificate.signatures); !order) {
    return std::unexpected(order.error());
  }
  return certificate;
}

std::expected<PolkaCertificate, Refusal> decode_polka_certificate(crypto::ByteSpan bytes) {
  CborReader in(bytes);
  PolkaCertificate certificate;
  in.array_exact(5);
  certificate.height = {in.uint()};
  certificate.round = read_round(in);
  certificate.header_hash = in.hash();
  certificate.valid_round = {static_cast<std::int32_t>(in.integer(-1, kRoundMax))};
  certificate.signatures = read_signatures(in);
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  if (auto order = check_order(certificate.signatures); !order) {
    return std::unexpected(order.error());
  }
  return certificate;
}

std::expected<RoundCertificate, Refusal> decode_round_certificate(crypto::ByteSpan bytes,
                                                                  std::string_view chain_id) {
  CborReader in(bytes);
  RoundCertificate certificate;
  in.array_exact(3);
  certificate.height = {in.uint()};
  certificate.round = read_round(in);
  const std::size_t count = in.array(kValidatorsMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const crypto::ByteSpan item = in.item();
    if (!in.ok()) break;
    auto vote = decode_vote(item, chain_id);
    if (!vote) return std::unexpected(vote.error());
    certificate.votes.push_back(*std::move(vote));
  }
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  if (auto order = check_order(certificate.votes); !order) return std::unexpected(order.error());
  return certificate;
}

std::expected<void, Refusal> verify(const CommitCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  return verify_quorum(certificate, chain_id, validators);
}

std::expected<void, Refusal> verify(const PolkaCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  return verify_quorum(certificate, chain_id, validators);
}

std::expected<void, Refusal> verify(const RoundCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  std::uint64_t before = 0;
  std::uint64_t reached = 0;
  const auto power = power_of(certificate.votes, validators);
  if (!power) return std::unexpected(power.error());
  for (const Vote& vote : certificate.votes) {
    if (vote.height != certificate.height) return std::unexpected(Refusal::wrong_height);
    const std::uint64_t vote_power = validators.find(vote.org)->power;
    if (vote.round >= certificate.round) {
      reached += vote_power;
    } else if (vote.type == VoteType::precommit && vote.round.next() == certificate.round) {
      before += vote_power;
    } else {
      return std::unexpected(Refusal::wrong_round);
    }
  }
  const bool holds = validators.is_quorum(before) || validators.is_honest(reached);
  if (!holds) return std::unexpected(Refusal::no_quorum);
  return verify_all(certificate.votes, chain_id, validators);
}

}  // namespace treeproof::bft
