// A snapshot's records: the state after one decided block with all that proves it, as a file that
// is read and written from front to back.
// Owns the encoding, not what must hold (snapshot_reader.h). Callers: whoever writes or reads a
// snapshot. Pure. Source: docs/protocol.md section 12; docs/consensus.md rule 28.
//
//   snapshot = record, record, ...
//   record = u32 length (big-endian), length bytes of CBOR: an array whose first item is its kind
//
// Kinds never descend; head, block and end stand there once.
#pragma once

#include <variant>
#include <vector>

#include "consensus/bft/certificates.h"
#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/block.h"
#include "consensus/ledger/state.h"

namespace treeproof::replica {

struct SnapshotHead {  // 0
  std::string chain_id;
  crypto::Bytes validators;  // the first set: entry 1 of the log
};
// A change of validators before or at the block, ascending.  1
struct SnapshotSetChange {
  crypto::Bytes header;
  bft::CommitCertificate certificate;
  crypto::Bytes validators;  // in force from the next height on
};
// The block whose state this is.  2
struct SnapshotBlock {
  ledger::Block block;
  bft::CommitCertificate certificate;
};
// Leaf hashes of the log in order, from entry 0 on.  3
struct SnapshotLog {
  static constexpr std::size_t kHashesMax = 256;  // a tile
  std::vector<crypto::Hash> leaf_hashes;
};
// An object with the pages of its members that were ever written, and the links it derived.  4
struct SnapshotObject {
  ledger::ObjectKey key;
  ledger::SharedBytes value;
  std::vector<std::pair<std::uint32_t, ledger::SharedBytes>> pages;  // ascending
  std::optional<std::vector<ledger::LinkRange>> links;
};
// In files only: peers ask one another for attachments by their roots.  5
struct SnapshotAttachment {
  ledger::AttachmentPtr attachment;
};
struct SnapshotEnd {};  // 6

using SnapshotRecord = std::variant<SnapshotHead, SnapshotSetChange, SnapshotBlock, SnapshotLog,
                                    SnapshotObject, SnapshotAttachment, SnapshotEnd>;

inline constexpr std::size_t kSnapshotLengthBytes = 4;

void append_snapshot_record(crypto::Bytes& out, const SnapshotRecord& record);
// The content of one record. Strict and bounded; an attachment is checked against its root. A
// stable text where it is refused.
std::expected<SnapshotRecord, std::string> decode_snapshot_record(crypto::ByteSpan content);

}  // namespace treeproof::replica
