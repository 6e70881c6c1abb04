#include <gtest/gtest.h>
// rapidcheck's gtest glue needs gtest before it
#include <rapidcheck/gtest.h>

#include <map>

#include "crypto/cbor.h"

namespace treeproof::crypto {
namespace {

// Any item of the codec, as a value: a map keeps its pairs by encoded key.
struct Item {
  CborKind kind = CborKind::null;
  std::uint64_t number = 0;
  Bytes string;
  std::vector<Item> items;
  std::map<Bytes, std::pair<Item, Item>> pairs;
  bool operator==(const Item&) const = default;
};

void write(CborWriter& out, const Item& item) {
  switch (item.kind) {
    case CborKind::uint:
      out.uint(item.number);
      break;
    case CborKind::negative:
      out.integer(-1 - static_cast<std::int64_t>(item.number));
      break;
    case CborKind::bytes:
      out.bytes(item.string);
      break;
    case CborKind::text:
      out.text(as_text(item.string));
      break;
    case CborKind::array:
      out.array(item.items.size());
      for (const Item& child : item.items) write(out, child);
      break;
    case CborKind::map:
      out.map(item.pairs.size());
      for (const auto& [encoded, pair] : item.pairs) {
        write(out, pair.first);
        write(out, pair.second);
      }
      break;
    case CborKind::tag:
      out.tag(18);
      write(out, item.items.front());
      break;
    case CborKind::boolean:
      out.boolean(item.number == 1);
      break;
    case CborKind::null:
    case CborKind::end:
      out.null();
      break;
  }
}

Bytes encoded(const Item& item) {
  CborWriter out;
  write(out, item);
  return out.finish();
}

Item read(CborReader& in) {
  Item item{in.peek(), 0, {}, {}, {}};
  switch (item.kind) {
    case CborKind::uint:
      item.number = in.uint();
      break;
    case CborKind::negative:
      item.number = static_cast<std::uint64_t>(-1 - in.integer());
      break;
    case CborKind::bytes:
      item.string = to_bytes(in.bytes(SIZE_MAX));
      break;
    case CborKind::text:
      item.string = to_bytes(as_bytes(in.text(SIZE_MAX)));
      break;
    case CborKind::array:
      for (std::size_t left = in.array(SIZE_MAX); left > 0 && in.ok(); --left) {
        item.items.push_back(read(in));
      }
      break;
    case CborKind::map:
      for (std::size_t left = in.map(SIZE_MAX); left > 0 && in.ok(); --left) {
        Item key = read(in);
        Item value = read(in);
        if (in.ok()) item.pairs.try_emplace(encoded(key), key, value);
      }
      break;
    case CborKind::tag:
      in.tag(18);
      if (in.ok()) item.items.push_back(read(in));
      break;
    case CborKind::boolean:
      item.number = in.boolean() ? 1 : 0;
      break;
    case CborKind::null:
      in.null();
      break;
    case CborKind::end:
      in.fail(CborError::truncated);
      break;
  }
  return item;
}

std::uint64_t any_number() {
  const int bits = *rc::gen::inRange(0, 64);
  return *rc::gen::arbitrary<std::uint64_t>() >> bits;
}

Bytes any_ascii() { return *rc::gen::container<Bytes>(rc::gen::inRange<std::uint8_t>(0x20, 0x7F)); }

Item any_scalar() {
  Item item;
  item.kind =
      *rc::gen::element(CborKind::uint, CborKind::negative, CborKind::bytes, CborKind::text);
  item.number = 0;
  if (item.kind == CborKind::uint) item.number = any_number();
  if (item.kind == CborKind::negative) item.number = any_number() >> 1;
  if (item.kind == CborKind::bytes) item.string = *rc::gen::arbitrary<Bytes>();
  if (item.kind == CborKind::text) item.string = any_ascii();
  return item;
}

Item any_item(int depth) {
  const int choice = *rc::gen::inRange(0, depth > 0 ? 9 : 6);
  Item item;
  if (choice < 4) return any_scalar();
  if (choice == 4) return item;
  if (choice == 5) {
    item.kind = CborKind::boolean;
    item.number = *rc::gen::inRange<std::uint64_t>(0, 2);
    return item;
  }
  const int children = choice == 8 ? 1 : *rc::gen::inRange(0, 6);
  item.kind = choice == 6 ? CborKind::array : choice == 7 ? CborKind::map : CborKind::tag;
  for (int i = 0; i < children; ++i) {
    if (item.kind == CborKind::map) {
      const Item key = any_scalar();
      item.pairs.try_emplace(encoded(key), key, any_item(depth - 1));
      continue;
    }
    Item child = any_item(depth - 1);
    if (item.kind == CborKind::tag && child.kind == CborKind::tag) child = {};
    item.items.push_back(child);
  }
  return item;
}

// Whatever the reader accepts, the writer writes back to the same bytes.
void expect_one_encoding(const Bytes& bytes) {
  CborReader in(bytes);
  const Item item = read(in);
  const bool accepted = in.finish().has_value();
  if (accepted) RC_ASSERT(encoded(item) == bytes);
  const bool beyond_int64 = in.error() == CborError::out_of_range;
  if (!beyond_int64) RC_ASSERT(check_canonical(bytes).has_value() == accepted);
}

RC_GTEST_PROP(CborProperty, EveryValueRoundTrips, ()) {
  const Item item = any_item(4);
  const Bytes bytes = encoded(item);
  CborReader in(bytes);
  RC_ASSERT(read(in) == item);
  RC_ASSERT(in.finish().has_value());
  RC_ASSERT(check_canonical(bytes).has_value());
}

RC_GTEST_PROP(CborProperty, RandomBytesHaveOneEncoding, (const Bytes& bytes)) {
  expect_one_encoding(bytes);
}

RC_GTEST_PROP(CborProperty, AChangedEncodingHasOneEncoding, ()) {
  Bytes bytes = encoded(any_item(4));
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  expect_one_encoding(bytes);
}

RC_GTEST_PROP(CborProperty, ACutEncodingIsRefused, ()) {
  const Bytes bytes = encoded(any_item(4));
  const std::size_t length = *rc::gen::inRange<std::size_t>(0, bytes.size());
  RC_ASSERT(!check_canonical(ByteSpan(bytes).first(length)).has_value());
}

TEST(CborExhaustive, EveryInputOfTwoBytesHasOneEncoding) {
  for (unsigned value = 0; value <= 0xFFFF; ++value) {
    const Bytes bytes = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    CborReader in(bytes);
    const Item item = read(in);
    if (in.finish()) {
      EXPECT_EQ(encoded(item), bytes);
    }
  }
}

}  // namespace
}  // namespace treeproof::crypto
