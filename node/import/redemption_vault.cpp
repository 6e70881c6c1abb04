#include "node/import/redemption_vault.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"
#include "node/cli/files.h"
#include "rpc/json_input.h"

namespace treeproof::import {

namespace {

using rpc::Json;
using rpc::JsonInput;

constexpr std::string_view kMagic = "treeproof vault 1\n";
constexpr std::string_view kExtension = ".vault";
constexpr std::size_t kFileBytesMax = 256u << 20;
constexpr std::size_t kDocumentBytesMax =
    kFileBytesMax - kMagic.size() - kSealNonceBytes - kSealTagBytes;
constexpr std::size_t kSaltBytes = 16;
constexpr rpc::JsonLimits kLimits{.depth_max = 4, .values_max = 4u << 20, .keys_max = 16};

Json optional_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::string document_of(const SealedBatch& batch) {
  Json rows = Json::array();
  for (const SealedRow& row : batch.rows) {
    std::string salts;
    for (const crypto::Bytes& salt : row.salts) salts += crypto::to_hex(salt);
    rows.push_back(Json::array({row.id, row.reference, salts}));
  }
  return rpc::to_text({{"campaign", batch.campaign},
                       {"programme", batch.programme},
                       {"species", optional_text(batch.species)},
                       {"pledge", optional_text(batch.pledge)},
                       {"price", std::to_string(batch.price)},
                       {"rows", std::move(rows)}});
}

std::string required_text(JsonInput& in, std::string_view key) {
  std::string text;
  if (!in.require(key)) return text;
  text = in.text();
  in.leave();
  return text;
}

std::optional<std::string> nullable_text(JsonInput& in, std::string_view key) {
  std::optional<std::string> text;
  if (!in.require(key)) return text;
  if (!in.is_null()) text = in.text();
  in.leave();
  return text;
}

SealedRow read_row(JsonInput& in) {
  SealedRow row;
  if (in.array(3, 3) != 3) return row;
  in.enter(std::size_t{0});
  row.id = in.text();
  in.leave();
  in.enter(1);
  row.reference = in.text();
  in.leave();
  in.enter(2);
  const crypto::Bytes salts = in.bytes(kSaltBytes * kAttachmentLeavesMax);
  if (salts.empty() || salts.size() % kSaltBytes != 0) in.fail("holds no salts");
  in.leave();
  for (auto at = salts.begin(); in.ok() && at != salts.end(); at += kSaltBytes) {
    row.salts.emplace_back(at, at + kSaltBytes);
  }
  return row;
}

cli::Result<SealedBatch> batch_of_document(std::string_view text) {
  const auto json = rpc::parse_json(text, kLimits);
  if (!json) return cli::fail(rpc::to_string(json.error()), "");
  JsonInput in(*json, "vault");
  SealedBatch batch;
  in.object();
  batch.campaign = required_text(in, "campaign");
  batch.programme = required_text(in, "programme");
  batch.species = nullable_text(in, "species");
  batch.pledge = nullable_text(in, "pledge");
  if (in.require("price")) {
    batch.price = in.uint(kQuantityMax);
    in.leave();
  }
  if (in.require("rows")) {
    const std::size_t count = in.array(1, kAttachmentLeavesMax);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      in.enter(i);
      batch.rows.push_back(read_row(in));
      in.leave();
    }
    in.leave();
  }
  in.no_other_keys();
  if (!in.ok()) return cli::fail(rpc::to_string(in.fault()), "");
  return batch;
}

// That a new folder stands in the one above it.
bool sync_name_of(const std::filesystem::path& folder) {
  const auto above = std::filesystem::absolute(folder / "..").lexically_normal();
  const int descriptor = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return is_synced;
}

// What is bound to the sealed document without being in it.
crypto::Bytes bound_to(const std::string& ref) {
  const std::string bound = std::string(kMagic) + ref;
  return {bound.begin(), bound.end()};
}

std::unexpected<cli::Failure> unopened(const std::filesystem::path& file) {
  return cli::fail("\"" + file.string() + "\" does not open with this key.",
                   "Give the key that it was sealed with; if that is the one, the file is damaged "
                   "or renamed: restore it from a copy.");
}

}  // namespace

// The folder itself, opened: its lock, and the way to sync the names in it.
struct RedemptionVault::Lock {
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

RedemptionVault::RedemptionVault(std::filesystem::path folder, VaultKey key,
                                 std::unique_ptr<Lock> lock)
    : folder_(std::move(folder)), key_(std::move(key)), lock_(std::move(lock)) {}
RedemptionVault::RedemptionVault(RedemptionVault&&) noexcept = default;
RedemptionVault& RedemptionVault::operator=(RedemptionVault&&) noexcept = default;
RedemptionVault::~RedemptionVault() = default;

std::uint64_t SealedBatch::unit_count() const noexcept {
  std::uint64_t count = 0;
  for (const SealedRow& row : rows) count += row.salts.size();
  return count;
}

cli::Result<RedemptionVault> RedemptionVault::open(const std::filesystem::path& folder,
                                                   VaultKey key) {
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
  RedemptionVault vault(folder, std::move(key), std::move(lock));
  if (auto read = vault.read_all(); !read) return std::unexpected(read.error());
  return vault;
}

// What an import that was killed half-way through a file left behind ends in ".new": it was never
// sent, and is written over.
cli::Result<void> RedemptionVault::read_all() {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder_, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() != kExtension) continue;
    auto batch = read(entries->path());
    if (!batch) return std::unexpected(batch.error());
    if (!keep(*std::move(batch))) {
      return cli::fail(
          "An order of \"" + entries->path().string() + "\" stands in another file too.",
          "Was a file of another vault put here? Take it away.");
    }
  }
  if (!error) return {};
  return cli::fail("\"" + folder_.string() + "\" could not be read: " + error.message() + ".",
                   "Check the permissions.");
}

cli::Result<SealedBatch> RedemptionVault::read(const std::filesystem::path& file) const {
  const auto bytes = cli::read_file(file, kFileBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  const bool is_vault =
      bytes->size() > kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes->begin());
  const std::string ref = file.stem().string();
  if (!is_vault || !ledger::Ref::check(ref)) {
    return cli::fail("\"" + file.string() + "\" is no file of a vault.", "Move it elsewhere.");
  }
  auto text = key_.open(crypto::ByteSpan(*bytes).subspan(kMagic.size()), bound_to(ref));
  if (!text) return unopened(file);
  auto batch = batch_of_document({reinterpret_cast<const char*>(text->data()), text->size()});
  wipe(text->data(), text->size());
  if (!batch) {
    return cli::fail("\"" + file.string() + "\" is not as it must be: " + batch.error().what + ".",
                     "Was it written by a newer version?");
  }
  batch->ref = ref;
  return batch;
}

bool RedemptionVault::keep(SealedBatch batch) {
  std::string ref = batch.ref;
  const SealedBatch& kept = batches_.emplace(std::move(ref), std::move(batch)).first->second;
  return std::ranges::all_of(kept.rows, [&](const SealedRow& row) {
    return places_.emplace(row.id, SealedPlace{&kept, &row}).second;
  });
}

SealedPlace RedemptionVault::find(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? SealedPlace{} : found->second;
}

cli::Result<void> RedemptionVault::put(SealedBatch batch) {
  assert(!batches_.contains(batch.ref));
  std::string text = document_of(batch);
  if (text.size() > kDocumentBytesMax) {
    wipe(text.data(), text.size());
    return cli::fail("The orders of " + batch.ref + " make too large a file.",
                     "Give a smaller --units-max.");
  }
  const auto sealed = key_.seal(crypto::as_bytes(text), bound_to(batch.ref));
  wipe(text.data(), text.size());
  crypto::Bytes bytes(kMagic.begin(), kMagic.end());
  bytes.insert(bytes.end(), sealed.begin(), sealed.end());
  auto written = cli::write_file(folder_ / (batch.ref + std::string(kExtension)), bytes,
                                 cli::Replace::always, cli::Privacy::owner);
  if (!written) return written;
  if (::fsync(lock_->descriptor) != 0) {
    return cli::fail("The vault \"" + folder_.string() + "\" could not be synced.",
                     "Check its disk.");
  }
  const bool is_new = keep(std::move(batch));
  assert(is_new);
  return {};
}

std::vector<crypto::Bytes> fresh_salts(std::uint64_t units) {
  std::vector<crypto::Bytes> salts(units, crypto::Bytes(kSaltBytes));
  for (crypto::Bytes& salt : salts) fill_random(salt);
  return salts;
}

}  // namespace treeproof::import
