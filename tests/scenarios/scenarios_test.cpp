// One test for each *.scenario file of this folder, named after the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/player.h"

namespace treeproof::scenarios {
namespace {

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator("tests/scenarios")) {
    if (entry.path().extension() == ".scenario") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, Hold) {
  const std::string text = text_of(GetParam());
  ASSERT_TRUE(text.starts_with("#")) << "a scenario begins by saying what it holds";
  const auto script = parse_script(text);
  ASSERT_TRUE(script.has_value()) << GetParam() << ":" << script.error().line << ": "
                                  << script.error().what;
  const auto failure = play(*script);
  EXPECT_FALSE(failure.has_value())
      << GetParam() << ":" << failure->line << ": " << failure->what << "\n\n"
      << failure->diagram;
}

std::string name_of(const testing::TestParamInfo<std::string>& file) {
  return std::filesystem::path(file.param).stem().string();
}

INSTANTIATE_TEST_SUITE_P(Files, Scenarios, testing::ValuesIn(scenario_files()), name_of);

}  // namespace
}  // namespace treeproof::scenarios
