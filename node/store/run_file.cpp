#include "node/store/run_file.h"

#include <sys/mman.h>

#include <charconv>
#include <cstring>

#include "node/store/crc32c.h"
#include "node/store/file.h"

namespace treeproof::store {

namespace {

constexpr std::uint32_t kMagic = 0x314e5552;  // "RUN1"
constexpr std::string_view kSuffix = ".run";

struct Trailer {
  std::uint64_t entries;
  std::uint32_t checksum;
  std::uint32_t magic;
};
static_assert(sizeof(Trailer) == 16);

template <class T>
crypto::ByteSpan bytes_of(std::span<const T> items) {
  return {reinterpret_cast<const std::uint8_t*>(items.data()), items.size_bytes()};
}

// "<first>-<end>"
bool parse_numbers(std::string_view text, Run& run) {
  const char* const last = text.data() + text.size();
  const auto [dash, first_error] = std::from_chars(text.data(), last, run.first);
  if (first_error != std::errc{} || dash == last || *dash != '-') return false;
  const auto [stop, end_error] = std::from_chars(dash + 1, last, run.end);
  return end_error == std::errc{} && stop == last && run.first < run.end;
}

std::shared_ptr<const void> map(const std::filesystem::path& path, std::size_t bytes) {
  const auto file = File::open(path, FileMode::read);
  if (!file) return nullptr;
  void* const address = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file->descriptor(), 0);
  if (address == MAP_FAILED) return nullptr;
  return {address, [bytes](const void* held) { ::munmap(const_cast<void*>(held), bytes); }};
}

Trailer trailer_of(const Run& run, std::size_t file_bytes) {
  Trailer trailer{};
  const auto* const begin = static_cast<const std::uint8_t*>(run.storage.get());
  std::memcpy(&trailer, begin + file_bytes - sizeof trailer, sizeof trailer);
  return trailer;
}

}  // namespace

std::filesystem::path run_path(const std::filesystem::path& folder, const std::string& kind,
                               std::uint32_t first, std::uint32_t end) {
  return folder /
         (kind + "-" + std::to_string(first) + "-" + std::to_string(end) + std::string(kSuffix));
}

std::optional<Run> map_run(const std::filesystem::path& path, const std::string& kind) {
  const std::string name = path.filename().string();
  const std::string prefix = kind + "-";
  if (!name.starts_with(prefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const std::size_t numbers_size = name.size() - prefix.size() - kSuffix.size();
  Run run;
  if (!parse_numbers(std::string_view(name).substr(prefix.size(), numbers_size), run)) {
    return std::nullopt;
  }
  std::error_code error;
  const std::size_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes < sizeof(Trailer)) return std::nullopt;
  run.storage = map(path, bytes);
  if (!run.storage) return std::nullopt;
  const Trailer trailer = trailer_of(run, bytes);
  const bool is_whole = trailer.magic == kMagic &&
                        trailer.entries == (bytes - sizeof trailer) / sizeof(std::uint64_t) &&
                        bytes % sizeof(std::uint64_t) == 0;
  if (!is_whole) return std::nullopt;
  run.entries = {static_cast<const std::uint64_t*>(run.storage.get()), trailer.entries};
  run.file = path;
  return run;
}

std::expected<Run, std::string> write_run(const std::filesystem::path& path, const Run& run) {
  const std::filesystem::path unfinished = path.string() + ".new";
  std::error_code error;
  std::filesystem::remove(unfinished, error);
  auto file = File::open(unfinished, FileMode::create);
  if (!file) return std::unexpected(file.error());
  const crypto::ByteSpan entries = bytes_of(run.entries);
  const Trailer trailer{run.entries.size(), crc32c(entries), kMagic};
  if (auto put = file->write_at(0, entries); !put) return std::unexpected(put.error());
  auto put = file->write_at(entries.size(), bytes_of(std::span(&trailer, 1)));
  if (put) put = file->sync();
  if (!put) return std::unexpected(put.error());
  std::filesystem::rename(unfinished, path, error);
  if (error) return std::unexpected("cannot rename " + unfinished.string());
  if (auto named = sync_folder(path.parent_path()); !named) return std::unexpected(named.error());
  Run mapped = run;
  mapped.storage = map(path, entries.size() + sizeof trailer);
  if (!mapped.storage) return std::unexpected("cannot map " + path.string());
  const auto* const begin = static_cast<const std::uint64_t*>(mapped.storage.get());
  mapped.entries = {begin, run.entries.size()};
  mapped.file = path;
  return mapped;
}

bool checksum_holds(const Run& run) {
  if (run.file.empty()) return true;
  const std::size_t bytes = run.entries.size_bytes() + sizeof(Trailer);
  return trailer_of(run, bytes).checksum == crc32c(bytes_of(run.entries));
}

}  // namespace treeproof::store
