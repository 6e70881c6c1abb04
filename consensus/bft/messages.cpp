#include "consensus/bft/messages.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "crypto/cose.h"

namespace treeproof::bft {

namespace {

using crypto::Bytes;
using crypto::ByteSpan;
using crypto::CborReader;
using crypto::CborWriter;
using crypto::ProtectedHeader;

constexpr std::string_view kProposalTyp = "application/treeproof-proposal+cose";
constexpr std::string_view kPrevoteTyp = "application/treeproof-prevote+cose";
constexpr std::string_view kNilTyp = "application/treeproof-nil+cose";
constexpr std::string_view kReceiptTyp = "application/treeproof-receipt+cose";

constexpr std::uint64_t kLogSizeMax = INT64_MAX;
constexpr std::uint64_t kLogSizeMin = 2;  // no smaller tree is ever signed
constexpr std::size_t kPayloadBytesMax = 64;

bool is_receipt(const Vote& vote) { return vote.type == VoteType::precommit && vote.value; }

std::string_view typ_of(const Vote& vote) {
  if (vote.type == VoteType::prevote) return kPrevoteTyp;
  return vote.value ? kReceiptTyp : kNilTyp;
}

ProtectedHeader header_of(std::string_view typ, const std::string& org, const crypto::Kid& kid,
                          std::string_view chain_id) {
  ProtectedHeader header;
  header.kid = kid;
  header.issuer = org;
  header.audience = chain_id;
  header.typ = typ;
  return header;
}

Bytes protected_bytes(const Vote& vote, std::string_view chain_id) {
  ProtectedHeader header = header_of(typ_of(vote), vote.org, vote.kid, chain_id);
  if (is_receipt(vote)) {
    header.bind =
        crypto::ReceiptBind{vote.height.value, static_cast<std::uint32_t>(vote.round.value),
                            vote.value->log_size, vote.value->header_hash};
  }
  return crypto::encode(header);
}

Bytes protected_bytes(const Proposal& proposal, std::string_view chain_id) {
  return crypto::encode(header_of(kProposalTyp, proposal.org, proposal.kid, chain_id));
}

// CBOR [height, round, header hash or null, valid round].
Bytes payload_bytes(Height height, Round round, const crypto::Hash* header_hash,
                    Round valid_round) {
  assert(round.exists());
  CborWriter out(kPayloadBytesMax);
  out.array(4).uint(height.value).uint(static_cast<std::uint64_t>(round.value));
  if (header_hash != nullptr) {
    out.bytes(*header_hash);
  } else {
    out.null();
  }
  return out.integer(valid_round.value).finish();
}

Bytes payload_bytes(const Vote& vote) {
  if (is_receipt(vote)) return crypto::to_bytes(vote.value->log_root);
  const crypto::Hash* header_hash = vote.value ? &vote.value->header_hash : nullptr;
  return payload_bytes(vote.height, vote.round, header_hash, vote.valid_round);
}

Bytes payload_bytes(const Proposal& proposal) {
  return payload_bytes(proposal.height, proposal.round, &proposal.header_hash,
                       proposal.valid_round);
}

struct Payload {
  Height height;
  Round round;
  std::optional<crypto::Hash> header_hash;
  Round valid_round;
};

std::optional<Payload> read_payload(ByteSpan bytes) {
  CborReader in(bytes);
  Payload payload;
  in.array_exact(4);
  payload.height = {in.uint()};
  payload.round = {static_cast<std::int32_t>(in.uint(kRoundMax))};
  if (in.next_is_null()) {
    in.null();
  } else {
    payload.header_hash = in.hash();
  }
  payload.valid_round = {static_cast<std::int32_t>(in.integer(-1, kRoundMax))};
  if (!in.finish()) return std::nullopt;
  return payload;
}

bool in_range(Height height, Round round, Round valid_round) {
  return height.value >= 1 && round.exists() && round.value <= kRoundMax &&
         valid_round >= kNoRound && valid_round < round;
}

bool in_range(const Vote& vote) {
  if (!in_range(vote.height, vote.round, vote.valid_round)) return false;
  if (vote.type == VoteType::prevote) {
    if (!vote.value) return vote.valid_round == kNoRound;
    return *vote.value == prevote_value(vote.value->header_hash);
  }
  if (vote.valid_round != kNoRound) return false;
  return !vote.value ||
         (vote.value->log_size >= kLogSizeMin && vote.value->log_size <= kLogSizeMax);
}

bool is_org_id(std::string_view org) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !org.empty() && org.size() <= kOrgIdCharsMax && std::ranges::all_of(org, allowed);
}

// What is common to all four forms: the parsed COSE and its protected header.
struct Signed {
  crypto::Sign1View view;
  ProtectedHeader header;
};

std::expected<Signed, Refusal> read_signed(ByteSpan bytes, std::string_view chain_id) {
  const auto view =
      crypto::decode_sign1(bytes, kPayloadBytesMax, crypto::Unprotected::must_be_empty);
  if (!view) return std::unexpected(Refusal::malformed);
  auto header = crypto::decode_protected(view->protected_header);
  if (!header) return std::unexpected(Refusal::malformed);
  if (header->audience != chain_id) return std::unexpected(Refusal::wrong_chain);
  if (!is_org_id(header->issuer)) return std::unexpected(Refusal::out_of_range);
  return Signed{*view, *std::move(header)};
}

std::expected<Vote, Refusal> read_receipt(ByteSpan bytes, std::string_view chain_id) {
  CborReader in(bytes);
  in.array_exact(2);
  const ByteSpan sign1 = in.item();
  const crypto::Hash log_root = in.hash();
  if (!in.finish()) return std::unexpected(Refusal::malformed);
  const auto read = read_signed(sign1, chain_id);
  if (!read) return std::unexpected(read.error());
  if (read->header.typ != kReceiptTyp) return std::unexpected(Refusal::wrong_type);
  if (read->view.payload || !read->header.bind) return std::unexpected(Refusal::malformed);
  const crypto::ReceiptBind& bind = *read->header.bind;
  if (bind.round > static_cast<std::uint32_t>(kRoundMax)) {
    return std::unexpected(Refusal::out_of_range);
  }
  return Vote{VoteType::precommit,
              {bind.height},
              {static_cast<std::int32_t>(bind.round)},
              BlockId{bind.header_hash, bind.log_size, log_root},
              kNoRound,
              read->header.issuer,
              read->header.kid,
              read->view.signature};
}

std::expected<Vote, Refusal> read_plain_vote(ByteSpan bytes, std::string_view chain_id) {
  const auto read = read_signed(bytes, chain_id);
  if (!read) return std::unexpected(read.error());
  const bool is_nil = read->header.typ == kNilTyp;
  if (!is_nil && read->header.typ != kPrevoteTyp) return std::unexpected(Refusal::wrong_type);
  if (!read->view.payload) return std::unexpected(Refusal::malformed);
  const auto payload = read_payload(*read->view.payload);
  if (!payload) return std::unexpected(Refusal::malformed);
  if (is_nil && payload->header_hash) return std::unexpected(Refusal::wrong_type);
  Vote vote{is_nil ? VoteType::precommit : VoteType::prevote,
            payload->height,
            payload->round,
            std::nullopt,
            payload->valid_round,
            read->header.issuer,
            read->header.kid,
            read->view.signature};
  if (payload->header_hash) vote.value = prevote_value(*payload->header_hash);
  return vote;
}

std::expected<void, Refusal> verify_signer(const std::string& org, const crypto::Kid& kid,
                                           const crypto::Hash& digest,
                                           const crypto::Signature& signature,
                                           const ValidatorSet& validators) {
  const Validator* validator = validators.find(org);
  if (validator == nullptr) return std::unexpected(Refusal::unknown_validator);
  if (validator->key.kid() != kid) return std::unexpected(Refusal::wrong_key);
  if (!validator->key.verify(digest, signature)) return std::unexpected(Refusal::bad_signature);
  return {};
}

}  // namespace

BlockId prevote_value(const crypto::Hash& header_hash) noexcept { return {header_hash, 0, {}}; }

bool same_statement(const Vote& left, const Vote& right) noexcept {
  return left.type == right.type && left.height == right.height && left.round == right.round &&
         left.value == right.value && left.valid_round == right.valid_round &&
         left.org == right.org;
}

crypto::Hash sign_digest(const Vote& vote, std::string_view chain_id) {
  return crypto::sig_structure_hash(protected_bytes(vote, chain_id), payload_bytes(vote));
}

crypto::Hash sign_digest(const Proposal& proposal, std::string_view chain_id) {
  return crypto::sig_structure_hash(protected_bytes(proposal, chain_id), payload_bytes(proposal));
}

Bytes encode(const Vote& vote, std::string_view chain_id) {
  const Bytes header = protected_bytes(vote, chain_id);
  if (!is_receipt(vote)) return crypto::encode_sign1(header, payload_bytes(vote), vote.signature);
  constexpr std::uint8_t kEmptyMap = 0xA0;
  const Bytes receipt =
      crypto::encode_sign1_detached(header, ByteSpan{&kEmptyMap, 1}, vote.signature);
  return CborWriter(kMessageBytesMax).array(2).raw(receipt).bytes(vote.value->log_root).finish();
}

Bytes encode(const Proposal& proposal, std::string_view chain_id) {
  return crypto::encode_sign1(protected_bytes(proposal, chain_id), payload_bytes(proposal),
                              proposal.signature);
}

std::expected<Vote, Refusal> decode_vote(ByteSpan bytes, std::string_view chain_id) {
  if (bytes.size() > kMessageBytesMax) return std::unexpected(Refusal::malformed);
  const bool receipt = CborReader(bytes).peek() == crypto::CborKind::array;
  auto vote = receipt ? read_receipt(bytes, chain_id) : read_plain_vote(bytes, chain_id);
  if (!vote) return vote;
  if (!in_range(*vote)) return std::unexpected(Refusal::out_of_range);
  // One encoding for each vote: whatever else the protected header may hold is refused.
  if (!crypto::equal(encode(*vote, chain_id), bytes)) return std::unexpected(Refusal::malformed);
  return vote;
}

std::expected<Proposal, Refusal> decode_proposal(ByteSpan bytes, std::string_view chain_id) {
  if (bytes.size() > kMessageBytesMax) return std::unexpected(Refusal::malformed);
  const auto read = read_signed(bytes, chain_id);
  if (!read) return std::unexpected(read.error());
  if (read->header.typ != kProposalTyp) return std::unexpected(Refusal::wrong_type);
  if (!read->view.payload) return std::unexpected(Refusal::malformed);
  const auto payload = read_payload(*read->view.payload);
  if (!payload || !payload->header_hash) return std::unexpected(Refusal::malformed);
  if (!in_range(payload->height, payload->round, payload->valid_round)) {
    return std::unexpected(Refusal::out_of_range);
  }
  Proposal proposal{payload->height,      payload->round,      *payload->header_hash,
                    payload->valid_round, read->header.issuer, read->header.kid,
                    read->view.signature};
  if (!crypto::equal(encode(proposal, chain_id), bytes)) {
    return std::unexpected(Refusal::malformed);
  }
  return proposal;
}

std::expected<void, Refusal> verify(const Vote& vote, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  if (!in_range(vote)) return std::unexpected(Refusal::out_of_range);
  if (validators.find(vote.org) == nullptr) return std::unexpected(Refusal::unknown_validator);
  return verify_signer(vote.org, vote.kid, sign_digest(vote, chain_id), vote.signature, validators);
}

std::expected<void, Refusal> verify_signature(const Proposal& proposal, std::string_view chain_id,
                                              const ValidatorSet& validators) {
  if (!in_range(proposal.height, proposal.round, proposal.valid_round)) {
    return std::unexpected(Refusal::out_of_range);
  }
  if (validators.find(proposal.org) == nullptr) {
    return std::unexpected(Refusal::unknown_validator);
  }
  return verify_signer(proposal.org, proposal.kid, sign_digest(proposal, chain_id),
                       proposal.signature, validators);
}

std::expected<void, Refusal> verify(const Proposal& proposal, std::string_view chain_id,
                                    const ValidatorSet& validators) {
  const bool can_be = proposal.round.exists() && validators.find(proposal.org) != nullptr;
  if (can_be && validators.proposer(proposal.height, proposal.round).org != proposal.org) {
    return std::unexpected(Refusal::wrong_proposer);
  }
  return verify_signature(proposal, chain_id, validators);
}

}  // namespace treeproof::bft
