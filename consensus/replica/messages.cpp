#include "consensus/replica/messages.h"

#include <cassert>

#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

using crypto::Bytes;
using crypto::ByteSpan;
using crypto::CborReader;
using crypto::CborWriter;
template <class T>
using Decoded = std::expected<T, std::string>;

constexpr std::size_t kStatementsPerMessage = 8'192;
static_assert(kSnapshotPartsMax <= std::uint64_t{1} << kSnapshotPathMax);

Bytes payload_of(const Status& status, std::string_view) {
  return CborWriter().uint(status.decided.value).finish();
}
Bytes payload_of(const bft::Proposal& proposal, std::string_view chain_id) {
  return bft::encode(proposal, chain_id);
}
Bytes payload_of(const bft::Vote& vote, std::string_view chain_id) {
  return bft::encode(vote, chain_id);
}
Bytes payload_of(const bft::PolkaCertificate& certificate, std::string_view) {
  return bft::encode(certificate);
}
Bytes payload_of(const bft::RoundCertificate& certificate, std::string_view chain_id) {
  return bft::encode(certificate, chain_id);
}
Bytes payload_of(const Statements& message, std::string_view) {
  CborWriter out;
  out.array(message.statements.size());
  for (const auto& statement : message.statements) out.bytes(statement->bytes);
  return out.finish();
}
Bytes payload_of(const Body& body, std::string_view) { return ledger::encode_block(*body.block); }
Bytes payload_of(const BodyWanted& wanted, std::string_view) {
  return CborWriter().bytes(wanted.header_hash).finish();
}
Bytes payload_of(const Decided& decided, std::string_view) {
  const Bytes certificate = bft::encode(decided.certificate);
  const Bytes block = ledger::encode_block(*decided.block);
  return CborWriter().array(2).bytes(certificate).bytes(block).finish();
}
Bytes payload_of(const DecidedWanted& wanted, std::string_view) {
  return CborWriter().array(2).uint(wanted.from.value).uint(wanted.count).finish();
}
Bytes payload_of(const AttachmentsHeld& held, std::string_view) {
  CborWriter out;
  out.array(held.roots.size());
  for (const auto& root : held.roots) out.bytes(root);
  return out.finish();
}
Bytes payload_of(const AttachmentWanted& wanted, std::string_view) {
  return CborWriter().array(2).bytes(wanted.root).uint(wanted.offset).finish();
}
Bytes payload_of(const AttachmentPart& part, std::string_view) {
  return CborWriter().array(3).bytes(part.root).uint(part.offset).bytes(part.bytes).finish();
}
Bytes payload_of(const OwnVoteWanted&, std::string_view) { return CborWriter().null().finish(); }
Bytes payload_of(const OwnVoteHeld& held, std::string_view chain_id) {
  CborWriter out;
  out.array(2).uint(held.decided.value);
  if (!held.message) return out.null().finish();
  const auto add = [&](const auto& message) {
    out.array(2).uint(kind_of(message)).bytes(bft::encode(message, chain_id));
  };
  std::visit(add, *held.message);
  return out.finish();
}
Bytes payload_of(const EvidenceShown& shown, std::string_view chain_id) {
  return bft::encode(shown.evidence, chain_id);
}
void write(CborWriter& out, const SnapshotPartId& id) { out.bytes(id.root).uint(id.index); }
Bytes payload_of(const SnapshotWanted& wanted, std::string_view) {
  CborWriter out;
  if (!wanted.part) return out.null().finish();
  out.array(2);
  write(out, *wanted.part);
  return out.finish();
}
Bytes payload_of(const SnapshotOffered& offered, std::string_view) {
  CborWriter out;
  if (!offered.offer) return out.null().finish();
  const SnapshotOffer& offer = *offered.offer;
  return out.array(3).uint(offer.height.value).uint(offer.bytes).bytes(offer.root).finish();
}
Bytes payload_of(const SnapshotPart& part, std::string_view) {
  CborWriter out;
  out.array(4);
  write(out, part.id);
  out.array(part.path.size());
  for (const auto& hash : part.path) out.bytes(hash);
  return out.bytes(part.bytes).finish();
}

template <class T, class U>
Decoded<Message> from_bft(std::expected<U, bft::Refusal> decoded) {
  if (!decoded) return std::unexpected(std::string(bft::to_string(decoded.error())));
  return Message(T(*std::move(decoded)));
}

Decoded<Message> ended(CborReader& in, Message message) {
  if (auto end = in.finish(); !end) {
    return std::unexpected(std::string(crypto::to_string(end.error())));
  }
  return message;
}

Decoded<Message> decode_statements(ByteSpan payload, std::string_view chain_id) {
  CborReader in(payload);
  const std::size_t count = in.array(kStatementsPerMessage);
  Statements message;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const ByteSpan bytes = in.bytes(kStatementBytesMax);
    if (!in.ok()) break;
    auto statement = ledger::parse_statement(crypto::to_bytes(bytes), chain_id);
    if (!statement) return std::unexpected(ledger::to_string(statement.error()));
    message.statements.push_back(*std::move(statement));
  }
  return ended(in, std::move(message));
}

Decoded<std::shared_ptr<const ledger::Block>> decode_body(ByteSpan payload) {
  auto block = ledger::decode_block(payload);
  if (!block) return std::unexpected(std::string(crypto::to_string(block.error())));
  return std::make_shared<const ledger::Block>(*std::move(block));
}

Decoded<Message> decode_body_message(ByteSpan payload) {
  auto block = decode_body(payload);
  if (!block) return std::unexpected(block.error());
  const crypto::Hash hash = ledger::header_hash((*block)->header_bytes);
  return Body{*std::move(block), hash};
}

Decoded<Message> decode_decided(ByteSpan payload) {
  CborReader in(payload);
  in.array_exact(2);
  const ByteSpan certificate_bytes = in.bytes(kBlockBytesMax);
  const ByteSpan block_bytes = in.bytes(kBlockBytesMax);
  if (!in.ok()) return ended(in, Status{});
  auto certificate = bft::decode_commit_certificate(certificate_bytes);
  if (!certificate) return std::unexpected(std::string(bft::to_string(certificate.error())));
  auto block = decode_body(block_bytes);
  if (!block) return std::unexpected(block.error());
  return ended(in, Decided{*std::move(certificate), *std::move(block)});
}

Decoded<Message> decode_held(ByteSpan payload) {
  CborReader in(payload);
  const std::size_t count = in.array(AttachmentsHeld::kRootsMax);
  AttachmentsHeld message;
  for (std::size_t i = 0; i < count && in.ok(); ++i) message.roots.push_back(in.hash());
  return ended(in, std::move(message));
}

Decoded<Message> decode_part(ByteSpan payload) {
  CborReader in(payload);
  in.array_exact(3);
  AttachmentPart part;
  part.root = in.hash();
  part.offset = in.uint(kAttachmentBytesMax);
  part.bytes = crypto::to_bytes(in.bytes(kAttachmentPartBytes));
  return ended(in, std::move(part));
}

SnapshotPartId read_part_id(CborReader& in) {
  SnapshotPartId id;
  id.root = in.hash();
  id.index = in.uint(kSnapshotPartsMax - 1);
  return id;
}

Decoded<Message> decode_snapshot_wanted(ByteSpan payload) {
  CborReader in(payload);
  SnapshotWanted wanted;
  if (in.next_is_null()) {
    in.null();
  } else {
    in.array_exact(2);
    wanted.part = read_part_id(in);
  }
  return ended(in, wanted);
}

Decoded<Message> decode_snapshot_offered(ByteSpan payload) {
  CborReader in(payload);
  if (in.next_is_null()) {
    in.null();
    return ended(in, SnapshotOffered{});
  }
  in.array_exact(3);
  SnapshotOffer offer;
  offer.height.value = in.uint();
  offer.bytes = in.uint(kSnapshotPartsMax * kSnapshotPartBytes);
  offer.root = in.hash();
  const bool is_empty = offer.height.value == 0 || offer.bytes == 0;
  if (in.ok() && is_empty) in.fail(crypto::CborError::out_of_range);
  return ended(in, SnapshotOffered{offer});
}

Decoded<Message> decode_snapshot_part(ByteSpan payload) {
  CborReader in(payload);
  in.array_exact(4);
  SnapshotPart part;
  part.id = read_part_id(in);
  const std::size_t hashes = in.array(kSnapshotPathMax);
  for (std::size_t i = 0; i < hashes && in.ok(); ++i) part.path.push_back(in.hash());
  part.bytes = crypto::to_bytes(in.bytes(kSnapshotPartBytes));
  if (in.ok() && part.bytes.empty()) in.fail(crypto::CborError::out_of_range);
  return ended(in, std::move(part));
}

template <std::size_t kIndex = 0, class T>
constexpr bool is_kind(std::uint8_t kind) {
  if constexpr (std::same_as<std::variant_alternative_t<kIndex, Message>, T>) {
    return kind == kIndex + 1;
  } else {
    return is_kind<kIndex + 1, T>(kind);
  }
}

template <class T>
Decoded<Message> with_own(Height decided, std::expected<T, bft::Refusal> message) {
  if (!message) return std::unexpected(std::string(bft::to_string(message.error())));
  return OwnVoteHeld{decided, *std::move(message)};
}

Decoded<Message> decode_own_vote(ByteSpan payload, std::string_view chain_id) {
  CborReader in(payload);
  in.array_exact(2);
  const Height decided{in.uint()};
  if (in.next_is_null()) {
    in.null();
    return ended(in, OwnVoteHeld{decided, {}});
  }
  in.array_exact(2);
  const auto kind = static_cast<std::uint8_t>(in.uint(kKindLast));
  const ByteSpan message = in.bytes(bft::kMessageBytesMax);
  if (auto end = in.finish(); !end) {
    return std::unexpected(std::string(crypto::to_string(end.error())));
  }
  if (is_kind<0, bft::Proposal>(kind)) {
    return with_own(decided, bft::decode_proposal(message, chain_id));
  }
  if (is_kind<0, bft::Vote>(kind)) return with_own(decided, bft::decode_vote(message, chain_id));
  return std::unexpected("frame_kind_unknown");
}

}  // namespace

bft::SignPosition position_of(const SignedMessage& message) noexcept {
  return std::visit([](const auto& chosen) { return bft::position_of(chosen); }, message);
}

std::uint8_t kind_of(const Message& message) {
  return static_cast<std::uint8_t>(message.index() + 1);
}

std::size_t payload_bytes_max(std::uint8_t kind) {
  if (is_kind<0, Body>(kind)) return kBlockBytesMax;
  if (is_kind<0, Decided>(kind)) return kFrameBytesMax;
  if (is_kind<0, AttachmentPart>(kind)) return kAttachmentPartBytes + 64;
  if (is_kind<0, Statements>(kind)) return kStatementsFrameBytes + kStatementBytesMax + 16;
  const bool is_certificate =
      is_kind<0, bft::PolkaCertificate>(kind) || is_kind<0, bft::RoundCertificate>(kind);
  if (is_certificate) return kValidatorsMax * bft::kMessageBytesMax;
  if (is_kind<0, AttachmentsHeld>(kind)) return AttachmentsHeld::kRootsMax * 34 + 16;
  if (is_kind<0, OwnVoteHeld>(kind)) return bft::kMessageBytesMax + 16;
  if (is_kind<0, EvidenceShown>(kind)) return kEvidenceBytesMax;
  if (is_kind<0, SnapshotPart>(kind)) return kSnapshotPartBytes + kSnapshotPathMax * 34 + 64;
  return bft::kMessageBytesMax;
}

bool serves_catch_up(std::uint8_t kind) {
  return is_kind<0, Status>(kind) || is_kind<0, Decided>(kind) || is_kind<0, DecidedWanted>(kind) ||
         is_kind<0, AttachmentWanted>(kind) || is_kind<0, AttachmentPart>(kind) ||
         is_kind<0, SnapshotWanted>(kind) || is_kind<0, SnapshotOffered>(kind) ||
         is_kind<0, SnapshotPart>(kind);
}

Bytes encode(const Message& message, std::string_view chain_id) {
  return std::visit([&](const auto& chosen) { return payload_of(chosen, chain_id); }, message);
}

std::expected<Message, std::string> decode(std::uint8_t kind, ByteSpan payload,
                                           std::string_view chain_id) {
  if (kind < kKindFirst || kind > kKindLast) return std::unexpected("frame_kind_unknown");
  if (payload.size() > payload_bytes_max(kind)) return std::unexpected("frame_too_large");
  CborReader in(payload);
  if (is_kind<0, bft::Proposal>(kind)) {
    return from_bft<bft::Proposal>(bft::decode_proposal(payload, chain_id));
  }
  if (is_kind<0, bft::Vote>(kind)) return from_bft<bft::Vote>(bft::decode_vote(payload, chain_id));
  if (is_kind<0, bft::PolkaCertificate>(kind)) {
    return from_bft<bft::PolkaCertificate>(bft::decode_polka_certificate(payload));
  }
  if (is_kind<0, bft::RoundCertificate>(kind)) {
    return from_bft<bft::RoundCertificate>(bft::decode_round_certificate(payload, chain_id));
  }
  if (is_kind<0, Statements>(kind)) return decode_statements(payload, chain_id);
  if (is_kind<0, Body>(kind)) return decode_body_message(payload);
  if (is_kind<0, Decided>(kind)) return decode_decided(payload);
  if (is_kind<0, AttachmentsHeld>(kind)) return decode_held(payload);
  if (is_kind<0, AttachmentPart>(kind)) return decode_part(payload);
  if (is_kind<0, OwnVoteHeld>(kind)) return decode_own_vote(payload, chain_id);
  if (is_kind<0, EvidenceShown>(kind)) {
    return from_bft<EvidenceShown>(bft::decode_evidence(payload, chain_id));
  }
  if (is_kind<0, SnapshotWanted>(kind)) return decode_snapshot_wanted(payload);
  if (is_kind<0, SnapshotOffered>(kind)) return decode_snapshot_offered(payload);
  if (is_kind<0, SnapshotPart>(kind)) return decode_snapshot_part(payload);
  if (is_kind<0, Status>(kind)) {
    const Status status{Height{in.uint()}};
    return ended(in, status);
  }
  if (is_kind<0, BodyWanted>(kind)) {
    const BodyWanted wanted{in.hash()};
    return ended(in, wanted);
  }
  if (is_kind<0, DecidedWanted>(kind)) {
    in.array_exact(2);
    DecidedWanted wanted;
    wanted.from.value = in.uint();
    wanted.count = in.uint(kDecidedWantedMax);
    return ended(in, wanted);
  }
  if (is_kind<0, AttachmentWanted>(kind)) {
    in.array_exact(2);
    AttachmentWanted wanted;
    wanted.root = in.hash();
    wanted.offset = in.uint(kAttachmentBytesMax);
    return ended(in, wanted);
  }
  assert((is_kind<0, OwnVoteWanted>(kind)));
  in.null();
  return ended(in, OwnVoteWanted{});
}

}  // namespace treeproof::replica
