#include "node/store/attachment_files.h"

#include <zstd.h>

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kCacheBytes = 256u << 20;
constexpr std::size_t kRemainsCacheBytes = 64u << 20;
constexpr std::size_t kColumnBytesPerLeaf = 16;  // offsets, positions and species in memory
// Of 1 to 3 the fastest, and on planted grids a third smaller than 3 (docs/performance.md).
constexpr int kLevel = 1;
// Commitments do not compress, and what stands between them does as well in half the time.
constexpr int kLevelOfCommitments = -7;
constexpr std::uint64_t kRedactedBit = std::uint64_t{1} << 63;
constexpr std::size_t kHeadBytes = sizeof(crypto::Hash) + 2 * sizeof(std::uint64_t);

crypto::Bytes head_of(const ledger::AttachmentRef& announced) {
  crypto::Bytes head(announced.root.begin(), announced.root.end());
  crypto::append_u64be(head, announced.count);
  crypto::append_u64be(head, announced.bytes);
  return head;
}

crypto::Hash root_in(crypto::ByteSpan content) {
  crypto::Hash root{};
  std::copy_n(content.begin(), root.size(), root.begin());
  return root;
}

crypto::Bytes encode_place(const Place& place) {
  crypto::Bytes bytes;
  append_place(bytes, place);
  return bytes;
}

std::optional<Place> decode_place(const std::optional<std::string>& stored) {
  if (!stored || stored->size() != kPlaceBytes) return std::nullopt;
  return read_place(crypto::as_bytes(*stored));
}

crypto::Bytes compress(crypto::ByteSpan bytes, int level) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  assert(context != nullptr);
  crypto::Bytes frame(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compressCCtx(context.get(), frame.data(), frame.size(),
                                             bytes.data(), bytes.size(), level);
  assert(!ZSTD_isError(size));
  frame.resize(size);
  return frame;
}

std::optional<crypto::Bytes> decompress(crypto::ByteSpan frame, std::size_t size) {
  if (size > ledger::RedactedAttachment::kBytesMax) return std::nullopt;
  crypto::Bytes bytes(size);
  const std::size_t got = ZSTD_decompress(bytes.data(), size, frame.data(), frame.size());
  if (ZSTD_isError(got) || got != size) return std::nullopt;
  return bytes;
}

}  // namespace

PackedAttachment pack(ledger::AttachmentPtr attachment) {
  const int level = attachment->redeem_facts() ? kLevelOfCommitments : kLevel;
  crypto::Bytes frame = compress(attachment->bytes(), level);
  return {std::move(attachment), std::move(frame)};
}

AttachmentFiles::AttachmentFiles(std::unique_ptr<SegmentFiles> files, Database& database)
    : files_(std::move(files)),
      database_(database),
      cache_(kCacheBytes),
      remains_(kRemainsCacheBytes) {}

std::expected<std::unique_ptr<AttachmentFiles>, std::string> AttachmentFiles::open(
    const std::filesystem::path& folder, Database& database) {
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  auto files = SegmentFiles::open(folder, "attachments");
  if (!files) return std::unexpected(files.error());
  return std::unique_ptr<AttachmentFiles>(new AttachmentFiles(*std::move(files), database));
}

std::expected<void, std::string> AttachmentFiles::index_rest(SegmentPosition from) {
  if (from > files_->end()) return std::unexpected("attachments that were stored are gone");
  Batch batch;
  const auto note = [&](const Place& place, const crypto::Bytes& content) {
    if (content.size() < kHeadBytes) return false;
    const bool is_erased = root_in(content) == crypto::Hash{};
    if (!is_erased) batch.put(key_to_put(root_in(content)), encode_place(place));
    return true;
  };
  const auto end = files_->scan(from, note);
  if (!end) return std::unexpected(end.error());
  if (auto cut = files_->cut(*end); !cut) return cut;
  end_ = files_->end();
  indexed_ = from;
  return database_.write(batch, Durability::buffered);
}

SegmentPosition AttachmentFiles::end() const {
  const std::lock_guard hold(lock_);
  return end_;
}

std::expected<void, std::string> AttachmentFiles::put(
    std::span<const PackedAttachment> attachments) {
  Batch batch;
  std::vector<ledger::AttachmentPtr> written;
  for (const auto& [attachment, frame] : attachments) {
    const ledger::AttachmentRef& announced = attachment->announced();
    const auto is_same = [&](const auto& other) { return other->announced() == announced; };
    if (is_held(announced.root) || std::ranges::any_of(written, is_same)) continue;
    const auto place = files_->append({head_of(announced), frame});
    if (!place) return std::unexpected(place.error());
    batch.put(key_to_put(announced.root), encode_place(*place));
    written.push_back(attachment);
  }
  if (written.empty()) return {};
  if (auto synced = files_->sync(); !synced) return synced;
  if (auto indexed = database_.write(batch, Durability::buffered); !indexed) return indexed;
  for (const auto& attachment : written) keep(attachment);
  const std::lock_guard hold(lock_);
  end_ = files_->end();
  return {};
}

bool AttachmentFiles::is_held(const crypto::Hash& root) const {
  {
    const std::lock_guard hold(lock_);
    if (damaged_.contains(root)) return false;
    if (cache_.find(root) != nullptr) return true;
  }
  return find(root).has_value();
}

// The unclaimed one first: claim() moves an entry there and never back, so that it is seen in one
// place or the other by whoever looks at the same time.
std::optional<Place> AttachmentFiles::find(const crypto::Hash& root) const {
  if (const auto place = decode_place(database_.get(unclaimed_key(root)))) return place;
  return decode_place(database_.get(attachment_key(root)));
}

// What is claimed stays so when it is put again because it was damaged.
std::string AttachmentFiles::key_to_put(const crypto::Hash& root) const {
  return database_.get(attachment_key(root)) ? attachment_key(root) : unclaimed_key(root);
}

void AttachmentFiles::claim(const crypto::Hash& root, Batch& batch) const {
  const auto place = database_.get(unclaimed_key(root));
  if (!place) return;
  batch.put(attachment_key(root), *place);
  batch.erase(unclaimed_key(root));
}

std::vector<crypto::Hash> AttachmentFiles::unclaimed() const {
  std::vector<crypto::Hash> roots;
  Cursor cursor = database_.cursor();
  for (cursor.seek("w"); cursor.valid() && cursor.key().starts_with('w'); cursor.next()) {
    const crypto::ByteSpan named = crypto::as_bytes(cursor.key().substr(1));
    if (named.size() == sizeof(crypto::Hash)) roots.push_back(root_in(named));
  }
  Database::stop_if_failed(cursor);
  return roots;
}

std::expected<void, std::string> AttachmentFiles::drop(std::span<const crypto::Hash> roots) {
  Batch batch;
  std::vector<Place> places;
  for (const crypto::Hash& root : roots) {
    const auto place = decode_place(database_.get(unclaimed_key(root)));
    if (!place) continue;
    batch.erase(unclaimed_key(root));
    places.push_back(*place);
  }
  if (auto written = database_.write(batch, Durability::buffered); !written) return written;
  const std::lock_guard hold(lock_);
  for (const crypto::Hash& root : roots) cache_.erase(root);
  dropped_.insert(dropped_.end(), places.begin(), places.end());
  return {};
}

void AttachmentFiles::note_indexed(SegmentPosition end) {
  const std::lock_guard hold(lock_);
  indexed_ = end;
}

std::expected<void, std::string> AttachmentFiles::give_back() {
  std::vector<Place> places;
  {
    const std::lock_guard hold(lock_);
    const auto later = std::ranges::partition(
        dropped_, [&](const Place& place) { return end_of(place) > indexed_; });
    places.assign(later.begin(), later.end());
    dropped_.erase(later.begin(), later.end());
  }
  for (const Place& place : places) {
    if (auto given = files_->give_back(place); !given) return given;
  }
  return {};
}

void AttachmentFiles::keep(const ledger::AttachmentPtr& attachment) const {
  const std::lock_guard hold(lock_);
  const crypto::Hash& root = attachment->announced().root;
  const std::size_t leaf_bytes = attachment->leaf_count() * kColumnBytesPerLeaf;
  damaged_.erase(root);
  cache_.put(root, attachment, attachment->bytes().size() + leaf_bytes);
}

ledger::AttachmentPtr AttachmentFiles::get(const crypto::Hash& root) const {
  {
    const std::lock_guard hold(lock_);
    if (const auto* held = cache_.find(root)) return *held;
    if (damaged_.contains(root)) return nullptr;
  }
  if (!find(root)) return nullptr;
  auto attachment = read(root);
  if (attachment) {
    keep(*attachment);
    return *attachment;
  }
  if (remains(root)) return nullptr;
  const std::lock_guard hold(lock_);
  damaged_.insert(root);
  return nullptr;
}

std::expected<AttachmentFiles::Record, std::string> AttachmentFiles::read_record(
    const crypto::Hash& root, const Place& place) const {
  const auto content = files_->read(place);
  if (!content) return std::unexpected(content.error());
  if (content->size() < kHeadBytes) return std::unexpected("its record is too short");
  const crypto::ByteSpan all = *content;
  const std::uint64_t leaves = crypto::read_u64be(all.subspan(32));
  Record record{{root_in(all), leaves & ~kRedactedBit, crypto::read_u64be(all.subspan(40))},
                (leaves & kRedactedBit) != 0,
                {}};
  auto bytes = decompress(all.subspan(kHeadBytes), record.announced.bytes);
  if (!bytes) return std::unexpected("it does not decompress");
  if (record.announced.root != root) return std::unexpected("another one stands in its place");
  record.bytes = *std::move(bytes);
  return record;
}

std::expected<ledger::AttachmentPtr, std::string> AttachmentFiles::read(
    const crypto::Hash& root) const {
  const auto broken = [&](const std::string& why) {
    return std::unexpected("attachment " + crypto::to_hex(root) + ": " + why);
  };
  const auto place = find(root);
  if (!place) return broken("not held");
  auto record = read_record(root, *place);
  if (!record) return broken(record.error());
  if (record->is_redacted) return broken("leaves of it were redacted");
  auto attachment = ledger::Attachment::check(std::move(record->bytes), record->announced);
  if (!attachment) return broken(ledger::to_string(attachment.error()));
  return *std::move(attachment);
}

RemainsPtr AttachmentFiles::remains(const crypto::Hash& root) const {
  const auto place = find(root);
  if (!place) return nullptr;
  {
    const std::lock_guard hold(lock_);
    const Remains* held = remains_.find(root);
    if (held != nullptr && held->place == *place) return held->remains;
  }
  auto record = read_record(root, *place);
  if (!record || !record->is_redacted) return nullptr;
  auto checked = ledger::RedactedAttachment::decode(std::move(record->bytes));
  const bool holds = checked && checked->announced().root == root &&
                     checked->announced().count == record->announced.count;
  if (!holds) return nullptr;
  auto remains = std::make_shared<const ledger::RedactedAttachment>(*std::move(checked));
  const std::size_t leaf_bytes = remains->announced().count * kColumnBytesPerLeaf;
  const std::lock_guard hold(lock_);
  remains_.put(root, {*place, remains}, remains->bytes().size() + leaf_bytes);
  return remains;
}

std::expected<Place, std::string> AttachmentFiles::replace(
    const ledger::RedactedAttachment& remains, Batch& batch) {
  const crypto::Hash& root = remains.announced().root;
  const auto old = find(root);
  assert(old.has_value());
  const ledger::AttachmentRef head{root, remains.announced().count | kRedactedBit,
                                   remains.bytes().size()};
  const auto place = files_->append({head_of(head), compress(remains.bytes(), kLevel)});
  if (!place) return std::unexpected(place.error());
  if (auto synced = files_->sync(); !synced) return std::unexpected(synced.error());
  batch.put(key_to_put(root), encode_place(*place));
  const std::lock_guard hold(lock_);
  end_ = files_->end();
  return *old;
}

std::expected<void, std::string> AttachmentFiles::erase(const crypto::Hash& root,
                                                        const Place& place) {
  if (auto erased = files_->erase(place); !erased) return erased;
  const std::lock_guard hold(lock_);
  cache_.erase(root);
  remains_.erase(root);
  return {};
}

}  // namespace treeproof::store
