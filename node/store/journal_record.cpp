#include "node/store/journal_record.h"

#include <cassert>

#include "consensus/types/limits.h"
#include "node/store/crc32c.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kHeadBytes = 4 + 1 + 8 + 8 + 8;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kPayloadBytesMax = kFrameBytesMax;

struct Head {
  std::uint32_t length;
  std::uint8_t kind;
  std::uint64_t height;
  JournalStamp stamp;
};

// Nothing where the bytes cannot hold a record.
std::optional<Head> head_at(crypto::ByteSpan file, std::size_t offset) {
  if (offset + kHeadBytes + kChecksumBytes > file.size()) return std::nullopt;
  const crypto::ByteSpan bytes = file.subspan(offset, kHeadBytes);
  Head head{crypto::read_u32be(bytes),
            bytes[4],
            crypto::read_u64be(bytes.subspan(5)),
            {crypto::read_u64be(bytes.subspan(13)), crypto::read_u64be(bytes.subspan(21))}};
  const bool fits = head.length <= kPayloadBytesMax &&
                    offset + kHeadBytes + head.length + kChecksumBytes <= file.size();
  const bool is_written = head.stamp.generation > 0 && head.stamp.durable <= offset;
  if (!fits || !is_written) return std::nullopt;
  return head;
}

bool checksum_holds(crypto::ByteSpan file, std::size_t offset, const Head& head) {
  const std::size_t checked = kHeadBytes + head.length;
  return crc32c(file.subspan(offset, checked)) ==
         crypto::read_u32be(file.subspan(offset + checked));
}

std::uint64_t first_generation(crypto::ByteSpan file) {
  const auto head = head_at(file, 0);
  return head && checksum_holds(file, 0, *head) ? head->stamp.generation : 0;
}

enum class Rest : std::uint8_t {
  unwritten,   // zeros, or an older generation
  torn,        // of this generation, and nobody says that it was durable
  was_durable  // as a later record of this generation says
};

// What stands from `offset` on, where no whole record of this generation begins.
Rest rest_at(crypto::ByteSpan file, std::size_t offset, std::uint64_t generation) {
  Rest rest = Rest::unwritten;
  std::size_t end = file.size();
  while (end > offset && file[end - 1] == 0) --end;  // reserved, never written
  for (std::size_t at = offset; at < end; ++at) {
    const auto head = head_at(file, at);
    if (!head || head->stamp.generation < generation) continue;
    if (at > offset && !checksum_holds(file, at, *head)) continue;
    if (head->stamp.durable > offset) return Rest::was_durable;
    rest = Rest::torn;
  }
  return rest;
}

}  // namespace

void append_journal_record(crypto::Bytes& out, const replica::Journal& record,
                           const JournalStamp& stamp) {
  assert(record.payload.size() <= kPayloadBytesMax);
  const std::size_t begin = out.size();
  crypto::append_u32be(out, static_cast<std::uint32_t>(record.payload.size()));
  out.push_back(record.kind);
  crypto::append_u64be(out, record.height.value);
  crypto::append_u64be(out, stamp.generation);
  crypto::append_u64be(out, stamp.durable);
  out.insert(out.end(), record.payload.begin(), record.payload.end());
  crypto::append_u32be(out, crc32c(crypto::ByteSpan(out).subspan(begin)));
}

std::expected<JournalContent, JournalPlace> read_journal(std::span<const crypto::Bytes, 2> halves) {
  const std::array first{first_generation(halves[0]), first_generation(halves[1])};
  const std::size_t newest = first[1] > first[0] ? 1 : 0;
  const std::size_t other = 1 - newest;
  // The other half is older, or a torn beginning of the next generation. [rule 21]
  const JournalPlace next_begins{other, 0};
  const Rest next =
      first[other] == 0 ? rest_at(halves[other], 0, first[newest] + 1) : Rest::unwritten;
  if (next == Rest::was_durable) return std::unexpected(next_begins);
  const crypto::ByteSpan file = halves[newest];
  JournalContent content{newest, first[newest], 0, {}, {}};
  while (const auto head = head_at(file, content.end)) {
    const bool follows = head->stamp.generation >= content.generation;
    if (!follows || !checksum_holds(file, content.end, *head)) break;
    content.generation = head->stamp.generation;
    const crypto::ByteSpan payload = file.subspan(content.end + kHeadBytes, head->length);
    content.records.push_back({{head->height}, head->kind, crypto::to_bytes(payload)});
    content.end += kHeadBytes + head->length + kChecksumBytes;
  }
  const JournalPlace ends{newest, content.end};
  const Rest rest = rest_at(file, content.end, std::max<std::uint64_t>(first[newest], 1));
  if (rest == Rest::was_durable) return std::unexpected(ends);
  if (next == Rest::torn) content.torn = next_begins;
  if (rest == Rest::torn) content.torn = ends;
  return content;
}

}  // namespace treeproof::store
