// One open file of the store: whole reads and writes at an offset, and syncs that say when they
// fail. Owns the descriptor, no format. Callers: journal, guard, segment and run files.
// Reads may come from any thread; writes are the caller's one thread. An error is a sentence that
// names the file and what the system said.
// Source: docs/architecture.md "Errors: four kinds, four answers" (the disk fails).
#pragma once

#include <expected>
#include <filesystem>
#include <span>
#include <string>

#include "crypto/bytes.h"

namespace treeproof::store {

enum class FileMode : std::uint8_t {
  read,        // must exist
  read_write,  // must exist
  create,      // made where there is none
  create_new   // must not exist
};

class File {
 public:
  static std::expected<File, std::string> open(const std::filesystem::path& path, FileMode mode);
  File() = default;
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;

  // All bytes or an error; an end of file before them is one.
  std::expected<void, std::string> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const;
  std::expected<void, std::string> write_at(std::uint64_t offset, crypto::ByteSpan bytes);
  std::expected<std::uint64_t, std::string> size() const;
  std::expected<void, std::string> resize(std::uint64_t bytes);
  // Space on disk for the first `bytes`, zeros where nothing was written; never shrinks.
  std::expected<void, std::string> reserve(std::uint64_t bytes);
  // Gives the space of these bytes back; they read as zeros then. Nothing happens where the file
  // system cannot.
  std::expected<void, std::string> give_back(std::uint64_t offset, std::uint64_t bytes);
  std::expected<void, std::string> sync();  // fdatasync
  // Exclusive until this File goes; an error where another process holds it.
  std::expected<void, std::string> lock();
  int descriptor() const noexcept { return descriptor_; }

 private:
  std::unexpected<std::string> failure(std::string_view verb) const;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

std::expected<crypto::Bytes, std::string> read_file(const std::filesystem::path& path);
// Makes created, renamed and removed names durable.
std::expected<void, std::string> sync_folder(const std::filesystem::path& folder);
// Creates it with its parents where it is missing.
std::expected<void, std::string> make_folder(const std::filesystem::path& folder);

// A read of stored data failed where no answer would be right: prints the sentence and ends the
// process, since going on would risk another answer than the other nodes give.
[[noreturn]] void stop_on_disk_failure(const std::string& what);

}  // namespace treeproof::store
