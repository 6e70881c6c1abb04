#include <cassert>

#include "node/network/frame.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

using Frames = std::vector<std::pair<std::uint8_t, crypto::Bytes>>;

const network::FrameRules& rules() {
  static const network::FrameRules kRules{{1, {16}}, {6, {4'096}}, {9, {65'536}}};
  return kRules;
}

// The first byte says how the rest is cut: as it comes, or in pieces of that size.
std::pair<Frames, bool> assemble(crypto::ByteSpan stream, std::size_t piece) {
  network::FrameAssembler assembler(rules());
  Frames frames;
  while (!stream.empty()) {
    const std::size_t size = std::min(piece, stream.size());
    const auto taken =
        assembler.take(stream.first(size), [&](std::uint8_t kind, crypto::Bytes payload) {
          frames.emplace_back(kind, std::move(payload));
          return true;
        });
    if (!taken) return {std::move(frames), false};
    stream = stream.subspan(size);
  }
  return {std::move(frames), true};
}

}  // namespace

int fuzz_frames(crypto::ByteSpan input) {
  if (input.empty()) return kRefused;
  const crypto::ByteSpan stream = input.subspan(1);
  const auto [whole, is_good] = assemble(stream, stream.size());
  const auto [cut, is_good_too] = assemble(stream, std::size_t{input.front()} + 1);
  assert(whole == cut && is_good == is_good_too);
  crypto::Bytes again;
  for (const auto& [kind, payload] : whole) {
    assert(payload.size() <= rules().at(kind).payload_bytes_max);
    network::append_frame_header(again, {static_cast<std::uint32_t>(payload.size()), kind});
    again.insert(again.end(), payload.begin(), payload.end());
  }
  assert(again.size() <= stream.size() && crypto::equal(again, stream.first(again.size())));
  return is_good && !whole.empty() ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
