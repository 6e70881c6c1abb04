#include "node/store/database.h"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include "node/store/file.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kCacheBytes = 64u << 20;
constexpr std::size_t kWriteBufferBytes = 32u << 20;
constexpr int kFilterBitsPerKey = 10;

leveldb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

leveldb::ReadOptions read_options(const Snapshot& snapshot) {
  leveldb::ReadOptions options;
  options.snapshot = snapshot.get();
  return options;
}

}  // namespace

Batch::Batch() : batch_(std::make_unique<leveldb::WriteBatch>()) {}
Batch::~Batch() = default;
void Batch::put(std::string_view key, std::string_view value) {
  batch_->Put(slice(key), slice(value));
}
void Batch::erase(std::string_view key) { batch_->Delete(slice(key)); }

Cursor::Cursor(std::unique_ptr<leveldb::Iterator> iterator) : iterator_(std::move(iterator)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
void Cursor::seek(std::string_view key) { iterator_->Seek(slice(key)); }
void Cursor::next() { iterator_->Next(); }
bool Cursor::valid() const { return iterator_->Valid(); }
std::string_view Cursor::key() const { return {iterator_->key().data(), iterator_->key().size()}; }
std::string_view Cursor::value() const {
  return {iterator_->value().data(), iterator_->value().size()};
}
std::expected<void, std::string> Cursor::status() const {
  if (!iterator_->status().ok()) return std::unexpected(iterator_->status().ToString());
  return {};
}

Database::Database()
    : cache_(leveldb::NewLRUCache(kCacheBytes)),
      filter_(leveldb::NewBloomFilterPolicy(kFilterBitsPerKey)) {}
Database::~Database() = default;

std::expected<std::unique_ptr<Database>, std::string> Database::open(
    const std::filesystem::path& folder) {
  std::unique_ptr<Database> database(new Database);
  leveldb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.block_cache = database->cache_.get();
  options.filter_policy = database->filter_.get();
  options.write_buffer_size = kWriteBufferBytes;
  leveldb::DB* opened = nullptr;
  const leveldb::Status status = leveldb::DB::Open(options, folder.string(), &opened);
  if (!status.ok()) return std::unexpected(status.ToString());
  database->db_.reset(opened);
  return database;
}

std::expected<void, std::string> Database::write(Batch& batch, Durability durability) {
  leveldb::WriteOptions options;
  options.sync = durability == Durability::synced;
  const leveldb::Status status = db_->Write(options, batch.batch_.get());
  if (!status.ok()) return std::unexpected(status.ToString());
  return {};
}

std::optional<std::string> Database::get(std::string_view key, const Snapshot& snapshot) const {
  std::string value;
  const leveldb::Status status = db_->Get(read_options(snapshot), slice(key), &value);
  if (status.ok()) return value;
  if (!status.IsNotFound()) stop_on_disk_failure(status.ToString());
  return std::nullopt;
}

Snapshot Database::snapshot() const {
  return {db_->GetSnapshot(),
          [db = db_.get()](const leveldb::Snapshot* held) { db->ReleaseSnapshot(held); }};
}

Cursor Database::cursor(const Snapshot& snapshot) const {
  return Cursor(std::unique_ptr<leveldb::Iterator>(db_->NewIterator(read_options(snapshot))));
}

void Database::stop_if_failed(const Cursor& cursor) {
  if (auto status = cursor.status(); !status) stop_on_disk_failure(status.error());
}

}  // namespace treeproof::store
