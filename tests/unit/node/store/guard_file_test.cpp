#include "node/store/guard_file.h"

#include <gtest/gtest.h>

#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

class GuardFileTest : public testing::Test {
 protected:
  GuardFileTest() { EXPECT_TRUE(GuardFile::create(file_).has_value()); }

  std::unique_ptr<GuardFile> open() const {
    auto guard = GuardFile::open(file_);
    EXPECT_TRUE(guard.has_value()) << guard.error();
    return *std::move(guard);
  }
  static bft::SignRequest request(std::uint64_t height, std::string_view text) {
    return {{height}, {0}, bft::SignStep::prevote, hash_of(text)};
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "guard";
  crypto::SecretKey key_ = *crypto::SecretKey::from_bytes(hash_of("a node key"));
};

TEST_F(GuardFileTest, SignsWhatIsAboveAndAnswersTheSameRequestAfterARestart) {
  const auto signature = open()->sign(request(3, "a"), key_);
  ASSERT_TRUE(signature.has_value() && signature->has_value());
  EXPECT_TRUE(key_.public_key().verify(hash_of("a"), **signature));
  auto guard = open();
  EXPECT_EQ(guard->height(), Height{3});
  EXPECT_EQ(guard->sign(request(3, "a"), key_).value(), *signature);
}

TEST_F(GuardFileTest, RefusesAnotherSignatureAtTheSamePlaceAfterARestart) {
  ASSERT_TRUE(open()->sign(request(3, "a"), key_)->has_value());
  auto guard = open();
  EXPECT_EQ(guard->sign(request(3, "b"), key_)->has_value(), false);
  EXPECT_EQ(guard->sign(request(2, "a"), key_)->has_value(), false);
  EXPECT_EQ(guard->sign(request(4, "b"), key_)->has_value(), true);
}

TEST_F(GuardFileTest, KeepsARaisedFloor) {
  ASSERT_TRUE(open()->raise_floor({9}, {2}, bft::SignStep::precommit).has_value());
  auto guard = open();
  EXPECT_EQ(guard->height(), Height{9});
  EXPECT_EQ(guard->sign(request(9, "a"), key_)->has_value(), false);
  EXPECT_EQ(guard->sign(request(10, "a"), key_)->has_value(), true);
}

TEST_F(GuardFileTest, ATornSlotLeavesTheStateBeforeIt) {
  for (std::uint64_t height = 1; height <= 6; ++height) {
    ASSERT_TRUE(open()->sign(request(height, "a"), key_)->has_value());
    // The next write goes to the other slot: tear it at several places.
    for (const std::uint64_t offset : {0u, 3u, 40u, 100u}) {
      copy_folder(folder_.path(), folder_.path().string() + "-torn");
      const auto torn = std::filesystem::path(folder_.path().string() + "-torn") / "guard";
      {
        auto guard = GuardFile::open(torn);
        ASSERT_TRUE((*guard)->sign(request(height + 1, "b"), key_)->has_value());
      }
      flip_byte(torn, (height + 1) % 2 * bft::kGuardSlotBytes + offset);
      auto guard = GuardFile::open(torn);
      ASSERT_TRUE(guard.has_value()) << guard.error();
      EXPECT_EQ((*guard)->height(), Height{height});
      std::filesystem::remove_all(folder_.path().string() + "-torn");
    }
  }
}

TEST_F(GuardFileTest, IsNeverMadeTwiceNorByOpening) {
  EXPECT_FALSE(GuardFile::create(file_).has_value());
  EXPECT_FALSE(GuardFile::open(folder_.path() / "none").has_value());
}

TEST_F(GuardFileTest, RefusesAFileWithoutAWholeSlot) {
  flip_byte(file_, 2);
  const auto guard = GuardFile::open(file_);
  ASSERT_FALSE(guard.has_value());
  EXPECT_NE(guard.error().find("damaged"), std::string::npos);
}

TEST_F(GuardFileTest, IsHeldByOneAtATime) {
  const auto guard = open();
  const auto second = GuardFile::open(file_);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().find("in use"), std::string::npos);
}

}  // namespace
}  // namespace treeproof::store
