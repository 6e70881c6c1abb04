#include "crypto/ics23.h"

#include <algorithm>
#include <cassert>

#include "crypto/hash.h"
#include "crypto/state_map.h"

namespace treeproof::crypto {

namespace {

constexpr std::uint8_t kInnerPrefix = 0x03;

// Field number and wire type 2 (length-delimited) of every message that occurs.
constexpr std::uint8_t kCommitmentExist = 0x0A;
constexpr std::uint8_t kCommitmentNonexist = 0x12;
constexpr std::uint8_t kExistenceKey = 0x0A;
constexpr std::uint8_t kExistenceValue = 0x12;
constexpr std::uint8_t kExistenceLeaf = 0x1A;
constexpr std::uint8_t kExistencePath = 0x22;
constexpr std::uint8_t kNonexistKey = 0x0A;
constexpr std::uint8_t kNonexistLeft = 0x12;
constexpr std::uint8_t kNonexistRight = 0x1A;

// LeafOp{hash: SHA256, prehash_value: SHA256, prefix: 0x02}; zero fields are absent in proto3.
constexpr std::array<std::uint8_t, 7> kLeafOp = {0x08, 0x01, 0x18, 0x01, 0x2A, 0x01, 0x02};
// InnerOp{hash: SHA256, prefix: 0x03, suffix: sibling} where the path comes up on the left,
// InnerOp{hash: SHA256, prefix: 0x03 || sibling} where it comes up on the right.
constexpr std::array<std::uint8_t, 7> kInnerOpLeft = {0x08,         0x01, 0x12, 0x01,
                                                      kInnerPrefix, 0x1A, 0x20};
constexpr std::array<std::uint8_t, 5> kInnerOpRight = {0x08, 0x01, 0x12, 0x21, kInnerPrefix};

void append(Bytes& out, ByteSpan bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_field(Bytes& out, std::uint8_t tag, ByteSpan content) {
  out.push_back(tag);
  std::size_t length = content.size();
  for (; length >= 0x80; length >>= 7) out.push_back(static_cast<std::uint8_t>(length | 0x80));
  out.push_back(static_cast<std::uint8_t>(length));
  append(out, content);
}

Bytes existence_message(const StateExistence& proof) {
  assert(!proof.value.empty());
  Bytes out;
  append_field(out, kExistenceKey, proof.key);
  append_field(out, kExistenceValue, proof.value);
  append_field(out, kExistenceLeaf, kLeafOp);
  for (const StatePathStep& step : proof.path) {
    const bool left = step.child == Side::left;
    Bytes inner = to_bytes(left ? ByteSpan(kInnerOpLeft) : ByteSpan(kInnerOpRight));
    append(inner, step.sibling);
    append_field(out, kExistencePath, inner);
  }
  return out;
}

// Reads length-delimited fields in the order in which they are asked for.
class FieldReader {
 public:
  explicit FieldReader(ByteSpan input) : rest_(input) {}

  bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  bool done() const { return rest_.empty(); }

  // Nothing where another field stands here, the length is not minimal or the input ends.
  std::optional<ByteSpan> field(std::uint8_t tag) {
    if (!next_is(tag)) return std::nullopt;
    std::size_t length = 0;
    std::size_t at = 1;
    for (std::uint32_t shift = 0;; shift += 7) {
      if (at == rest_.size() || shift > 28) return std::nullopt;
      const std::uint8_t byte = rest_[at++];
      length |= std::size_t{byte & 0x7Fu} << shift;
      if (byte >= 0x80) continue;
      if (byte == 0 && shift > 0) return std::nullopt;
      break;
    }
    if (length > rest_.size() - at) return std::nullopt;
    const ByteSpan content = rest_.subspan(at, length);
    rest_ = rest_.subspan(at + length);
    return content;
  }

  std::optional<Hash> hash_field(std::uint8_t tag) {
    const auto content = field(tag);
    Hash hash;
    if (!content || content->size() != hash.size()) return std::nullopt;
    std::ranges::copy(*content, hash.begin());
    return hash;
  }

 private:
  ByteSpan rest_;
};

std::optional<StatePathStep> decode_inner(ByteSpan bytes) {
  const auto is = [&](ByteSpan operation) {
    return bytes.size() == operation.size() + 32 && equal(bytes.first(operation.size()), operation);
  };
  StatePathStep step;
  if (is(kInnerOpLeft)) {
    step.child = Side::left;
  } else if (is(kInnerOpRight)) {
    step.child = Side::right;
  } else {
    return std::nullopt;
  }
  std::ranges::copy(bytes.last(32), step.sibling.begin());
  return step;
}

// An existence proof whose operations are ours, with the root that it leads to.
struct CheckedExistence {
  Hash key;
  ByteSpan value;
  std::vector<StatePathStep> path;
  Hash root;
};

std::optional<CheckedExistence> decode_existence(ByteSpan bytes) {
  FieldReader in(bytes);
  const auto key = in.hash_field(kExistenceKey);
  const auto value = key ? in.field(kExistenceValue) : std::nullopt;
  const auto leaf = value ? in.field(kExistenceLeaf) : std::nullopt;
  if (!leaf || value->empty() || !equal(*leaf, kLeafOp)) return std::nullopt;

  CheckedExistence proof{*key, *value, {}, state_leaf_hash(*key, sha256(*value))};
  while (!in.done()) {
    if (proof.path.size() == kStateDepthMax) return std::nullopt;
    const auto inner = in.field(kExistencePath);
    const auto step = inner ? decode_inner(*inner) : std::nullopt;
    if (!step) return std::nullopt;
    proof.root = step->child == Side::left ? state_inner_hash(proof.root, step->sibling)
                                           : state_inner_hash(step->sibling, proof.root);
    proof.path.push_back(*step);
  }
  return proof;
}

bool keeps_to(Side side, std::span<const StatePathStep> path) {
  return std::ranges::all_of(path, [&](const StatePathStep& step) { return step.child == side; });
}

// True when no leaf can lie between the two: above the inner node where they meet the paths are
// one; there they part left and right; below, the left one keeps right and the right one left.
// Requires: both lead to the same root.
bool are_neighbours(std::span<const StatePathStep> left, std::span<const StatePathStep> right) {
  const auto same = [](const StatePathStep& a, const StatePathStep& b) {
    return a.child == b.child && a.sibling == b.sibling;
  };
  while (!left.empty() && !right.empty() && same(left.back(), right.back())) {
    left = left.first(left.size() - 1);
    right = right.first(right.size() - 1);
  }
  if (left.empty() || right.empty()) return false;
  return left.back().child == Side::left && right.back().child == Side::right &&
         keeps_to(Side::right, left.first(left.size() - 1)) &&
         keeps_to(Side::left, right.first(right.size() - 1));
}

}  // namespace

Bytes encode_existence(const StateExistence& proof) {
  Bytes out;
  append_field(out, kCommitmentExist, existence_message(proof));
  return out;
}

Bytes encode_absence(const Hash& key, const std::optional<StateExistence>& left,
                     const std::optional<StateExistence>& right) {
  assert(left || right);
  Bytes message;
  append_field(message, kNonexistKey, key);
  if (left) append_field(message, kNonexistLeft, existence_message(*left));
  if (right) append_field(message, kNonexistRight, existence_message(*right));
  Bytes out;
  append_field(out, kCommitmentNonexist, message);
  return out;
}

bool verify_existence(ByteSpan ics23_proof, const Hash& root, const Hash& key, ByteSpan value) {
  FieldReader in(ics23_proof);
  const auto message = in.field(kCommitmentExist);
  if (!message || !in.done()) return false;
  const auto proof = decode_existence(*message);
  return proof && proof->key == key && equal(proof->value, value) && proof->root == root;
}

bool verify_absence(ByteSpan ics23_proof, const Hash& root, const Hash& key) {
  FieldReader outer(ics23_proof);
  const auto message = outer.field(kCommitmentNonexist);
  if (!message || !outer.done()) return false;

  FieldReader in(*message);
  if (in.hash_field(kNonexistKey) != key) return false;
  std::optional<CheckedExistence> left;
  std::optional<CheckedExistence> right;
  if (in.next_is(kNonexistLeft)) {
    const auto bytes = in.field(kNonexistLeft);
    left = bytes ? decode_existence(*bytes) : std::nullopt;
    if (!left || left->root != root || left->key >= key) return false;
  }
  if (in.next_is(kNonexistRight)) {
    const auto bytes = in.field(kNonexistRight);
    right = bytes ? decode_existence(*bytes) : std::nullopt;
    if (!right || right->root != root || right->key <= key) return false;
  }
  if (!in.done()) return false;
  if (left && right) return are_neighbours(left->path, right->path);
  if (left) return keeps_to(Side::right, left->path);
  return right && keeps_to(Side::left, right->path);
}

}  // namespace treeproof::crypto
