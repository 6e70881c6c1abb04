#include "node/import/sealed_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "consensus/ledger/names.h"
#include "node/cli/files.h"

namespace treeproof::import {

namespace {

constexpr std::size_t kFileBytesMax = 256u << 20;

// That a new folder stands in the one above it.
bool sync_name_of(const std::filesystem::path& folder) {
  const auto above = std::filesystem::absolute(folder / "..").lexically_normal();
  const int descriptor = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return is_synced;
}

// What is bound to the sealed document without being in it.
crypto::Bytes bound_to(const SealedForm& form, const std::string& ref) {
  const std::string bound = std::string(form.magic) + ref;
  return {bound.begin(), bound.end()};
}

std::unexpected<cli::Failure> unopened(const std::filesystem::path& file) {
  return cli::fail("\"" + file.string() + "\" does not open with this key.",
                   "Give the key that it was sealed with; if that is the one, the file is damaged "
                   "or renamed: restore it from a copy.");
}

}  // namespace

// The folder itself, opened: its lock, and the way to sync the names in it.
struct SealedFolder::Lock {
  explicit Lock(const std::filesystem::path& folder)
      : descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  ~Lock() {
    if (descriptor >= 0) ::close(descriptor);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool take() const { return descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

  int descriptor;
};

SealedFolder::SealedFolder(std::filesystem::path folder, VaultKey key, std::unique_ptr<Lock> lock)
    : folder_(std::move(folder)), key_(std::move(key)), lock_(std::move(lock)) {}
SealedFolder::SealedFolder(SealedFolder&&) noexcept = default;
SealedFolder& SealedFolder::operator=(SealedFolder&&) noexcept = default;
SealedFolder::~SealedFolder() = default;

cli::Result<SealedFolder> SealedFolder::open(const std::filesystem::path& folder, VaultKey key) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (!error && !sync_name_of(folder)) error = std::make_error_code(std::errc::io_error);
  }
  if (error) {
    return cli::fail("\"" + folder.string() + "\" cannot be a vault: " + error.message() + ".",
                     "Give --vault a folder of your own.");
  }
  auto lock = std::make_unique<Lock>(folder);
  if (!lock->take()) {
    return cli::fail("The vault \"" + folder.string() + "\" is in use, or cannot be opened.",
                     "Wait until the other command has ended; check the permissions.");
  }
  return SealedFolder(folder, std::move(key), std::move(lock));
}

std::filesystem::path SealedFolder::file_of(const SealedForm& form, const std::string& ref) const {
  return folder_ / (ref + std::string(form.extension));
}

// What a command that was killed half-way through a file left behind ends in ".new": it was never
// sent, and is written over.
cli::Result<std::vector<std::string>> SealedFolder::refs(const SealedForm& form) const {
  std::vector<std::string> refs;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder_, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() != form.extension) continue;
    refs.push_back(entries->path().stem().string());
  }
  if (!error) return refs;
  return cli::fail("\"" + folder_.string() + "\" could not be read: " + error.message() + ".",
                   "Check the permissions.");
}

cli::Result<crypto::Bytes> SealedFolder::read(const SealedForm& form,
                                              const std::string& ref) const {
  const std::filesystem::path file = file_of(form, ref);
  const auto bytes = cli::read_file(file, kFileBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  const bool is_of_form = bytes->size() > form.magic.size() &&
                          std::equal(form.magic.begin(), form.magic.end(), bytes->begin());
  if (!is_of_form || !ledger::Ref::check(ref)) {
    return cli::fail("\"" + file.string() + "\" is no file of a vault.", "Move it elsewhere.");
  }
  auto text = key_.open(crypto::ByteSpan(*bytes).subspan(form.magic.size()), bound_to(form, ref));
  if (!text) return unopened(file);
  return *std::move(text);
}

cli::Result<void> SealedFolder::write(const SealedForm& form, const std::string& ref,
                                      std::string text) const {
  if (text.size() > kFileBytesMax - form.magic.size() - kSealNonceBytes - kSealTagBytes) {
    wipe(text.data(), text.size());
    return cli::fail("The rows of " + ref + " make too large a file for a vault.",
                     "Give fewer rows to one statement.");
  }
  const auto sealed = key_.seal(crypto::as_bytes(text), bound_to(form, ref));
  wipe(text.data(), text.size());
  crypto::Bytes bytes(form.magic.begin(), form.magic.end());
  bytes.insert(bytes.end(), sealed.begin(), sealed.end());
  auto written =
      cli::write_file(file_of(form, ref), bytes, cli::Replace::always, cli::Privacy::owner);
  if (!written) return written;
  if (::fsync(lock_->descriptor) == 0) return {};
  return cli::fail("The vault \"" + folder_.string() + "\" could not be synced.",
                   "Check its disk.");
}

std::vector<crypto::Bytes> fresh_salts(std::uint64_t count) {
  std::vector<crypto::Bytes> salts(count, crypto::Bytes(kSaltBytes));
  for (crypto::Bytes& salt : salts) fill_random(salt);
  return salts;
}

}  // namespace treeproof::import
