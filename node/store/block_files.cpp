#include "node/store/block_files.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kCacheBytes = 64u << 20;

std::optional<BlockPtr> decode(crypto::ByteSpan bytes) {
  auto block = ledger::decode_block(bytes);
  if (!block) return std::nullopt;
  return std::make_shared<const ledger::Block>(*std::move(block));
}

}  // namespace

crypto::Bytes encode_places(const BlockPlaces& places) {
  crypto::Bytes out;
  append_place(out, places.block);
  append_place(out, places.certificate);
  return out;
}

std::optional<BlockPlaces> decode_places(std::string_view stored) {
  if (stored.size() != 2 * kPlaceBytes) return std::nullopt;
  const crypto::ByteSpan bytes = crypto::as_bytes(stored);
  return BlockPlaces{read_place(bytes), read_place(bytes.subspan(kPlaceBytes))};
}

BlockFiles::BlockFiles(std::unique_ptr<SegmentFiles> files)
    : files_(std::move(files)), cache_(kCacheBytes) {}

std::expected<std::unique_ptr<BlockFiles>, std::string> BlockFiles::open(
    const std::filesystem::path& folder) {
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  auto files = SegmentFiles::open(folder, "blocks");
  if (!files) return std::unexpected(files.error());
  return std::unique_ptr<BlockFiles>(new BlockFiles(*std::move(files)));
}

std::expected<BlockPlaces, std::string> BlockFiles::append(
    const BlockPtr& block, const bft::CommitCertificate& certificate) {
  const auto block_place = files_->append({ledger::encode_block(*block)});
  if (!block_place) return std::unexpected(block_place.error());
  const auto certificate_place = files_->append({bft::encode(certificate)});
  if (!certificate_place) return std::unexpected(certificate_place.error());
  if (auto synced = files_->sync(); !synced) return std::unexpected(synced.error());
  keep(*block_place, block);
  return BlockPlaces{*block_place, *certificate_place};
}

std::expected<SegmentPosition, std::string> BlockFiles::scan(SegmentPosition from,
                                                             const Visit& visit) const {
  SegmentPosition whole = from;  // up to here every block has its certificate
  std::optional<std::pair<Place, BlockPtr>> waiting;
  const auto take = [&](const Place& place, const crypto::Bytes& content) {
    if (!waiting) {
      auto block = decode(content);
      if (block) waiting = {place, *std::move(block)};
      return block.has_value();
    }
    auto certificate = bft::decode_commit_certificate(content);
    if (!certificate) return false;
    const BlockPlaces places{waiting->first, place};
    StoredBlock stored{std::move(waiting->second), *std::move(certificate)};
    waiting.reset();
    if (!visit(places, std::move(stored), end_of(place))) return false;
    whole = end_of(place);
    return true;
  };
  if (auto scanned = files_->scan(from, take); !scanned) return scanned;
  return whole;
}

void BlockFiles::keep(const Place& place, const BlockPtr& block) const {
  const std::lock_guard hold(lock_);
  cache_.put(place, block, place.length);
}

BlockPtr BlockFiles::block(const BlockPlaces& places) const {
  {
    const std::lock_guard hold(lock_);
    if (const BlockPtr* held = cache_.find(places.block)) return *held;
  }
  const auto content = files_->read(places.block);
  if (!content) stop_on_disk_failure(content.error());
  auto block = decode(*content);
  if (!block) stop_on_disk_failure("a stored block does not decode");
  keep(places.block, *block);
  return *std::move(block);
}

bft::CommitCertificate BlockFiles::certificate(const BlockPlaces& places) const {
  const auto content = files_->read(places.certificate);
  if (!content) stop_on_disk_failure(content.error());
  auto certificate = bft::decode_commit_certificate(*content);
  if (!certificate) stop_on_disk_failure("a stored certificate does not decode");
  return *std::move(certificate);
}

std::expected<StoredBlock, std::string> BlockFiles::try_read(const BlockPlaces& places) const {
  const auto block_content = files_->read(places.block);
  if (!block_content) return std::unexpected(block_content.error());
  const auto certificate_content = files_->read(places.certificate);
  if (!certificate_content) return std::unexpected(certificate_content.error());
  auto block = decode(*block_content);
  auto certificate = bft::decode_commit_certificate(*certificate_content);
  if (!block || !certificate) return std::unexpected("block or certificate does not decode");
  return StoredBlock{*std::move(block), *std::move(certificate)};
}

}  // namespace treeproof::store
