#include "node/store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace treeproof::store {

namespace {

constexpr mode_t kOwnerOnly = 0600;

int flags_of(FileMode mode) {
  switch (mode) {
    case FileMode::read:
      return O_RDONLY;
    case FileMode::read_write:
      return O_RDWR;
    case FileMode::create:
      return O_RDWR | O_CREAT;
    case FileMode::create_new:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  std::abort();
}

std::string sentence(std::string_view verb, const std::filesystem::path& path, int error) {
  return "cannot " + std::string(verb) + " " + path.string() + ": " +
         std::generic_category().message(error);
}

}  // namespace

std::unexpected<std::string> File::failure(std::string_view verb) const {
  return std::unexpected(sentence(verb, path_, errno));
}

std::expected<File, std::string> File::open(const std::filesystem::path& path, FileMode mode) {
  File file;
  file.path_ = path;
  file.descriptor_ = ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, kOwnerOnly);
  if (file.descriptor_ < 0) {
    const bool creates = mode == FileMode::create || mode == FileMode::create_new;
    return file.failure(creates ? "create" : "open");
  }
  return file;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::expected<void, std::string> File::read_at(std::uint64_t offset,
                                               std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read");
    if (got == 0) return std::unexpected(path_.string() + " ends before what it should hold");
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

std::expected<void, std::string> File::write_at(std::uint64_t offset, crypto::ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failure("write");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

std::expected<std::uint64_t, std::string> File::size() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failure("examine");
  return static_cast<std::uint64_t>(status.st_size);
}

std::expected<void, std::string> File::resize(std::uint64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) return failure("resize");
  return {};
}

std::expected<void, std::string> File::reserve(std::uint64_t bytes) {
  errno = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
  if (errno != 0) return failure("reserve space for");
  return {};
}

std::expected<void, std::string> File::give_back(std::uint64_t offset, std::uint64_t bytes) {
  const int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  const int done =
      ::fallocate(descriptor_, mode, static_cast<off_t>(offset), static_cast<off_t>(bytes));
  if (done != 0 && errno != EOPNOTSUPP) return failure("give back space of");
  return {};
}

std::expected<void, std::string> File::sync() {
  if (::fdatasync(descriptor_) != 0) return failure("sync");
  return {};
}

std::expected<void, std::string> File::lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK) {
    return std::unexpected(path_.string() + " is in use by another process");
  }
  return failure("lock");
}

std::expected<crypto::Bytes, std::string> read_file(const std::filesystem::path& path) {
  auto file = File::open(path, FileMode::read);
  if (!file) return std::unexpected(file.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  crypto::Bytes bytes(*size);
  if (auto got = file->read_at(0, bytes); !got) return std::unexpected(got.error());
  return bytes;
}

std::expected<void, std::string> sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return std::unexpected(sentence("sync", folder, error));
  return {};
}

std::expected<void, std::string> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected(sentence("create", folder, error.value()));
  return {};
}

void stop_on_disk_failure(const std::string& what) {
  std::fprintf(stderr, "the disk fails: %s; the node stops; run `treeproof store check`\n",
               what.c_str());
  std::abort();
}

}  // namespace treeproof::store
