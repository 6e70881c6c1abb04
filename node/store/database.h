// LevelDB behind the few calls that the store makes.
// Owns the folder's database; knows no key. Callers: the .cpp files of this folder. Reads, writes
// and snapshots from any thread. A failed write is an error that the caller takes as final: after
// one, LevelDB may accept writes again and leave a hole. A failed read stops the process.
// Source: docs/architecture.md "Errors: four kinds, four answers".
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace leveldb {
class Cache;
class DB;
class FilterPolicy;
class Iterator;
class Snapshot;
class WriteBatch;
}  // namespace leveldb

namespace treeproof::store {

// Writes that happen together or not at all.
class Batch {
 public:
  Batch();
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  void put(std::string_view key, std::string_view value);
  void put(std::string_view key, crypto::ByteSpan value) { put(key, crypto::as_text(value)); }
  void erase(std::string_view key);

 private:
  friend class Database;
  std::unique_ptr<leveldb::WriteBatch> batch_;
};

// The database as it was at one moment; null: as it is. Must go before the database does.
using Snapshot = std::shared_ptr<const leveldb::Snapshot>;

// Entries in key order. One thread.
class Cursor {
 public:
  explicit Cursor(std::unique_ptr<leveldb::Iterator> iterator);
  ~Cursor();
  Cursor(Cursor&&) noexcept;
  void seek(std::string_view key);  // to the first entry at or after it
  void next();
  // False behind the last entry and after a failure.
  bool valid() const;
  std::string_view key() const;
  std::string_view value() const;
  // What the disk said, where valid() became false for that.
  std::expected<void, std::string> status() const;

 private:
  std::unique_ptr<leveldb::Iterator> iterator_;
};

enum class Durability : std::uint8_t {
  synced,   // on disk when write() returns
  buffered  // with the next synced write at the latest
};

class Database {
 public:
  static std::expected<std::unique_ptr<Database>, std::string> open(
      const std::filesystem::path& folder);
  ~Database();

  std::expected<void, std::string> write(Batch& batch, Durability durability);
  std::optional<std::string> get(std::string_view key, const Snapshot& snapshot = {}) const;
  Snapshot snapshot() const;
  Cursor cursor(const Snapshot& snapshot = {}) const;
  // A cursor for reads that no caller can refuse: stops the process where the disk failed.
  static void stop_if_failed(const Cursor& cursor);

 private:
  Database();
  std::unique_ptr<leveldb::Cache> cache_;
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<leveldb::DB> db_;
};

}  // namespace treeproof::store
