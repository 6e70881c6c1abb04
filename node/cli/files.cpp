#include "node/cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>

namespace treeproof::cli {

namespace {

std::string quoted(const std::filesystem::path& file) { return "\"" + file.string() + "\""; }

std::unexpected<Failure> too_long(const std::string& what, std::size_t bytes_max) {
  return fail(what + " is longer than " + std::to_string(bytes_max) + " bytes.",
              "Give the file that this command is meant for.");
}

// At most bytes_max + 1 bytes, so that the caller sees what is too long.
std::string read_stream(std::istream& in, std::size_t bytes_max) {
  std::string text;
  char piece[65'536];
  while (text.size() <= bytes_max && in) {
    in.read(piece,
            static_cast<std::streamsize>(std::min(sizeof piece, bytes_max + 1 - text.size())));
    text.append(piece, static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, crypto::ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

std::unexpected<Failure> not_written(const std::filesystem::path& file, int error) {
  const bool exists = error == EEXIST;
  return fail(quoted(file) + " could not be written: " + std::strerror(error) + ".",
              exists ? "Name a file that does not exist, or move this one away."
                     : "Check the folder, its permissions and the free space.");
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& file, std::size_t bytes_max) {
  errno = 0;
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file, ignored)) {
    return fail(quoted(file) + " could not be read: " + std::strerror(errno ? errno : EISDIR) + ".",
                "Check the name and the permissions.");
  }
  std::string text = read_stream(in, bytes_max);
  if (text.size() > bytes_max) return too_long(quoted(file), bytes_max);
  return text;
}

Result<crypto::Bytes> read_file(const std::filesystem::path& file, std::size_t bytes_max) {
  const auto text = read_text(file, bytes_max);
  if (!text) return std::unexpected(text.error());
  return crypto::to_bytes(crypto::as_bytes(*text));
}

Result<std::string> read_text_or_input(const std::string& file, std::size_t bytes_max,
                                       Console& console) {
  if (file != "-") return read_text(file, bytes_max);
  std::string text = read_stream(console.in(), bytes_max);
  if (text.size() > bytes_max) return too_long("The input", bytes_max);
  return text;
}

Result<void> write_file(const std::filesystem::path& file, crypto::ByteSpan bytes, Replace replace,
                        Privacy privacy) {
  const mode_t mode =
      privacy == Privacy::owner ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
  const bool may_replace = replace == Replace::always;
  std::filesystem::path target = file;
  if (may_replace) target += ".new";
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (may_replace ? O_TRUNC : O_EXCL);
  const Descriptor descriptor(::open(target.c_str(), flags, mode));
  if (descriptor.get() < 0) return not_written(file, errno);
  if (!write_all(descriptor.get(), bytes)) {
    const int error = errno;
    ::unlink(target.c_str());
    return not_written(file, error);
  }
  if (may_replace && ::rename(target.c_str(), file.c_str()) != 0) {
    return not_written(file, errno);
  }
  return {};
}

}  // namespace treeproof::cli
