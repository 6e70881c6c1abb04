// One test for each file of world/, named after the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/scenarios/world_player.h"

namespace treeproof::scenarios {
namespace {

std::vector<std::string> world_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("tests/scenarios/world")) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

class WorldScenarios : public testing::TestWithParam<std::string> {};

TEST_P(WorldScenarios, Hold) {
  std::ostringstream text;
  text << std::ifstream(GetParam()).rdbuf();
  ASSERT_TRUE(text.str().starts_with("#")) << "a scenario begins by saying what it holds";
  const auto failure = play_world(text.str());
  EXPECT_FALSE(failure.has_value())
      << GetParam() << ":" << failure->line << ": " << failure->what << "\n\n"
      << failure->diagram;
}

std::string name_of(const testing::TestParamInfo<std::string>& file) {
  return std::filesystem::path(file.param).stem().string();
}

INSTANTIATE_TEST_SUITE_P(Files, WorldScenarios, testing::ValuesIn(world_files()), name_of);

TEST(WorldPlayer, SaysWhereItIsWrong) {
  const auto failure = play_world("world of 4 nodes with seed 1\nrun far\n");
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->line, 2u);
  EXPECT_EQ(failure->what, "unknown sentence");
}

}  // namespace
}  // namespace treeproof::scenarios
