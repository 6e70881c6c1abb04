#include "node/store/snapshot_shelf.h"

#include <algorithm>
#include <charconv>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"

namespace treeproof::store {

namespace {

using Done = std::expected<void, std::string>;

constexpr std::string_view kWhole = ".snapshot";
constexpr std::string_view kPartial = ".partial";

// The height that a file is named after; nothing where it is no file of ours.
std::optional<Height> height_of(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  Height height;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), height.value);
  const bool is_number = error == std::errc() && end == stem.data() + stem.size();
  return is_number ? std::optional(height) : std::nullopt;
}

// Cuts what is written into parts, as peers ask for them.
class PartWriter {
 public:
  explicit PartWriter(File& file) : file_(file) {}
  Done take(crypto::ByteSpan more) {
    while (!more.empty()) {
      const std::size_t room = kSnapshotPartBytes - part_.size();
      const crypto::ByteSpan first = more.first(std::min(room, more.size()));
      part_.insert(part_.end(), first.begin(), first.end());
      more = more.subspan(first.size());
      if (part_.size() < kSnapshotPartBytes) continue;
      if (auto done = flush(); !done) return done;
    }
    return {};
  }
  Done flush() {
    if (part_.empty()) return {};
    if (leaves.size() == kSnapshotPartsMax) return std::unexpected("the snapshot is too large");
    if (auto done = file_.write_at(bytes, part_); !done) return done;
    leaves.push_back(crypto::leaf_hash(part_));
    bytes += part_.size();
    part_.clear();
    return {};
  }
  std::vector<crypto::Hash> leaves;
  std::uint64_t bytes = 0;

 private:
  File& file_;
  crypto::Bytes part_;
};

Done remove_file(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::remove(file, error);
  if (!error) return {};
  return std::unexpected("cannot remove " + file.string() + ": " + error.message());
}

}  // namespace

std::filesystem::path SnapshotShelf::path_of(Height height, std::string_view ending) const {
  return folder_ / (std::to_string(height.value) + std::string(ending));
}

Done SnapshotShelf::look_through() {
  if (!std::filesystem::exists(folder_)) return {};
  std::vector<Height> whole;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const auto height = height_of(entry.path());
    if (!height) continue;
    if (entry.path().extension() == kWhole) whole.push_back(*height);
    if (entry.path().extension() != kPartial) continue;
    if (auto removed = remove_file(entry.path()); !removed) return removed;
  }
  if (error) return std::unexpected("cannot list " + folder_.string() + ": " + error.message());
  std::ranges::sort(whole);
  for (const Height height : whole) {
    auto kept = read_whole(height);
    if (!kept) return std::unexpected(kept.error());
    if (auto done = keep(*std::move(kept)); !done) return done;
  }
  return {};
}

std::expected<std::shared_ptr<const SnapshotShelf::Kept>, std::string> SnapshotShelf::read_whole(
    Height height) const {
  auto file = File::open(path_of(height, kWhole), FileMode::read);
  if (!file) return std::unexpected(file.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  auto kept = std::make_shared<Kept>();
  crypto::Bytes part;
  for (std::uint64_t at = 0; at < *size; at += part.size()) {
    part.resize(std::min<std::uint64_t>(kSnapshotPartBytes, *size - at));
    if (auto read = file->read_at(at, part); !read) return std::unexpected(read.error());
    kept->leaves.push_back(crypto::leaf_hash(part));
  }
  kept->offer = {height, *size, crypto::merkle_root(kept->leaves)};
  kept->file = *std::move(file);
  return kept;
}

Done SnapshotShelf::put(Height height, const Fill& fill) {
  if (auto made = make_folder(folder_); !made) return made;
  const std::filesystem::path partial = path_of(height, kPartial);
  if (auto removed = remove_file(partial); !removed) return removed;
  auto file = File::open(partial, FileMode::create_new);
  if (!file) return std::unexpected(file.error());
  PartWriter writer(*file);
  auto done = fill([&](crypto::ByteSpan bytes) { return writer.take(bytes); });
  if (done) done = writer.flush();
  if (done) done = file->sync();
  if (!done) {
    remove_file(partial);
    return done;
  }
  std::error_code error;
  std::filesystem::rename(partial, path_of(height, kWhole), error);
  if (error) return std::unexpected("cannot rename " + partial.string() + ": " + error.message());
  if (auto synced = sync_folder(folder_); !synced) return synced;
  auto kept = std::make_shared<Kept>();
  kept->offer = {height, writer.bytes, crypto::merkle_root(writer.leaves)};
  kept->leaves = std::move(writer.leaves);
  kept->file = *std::move(file);
  return keep(std::move(kept));
}

// Who reads a part of what goes away keeps its file open until it is done.
Done SnapshotShelf::keep(std::shared_ptr<const Kept> added) {
  std::vector<Height> gone;
  {
    const std::lock_guard hold(lock_);
    const Height height = added->offer.height;
    std::erase_if(kept_, [&](const auto& kept) { return kept->offer.height == height; });
    kept_.push_back(std::move(added));
    std::ranges::sort(kept_, {}, [](const auto& kept) { return kept->offer.height; });
    while (kept_.size() > kKept) {
      gone.push_back(kept_.front()->offer.height);
      kept_.erase(kept_.begin());
    }
  }
  for (const Height height : gone) {
    if (auto removed = remove_file(path_of(height, kWhole)); !removed) return removed;
  }
  return {};
}

std::optional<replica::SnapshotOffer> SnapshotShelf::newest() const {
  const std::lock_guard hold(lock_);
  return kept_.empty() ? std::nullopt : std::optional(kept_.back()->offer);
}

std::optional<replica::SnapshotPart> SnapshotShelf::part(const replica::SnapshotPartId& id) const {
  std::shared_ptr<const Kept> kept;
  {
    const std::lock_guard hold(lock_);
    const auto found = std::ranges::find(
        kept_, id.root, [](const auto& candidate) { return candidate->offer.root; });
    if (found != kept_.end()) kept = *found;
  }
  if (!kept || id.index >= kept->leaves.size()) return std::nullopt;
  const std::uint64_t at = id.index * kSnapshotPartBytes;
  replica::SnapshotPart part{id, crypto::inclusion_path(id.index, kept->leaves), {}};
  part.bytes.resize(std::min<std::uint64_t>(kSnapshotPartBytes, kept->offer.bytes - at));
  if (!kept->file.read_at(at, part.bytes)) return std::nullopt;
  return part;
}

}  // namespace treeproof::store
