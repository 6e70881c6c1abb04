// What the configuration says about snapshots.
#include "node/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/node/host/temporary_folder.h"

namespace treeproof::node {
namespace {

std::expected<NodeConfig, std::string> read(const std::string& more) {
  const TemporaryFolder folder;
  const auto file = folder.path / "node.toml";
  std::ofstream(file) << "[node]\norg = \"a\"\ngenesis = \"g\"\nkey = \"k\"\nhome = \"h\"\n"
                      << more;
  return read_config(file);
}

TEST(Configuration, SnapshotsAreMadeAndAskedForUnlessItSaysOtherwise) {
  const auto silent = read("");
  ASSERT_TRUE(silent.has_value()) << silent.error();
  EXPECT_GT(silent->snapshot_every, 0u);
  EXPECT_GT(silent->snapshot_ahead, 0u);
  const auto off = read("[snapshots]\nevery = 0\nask_beyond = 0\n");
  ASSERT_TRUE(off.has_value()) << off.error();
  EXPECT_EQ(off->snapshot_every, 0u);
  EXPECT_EQ(off->snapshot_ahead, 0u);
}

TEST(Configuration, HeightsOfSnapshotsAreBounded) {
  for (const std::string wrong : {"-1", "1000000001", "\"7\"", "1.5"}) {
    const auto refused = read("[snapshots]\nevery = " + wrong + "\n");
    ASSERT_FALSE(refused.has_value()) << wrong;
    EXPECT_NE(refused.error().find("snapshots.every must be 0 to 1000000000 (line 7)"),
              std::string::npos)
        << refused.error();
  }
  EXPECT_FALSE(read("[snapshots]\nkeep = 3\n").has_value());
}

}  // namespace
}  // namespace treeproof::node
