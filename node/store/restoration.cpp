#include "node/store/restoration.h"

#include <algorithm>

#include "consensus/ledger/object_content.h"
#include "consensus/ledger/redaction.h"
#include "node/store/direct_state.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"

namespace treeproof::store {

namespace {

using Put = std::expected<void, std::string>;

// They are found by their types.
static_assert(std::ranges::all_of(ledger::kTypesWithContent, is_listed));

constexpr std::size_t kBatchBytes = 4u << 20;
constexpr std::size_t kNamesPerKey = 1'024;

std::unexpected<RestoreFailure> failed(std::string why) {
  return std::unexpected(RestoreFailure{std::nullopt, std::move(why)});
}
std::unexpected<RestoreFailure> refused(const replica::SnapshotFault& fault) {
  return std::unexpected(RestoreFailure{fault.reason, to_string(fault)});
}

// The objects as they were taken in, with the attachments of the empty store.
DirectState state_over(const Database& database, const Store& empty) {
  return {database,
          [view = empty.latest()](const crypto::Hash& root) { return view->attachment(root); }};
}

// An object that commits to something beside its bytes, and the key that lists it.
struct Committing {
  ledger::ObjectId id;
  ledger::ObjectContent content;
  std::string_view key;
};
// Calls for each of them from the key `from` on, until it returns false.
void each_committing(const Database& database, const std::string& from,
                     const std::function<bool(const Committing&)>& visit) {
  for (const std::string_view type : ledger::kTypesWithContent) {
    const std::string prefix = type_prefix(type);
    Cursor cursor = database.cursor();
    for (cursor.seek(std::max(prefix, from)); cursor.valid() && cursor.key().starts_with(prefix);
         cursor.next()) {
      const ledger::ObjectId id{std::string(cursor.key().substr(prefix.size()))};
      const auto stored = database.get(object_key({"object", id.text}));
      if (!stored) stop_on_disk_failure("an object of a snapshot is missing");
      const auto content = ledger::content_of({"object", id.text}, *decode_version(*stored).value);
      if (!visit({id, content.value(), cursor.key()})) return;
    }
    Database::stop_if_failed(cursor);
  }
}

Put sync_tree(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    Put synced;
    if (entry.is_directory()) {
      synced = sync_folder(entry.path());
    } else {
      auto file = File::open(entry.path(), FileMode::read);
      synced = file ? file->sync() : std::unexpected(file.error());
    }
    if (!synced) return synced;
  }
  if (error) return std::unexpected("cannot list " + folder.string() + ": " + error.message());
  return sync_folder(folder);
}

Put clear_away(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (!error) return {};
  return std::unexpected("cannot remove " + folder.string() + ": " + error.message());
}

Put move_to(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (!error) return {};
  return std::unexpected("cannot move " + from.string() + " to " + to.string() + ": " +
                         error.message());
}

}  // namespace

Restoration::Restoration(StoreFolders folders, Store& empty, proofs::Trust trust)
    : folders_(std::move(folders)),
      empty_(empty),
      reader_(std::move(trust)),
      batch_(std::make_unique<Batch>()) {}

Restoration::~Restoration() {
  blocks_.reset();
  database_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folders_.restoring(), ignored);  // opening looks for it again
}

Restoration::Done<std::unique_ptr<Restoration>> Restoration::begin(
    const std::filesystem::path& folder, Store& empty, proofs::Trust trust) {
  if (empty.latest()->height().value > 0)
    return failed("the store in " + folder.string() + " has blocks");
  std::unique_ptr<Restoration> restoration(
      new Restoration(StoreFolders{folder}, empty, std::move(trust)));
  if (auto opened = restoration->open_parts(); !opened) return failed(opened.error());
  return restoration;
}

Put Restoration::open_parts() {
  const StoreFolders into{folders_.restoring()};
  if (auto cleared = clear_away(into.all); !cleared) return cleared;
  if (auto made = make_folder(into.all); !made) return made;
  auto database = Database::open(into.ledger());
  if (!database) return std::unexpected(database.error());
  database_ = *std::move(database);
  auto blocks = BlockFiles::open(into.blocks());
  if (!blocks) return std::unexpected(blocks.error());
  blocks_ = *std::move(blocks);
  return {};
}

Restoration::Done<void> Restoration::take(crypto::ByteSpan bytes) {
  const auto records = reader_.take(bytes);
  if (!records) return refused(records.error());
  for (const replica::SnapshotRecord& record : *records) {
    if (auto done = put(record); !done) return failed(done.error());
  }
  return {};
}

Put Restoration::put(const replica::SnapshotRecord& record) {
  auto done = std::visit([this](const auto& chosen) { return put(chosen); }, record);
  return done ? flush(kBatchBytes) : done;
}

Put Restoration::put(const replica::SnapshotHead& head) {
  batch_->put(validators_key({}), head.validators);
  return {};
}

Put Restoration::put(const replica::SnapshotSetChange& change) {
  const Height height = change.certificate.height;
  tip_.validators_since = height.next();
  batch_->put(certified_key(height), encode(CertifiedHeader{change.header, change.certificate}));
  batch_->put(validators_key(height.next()), change.validators);
  return {};
}

Put Restoration::put(const replica::SnapshotBlock& record) {
  const auto block = std::make_shared<const ledger::Block>(record.block);
  const auto places = blocks_->append(block, record.certificate);
  if (!places) return std::unexpected(places.error());
  const ledger::Header& header = reader_.header();
  tip_.height = header.height;
  tip_.header_hash = record.certificate.block.header_hash;
  tip_.time = header.time;
  tip_.state_root = header.state_root;
  tip_.commit = bft::encode(record.certificate);
  tip_.blocks_end = end_of(places->certificate);
  const std::uint64_t log_from = header.log_size - block->statements.size();
  batch_->put(block_key(header.height), encode_places(*places));
  batch_->put(kBaseKey, encode(BaseRecord{header.height, log_from}));
  if (!block->statements.empty()) {
    crypto::Bytes height;
    crypto::append_u64be(height, header.height.value);
    batch_->put(log_index_key(header.log_size - 1), height);
  }
  return {};
}

Put Restoration::put(const replica::SnapshotLog& log) {
  tiles_.append(log.leaf_hashes, *batch_);
  batch_bytes_ += log.leaf_hashes.size() * sizeof(crypto::Hash);
  return {};
}

// It counts as written at the block of the snapshot: when it was is not proven.
Put Restoration::put(const replica::SnapshotObject& object) {
  const ledger::ObjectKey& key = object.key;
  batch_->put(object_key(key), encode_version({object.value, tip_.height}));
  put_new_object(key, *object.value, tip_, additions_, *batch_);
  for (const auto& [index, page] : object.pages) batch_->put(page_key({key.id, index}), *page);
  if (object.links) put_links(*batch_, {{key.id}, *object.links});
  batch_bytes_ += object.value->size() + object.pages.size() * kPageBytes;
  if (object.links) batch_bytes_ += object.links->size() * sizeof(std::uint64_t);
  if (additions_.names.size() == kNamesPerKey) {
    put_names(additions_, tip_, *batch_);
    additions_ = {tip_.height, tip_.names, {}, tip_.redemptions, {}};
  }
  return {};
}

Put Restoration::put(const replica::SnapshotAttachment& record) {
  const PackedAttachment packed = pack(record.attachment);
  return empty_.put_attachments({&packed, 1});
}

Put Restoration::put(const replica::SnapshotEnd&) {
  put_names(additions_, tip_, *batch_);
  return flush(0);
}

Put Restoration::flush(std::size_t bytes_max) {
  if (batch_bytes_ < bytes_max) return {};
  auto written = database_->write(*batch_, Durability::buffered);
  batch_ = std::make_unique<Batch>();
  batch_bytes_ = 0;
  return written;
}

Restoration::Done<void> Restoration::end() {
  if (auto whole = reader_.finish(); !whole) return refused(whole.error());
  tip_.log = reader_.tip().log;
  return {};
}

std::optional<Height> Restoration::height() const {
  return reader_.has_block() ? std::optional(reader_.header().height) : std::nullopt;
}

std::vector<ledger::AttachmentRef> Restoration::missing(std::size_t limit) {
  const DirectState state = state_over(*database_, empty_);
  std::vector<ledger::AttachmentRef> found;
  std::optional<std::string> first;
  each_committing(*database_, missing_from_, [&](const Committing& object) {
    const auto& named = object.content.attachment;
    if (!named || ledger::is_redacted(state, named->root) || state.attachment(named->root)) {
      return true;
    }
    if (!first) first = object.key;
    found.push_back(*named);
    return found.size() < limit;
  });
  if (first) missing_from_ = *first;  // all before it are held
  return found;
}

Restoration::Done<void> Restoration::check_links() const {
  const DirectState state = state_over(*database_, empty_);
  std::string wrong;
  each_committing(*database_, {}, [&](const Committing& object) {
    const auto& committed = object.content.links;
    const bool holds =
        !committed ||
        ledger::are_links(state, *committed, links_of_allocation(*database_, {}, object.id));
    if (!holds) wrong = object.id.text;
    return holds;
  });
  if (wrong.empty()) return {};
  return refused({replica::SnapshotRefusal::wrong_links, wrong});
}

Restoration::Done<void> Restoration::finish() {
  if (const auto lacking = missing(1); !lacking.empty()) {
    return refused(
        {replica::SnapshotRefusal::attachment_missing, crypto::to_hex(lacking.front().root)});
  }
  if (auto held = check_links(); !held) return held;
  if (auto sealed = seal(); !sealed) return failed(sealed.error());
  return {};
}

Put Restoration::seal() {
  const DirectState state = state_over(*database_, empty_);
  Batch batch;
  // A committed statement announced them: opening finds their places, and none is ever given back.
  each_committing(*database_, {}, [&](const Committing& object) {
    const auto& named = object.content.attachment;
    if (named && !ledger::is_redacted(state, named->root)) {
      batch.put(attachment_key(named->root), crypto::ByteSpan());
    }
    return true;
  });
  batch.put(kTipKey, encode(tip_));
  if (auto written = database_->write(batch, Durability::synced); !written) return written;
  blocks_.reset();
  database_.reset();
  // What LevelDB had buffered in an older log of its own is not durable by that write.
  if (auto synced = sync_tree(folders_.restoring()); !synced) return synced;
  if (auto moved = move_to(folders_.restoring(), folders_.restored()); !moved) return moved;
  return sync_folder(folders_.all);
}

Put complete_restoration(const StoreFolders& folders) {
  if (auto cleared = clear_away(folders.restoring()); !cleared) return cleared;
  const StoreFolders whole{folders.restored()};
  if (!std::filesystem::exists(whole.all)) return {};
  for (const auto& [from, to] :
       {std::pair{whole.ledger(), folders.ledger()}, std::pair{whole.blocks(), folders.blocks()}}) {
    if (!std::filesystem::exists(from)) continue;
    if (auto cleared = clear_away(to); !cleared) return cleared;
    if (auto moved = move_to(from, to); !moved) return moved;
  }
  if (auto cleared = clear_away(folders.lookups()); !cleared)
    return cleared;  // they are made again
  if (auto synced = sync_folder(folders.all); !synced) return synced;
  return clear_away(whole.all);
}

}  // namespace treeproof::store
