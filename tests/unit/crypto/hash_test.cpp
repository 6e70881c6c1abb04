#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <thread>

namespace treeproof::crypto {
namespace {

constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, MatchesFips180) {
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), kOfAbc);
  EXPECT_EQ(to_hex(sha256(ByteSpan{})), kOfNothing);
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, PartsHashAsTheirConcatenation) {
  EXPECT_EQ(sha256({as_bytes("a"), ByteSpan{}, as_bytes("bc")}), sha256(as_bytes("abc")));
}

TEST(Sha256, StartsAnewAfterFinish) {
  Sha256 hash;
  EXPECT_EQ(to_hex(hash.update(as_bytes("a")).update(as_bytes("bc")).finish()), kOfAbc);
  EXPECT_EQ(to_hex(hash.finish()), kOfNothing);
  EXPECT_EQ(to_hex(hash.update(as_bytes("abc")).finish()), kOfAbc);
}

TEST(Sha256, AnOpenHashDoesNotDisturbTheOthers) {
  Sha256 open;
  open.update(as_bytes("ab"));
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), kOfAbc);
  EXPECT_EQ(to_hex(open.update(as_bytes("c")).finish()), kOfAbc);
}

TEST(Sha256, EveryThreadHasItsOwnContext) {
  std::vector<std::thread> threads;
  std::array<bool, 4> right{};
  for (bool& result : right) {
    threads.emplace_back([&result] {
      result = true;
      for (int i = 0; i < 1000; ++i) result = result && to_hex(sha256(as_bytes("abc"))) == kOfAbc;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, (std::array<bool, 4>{true, true, true, true}));
}

}  // namespace
}  // namespace treeproof::crypto
