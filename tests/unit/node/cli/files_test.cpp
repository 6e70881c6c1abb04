#include "node/cli/files.h"

#include <gtest/gtest.h>

#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

TEST(Files, AreWrittenNewOrNotAtAll) {
  const Scratch scratch;
  const std::string file = scratch.path("file");
  ASSERT_TRUE(write_file(file, crypto::as_bytes("one")).has_value());
  EXPECT_FALSE(write_file(file, crypto::as_bytes("two")).has_value());
  EXPECT_EQ(read_text(file, 10), "one");
  ASSERT_TRUE(write_file(file, crypto::as_bytes("three"), Replace::always).has_value());
  EXPECT_EQ(read_text(file, 10), "three");
}

TEST(Files, LongerThanTheirBoundAreRefused) {
  const Scratch scratch;
  ASSERT_TRUE(write_file(scratch.path("file"), crypto::as_bytes("12345")).has_value());
  EXPECT_TRUE(read_file(scratch.path("file"), 5).has_value());
  EXPECT_FALSE(read_file(scratch.path("file"), 4).has_value());
}

TEST(Files, MissingOnesAndFoldersSaySo) {
  const Scratch scratch;
  EXPECT_FALSE(read_text(scratch.path("none"), 10).has_value());
  EXPECT_FALSE(read_text(scratch.path(""), 10).has_value());
  EXPECT_EQ(read_text(scratch.path("none"), 10).error().code, ExitCode::failed);
}

TEST(Files, ADashIsTheInput) {
  StringConsole console;
  console.in.str("typed");
  EXPECT_EQ(read_text_or_input("-", 10, console.console), "typed");
}

}  // namespace
}  // namespace treeproof::cli
