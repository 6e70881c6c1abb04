#include "node/store/key_filter.h"

#include <functional>

namespace treeproof::store {

namespace {

constexpr std::size_t kFirstLines = 1u << 12;
constexpr std::size_t kKeysPerLine = 36;  // 512 bits: 14 bits for each key
constexpr std::size_t kProbes = 6;

struct Probe {
  std::uint64_t line;
  std::uint64_t bits;  // 9 for each of the probes
};

Probe probe_of(std::string_view key) noexcept {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  // The finalizer of splitmix64, so that line and bits do not depend on each other.
  std::uint64_t mixed = hash + 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return {hash, mixed ^ mixed >> 31};
}

}  // namespace

void KeyFilter::add(std::string_view key) {
  if (room_ == 0) {
    parts_.emplace_back(parts_.empty() ? kFirstLines : 2 * parts_.back().size());
    room_ = parts_.back().size() * kKeysPerLine;
  }
  --room_;
  const auto [line, bits] = probe_of(key);
  Line& chosen = parts_.back()[line & (parts_.back().size() - 1)];
  for (std::size_t i = 0; i < kProbes; ++i) {
    const std::uint64_t bit = bits >> (9 * i);
    chosen.words[bit >> 6 & 7] |= std::uint64_t{1} << (bit & 63);
  }
}

bool KeyFilter::may_hold(std::string_view key) const noexcept {
  const auto [line, bits] = probe_of(key);
  for (const auto& part : parts_) {
    const Line& chosen = part[line & (part.size() - 1)];
    bool all = true;
    for (std::size_t i = 0; i < kProbes && all; ++i) {
      const std::uint64_t bit = bits >> (9 * i);
      all = chosen.words[bit >> 6 & 7] >> (bit & 63) & 1;
    }
    if (all) return true;
  }
  return false;
}

std::size_t KeyFilter::memory_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const auto& part : parts_) bytes += part.size() * sizeof(Line);
  return bytes;
}

}  // namespace treeproof::store
