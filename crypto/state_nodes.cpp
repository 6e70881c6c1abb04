#include "crypto/state_nodes.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>

#include "crypto/state_map.h"

namespace treeproof::crypto {

namespace {

constexpr std::size_t kCacheLineBytes = 64;

std::size_t bucket_bytes(std::size_t leaves) {
  const std::size_t root_bytes = leaves > 1 ? sizeof(Hash) : 0;
  return leaves * sizeof(StateLeaf) + root_bytes;
}

}  // namespace

StateNodes::StateNodes()
    : arenas_{SlotArena(sizeof(Inner)), SlotArena(bucket_bytes(1)), SlotArena(bucket_bytes(2)),
              SlotArena(bucket_bytes(3)), SlotArena(bucket_bytes(4))} {
  static_assert(sizeof(Inner) == 44 && kBucketLeavesMax == 4);
}

std::size_t StateNodes::memory_bytes() const noexcept {
  std::size_t bytes = sizeof *this;
  for (const SlotArena& arena : arenas_) bytes += arena.memory_bytes();
  return bytes;
}

StateNodes::Inner& StateNodes::inner(NodeRef ref) const noexcept {
  return *std::launder(reinterpret_cast<Inner*>(arenas_[0].at(ref.place)));
}

std::span<StateLeaf> StateNodes::leaves(NodeRef ref) const noexcept {
  auto* const first = reinterpret_cast<StateLeaf*>(arenas_[ref.leaves].at(ref.place));
  return {std::launder(first), ref.leaves};
}

Hash& StateNodes::hash_of(NodeRef ref) const noexcept {
  if (!ref.is_bucket()) return inner(ref).hash;
  const auto bucket = leaves(ref);
  if (bucket.size() == 1) return bucket.front().hash;
  return *std::launder(reinterpret_cast<Hash*>(bucket.data() + bucket.size()));
}

void StateNodes::prefetch(NodeRef ref) const noexcept {
  const std::uint8_t* const slot = arenas_[ref.leaves].at(ref.place);
  const std::size_t bytes = ref.is_bucket() ? bucket_bytes(ref.leaves) : sizeof(Inner);
  for (std::size_t at = 0; at < bytes; at += kCacheLineBytes) __builtin_prefetch(slot + at, 1);
  __builtin_prefetch(slot + bytes - 1, 1);
}

void StateNodes::prefetch_hash(NodeRef ref) const noexcept {
  const Hash& hash = hash_of(ref);
  __builtin_prefetch(&hash.front());
  __builtin_prefetch(&hash.back());
}

void StateNodes::warm(std::span<const StateMapChange> changes) const {
  if (empty()) return;
  assert(changes.size() <= kWarmMax);
  std::array<NodeRef, kWarmMax> at;
  at.fill(root_);
  bool walking = true;
  while (walking) {
    walking = false;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (at[i].is_bucket()) continue;
      const Inner& node = inner(at[i]);
      const std::size_t side = bit_of(changes[i].key, node.bit);
      at[i] = node.child[side];
      prefetch(at[i]);
      prefetch_hash(node.child[1 - side]);  // read on the way up
      walking = true;
    }
  }
}

NodeRef StateNodes::make_bucket(std::span<const StateLeaf> leaves) {
  assert(!leaves.empty() && leaves.size() <= kBucketLeavesMax);
  const auto count = static_cast<std::uint32_t>(leaves.size());
  const NodeRef ref{count & 7u, arenas_[count].take() & (SlotArena::kPlacesMax - 1)};
  std::memcpy(arenas_[count].at(ref.place), leaves.data(), leaves.size_bytes());
  return ref;
}

NodeRef StateNodes::make_inner(std::uint32_t bit) {
  const NodeRef ref{0, arenas_[0].take() & (SlotArena::kPlacesMax - 1)};
  new (arenas_[0].at(ref.place)) Inner{{}, {}, static_cast<std::uint8_t>(bit), {}};
  return ref;
}

void StateNodes::release(NodeRef ref) { arenas_[ref.leaves].release(ref.place); }

// Requires: not empty.
void StateNodes::descend(const Hash& key, Descent& descent) const {
  NodeRef ref = root_;
  while (!ref.is_bucket()) {
    Inner& node = inner(ref);
    const std::size_t side = bit_of(key, node.bit);
    descent.steps[descent.depth++] = {&node, side};
    ref = node.child[side];
  }
  descent.bucket = ref;
}

NodeRef& StateNodes::link(const Descent& descent, std::size_t position) {
  if (position == 0) return root_;
  const Step& step = descent.steps[position - 1];
  return step.inner->child[step.side];
}

bool& StateNodes::stale(const Descent& descent, std::size_t position) {
  if (position == 0) return root_stale_;
  const Step& step = descent.steps[position - 1];
  return step.inner->child_stale[step.side];
}

// Marks the node at this position and all above; above a stale node everything is stale.
void StateNodes::mark_stale(const Descent& descent, std::size_t position) {
  for (std::size_t i = position + 1; i > 0 && !stale(descent, i - 1); --i) {
    stale(descent, i - 1) = true;
  }
}

// The topmost position whose node splits at a later bit; the bucket's where none does.
std::size_t StateNodes::position_of_bit(const Descent& descent, std::uint32_t bit) {
  std::size_t position = descent.depth;
  while (position > 0 && descent.steps[position - 1].inner->bit > bit) --position;
  return position;
}

std::optional<Hash> StateNodes::put(const Hash& key, const Hash& leaf_hash) {
  const StateLeaf leaf{key, leaf_hash};
  if (empty()) {
    root_ = make_bucket({&leaf, 1});
    size_ = 1;
    return std::nullopt;
  }
  Descent descent;
  descend(key, descent);
  const auto bucket = leaves(descent.bucket);
  const std::size_t index = lower_bound(bucket, key);
  if (has_key_at(bucket, index, key)) {
    mark_stale(descent, descent.depth);
    return std::exchange(bucket[index].hash, leaf_hash);
  }
  const std::uint32_t bit = first_difference(key, bucket.front().key);
  const std::size_t position = position_of_bit(descent, bit);
  if (position < descent.depth) {
    put_above(descent, position, bit, leaf);
  } else {
    put_into_bucket(descent, leaf);
  }
  ++size_;
  return std::nullopt;
}

// A new inner node in the place of the one at `position`, which becomes its other child.
void StateNodes::put_above(const Descent& descent, std::size_t position, std::uint32_t bit,
                           const StateLeaf& leaf) {
  const std::size_t side = bit_of(leaf.key, bit);
  const NodeRef ref = make_inner(bit);
  Inner& node = inner(ref);
  node.child[side] = make_bucket({&leaf, 1});
  node.child[1 - side] = link(descent, position);
  node.child_stale[1 - side] = stale(descent, position);
  link(descent, position) = ref;
  mark_stale(descent, position);
}

void StateNodes::put_into_bucket(const Descent& descent, const StateLeaf& leaf) {
  std::array<StateLeaf, kBucketLeavesMax + 1> room;
  const auto bucket = leaves(descent.bucket);
  const auto after = std::ranges::lower_bound(bucket, leaf.key, {}, &StateLeaf::key);
  auto end = std::copy(bucket.begin(), after, room.begin());
  *end++ = leaf;
  end = std::copy(after, bucket.end(), end);
  const std::span<const StateLeaf> all(room.begin(), end);

  release(descent.bucket);
  NodeRef ref{};
  if (all.size() <= kBucketLeavesMax) {
    ref = make_bucket(all);
  } else {
    const std::uint32_t bit = first_difference(all.front().key, all.back().key);
    const std::size_t middle = split_at(all, bit);
    ref = make_inner(bit);
    inner(ref).child = {make_bucket(all.first(middle)), make_bucket(all.subspan(middle))};
    inner(ref).child_stale = {true, true};
  }
  link(descent, descent.depth) = ref;
  mark_stale(descent, descent.depth);
}

std::optional<Hash> StateNodes::erase(const Hash& key) {
  if (empty()) return std::nullopt;
  Descent descent;
  descend(key, descent);
  const auto bucket = leaves(descent.bucket);
  const std::size_t index = lower_bound(bucket, key);
  if (!has_key_at(bucket, index, key)) return std::nullopt;

  const Hash previous = bucket[index].hash;
  std::array<StateLeaf, kBucketLeavesMax> kept;
  auto end = std::copy_n(bucket.begin(), index, kept.begin());
  end = std::copy(bucket.begin() + static_cast<std::ptrdiff_t>(index) + 1, bucket.end(), end);
  mark_stale(descent, descent.depth);
  release(descent.bucket);
  --size_;
  if (end == kept.begin()) {
    drop_bucket(descent);
  } else {
    descent.bucket = make_bucket({kept.begin(), end});
    link(descent, descent.depth) = descent.bucket;
  }
  merge_up(descent);
  return previous;
}

// The bucket is gone: its sibling takes the place of their parent. Ends the descent there.
void StateNodes::drop_bucket(Descent& descent) {
  if (descent.depth == 0) {
    root_ = {};
    root_stale_ = false;
    return;
  }
  const NodeRef parent = link(descent, descent.depth - 1);
  const std::size_t other = 1 - descent.steps[descent.depth - 1].side;
  const NodeRef sibling = inner(parent).child[other];
  const bool sibling_stale = inner(parent).child_stale[other];
  --descent.depth;
  link(descent, descent.depth) = sibling;
  stale(descent, descent.depth) = sibling_stale;
  release(parent);
}

// While the node at the end of the descent and its sibling fit one bucket, they become one.
void StateNodes::merge_up(Descent& descent) {
  for (; descent.depth > 0; --descent.depth) {
    const NodeRef parent = link(descent, descent.depth - 1);
    const auto [left, right] = inner(parent).child;
    if (!left.is_bucket() || !right.is_bucket()) return;
    if (leaves(left).size() + leaves(right).size() > kBucketLeavesMax) return;
    std::array<StateLeaf, kBucketLeavesMax> room;
    auto end = std::ranges::copy(leaves(left), room.begin()).out;
    end = std::ranges::copy(leaves(right), end).out;
    for (const NodeRef gone : {left, right, parent}) release(gone);
    link(descent, descent.depth - 1) = make_bucket({room.begin(), end});
  }
}

void StateNodes::rehash() {
  if (root_stale_) rehash(root_);
  root_stale_ = false;
}

// As deep as the map, at most kStateDepthMax: bits ascend on the way down.
void StateNodes::rehash(NodeRef ref) {
  if (ref.is_bucket()) {
    hash_of(ref) = bucket_root(leaves(ref));
    return;
  }
  Inner& node = inner(ref);
  for (const std::size_t side : {0u, 1u}) {
    if (node.child_stale[side]) {
      prefetch(node.child[side]);
    } else {
      prefetch_hash(node.child[side]);
    }
  }
  for (const std::size_t side : {0u, 1u}) {
    if (node.child_stale[side]) rehash(node.child[side]);
    node.child_stale[side] = false;
  }
  node.hash = state_inner_hash(hash_of(node.child[0]), hash_of(node.child[1]));
}

const Hash& StateNodes::root() const {
  assert(!empty() && !root_stale_);
  return hash_of(root_);
}

std::optional<Hash> StateNodes::find(const Hash& key) const {
  if (empty()) return std::nullopt;
  Descent descent;
  descend(key, descent);
  const auto bucket = leaves(descent.bucket);
  const std::size_t index = lower_bound(bucket, key);
  if (!has_key_at(bucket, index, key)) return std::nullopt;
  return bucket[index].hash;
}

}  // namespace treeproof::crypto
