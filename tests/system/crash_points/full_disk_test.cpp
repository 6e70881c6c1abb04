// A disk that is full stays full: the node says so and stops, says it again when it is started
// again, and goes on by itself once there is room.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/system/crash_points/survival.h"
#include "tests/system/shell.h"

namespace treeproof::crash_points {
namespace {

using system_test::quoted;

class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* binary = std::getenv("TREEPROOF_BINARY");
    if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    consortium_.emplace(binary);
    for (int i = 0; i < 3; ++i) consortium_->record();
    EXPECT_EQ(victim().stop(), "exit 0");
    consortium_->begin_life();
  }
  Victim& victim() { return consortium_->victim(); }
  // Records at all doors until the node has ended.
  std::optional<std::string> record_until_it_ends() {
    for (int i = 0; i < 100 && !victim().ended(); ++i) {
      if (i % 4 == 0) consortium_->record_with_attachment();
      consortium_->record();
      consortium_->record_at_victim();
    }
    return victim().ended();
  }
  void expect_it_says_so() {
    const std::string text = victim().printed();
    const bool names_it = text.find("No space left") != std::string::npos ||
                          text.find("File too large") != std::string::npos;
    EXPECT_TRUE(names_it) << text;
    EXPECT_EQ(text.find("move the folder away"), std::string::npos)
        << "a full disk is no damage: " << text;
  }
  std::optional<Consortium> consortium_;
};

// Files may not grow beyond what the blocks need next.
TEST_F(FullDisk, AFileThatMayNotGrowStopsTheNodeUntilItMay) {
  const auto blocks = victim().home() / "blocks/blocks-000000.segment";
  const std::uintmax_t kilobytes = std::filesystem::file_size(blocks) / 1'024 + 20;
  const std::vector<std::string> limited{
      "bash", "-c", "trap '' XFSZ; ulimit -f " + std::to_string(kilobytes) + "; exec \"$@\"",
      "bash"};
  victim().start_by(limited);
  EXPECT_EQ(record_until_it_ends(), "exit 2") << victim().printed();
  expect_it_says_so();
  consortium_->begin_life();
  EXPECT_EQ(recover(*consortium_), "unaided");
}

class SmallDisk : public FullDisk {
 protected:
  void SetUp() override {
    if (std::system("unshare -rm mount -t tmpfs -o size=1m none /mnt 2>/dev/null") != 0) {
      GTEST_SKIP() << "no tmpfs can be mounted in a user namespace here";
    }
    FullDisk::SetUp();
  }
  // In a mount namespace of its own the node's home lies on a tmpfs of this size; each end of the
  // node is answered by starting it again, the last time with room enough.
  std::vector<std::string> on_a_small_disk(const std::string& size) {
    const std::string home = quoted(victim().home().string());
    const std::string saved = quoted((victim().folder() / "saved").string());
    const std::string script = "cp -a " + home + " " + saved +
                               " && mount -t tmpfs -o size=" + size + " none " + home +
                               " && cp -a " + saved + "/. " + home +
                               " || exit 90\n"
                               "\"$@\"; echo first end: $?\n"
                               "\"$@\"; echo second end: $?\n"
                               "mount -o remount,size=256m " +
                               home + " && exec \"$@\"";
    return {"unshare", "-rm", "bash", "-c", script, "bash"};
  }
};

TEST_F(SmallDisk, AFullDiskStopsTheNodeUntilThereIsRoom) {
  const auto used = std::filesystem::file_size(victim().home() / "journal.a") +
                    std::filesystem::file_size(victim().home() / "journal.b");
  victim().start_by(on_a_small_disk(std::to_string(used / 1'024 + 400) + "k"));
  bool was_full_twice = false;
  for (int i = 0; i < 200 && !was_full_twice; ++i) {
    if (i % 4 == 0) consortium_->record_with_attachment();
    consortium_->record();
    consortium_->record_at_victim();
    was_full_twice = victim().printed().find("second end: 2") != std::string::npos;
  }
  EXPECT_TRUE(was_full_twice) << victim().printed();
  EXPECT_NE(victim().printed().find("first end: 2"), std::string::npos);
  expect_it_says_so();
  EXPECT_EQ(victim().wait_until_ready(), "ready") << victim().printed();
  EXPECT_TRUE(consortium_->record_at_victim());
  EXPECT_TRUE(consortium_->all_agree());
  EXPECT_TRUE(consortium_->victim_votes_again());
  EXPECT_TRUE(consortium_->signed_nothing_twice());
}

}  // namespace
}  // namespace treeproof::crash_points
