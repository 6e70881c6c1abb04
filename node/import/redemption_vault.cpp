#include "node/import/redemption_vault.h"

#include <fcntl.h>
#include <sodium.h>
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
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeadBytes = kMagic.size() + crypto_pwhash_SALTBYTES + kNonceBytes;
constexpr std::size_t kFileBytesMax = 256u << 20;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kPassphraseBytesMax = 1'024;
constexpr rpc::JsonLimits kLimits{.depth_max = 4, .values_max = 4u << 20, .keys_max = 16};
static_assert(crypto_pwhash_SALTBYTES == 16);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

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

// What is bound to the sealed document without being in it.
crypto::Bytes bound_to(crypto::ByteSpan head, const std::string& ref) {
  crypto::Bytes bound(head.begin(), head.end());
  bound.insert(bound.end(), ref.begin(), ref.end());
  return bound;
}

std::unexpected<cli::Failure> unopened(const std::filesystem::path& file) {
  return cli::fail("\"" + file.string() + "\" does not open with this passphrase.",
                   "Give the passphrase that it was sealed with; if that is the one, the file is "
                   "damaged: restore it from a copy.");
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

RedemptionVault::RedemptionVault(std::filesystem::path folder, std::string passphrase,
                                 std::unique_ptr<Lock> lock)
    : folder_(std::move(folder)), passphrase_(std::move(passphrase)), lock_(std::move(lock)) {}
RedemptionVault::RedemptionVault(RedemptionVault&&) noexcept = default;
RedemptionVault& RedemptionVault::operator=(RedemptionVault&&) noexcept = default;

std::uint64_t SealedBatch::unit_count() const noexcept {
  std::uint64_t count = 0;
  for (const SealedRow& row : rows) count += row.salts.size();
  return count;
}

RedemptionVault::~RedemptionVault() {
  sodium_memzero(passphrase_.data(), passphrase_.size());
  for (auto& [salt, key] : keys_) sodium_memzero(key.data(), key.size());
}

cli::Result<RedemptionVault> RedemptionVault::open(const std::filesystem::path& folder,
                                                   const std::string& passphrase) {
  if (passphrase.size() < kPassphraseBytesMin) {
    return cli::fail("The vault's passphrase is too short.",
                     "Choose one of at least " + std::to_string(kPassphraseBytesMin) + " bytes.");
  }
  std::error_code error;
  if (sodium_init() < 0) return cli::fail("libsodium does not start.", "Check its installation.");
  std::filesystem::create_directories(folder, error);
  if (!error) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return cli::fail("\"" + folder.string() + "\" cannot be a vault: " + error.message() + ".",
                     "Give --vault a folder of your own.");
  }
  auto lock = std::make_unique<Lock>(folder);
  if (!lock->take()) {
    return cli::fail("The vault \"" + folder.string() + "\" is in use.",
                     "Wait until the other import has ended.");
  }
  RedemptionVault vault(folder, passphrase, std::move(lock));
  if (auto read = vault.read_all(); !read) return std::unexpected(read.error());
  return vault;
}

cli::Result<void> RedemptionVault::read_all() {
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() != kExtension) continue;
    auto batch = read(entry.path());
    if (!batch) return std::unexpected(batch.error());
    keep(*std::move(batch));
  }
  return {};
}

cli::Result<SealedBatch> RedemptionVault::read(const std::filesystem::path& file) {
  const auto bytes = cli::read_file(file, kFileBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  const bool is_vault = bytes->size() > kHeadBytes + kTagBytes &&
                        std::equal(kMagic.begin(), kMagic.end(), bytes->begin());
  if (!is_vault) {
    return cli::fail("\"" + file.string() + "\" is no file of a vault.", "Move it elsewhere.");
  }
  Salt salt{};
  std::copy_n(bytes->data() + kMagic.size(), salt.size(), salt.begin());
  const auto key = key_of(salt);
  if (!key) return std::unexpected(key.error());
  const std::string ref = file.stem().string();
  const crypto::Bytes bound = bound_to(crypto::ByteSpan(*bytes).first(kHeadBytes), ref);
  const crypto::ByteSpan sealed = crypto::ByteSpan(*bytes).subspan(kHeadBytes);
  std::string text(sealed.size() - kTagBytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, sealed.data(), sealed.size(),
      bound.data(), bound.size(), bytes->data() + kMagic.size() + salt.size(), (*key)->data());
  if (opened != 0) return unopened(file);
  auto batch = batch_of_document(text);
  sodium_memzero(text.data(), text.size());
  if (!batch || !ledger::Ref::check(ref)) {
    const std::string why = batch ? "its name is no ref" : batch.error().what;
    return cli::fail("\"" + file.string() + "\" is not as it must be: " + why + ".",
                     "Was it written by a newer version?");
  }
  batch->ref = ref;
  return batch;
}

cli::Result<const RedemptionVault::Key*> RedemptionVault::key_of(const Salt& salt) {
  const auto known = keys_.find(salt);
  if (known != keys_.end()) return &known->second;
  Key key{};
  const int derived = crypto_pwhash(key.data(), key.size(), passphrase_.data(), passphrase_.size(),
                                    salt.data(), crypto_pwhash_OPSLIMIT_MODERATE,
                                    crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13);
  if (derived != 0) {
    return cli::fail("There is too little memory to derive the vault's key.",
                     "256 MiB must be free.");
  }
  return &keys_.emplace(salt, key).first->second;
}

void RedemptionVault::keep(SealedBatch batch) {
  std::string ref = batch.ref;
  const SealedBatch& kept = batches_.emplace(std::move(ref), std::move(batch)).first->second;
  for (const SealedRow& row : kept.rows) places_.emplace(row.id, SealedPlace{&kept, &row});
}

SealedPlace RedemptionVault::find(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? SealedPlace{} : found->second;
}

cli::Result<void> RedemptionVault::put(SealedBatch batch) {
  assert(!batches_.contains(batch.ref));
  Salt salt{};
  if (keys_.empty()) {
    randombytes_buf(salt.data(), salt.size());
  } else {
    salt = keys_.begin()->first;
  }
  const auto key = key_of(salt);
  if (!key) return std::unexpected(key.error());
  std::string text = document_of(batch);
  crypto::Bytes bytes(kMagic.begin(), kMagic.end());
  bytes.insert(bytes.end(), salt.begin(), salt.end());
  bytes.resize(kHeadBytes + text.size() + kTagBytes);
  unsigned char* nonce = bytes.data() + kMagic.size() + salt.size();
  randombytes_buf(nonce, kNonceBytes);
  const crypto::Bytes bound = bound_to(crypto::ByteSpan(bytes).first(kHeadBytes), batch.ref);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes.data() + kHeadBytes, nullptr, reinterpret_cast<const unsigned char*>(text.data()),
      text.size(), bound.data(), bound.size(), nullptr, nonce, (*key)->data());
  sodium_memzero(text.data(), text.size());
  auto written = cli::write_file(folder_ / (batch.ref + std::string(kExtension)), bytes,
                                 cli::Replace::always, cli::Privacy::owner);
  if (!written) return written;
  if (::fsync(lock_->descriptor) != 0) {
    return cli::fail("The vault \"" + folder_.string() + "\" could not be synced.",
                     "Check its disk.");
  }
  keep(std::move(batch));
  return {};
}

cli::Result<std::string> read_passphrase(const std::filesystem::path& file) {
  auto text = cli::read_text(file, kPassphraseBytesMax);
  if (!text) return text;
  const std::size_t end = std::min(text->find_first_of("\r\n"), text->size());
  std::string passphrase = text->substr(0, end);
  sodium_memzero(text->data(), text->size());
  return passphrase;
}

std::vector<crypto::Bytes> fresh_salts(std::uint64_t units) {
  std::vector<crypto::Bytes> salts(units, crypto::Bytes(kSaltBytes));
  for (crypto::Bytes& salt : salts) randombytes_buf(salt.data(), salt.size());
  return salts;
}

}  // namespace treeproof::import
