// What peers say to one another after the hello: one frame each, decoded strictly.
// Owns no socket and no state. Callers: replica (makes), host's pool (decodes). Pure.
// Source: docs/protocol.md section 10; docs/consensus.md rules 8, 17, 23, 25, 27, 28.
#pragma once

#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "consensus/bft/evidence.h"
#include "consensus/bft/guard.h"
#include "consensus/ledger/block.h"
#include "consensus/ledger/statement.h"

namespace treeproof::replica {

// The frame's kind byte is the index of the alternative in Message plus one.
struct Status {  // on connecting, after each commit, and while stuck
  Height decided;
};
struct Statements {  // pending ones, to all
  std::vector<ledger::StatementPtr> statements;
};
struct Body {  // of a block that is proposed or voted for
  std::shared_ptr<const ledger::Block> block;
  crypto::Hash header_hash{};
};
struct BodyWanted {
  crypto::Hash header_hash{};
};
struct Decided {  // a block and its certificate, for who is behind
  bft::CommitCertificate certificate;
  std::shared_ptr<const ledger::Block> block;
};
struct DecidedWanted {
  Height from;
  std::uint64_t count = 0;
};
struct AttachmentsHeld {
  static constexpr std::size_t kRootsMax = 4'096;
  std::vector<crypto::Hash> roots;
};
struct AttachmentWanted {
  crypto::Hash root{};
  std::uint64_t offset = 0;
};
struct AttachmentPart {
  crypto::Hash root{};
  std::uint64_t offset = 0;
  crypto::Bytes bytes;
};
// After a restart a validator asks for the highest message of its own before it signs again. It
// comes back as it was signed, so that nobody can make one up. [rule 23]
using SignedMessage = std::variant<bft::Proposal, bft::Vote>;
bft::SignPosition position_of(const SignedMessage& message) noexcept;
struct OwnVoteWanted {};
struct OwnVoteHeld {
  Height decided;  // by who answers: only a claim
  std::optional<SignedMessage> message;
};
// Evidence against a validator, to all: once when it becomes known, and to who connects. [rule 25]
struct EvidenceShown {
  bft::Evidence evidence;
};

// A snapshot of state without attachments, in parts of kSnapshotPartBytes, the last one shorter;
// the root is over the parts as an RFC 9162 tree has it. [rule 28]
struct SnapshotOffer {
  Height height;
  std::uint64_t bytes = 0;
  crypto::Hash root{};
  bool operator==(const SnapshotOffer&) const = default;
};
struct SnapshotPartId {
  crypto::Hash root{};
  std::uint64_t index = 0;
  bool operator==(const SnapshotPartId&) const = default;
};
struct SnapshotWanted {  // the offer, where no part is named
  std::optional<SnapshotPartId> part;
};
struct SnapshotOffered {  // the newest, or that there is none; also where a part is not held
  std::optional<SnapshotOffer> offer;
};
struct SnapshotPart {
  SnapshotPartId id;
  std::vector<crypto::Hash> path;
  crypto::Bytes bytes;
};

using Message =
    std::variant<Status, bft::Proposal, bft::Vote, bft::PolkaCertificate, bft::RoundCertificate,
                 Statements, Body, BodyWanted, Decided, DecidedWanted, AttachmentsHeld,
                 AttachmentWanted, AttachmentPart, OwnVoteWanted, OwnVoteHeld, EvidenceShown,
                 SnapshotWanted, SnapshotOffered, SnapshotPart>;

inline constexpr std::uint8_t kKindFirst = 1;
inline constexpr std::uint8_t kKindLast = std::variant_size_v<Message>;
inline constexpr std::size_t kAttachmentPartBytes = 4u << 20;
inline constexpr std::size_t kStatementsFrameBytes = 1u << 20;
inline constexpr std::size_t kDecidedWantedMax = 16;
inline constexpr std::size_t kSnapshotPathMax = 20;  // hashes: of kSnapshotPartsMax parts

template <class T>
inline constexpr bool is_of_snapshots =
    std::same_as<T, SnapshotWanted> || std::same_as<T, SnapshotOffered> ||
    std::same_as<T, SnapshotPart>;

std::uint8_t kind_of(const Message& message);
// The largest payload of a kind: what a mesh lets in.
std::size_t payload_bytes_max(std::uint8_t kind);
// Whether organisations that may only catch up exchange this kind.
bool serves_catch_up(std::uint8_t kind);

crypto::Bytes encode(const Message& message, std::string_view chain_id);
// A stable text where the payload is refused. A statement that does not parse spoils its frame:
// a correct peer parsed it before sending.
std::expected<Message, std::string> decode(std::uint8_t kind, crypto::ByteSpan payload,
                                           std::string_view chain_id);

}  // namespace treeproof::replica
