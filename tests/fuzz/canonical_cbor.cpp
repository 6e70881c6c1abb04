#include <cassert>
#include <optional>

#include "crypto/cbor.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

constexpr std::size_t kAny = SIZE_MAX / 4;

// Reads one item value by value and writes it again.
void copy_item(crypto::CborReader& in, crypto::CborWriter& out) {
  using enum crypto::CborKind;
  std::size_t children = 0;
  switch (in.peek()) {
    case uint:
      out.uint(in.uint());
      break;
    case negative: {
      const std::int64_t value = in.integer();
      if (in.ok()) out.integer(value);
      break;
    }
    case bytes:
      out.bytes(in.bytes(kAny));
      break;
    case text: {
      const std::string_view value = in.text(kAny);
      if (in.ok()) out.text(value);
      break;
    }
    case array:
      children = in.array(kAny);
      if (in.ok()) out.array(children);
      break;
    case map:
      children = in.map(kAny);
      if (in.ok()) out.map(children);
      children *= 2;
      break;
    case tag:
      in.tag(18);
      if (in.ok()) out.tag(18);
      children = 1;
      break;
    case boolean:
      out.boolean(in.boolean());
      break;
    case null:
      in.null();
      out.null();
      break;
    case end:
      in.fail(crypto::CborError::truncated);
      break;
  }
  for (std::size_t i = 0; i < children && in.ok(); ++i) copy_item(in, out);
}

}  // namespace

int fuzz_canonical_cbor(crypto::ByteSpan input) {
  const bool is_canonical = crypto::check_canonical(input).has_value();
  crypto::CborReader whole(input);
  const crypto::ByteSpan item = whole.item();
  assert(whole.finish().has_value() == is_canonical);
  if (!is_canonical) return kRefused;
  assert(crypto::equal(item, input));
  crypto::CborReader in(input);
  crypto::CborWriter out;
  copy_item(in, out);
  // The one canonical form that has no value here: an integer below -2^63.
  if (in.error() == crypto::CborError::out_of_range) return kTaken;
  assert(in.finish().has_value());
  assert(crypto::equal(out.finish(), input));
  return kTaken;
}

}  // namespace treeproof::fuzz
