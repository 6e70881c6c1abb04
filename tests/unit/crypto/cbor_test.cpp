#include "crypto/cbor.h"

#include <gtest/gtest.h>

#include <set>

namespace treeproof::crypto {
namespace {

std::string canonical_error(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes) return "(not hex)";
  const auto checked = check_canonical(*bytes);
  return checked ? "ok" : std::string(to_string(checked.error()));
}

std::string hex_of(CborWriter& writer) { return to_hex(writer.finish()); }

TEST(CborWriter, WritesTheExamplesOfRfc8949) {
  CborWriter out;
  EXPECT_EQ(hex_of(out.uint(0)), "00");
  EXPECT_EQ(hex_of(out.uint(23)), "17");
  EXPECT_EQ(hex_of(out.uint(24)), "1818");
  EXPECT_EQ(hex_of(out.uint(255)), "18ff");
  EXPECT_EQ(hex_of(out.uint(256)), "190100");
  EXPECT_EQ(hex_of(out.uint(65'536)), "1a00010000");
  EXPECT_EQ(hex_of(out.uint(1'000'000'000'000)), "1b000000e8d4a51000");
  EXPECT_EQ(hex_of(out.uint(UINT64_MAX)), "1bffffffffffffffff");
  EXPECT_EQ(hex_of(out.integer(-1)), "20");
  EXPECT_EQ(hex_of(out.integer(-1000)), "3903e7");
  EXPECT_EQ(hex_of(out.integer(INT64_MIN)), "3b7fffffffffffffff");
  EXPECT_EQ(hex_of(out.bytes(Bytes{1, 2, 3, 4})), "4401020304");
  EXPECT_EQ(hex_of(out.text("\xC3\xBC")), "62c3bc");
  EXPECT_EQ(hex_of(out.boolean(false)), "f4");
  EXPECT_EQ(hex_of(out.boolean(true)), "f5");
  EXPECT_EQ(hex_of(out.null()), "f6");
  EXPECT_EQ(hex_of(out.array(2).uint(1).array(2).uint(2).uint(3)),
            "820182"
            "0203");
  EXPECT_EQ(hex_of(out.map(2).text("a").uint(1).text("b").array(0)), "a2616101616280");
  EXPECT_EQ(hex_of(out.tag(18).array(1).null()), "d281f6");
  EXPECT_EQ(hex_of(out.array(1).raw(Bytes{0x18, 0x18})), "811818");
}

TEST(CborWriter, IsEmptyAgainAfterFinish) {
  CborWriter out;
  out.array(1).uint(1);
  EXPECT_EQ(hex_of(out), "8101");
  EXPECT_EQ(hex_of(out.map(0)), "a0");
}

TEST(CborWriterDeathTest, DiesOnKeysOutOfOrder) {
  CborWriter out;
  EXPECT_DEATH(out.map(2).text("b").uint(1).text("a"), "");
  CborWriter twice;
  EXPECT_DEATH(twice.map(2).uint(1).uint(1).uint(1), "");
  CborWriter by_length;
  EXPECT_DEATH(by_length.map(2).text("aa").uint(1).text("b"), "");
}

TEST(CborWriterDeathTest, DiesOnAnIncompleteContainerAndABareTag) {
  CborWriter out;
  out.array(2).uint(1);
  EXPECT_DEATH(out.finish(), "");
  CborWriter tagged;
  tagged.tag(18);
  EXPECT_DEATH(tagged.finish(), "");
}

TEST(CborWriterDeathTest, DiesOnTextThatIsNotUtf8) {
  CborWriter out;
  EXPECT_DEATH(out.text("\xFF"), "");
}

TEST(CborCanonical, AcceptsOneCanonicalItem) {
  for (const char* hex : {"00", "1818", "3903e7", "40", "4401020304", "60", "62c3bc", "80", "a0",
                          "a201020304", "a2016120612002", "d28440a0f640", "f4", "f5", "f6",
                          "1bffffffffffffffff", "3bffffffffffffffff"}) {
    EXPECT_EQ(canonical_error(hex), "ok") << hex;
  }
}

TEST(CborCanonical, RefusesWhatEndsTooEarly) {
  for (const char* hex : {"", "18", "1901", "1a010203", "1b01020304050607", "41", "58", "5818ff",
                          "62c3", "81", "8201", "a1", "a101", "d2", "81d2"}) {
    EXPECT_EQ(canonical_error(hex), "cbor_truncated") << hex;
  }
}

TEST(CborCanonical, RefusesHugeDeclaredLengthsAtOnce) {
  for (const char* hex :
       {"5bffffffffffffffff", "7bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
        "bb8000000000000000", "9a7fffffff00", "ba7fffffff0000", "5a7fffffff00"}) {
    EXPECT_EQ(canonical_error(hex), "cbor_truncated") << hex;
  }
}

TEST(CborCanonical, RefusesEveryLongForm) {
  for (const char* hex : {"1817", "1800", "190001", "1900ff", "1a0000ffff", "1b00000000ffffffff",
                          "3817", "3900ff", "580100", "590001ff",
                          "7801"
                          "61",
                          "9800", "980100", "b800", "b8010000", "d812f6"}) {
    EXPECT_EQ(canonical_error(hex), "cbor_not_shortest") << hex;
  }
}

TEST(CborCanonical, RefusesIndefiniteLengths) {
  for (const char* hex : {"5f40ff", "7f60ff", "9fff", "bfff", "9f00ff", "81bfff"}) {
    EXPECT_EQ(canonical_error(hex), "cbor_indefinite_length") << hex;
  }
}

TEST(CborCanonical, RefusesFloatsTagsAndOtherSimpleValues) {
  for (const char* hex : {"f90000", "fa00000000", "fb0000000000000000",
                          "f7",     "f0",         "e0",
                          "f800",   "f818",       "f820",
                          "ff",     "c001",       "d3f6",
                          "d81840", "d2d2f6",     "1c",
                          "1f",     "5c",         "dc",
                          "df",     "fc"}) {
    const std::string error = canonical_error(hex);
    const bool indefinite = std::string_view(hex) == "1f" || std::string_view(hex) == "df";
    EXPECT_EQ(error, indefinite ? "cbor_indefinite_length" : "cbor_unsupported_item") << hex;
  }
}

TEST(CborCanonical, RefusesUnsortedAndDuplicateKeys) {
  EXPECT_EQ(canonical_error("a202000100"), "cbor_unsorted_key");
  EXPECT_EQ(canonical_error("a26261610061"
                            "6200"),
            "cbor_unsorted_key");
  EXPECT_EQ(canonical_error("a2200000"
                            "00"),
            "cbor_unsorted_key");
  EXPECT_EQ(canonical_error("a201000100"), "cbor_duplicate_key");
  EXPECT_EQ(canonical_error("a2616100616100"), "cbor_duplicate_key");
  EXPECT_EQ(canonical_error("81a1"
                            "00a201000100"),
            "cbor_duplicate_key");
}

TEST(CborCanonical, RefusesKeysThatAreNoScalars) {
  for (const char* hex : {"a18000", "a1a000", "a1f600", "a1f500", "a1d20000"}) {
    EXPECT_EQ(canonical_error(hex), "cbor_wrong_type") << hex;
  }
}

TEST(CborCanonical, RefusesTrailingBytesAndBadText) {
  EXPECT_EQ(canonical_error("0000"), "cbor_trailing_bytes");
  EXPECT_EQ(canonical_error("a000"), "cbor_trailing_bytes");
  EXPECT_EQ(canonical_error("62c328"), "cbor_invalid_utf8");
  EXPECT_EQ(canonical_error("63eda080"), "cbor_invalid_utf8");
}

TEST(CborCanonical, BoundsTheDepth) {
  std::string nested;
  for (std::size_t i = 0; i < kCborDepthMax; ++i) nested += "81";
  EXPECT_EQ(canonical_error(nested + "00"), "ok");
  EXPECT_EQ(canonical_error("81" + nested + "00"), "cbor_too_deep");
  EXPECT_EQ(canonical_error(nested + "80"), "cbor_too_deep");
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += "81";
  EXPECT_EQ(canonical_error(bomb), "cbor_too_deep");
}

TEST(CborReader, ReadsStraightThrough) {
  CborWriter out;
  out.array(7).uint(7).integer(-8).text("tree").bytes(Bytes(32, 0x5A));
  out.map(2).uint(1).null().text("k").boolean(true);
  out.array(0).tag(18).uint(9);
  const Bytes bytes = out.finish();

  CborReader in(bytes);
  EXPECT_EQ(in.array(7), 7u);
  EXPECT_EQ(in.uint(), 7u);
  EXPECT_EQ(in.integer(), -8);
  EXPECT_EQ(in.text(4), "tree");
  EXPECT_EQ(in.hash()[31], 0x5A);
  EXPECT_EQ(in.map(2), 2u);
  EXPECT_EQ(in.uint(), 1u);
  EXPECT_TRUE(in.next_is_null());
  in.null();
  EXPECT_EQ(in.text(1), "k");
  EXPECT_TRUE(in.boolean());
  EXPECT_EQ(in.array(5), 0u);
  in.tag(18);
  EXPECT_EQ(in.uint(), 9u);
  EXPECT_EQ(in.peek(), CborKind::end);
  EXPECT_TRUE(in.finish());
}

TEST(CborReader, KeepsTheFirstErrorAndReadsEmptyAfterwards) {
  const Bytes bytes = {0x83, 0x61, 0x61, 0x05, 0x06};
  CborReader in(bytes);
  EXPECT_EQ(in.array(3), 3u);
  EXPECT_EQ(in.uint(), 0u);  // finds a text
  EXPECT_EQ(in.error(), CborError::wrong_type);
  EXPECT_EQ(in.uint(), 0u);
  EXPECT_EQ(in.text(10), "");
  EXPECT_TRUE(in.item().empty());
  EXPECT_EQ(in.hash(), Hash{});
  EXPECT_EQ(in.peek(), CborKind::end);
  in.fail(CborError::unknown_field);
  EXPECT_EQ(in.offset(), 1u);
  EXPECT_EQ(in.finish().error(), CborError::wrong_type);
}

TEST(CborReader, BoundsIntegersAndLengths) {
  const auto error_of = [](const char* hex, auto read) {
    const Bytes bytes = *from_hex(hex);
    CborReader in(bytes);
    read(in);
    return in.error();
  };
  EXPECT_EQ(error_of("18ff", [](CborReader& in) { in.uint(254); }), CborError::out_of_range);
  EXPECT_EQ(error_of("20", [](CborReader& in) { in.uint(); }), CborError::wrong_type);
  EXPECT_EQ(error_of("20", [](CborReader& in) { in.integer(0, 9); }), CborError::out_of_range);
  EXPECT_EQ(error_of("1b8000000000000000", [](CborReader& in) { in.integer(); }),
            CborError::out_of_range);
  EXPECT_EQ(error_of("3b8000000000000000", [](CborReader& in) { in.integer(); }),
            CborError::out_of_range);
  EXPECT_EQ(
      error_of("3b7fffffffffffffff", [](CborReader& in) { EXPECT_EQ(in.integer(), INT64_MIN); }),
      CborError::none);
  EXPECT_EQ(error_of("420000", [](CborReader& in) { in.bytes(1); }), CborError::too_long);
  EXPECT_EQ(error_of("420000", [](CborReader& in) { in.bytes_exact(3); }), CborError::out_of_range);
  EXPECT_EQ(error_of("626161", [](CborReader& in) { in.text(1); }), CborError::too_long);
  EXPECT_EQ(error_of("820000", [](CborReader& in) { in.array(1); }), CborError::too_long);
  EXPECT_EQ(error_of("820000", [](CborReader& in) { in.array_exact(3); }), CborError::out_of_range);
  EXPECT_EQ(error_of("a10000", [](CborReader& in) { in.map(0); }), CborError::too_long);
  EXPECT_EQ(error_of("d3f6", [](CborReader& in) { in.tag(18); }), CborError::unsupported_item);
  EXPECT_EQ(error_of("9bffffffffffffffff", [](CborReader& in) { in.array(SIZE_MAX); }),
            CborError::truncated);
}

TEST(CborReader, ItemReturnsExactBytesAndCountsOnce) {
  const Bytes bytes = *from_hex("82a20182020303616100");
  CborReader in(bytes);
  in.array_exact(2);
  EXPECT_EQ(to_hex(in.item()),
            "a2018202030361"
            "61");
  EXPECT_EQ(in.uint(), 0u);
  EXPECT_TRUE(in.finish());
}

TEST(CborReader, UnreadItemsAreTrailingAndMissingOnesTruncated) {
  const Bytes bytes = {0x82, 0x01, 0x02};
  CborReader unread(bytes);
  unread.array(2);
  unread.uint();
  EXPECT_EQ(unread.finish().error(), CborError::trailing_bytes);
  CborReader beyond(bytes);
  beyond.array(2);
  beyond.uint();
  beyond.uint();
  beyond.uint();
  EXPECT_EQ(beyond.finish().error(), CborError::truncated);
}

TEST(CborError, HasOneNameEach) {
  std::set<std::string_view> names;
  const int count = static_cast<int>(CborError::out_of_range) + 1;
  for (int i = 0; i < count; ++i) names.insert(to_string(static_cast<CborError>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace treeproof::crypto
