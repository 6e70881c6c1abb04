#include "node/store/snapshot_writer.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/object_content.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/redaction.h"
#include "consensus/replica/snapshot_records.h"
#include "node/store/file.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"
#include "node/store/log_tiles.h"
#include "node/store/stored_state.h"

namespace treeproof::store {

namespace {

using Written = std::expected<void, std::string>;

class SnapshotWriter {
 public:
  SnapshotWriter(const StoreView& view, const bft::CommitCertificate& certificate,
                 const SnapshotOut& out)
      : view_(view),
        certificate_(certificate),
        database_(view.sources().database),
        snapshot_(view.snapshot()),
        out_(out) {}

  Written write_proof() {
    const auto first = read_validators(database_, snapshot_, Height{1});
    auto done = put(replica::SnapshotHead{view_.header().chain_id, first->encode()});
    for (const Height from : set_starts()) {
      if (!done) return done;
      done = write_set_change(from);
    }
    if (!done) return done;
    return put(replica::SnapshotBlock{*view_.block(view_.height()), certificate_});
  }

  // A tile to a record.
  Written write_log() {
    return each_log_leaf(database_, snapshot_, view_.header().log_size,
                         [&](std::span<const crypto::Hash> leaves) {
                           return put(replica::SnapshotLog{{leaves.begin(), leaves.end()}});
                         });
  }

  Written write_objects() {
    Cursor cursor = database_.cursor(snapshot_);
    for (cursor.seek("o"); cursor.valid() && cursor.key().starts_with('o'); cursor.next()) {
      const std::string_view name = cursor.key().substr(1);
      const std::size_t zero = name.find('\0');
      Version version = decode_version(cursor.value());
      if (zero == name.npos) return std::unexpected("the key of an object is malformed");
      if (!version.value) continue;
      const ledger::ObjectKey key{std::string(name.substr(0, zero)),
                                  std::string(name.substr(zero + 1))};
      if (auto done = write_object(key, std::move(version.value)); !done) return done;
    }
    return cursor.status();
  }

  Written write_attachments() {
    for (const std::string_view type : ledger::kTypesWithContent) {
      const std::string prefix = type_prefix(type);
      Cursor cursor = database_.cursor(snapshot_);
      for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
        const std::string id(cursor.key().substr(prefix.size()));
        if (auto done = write_attachment({"object", id}); !done) return done;
      }
      if (auto status = cursor.status(); !status) return status;
    }
    return {};
  }

  Written write_end() {
    auto done = put(replica::SnapshotEnd{});
    return done ? flush() : done;
  }

 private:
  static constexpr std::size_t kBufferBytes = 1u << 20;

  Written put(const replica::SnapshotRecord& record) {
    replica::append_snapshot_record(buffer_, record);
    return buffer_.size() < kBufferBytes ? Written{} : flush();
  }
  Written flush() {
    auto done = out_(buffer_);
    buffer_.clear();
    return done;
  }

  // The heights from which a set other than the first is in force, ascending.
  std::vector<Height> set_starts() const {
    std::vector<Height> starts;
    Cursor cursor = database_.cursor(snapshot_);
    for (cursor.seek("v"); cursor.valid() && cursor.key().starts_with('v'); cursor.next()) {
      const Height from{~crypto::read_u64be(crypto::as_bytes(cursor.key().substr(1)))};
      if (from.value > 0) starts.push_back(from);
    }
    Database::stop_if_failed(cursor);
    std::ranges::reverse(starts);
    return starts;
  }

  Written write_set_change(Height from) {
    const Height height{from.value - 1};
    const auto header = view_.header_bytes(height);
    auto certificate = carried_certificate(view_, height);
    if (!certificate) {
      certificate = height == view_.height() ? certificate_ : view_.certificate(height);
    }
    if (!header || !certificate) {
      return std::unexpected("the change of validators at height " + std::to_string(height.value) +
                             " is missing");
    }
    return put(replica::SnapshotSetChange{*header, *certificate,
                                          read_validators(database_, snapshot_, from)->encode()});
  }

  Written write_object(const ledger::ObjectKey& key, ledger::SharedBytes value) {
    const auto content = ledger::content_of(key, *value);
    if (!content) return std::unexpected("the object " + key.id + " does not decode");
    replica::SnapshotObject record{key, std::move(value), {}, {}};
    const std::uint32_t pages = content->pages ? ledger::page_count(content->pages->members) : 0;
    for (std::uint32_t index = 0; index < pages; ++index) {
      auto page = view_.page({key.id, index});
      if (page) record.pages.emplace_back(index, std::move(page));
    }
    if (content->links) record.links = view_.links({key.id});
    return put(record);
  }

  Written write_attachment(const ledger::ObjectKey& key) {
    const auto value = view_.object(key);
    const auto content = value ? ledger::content_of(key, *value) : ledger::ObjectContent{};
    if (!content || !content->attachment) return {};
    if (ledger::is_redacted(view_, content->attachment->root)) return {};
    auto attachment = view_.attachment(content->attachment->root);
    if (attachment) return put(replica::SnapshotAttachment{std::move(attachment)});
    return std::unexpected("the attachment of " + key.id + " is missing");
  }

  const StoreView& view_;
  const bft::CommitCertificate& certificate_;
  const Database& database_;
  const Snapshot& snapshot_;
  const SnapshotOut& out_;
  crypto::Bytes buffer_;
};

}  // namespace

std::optional<bft::CommitCertificate> carried_certificate(const StoreView& view, Height height) {
  const auto next = height < view.height() ? view.block(height.next()) : nullptr;
  if (!next) return std::nullopt;
  auto certificate = bft::decode_commit_certificate(next->previous_commit);
  if (!certificate) return std::nullopt;
  return *std::move(certificate);
}

Written write_snapshot(const StoreView& view, const bft::CommitCertificate& certificate,
                       SnapshotContent content, const SnapshotOut& out) {
  assert(certificate.height == view.height() && view.height().value > 0);
  SnapshotWriter writer(view, certificate, out);
  auto done = writer.write_proof();
  if (done) done = writer.write_log();
  if (done) done = writer.write_objects();
  if (done && content == SnapshotContent::with_attachments) done = writer.write_attachments();
  return done ? writer.write_end() : done;
}

}  // namespace treeproof::store
