#include "crypto/bytes.h"

#include <gtest/gtest.h>

namespace treeproof::crypto {
namespace {

std::string decoded_text(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(as_text(*bytes)) : "(refused)";
}

TEST(Hex, RoundTripsEveryByte) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  EXPECT_EQ(from_hex(to_hex(all)), all);
  EXPECT_EQ(to_hex(Bytes{0x00, 0xAB, 0xff}), "00abff");
}

TEST(Hex, RefusesOddLengthUpperCaseAndOtherCharacters) {
  EXPECT_FALSE(from_hex("abc"));
  EXPECT_FALSE(from_hex("AB"));
  EXPECT_FALSE(from_hex("0g"));
  EXPECT_FALSE(from_hex("0x"));
  EXPECT_TRUE(from_hex(""));
}

TEST(Hex, HashNeedsExactly64Digits) {
  EXPECT_TRUE(hash_from_hex(std::string(64, 'a')));
  EXPECT_FALSE(hash_from_hex(std::string(62, 'a')));
  EXPECT_FALSE(hash_from_hex(std::string(66, 'a')));
  EXPECT_FALSE(hash_from_hex(std::string(64, 'A')));
}

TEST(Base64, MatchesTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(decoded_text(from_base64(encoded)), plain);
    const std::string unpadded = encoded.substr(0, encoded.find('='));
    EXPECT_EQ(to_base64url(as_bytes(plain)), unpadded);
    EXPECT_EQ(decoded_text(from_base64url(unpadded)), plain);
  }
}

TEST(Base64, TheTwoAlphabetsDifferInTwoCharacters) {
  const Bytes bytes = {0xFB, 0xFF, 0xFE};
  EXPECT_EQ(to_base64(bytes), "+//+");
  EXPECT_EQ(to_base64url(bytes), "-__-");
  EXPECT_FALSE(from_base64("-__-"));
  EXPECT_FALSE(from_base64url("+//+"));
}

TEST(Base64, RefusesSpareBitsWrongPaddingAndSpaces) {
  for (const char* text : {"Zh==", "Zm9=", "Zg=", "Zg", "Zg===", "====", "Z===", "Zm9v\n", "Zm 9v",
                           "Z=g=", "=Zg=", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64Url, RefusesPaddingSpareBitsAndAStrayCharacter) {
  for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vY", "Zm9v "}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
}

TEST(Base45, MatchesTheExamplesOfRfc9285) {
  EXPECT_EQ(to_base45(as_bytes("AB")), "BB8");
  EXPECT_EQ(to_base45(as_bytes("Hello!!")), "%69 VD92EX0");
  EXPECT_EQ(to_base45(as_bytes("base-45")), "UJCLQE7W581");
  EXPECT_EQ(decoded_text(from_base45("QED8WEX0")), "ietf!");
}

TEST(Base45, RefusesOverflowStrayLengthAndOtherCharacters) {
  EXPECT_TRUE(from_base45("FGW"));    // 65,535
  EXPECT_FALSE(from_base45("GGW"));   // 65,536
  EXPECT_FALSE(from_base45(":::"));   // 91,124
  EXPECT_TRUE(from_base45("U5"));     // 255
  EXPECT_FALSE(from_base45("V5"));    // 256
  EXPECT_FALSE(from_base45("BB8A"));  // one character too many
  EXPECT_FALSE(from_base45("bb8"));
}

TEST(Base45, RoundTripsEveryLength) {
  Bytes bytes;
  for (int length = 0; length < 40; ++length) {
    EXPECT_EQ(from_base45(to_base45(bytes)), bytes);
    bytes.push_back(static_cast<std::uint8_t>(length * 37 + 200));
  }
}

TEST(Utf8, AcceptsTheEdgesOfEveryLength) {
  for (const char* text : {"", "ascii only, long enough for words", "\x7F", "\xC2\x80", "\xDF\xBF",
                           "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678\xC3\xA4"}) {
    EXPECT_TRUE(is_utf8(as_bytes(text))) << text;
  }
}

TEST(Utf8, RefusesOverlongSurrogateTooHighAndBrokenSequences) {
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE2\x82",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF", "12345678\xE2\x82", "\xF0\x90\x80"}) {
    EXPECT_FALSE(is_utf8(as_bytes(text))) << to_hex(as_bytes(text));
  }
}

TEST(BigEndian, WritesAndReadsBack) {
  Bytes out;
  append_u32be(out, 0x01020304);
  append_u64be(out, 0x05060708090A0B0C);
  EXPECT_EQ(to_hex(out), "0102030405060708090a0b0c");
  EXPECT_EQ(read_u32be(out), 0x01020304u);
  EXPECT_EQ(read_u64be(ByteSpan(out).subspan(4)), 0x05060708090A0B0Cu);
}

}  // namespace
}  // namespace treeproof::crypto
