#include "crypto/merkle.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "crypto/hash.h"

namespace treeproof::crypto {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

// A path has an inner part, below the point where the leaf's way and the tree's right edge part,
// with a sibling at every level; and a border part above it, with left siblings only.
struct PathShape {
  std::uint32_t inner;
  std::uint32_t border;
};

std::uint64_t shift_right(std::uint64_t value, std::uint32_t bits) {
  return bits < 64 ? value >> bits : 0;
}

// Requires: index < size.
PathShape path_shape(std::uint64_t index, std::uint64_t size) {
  const auto inner = static_cast<std::uint32_t>(std::bit_width(index ^ (size - 1)));
  return {inner, static_cast<std::uint32_t>(std::popcount(shift_right(index, inner)))};
}

// Root of the leaves [begin, end) as RFC 9162 would build them. Requires: begin < end, and begin
// is a multiple of the smallest power of two that covers the range.
Hash range_root(std::uint64_t begin, std::uint64_t end, const HashSource& source) {
  std::optional<Hash> root;
  for (std::uint64_t left = end - begin, last = end; left > 0; left &= left - 1) {
    const auto level = static_cast<std::uint32_t>(std::countr_zero(left));
    last -= std::uint64_t{1} << level;
    const Hash subtree = source(level, last >> level);
    root = root ? node_hash(subtree, *root) : subtree;
  }
  return *root;
}

// Siblings of the way up from the subtree at `from_level` that holds leaf `index`.
void append_path(std::vector<Hash>& path, std::uint64_t index, std::uint64_t size,
                 std::uint32_t from_level, const HashSource& source) {
  const PathShape shape = path_shape(index, size);
  for (std::uint32_t level = from_level; level < shape.inner; ++level) {
    const std::uint64_t begin = (index >> level ^ 1) << level;
    const std::uint64_t width = std::min(std::uint64_t{1} << level, size - begin);
    path.push_back(range_root(begin, begin + width, source));
  }
  for (std::uint32_t level = shape.inner; level < 64; ++level) {
    const std::uint64_t place = index >> level;
    if (place % 2 == 1) path.push_back(source(level, place - 1));
  }
}

// Folds siblings into `hash`; a set bit of `sides` says that the sibling is on the left.
Hash fold(Hash hash, std::span<const Hash> siblings, std::uint64_t sides) {
  for (const Hash& sibling : siblings) {
    hash = sides % 2 == 1 ? node_hash(sibling, hash) : node_hash(hash, sibling);
    sides >>= 1;
  }
  return hash;
}

// As fold, with the right siblings left out: the root of the smaller tree of a consistency proof.
Hash fold_left_only(Hash hash, std::span<const Hash> siblings, std::uint64_t sides) {
  for (const Hash& sibling : siblings) {
    if (sides % 2 == 1) hash = node_hash(sibling, hash);
    sides >>= 1;
  }
  return hash;
}

}  // namespace

Hash leaf_hash(ByteSpan leaf) { return sha256({ByteSpan(&kLeafPrefix, 1), leaf}); }

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::uint8_t, 65> bytes;
  bytes[0] = kNodePrefix;
  std::ranges::copy(left, bytes.begin() + 1);
  std::ranges::copy(right, bytes.begin() + 33);
  return sha256(bytes);
}

Hash empty_tree_root() { return sha256(ByteSpan{}); }

Hash merkle_root(std::span<const Hash> leaf_hashes) {
  Frontier frontier;
  for (const Hash& leaf : leaf_hashes) frontier.append(leaf);
  return frontier.root();
}

Frontier::Frontier(std::uint64_t size, std::vector<Hash> subtree_roots)
    : size_(size), roots_(std::move(subtree_roots)) {
  assert(roots_.size() == static_cast<std::size_t>(std::popcount(size)));
}

void Frontier::append(const Hash& leaf) {
  append(leaf, [](std::uint32_t, std::uint64_t, const Hash&) {});
}

void Frontier::append(
    const Hash& leaf,
    const std::function<void(std::uint32_t, std::uint64_t, const Hash&)>& completed) {
  assert(size_ < UINT64_MAX);
  Hash hash = leaf;
  std::uint32_t level = 0;
  completed(level, size_, hash);
  for (std::uint64_t carry = size_; carry % 2 == 1; carry >>= 1) {
    hash = node_hash(roots_.back(), hash);
    roots_.pop_back();
    completed(++level, carry >> 1, hash);
  }
  roots_.push_back(hash);
  ++size_;
}

Hash Frontier::root() const {
  if (roots_.empty()) return empty_tree_root();
  Hash root = roots_.back();
  for (std::size_t i = roots_.size() - 1; i > 0; --i) root = node_hash(roots_[i - 1], root);
  return root;
}

std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size,
                                 const HashSource& source) {
  assert(index < size);
  std::vector<Hash> path;
  path.reserve(inclusion_path_length(index, size));
  append_path(path, index, size, 0, source);
  return path;
}

std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const HashSource& source) {
  assert(0 < from && from <= to);
  std::vector<Hash> path;
  if (from == to) return path;
  const auto level = static_cast<std::uint32_t>(std::countr_zero(from));
  const bool verifier_knows_seed = std::has_single_bit(from);
  if (!verifier_knows_seed) path.push_back(source(level, (from - 1) >> level));
  append_path(path, from - 1, to, level, source);
  return path;
}

std::vector<Hash> inclusion_path(std::uint64_t index, std::span<const Hash> leaf_hashes) {
  return inclusion_path(index, leaf_hashes.size(), [&](std::uint32_t level, std::uint64_t place) {
    return merkle_root(leaf_hashes.subspan(place << level, std::size_t{1} << level));
  });
}

std::size_t inclusion_path_length(std::uint64_t index, std::uint64_t size) {
  assert(index < size);
  const PathShape shape = path_shape(index, size);
  return shape.inner + shape.border;
}

std::optional<Hash> root_from_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                        std::span<const Hash> path) {
  if (index >= size) return std::nullopt;
  const PathShape shape = path_shape(index, size);
  if (path.size() != shape.inner + shape.border) return std::nullopt;
  const Hash below = fold(leaf, path.first(shape.inner), index);
  return fold(below, path.subspan(shape.inner), UINT64_MAX);
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> path, const Hash& root) {
  const auto reached = root_from_inclusion(leaf, index, size, path);
  return reached && *reached == root;
}

bool verify_consistency(std::uint64_t from, std::uint64_t to, std::span<const Hash> path,
                        const Hash& from_root, const Hash& to_root) {
  if (from == 0 || from > to) return false;
  if (from == to) return path.empty() && from_root == to_root;
  const PathShape shape = path_shape(from - 1, to);
  const auto level = static_cast<std::uint32_t>(std::countr_zero(from));
  const std::size_t inner = shape.inner - level;
  const std::size_t seeds = std::has_single_bit(from) ? 0 : 1;
  if (path.size() != seeds + inner + shape.border) return false;
  const Hash seed = seeds == 1 ? path.front() : from_root;
  const auto below = path.subspan(seeds, inner);
  const auto border = path.subspan(seeds + inner);
  const std::uint64_t sides = (from - 1) >> level;
  const Hash old_root = fold(fold_left_only(seed, below, sides), border, UINT64_MAX);
  const Hash new_root = fold(fold(seed, below, sides), border, UINT64_MAX);
  return old_root == from_root && new_root == to_root;
}

}  // namespace treeproof::crypto
