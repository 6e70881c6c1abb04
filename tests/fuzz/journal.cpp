#include <cassert>

#include "node/store/journal_record.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

using Halves = std::array<crypto::Bytes, 2>;

int judge(const Halves& halves) {
  const auto content = store::read_journal(halves);
  if (!content) {
    assert(content.error().half < 2);
    assert(content.error().offset <= halves.at(content.error().half).size());
    return kRefused;
  }
  assert(content->half < 2 && content->end <= halves.at(content->half).size());
  return content->records.empty() ? kRefused : kTaken;
}

// Checksums stop mutations early, so records are made of the input, then damaged by its rest:
// [count, (payload size)..., (place, bits)...].
int judge_written(crypto::ByteSpan input) {
  std::size_t at = 0;
  const auto next = [&] { return at < input.size() ? input[at++] : std::uint8_t{0}; };
  Halves halves;
  crypto::Bytes& file = halves[0];
  const std::size_t count = next() % 8 + std::size_t{1};
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t durable = ends.empty() ? 0 : ends.back();
    const replica::Journal record{{7}, next(), crypto::Bytes(next(), next())};
    store::append_journal_record(file, record, {1, next() % 2 == 0 ? durable : 0});
    ends.push_back(file.size());
  }
  const auto whole = store::read_journal(halves);
  assert(whole && whole->records.size() == count && whole->end == file.size());
  std::size_t first_damage = file.size();
  while (at + 2 < input.size()) {
    const std::size_t place = (std::size_t{next()} << 8 | next()) % file.size();
    const std::uint8_t bits = next();
    file[place] ^= bits;
    if (bits != 0) first_damage = std::min(first_damage, place);
  }
  const auto read = store::read_journal(halves);
  const auto is_before = [&](std::size_t end) { return end <= first_damage; };
  const auto untouched = static_cast<std::size_t>(std::ranges::count_if(ends, is_before));
  // A CRC finds every damage of a few bits; all before the damage is read or its loss is reported.
  if (read && read->half == 0 && read->generation > 0) assert(read->records.size() >= untouched);
  judge(halves);
  return kTaken;
}

}  // namespace

int fuzz_journal(crypto::ByteSpan input) {
  if (input.size() < 2) return kRefused;
  if (input[0] % 2 == 1) return judge_written(input.subspan(1));
  const crypto::ByteSpan bytes = input.subspan(2);
  const std::size_t cut = bytes.size() * input[1] / 255;
  return judge({crypto::to_bytes(bytes.first(cut)), crypto::to_bytes(bytes.subspan(cut))});
}

}  // namespace treeproof::fuzz
