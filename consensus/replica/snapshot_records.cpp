#include "consensus/replica/snapshot_records.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/pages.h"

namespace treeproof::replica {

namespace {

using crypto::Bytes;
using crypto::ByteSpan;
using crypto::CborReader;
using crypto::CborWriter;
using Decoded = std::expected<SnapshotRecord, std::string>;

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kHeaderBytesMax = 1'024;
constexpr std::size_t kCommitBytesMax = 64u << 10;
constexpr std::size_t kValidatorsBytesMax = 64u << 10;
constexpr std::size_t kNamespaceBytesMax = 48;

void write(CborWriter& out, const SnapshotHead& head) {
  out.array(4).uint(0).uint(kVersion).text(head.chain_id).bytes(head.validators);
}
void write(CborWriter& out, const SnapshotSetChange& change) {
  out.array(4).uint(1).bytes(change.header).bytes(bft::encode(change.certificate));
  out.bytes(change.validators);
}
void write(CborWriter& out, const SnapshotBlock& block) {
  out.array(3).uint(2).bytes(ledger::encode_block(block.block));
  out.bytes(bft::encode(block.certificate));
}
void write(CborWriter& out, const SnapshotLog& log) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(log.leaf_hashes.data());
  out.array(2).uint(3).bytes({first, log.leaf_hashes.size() * sizeof(crypto::Hash)});
}
void write(CborWriter& out, const SnapshotObject& object) {
  out.array(6).uint(4).text(object.key.name_space).bytes(crypto::as_bytes(object.key.id));
  out.bytes(*object.value).array(2 * object.pages.size());
  for (const auto& [index, page] : object.pages) out.uint(index).bytes(*page);
  object.links ? out.bytes(ledger::encode(*object.links)) : out.null();
}
void write(CborWriter& out, const SnapshotAttachment& record) {
  const ledger::AttachmentRef& announced = record.attachment->announced();
  out.array(4).uint(5).bytes(announced.root).uint(announced.count);
  out.bytes(record.attachment->bytes());
}
void write(CborWriter& out, const SnapshotEnd&) { out.array(1).uint(6); }

std::unexpected<std::string> refuse(std::string_view why) {
  return std::unexpected(std::string(why));
}

Decoded ended(CborReader& in, SnapshotRecord record) {
  if (auto end = in.finish(); !end) return refuse(crypto::to_string(end.error()));
  return record;
}

Decoded read_head(CborReader& in) {
  SnapshotHead head;
  if (in.uint() != kVersion) in.fail(crypto::CborError::out_of_range);
  head.chain_id = in.text(kChainIdCharsMax);
  head.validators = crypto::to_bytes(in.bytes(kValidatorsBytesMax));
  return ended(in, std::move(head));
}

Decoded read_set_change(CborReader& in) {
  SnapshotSetChange change;
  change.header = crypto::to_bytes(in.bytes(kHeaderBytesMax));
  const ByteSpan commit = in.bytes(kCommitBytesMax);
  change.validators = crypto::to_bytes(in.bytes(kValidatorsBytesMax));
  if (!in.ok()) return ended(in, SnapshotEnd{});
  auto certificate = bft::decode_commit_certificate(commit);
  if (!certificate) return refuse(bft::to_string(certificate.error()));
  change.certificate = *std::move(certificate);
  return ended(in, std::move(change));
}

Decoded read_block(CborReader& in) {
  const ByteSpan encoded = in.bytes(kBlockBytesMax);
  const ByteSpan commit = in.bytes(kCommitBytesMax);
  if (!in.ok()) return ended(in, SnapshotEnd{});
  auto block = ledger::decode_block(encoded);
  if (!block) return refuse(crypto::to_string(block.error()));
  auto certificate = bft::decode_commit_certificate(commit);
  if (!certificate) return refuse(bft::to_string(certificate.error()));
  return ended(in, SnapshotBlock{*std::move(block), *std::move(certificate)});
}

Decoded read_log(CborReader& in) {
  const ByteSpan bytes = in.bytes(SnapshotLog::kHashesMax * sizeof(crypto::Hash));
  if (in.ok() && (bytes.empty() || bytes.size() % sizeof(crypto::Hash) != 0)) {
    in.fail(crypto::CborError::out_of_range);
  }
  if (!in.ok()) return ended(in, SnapshotEnd{});
  SnapshotLog log;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(crypto::Hash)) {
    std::ranges::copy(bytes.subspan(at, sizeof(crypto::Hash)),
                      log.leaf_hashes.emplace_back().begin());
  }
  return ended(in, std::move(log));
}

void read_pages(CborReader& in, SnapshotObject& object) {
  const std::size_t items = in.array(2 * ledger::page_count(kAttachmentLeavesMax));
  if (in.ok() && items % 2 != 0) in.fail(crypto::CborError::out_of_range);
  for (std::size_t i = 0; i < items && in.ok(); i += 2) {
    const auto index =
        static_cast<std::uint32_t>(in.uint(ledger::page_count(kAttachmentLeavesMax) - 1));
    const ByteSpan page = in.bytes_exact(kPageBytes);
    const bool ascends = object.pages.empty() || object.pages.back().first < index;
    if (in.ok() && !ascends) in.fail(crypto::CborError::out_of_range);
    object.pages.emplace_back(index, std::make_shared<const Bytes>(crypto::to_bytes(page)));
  }
}

// The key of an object is its namespace, a zero and its id: no zero may stand in a namespace.
Decoded read_object(CborReader& in) {
  SnapshotObject object;
  object.key.name_space = in.text(kNamespaceBytesMax);
  object.key.id = crypto::as_text(in.bytes(kTextBytesMax));
  const bool is_named = !object.key.name_space.empty() && !object.key.name_space.contains('\0');
  if (in.ok() && !is_named) in.fail(crypto::CborError::out_of_range);
  object.value = std::make_shared<const Bytes>(crypto::to_bytes(in.bytes(kSnapshotRecordBytesMax)));
  if (in.ok() && object.value->empty()) in.fail(crypto::CborError::out_of_range);
  read_pages(in, object);
  if (in.ok() && in.next_is_null()) {
    in.null();
    return ended(in, std::move(object));
  }
  const ByteSpan ranges = in.bytes(kSnapshotRecordBytesMax);
  if (!in.ok()) return ended(in, SnapshotEnd{});
  auto links = ledger::decode_link_ranges(ranges);
  if (!links) return refuse(crypto::to_string(links.error()));
  object.links = *std::move(links);
  return ended(in, std::move(object));
}

Decoded read_attachment(CborReader& in) {
  ledger::AttachmentRef announced;
  announced.root = in.hash();
  announced.count = in.uint();
  const ByteSpan bytes = in.bytes(kAttachmentBytesMax);
  if (!in.ok()) return ended(in, SnapshotEnd{});
  announced.bytes = bytes.size();
  auto attachment = ledger::Attachment::check(crypto::to_bytes(bytes), announced);
  if (!attachment) return refuse(ledger::to_string(attachment.error()));
  return ended(in, SnapshotAttachment{*std::move(attachment)});
}

}  // namespace

void append_snapshot_record(Bytes& out, const SnapshotRecord& record) {
  CborWriter writer;
  std::visit([&](const auto& chosen) { write(writer, chosen); }, record);
  const Bytes content = writer.finish();
  assert(content.size() <= kSnapshotRecordBytesMax);
  crypto::append_u32be(out, static_cast<std::uint32_t>(content.size()));
  out.insert(out.end(), content.begin(), content.end());
}

std::expected<SnapshotRecord, std::string> decode_snapshot_record(ByteSpan content) {
  using Read = Decoded (*)(CborReader&);
  static constexpr std::array<Read, std::variant_size_v<SnapshotRecord>> kReads{
      read_head,
      read_set_change,
      read_block,
      read_log,
      read_object,
      read_attachment,
      [](CborReader& in) { return ended(in, SnapshotEnd{}); }};
  static constexpr std::array<std::size_t, kReads.size()> kItems{4, 4, 3, 2, 6, 4, 1};
  CborReader in(content);
  const std::size_t items = in.array(kItems[4]);
  const std::uint64_t kind = in.uint(kReads.size() - 1);
  if (in.ok() && items != kItems[kind]) in.fail(crypto::CborError::out_of_range);
  return in.ok() ? kReads[kind](in) : ended(in, SnapshotEnd{});
}

}  // namespace treeproof::replica
