// Files that only grow, one after the other: records are appended, synced and read by their place.
// Owns the files of one kind in a folder. Does not know what a record means nor which are wanted:
// LevelDB keeps places. One writer; read() from any thread.
// Source: docs/ledger.md "Size".
//
//   <folder>/<kind>-<number, 6 digits>.segment = record, record, ...
//   record = u32 length, length bytes, u32 CRC-32C of all before in the record
//
// Integers are big-endian. A torn record at the end is cut by whoever opens the store.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "node/store/file.h"

namespace treeproof::store {

struct SegmentPosition {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const SegmentPosition&) const = default;
};
// Where a record begins, and how many bytes of content it has.
struct Place {
  SegmentPosition at;
  std::uint32_t length = 0;
  auto operator<=>(const Place&) const = default;
};
inline constexpr std::size_t kPlaceBytes = 16;  // u32 segment, u64 offset, u32 length
// Where the next record may begin.
SegmentPosition end_of(const Place& place) noexcept;
void append_place(crypto::Bytes& out, const Place& place);
// Requires: bytes.size() >= kPlaceBytes.
Place read_place(crypto::ByteSpan bytes);

class SegmentFiles {
 public:
  static constexpr std::uint64_t kSegmentBytesMax = 256u << 20;
  static constexpr std::size_t kContentBytesMax = 32u << 20;

  // Requires: the folder exists. Appends go after whatever the last file holds.
  static std::expected<std::unique_ptr<SegmentFiles>, std::string> open(
      const std::filesystem::path& folder, std::string kind,
      std::uint64_t segment_bytes_max = kSegmentBytesMax);

  // Written, not yet durable. The content is the concatenation of the parts, at most
  // kContentBytesMax.
  std::expected<Place, std::string> append(std::initializer_list<crypto::ByteSpan> parts);
  std::expected<void, std::string> sync();
  SegmentPosition end() const noexcept { return end_; }

  // The content; an error where the record is not whole.
  std::expected<crypto::Bytes, std::string> read(const Place& place) const;
  // Visits whole records from a position on, until one is not whole or the visitor says false.
  // Returns where the next one would begin.
  using Visit = std::function<bool(const Place&, crypto::Bytes)>;
  std::expected<SegmentPosition, std::string> scan(SegmentPosition from, const Visit& visit) const;
  // Gives the space of a record back. It reads as damaged from then on, and no scan gets past it.
  std::expected<void, std::string> give_back(const Place& place);
  // Writes zeros over the content of a record, which stays a whole one: scans get past it. Durable
  // when it returns, and may be done again.
  std::expected<void, std::string> erase(const Place& place);
  // Drops everything from here on. Durable when it returns.
  std::expected<void, std::string> cut(SegmentPosition end);

 private:
  SegmentFiles(std::filesystem::path folder, std::string kind, std::uint64_t segment_bytes_max)
      : folder_(std::move(folder)), kind_(std::move(kind)), segment_bytes_max_(segment_bytes_max) {}
  std::filesystem::path path_of(std::uint32_t segment) const;
  std::expected<void, std::string> start_segment(std::uint32_t segment);
  std::expected<const File*, std::string> reader(std::uint32_t segment) const;
  std::expected<std::optional<crypto::Bytes>, std::string> try_read(SegmentPosition at) const;

  std::filesystem::path folder_;
  std::string kind_;
  std::uint64_t segment_bytes_max_;
  File writer_;
  SegmentPosition end_;
  mutable std::mutex readers_lock_;
  mutable std::map<std::uint32_t, File> readers_;
};

}  // namespace treeproof::store
