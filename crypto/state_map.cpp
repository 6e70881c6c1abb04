#include "crypto/state_map.h"

#include <algorithm>
#include <cassert>

#include "crypto/hash.h"
#include "crypto/state_nodes.h"

namespace treeproof::crypto {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x02;
constexpr std::uint8_t kInnerPrefix = 0x03;

Hash prefixed_pair(std::uint8_t prefix, const Hash& first, const Hash& second) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = prefix;
  std::ranges::copy(first, bytes.begin() + 1);
  std::ranges::copy(second, bytes.begin() + 33);
  return sha256(bytes);
}

}  // namespace

Hash state_key(std::string_view name_space, std::string_view id) {
  constexpr std::uint8_t kSeparator = 0x00;
  return sha256({as_bytes(name_space), ByteSpan(&kSeparator, 1), as_bytes(id)});
}

Hash state_leaf_hash(const Hash& key, const Hash& value_hash) {
  return prefixed_pair(kLeafPrefix, key, value_hash);
}

Hash state_inner_hash(const Hash& left, const Hash& right) {
  return prefixed_pair(kInnerPrefix, left, right);
}

StateMap::StateMap() : nodes_(std::make_unique<StateNodes>()) {}
StateMap::~StateMap() = default;
StateMap::StateMap(StateMap&&) noexcept = default;
StateMap& StateMap::operator=(StateMap&&) noexcept = default;

StateMap::Undo StateMap::apply(std::span<const StateMapChange> changes) {
  Undo undo;
  undo.previous_.reserve(changes.size());
  while (!changes.empty()) {
    const auto group = changes.first(std::min(changes.size(), StateNodes::kWarmMax));
    nodes_->warm(group);
    for (const auto& [key, value_hash] : group) {
      auto previous =
          value_hash ? nodes_->put(key, state_leaf_hash(key, *value_hash)) : nodes_->erase(key);
      undo.previous_.push_back({key, previous});
    }
    changes = changes.subspan(group.size());
  }
  nodes_->rehash();
  return undo;
}

void StateMap::revert(const Undo& undo) {
  for (auto previous = undo.previous_.rbegin(); previous != undo.previous_.rend(); ++previous) {
    if (previous->leaf_hash) {
      nodes_->put(previous->key, *previous->leaf_hash);
    } else {
      nodes_->erase(previous->key);
    }
  }
  nodes_->rehash();
}

Hash StateMap::root() const { return nodes_->root(); }

bool StateMap::contains(const Hash& key) const { return nodes_->find(key).has_value(); }

std::optional<Hash> StateMap::leaf_hash(const Hash& key) const { return nodes_->find(key); }

std::size_t StateMap::size() const noexcept { return nodes_->size(); }

std::size_t StateMap::memory_bytes() const noexcept { return nodes_->memory_bytes(); }

StateExistence StateMap::existence(const Hash& key, Bytes value) const {
  assert(nodes_->find(key) == state_leaf_hash(key, sha256(value)));
  return {key, std::move(value), nodes_->path_up(key)};
}

Bytes StateMap::prove_existence(const Hash& key, ByteSpan value) const {
  return encode_existence(existence(key, to_bytes(value)));
}

Bytes StateMap::prove_absence(const Hash& key, const ValueOf& value_of) const {
  const auto [left, right] = nodes_->neighbours(key);
  const auto prove = [&](const std::optional<Hash>& neighbour) -> std::optional<StateExistence> {
    if (!neighbour) return std::nullopt;
    return existence(*neighbour, value_of(*neighbour));
  };
  return encode_absence(key, prove(left), prove(right));
}

}  // namespace treeproof::crypto
