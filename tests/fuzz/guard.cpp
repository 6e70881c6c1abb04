#include <algorithm>
#include <cassert>

#include "consensus/bft/guard.h"
#include "crypto/hash.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

constexpr std::size_t kChecksumBytes = 8;

// What a slot holds has one encoding; behind it there may stand what an older slot left.
int judge_slot(crypto::Bytes slot) {
  slot.resize(bft::kGuardSlotBytes);
  const auto state = bft::decode_guard_slot(slot);
  if (!state) return kRefused;
  const crypto::Bytes again = bft::encode_guard_slot(*state);
  const std::size_t written = 4 + crypto::read_u32be(again) + kChecksumBytes;
  assert(std::equal(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(written),
                    slot.begin()));
  return kTaken;
}

// The checksum stops mutations early: it is made for whatever the input says.
int judge_body(crypto::ByteSpan body) {
  if (body.size() > bft::kGuardSlotBytes / 2) return kRefused;
  crypto::Bytes slot;
  crypto::append_u32be(slot, static_cast<std::uint32_t>(body.size()));
  slot.insert(slot.end(), body.begin(), body.end());
  const crypto::Hash checksum = crypto::sha256(slot);
  slot.insert(slot.end(), checksum.begin(), checksum.begin() + kChecksumBytes);
  return judge_slot(std::move(slot));
}

// A guard that signed what the input says, each record over the older slot; of the last one only
// some bytes were written: [(place to tear at: two bytes), (step of height, round)...].
int judge_torn(crypto::ByteSpan input) {
  if (input.size() < 3) return kRefused;
  const std::size_t torn = std::size_t{input[0]} << 8 | input[1];
  crypto::Bytes file = bft::new_guard_file();
  bft::GuardState state;
  for (const std::uint8_t step : input.subspan(2)) {
    const bft::GuardState before = state;
    const bool is_next_height = step % 2 == 0;
    const bft::SignRequest request{{before.height().value + (is_next_height ? 1u : 0u)},
                                   {is_next_height ? 0 : before.round().value + 1},
                                   bft::SignStep::prevote,
                                   crypto::sha256(input.first(2))};
    state.record(request, crypto::Signature{step});
    const crypto::Bytes slot = bft::encode_guard_slot(state);
    const auto place = file.begin() + static_cast<std::ptrdiff_t>(bft::guard_slot_offset(state));
    const crypto::Bytes whole = file;
    std::ranges::copy(crypto::ByteSpan(slot).first(std::min(torn, slot.size())), place);
    const auto read = bft::decode_guard_file(file);
    assert(read && (*read == state || *read == before));
    file = whole;
    std::ranges::copy(slot, place);
    assert(bft::decode_guard_file(file) == state);
  }
  return kTaken;
}

}  // namespace

int fuzz_guard(crypto::ByteSpan input) {
  if (input.empty()) return kRefused;
  const crypto::ByteSpan rest = input.subspan(1);
  if (input[0] % 3 == 1) return judge_body(rest);
  if (input[0] % 3 == 2) return judge_torn(rest);
  return judge_slot(crypto::to_bytes(rest));
}

}  // namespace treeproof::fuzz
