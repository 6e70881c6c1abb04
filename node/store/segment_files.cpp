#include "node/store/segment_files.h"

#include <algorithm>
#include <cassert>
#include <cstdio>

#include "node/store/crc32c.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kFrameBytes = kLengthBytes + kChecksumBytes;

// The content of a record, or nothing where its checksum does not hold.
std::optional<crypto::Bytes> open_record(crypto::Bytes record) {
  const std::size_t checked = record.size() - kChecksumBytes;
  const std::uint32_t stored = crypto::read_u32be(crypto::ByteSpan(record).subspan(checked));
  if (stored != crc32c(crypto::ByteSpan(record).first(checked))) return std::nullopt;
  record.resize(checked);
  record.erase(record.begin(), record.begin() + kLengthBytes);
  return record;
}

}  // namespace

SegmentPosition end_of(const Place& place) noexcept {
  return {place.at.segment, place.at.offset + place.length + kFrameBytes};
}

void append_place(crypto::Bytes& out, const Place& place) {
  crypto::append_u32be(out, place.at.segment);
  crypto::append_u64be(out, place.at.offset);
  crypto::append_u32be(out, place.length);
}

Place read_place(crypto::ByteSpan bytes) {
  return {{crypto::read_u32be(bytes), crypto::read_u64be(bytes.subspan(4))},
          crypto::read_u32be(bytes.subspan(12))};
}

std::filesystem::path SegmentFiles::path_of(std::uint32_t segment) const {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "%06u", segment);
  return folder_ / (kind_ + "-" + number.data() + ".segment");
}

std::expected<std::unique_ptr<SegmentFiles>, std::string> SegmentFiles::open(
    const std::filesystem::path& folder, std::string kind, std::uint64_t segment_bytes_max) {
  std::unique_ptr<SegmentFiles> files(new SegmentFiles(folder, std::move(kind), segment_bytes_max));
  std::uint32_t last = 0;
  while (std::filesystem::exists(files->path_of(last + 1))) ++last;
  if (auto started = files->start_segment(last); !started) return std::unexpected(started.error());
  const auto size = files->writer_.size();
  if (!size) return std::unexpected(size.error());
  files->end_ = {last, *size};
  return files;
}

std::expected<void, std::string> SegmentFiles::start_segment(std::uint32_t segment) {
  auto file = File::open(path_of(segment), FileMode::create);
  if (!file) return std::unexpected(file.error());
  writer_ = *std::move(file);
  end_ = {segment, 0};
  return sync_folder(folder_);
}

std::expected<Place, std::string> SegmentFiles::append(
    std::initializer_list<crypto::ByteSpan> parts) {
  std::size_t length = 0;
  for (const crypto::ByteSpan part : parts) length += part.size();
  assert(length <= kContentBytesMax);
  crypto::Bytes record;
  record.reserve(length + kFrameBytes);
  crypto::append_u32be(record, static_cast<std::uint32_t>(length));
  for (const crypto::ByteSpan part : parts) record.insert(record.end(), part.begin(), part.end());
  crypto::append_u32be(record, crc32c(record));

  if (end_.offset > 0 && end_.offset + record.size() > segment_bytes_max_) {
    if (auto synced = sync(); !synced) return std::unexpected(synced.error());
    auto started = start_segment(end_.segment + 1);
    if (!started) return std::unexpected(started.error());
  }
  const Place place{end_, static_cast<std::uint32_t>(length)};
  if (auto put = writer_.write_at(end_.offset, record); !put) return std::unexpected(put.error());
  end_.offset += record.size();
  return place;
}

std::expected<void, std::string> SegmentFiles::sync() { return writer_.sync(); }

std::expected<const File*, std::string> SegmentFiles::reader(std::uint32_t segment) const {
  const std::lock_guard hold(readers_lock_);
  const auto known = readers_.find(segment);
  if (known != readers_.end()) return &known->second;
  auto file = File::open(path_of(segment), FileMode::read);
  if (!file) return std::unexpected(file.error());
  return &readers_.emplace(segment, *std::move(file)).first->second;
}

std::expected<crypto::Bytes, std::string> SegmentFiles::read(const Place& place) const {
  const auto file = reader(place.at.segment);
  if (!file) return std::unexpected(file.error());
  crypto::Bytes record(place.length + kFrameBytes);
  if (auto got = (*file)->read_at(place.at.offset, record); !got) {
    return std::unexpected(got.error());
  }
  const bool same_length = crypto::read_u32be(record) == place.length;
  auto content = same_length ? open_record(std::move(record)) : std::nullopt;
  if (!content) {
    return std::unexpected("the record at " + std::to_string(place.at.offset) + " of " +
                           path_of(place.at.segment).string() + " is damaged");
  }
  return *std::move(content);
}

// Nothing where no whole record begins here.
std::expected<std::optional<crypto::Bytes>, std::string> SegmentFiles::try_read(
    SegmentPosition at) const {
  const auto file = reader(at.segment);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  if (at.offset + kFrameBytes > *size) return std::nullopt;
  std::array<std::uint8_t, kLengthBytes> length_bytes{};
  if (auto got = (*file)->read_at(at.offset, length_bytes); !got) {
    return std::unexpected(got.error());
  }
  const std::size_t length = crypto::read_u32be(length_bytes);
  if (length > kContentBytesMax || at.offset + length + kFrameBytes > *size) return std::nullopt;
  crypto::Bytes record(length + kFrameBytes);
  if (auto got = (*file)->read_at(at.offset, record); !got) return std::unexpected(got.error());
  return open_record(std::move(record));
}

std::expected<SegmentPosition, std::string> SegmentFiles::scan(SegmentPosition from,
                                                               const Visit& visit) const {
  while (from < end_) {
    auto content = try_read(from);
    if (!content) return std::unexpected(content.error());
    if (!*content) {
      const auto size = (*reader(from.segment))->size();
      const bool at_end = size && from.offset == *size;
      if (!at_end || from.segment == end_.segment) return from;
      from = {from.segment + 1, 0};
      continue;
    }
    const Place place{from, static_cast<std::uint32_t>((*content)->size())};
    if (!visit(place, **std::move(content))) return from;
    from = end_of(place);
  }
  return from;
}

std::expected<void, std::string> SegmentFiles::give_back(const Place& place) {
  auto file = File::open(path_of(place.at.segment), FileMode::read_write);
  if (!file) return std::unexpected(file.error());
  return file->give_back(place.at.offset + kLengthBytes, place.length + kChecksumBytes);
}

std::expected<void, std::string> SegmentFiles::erase(const Place& place) {
  auto file = File::open(path_of(place.at.segment), FileMode::read_write);
  if (!file) return std::unexpected(file.error());
  crypto::Bytes record;
  crypto::append_u32be(record, place.length);
  record.resize(kLengthBytes + place.length);
  crypto::append_u32be(record, crc32c(record));
  if (auto put = file->write_at(place.at.offset, record); !put) return put;
  return file->sync();
}

std::expected<void, std::string> SegmentFiles::cut(SegmentPosition end) {
  if (end >= end_) return {};
  for (std::uint32_t later = end_.segment; later > end.segment; --later) {
    std::error_code error;
    std::filesystem::remove(path_of(later), error);
    if (error) return std::unexpected("cannot remove " + path_of(later).string());
    const std::lock_guard hold(readers_lock_);
    readers_.erase(later);
  }
  if (auto started = start_segment(end.segment); !started) return started;
  if (auto resized = writer_.resize(end.offset); !resized) return resized;
  end_ = end;
  return writer_.sync();
}

}  // namespace treeproof::store
