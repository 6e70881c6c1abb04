// Files of tests: written below a folder of their own, gone with it; and where the data of the city
// is, if it is anywhere. Owns its folder. Callers: the tests of imports. One thread.
// Source: docs/importing.md.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace treeproof::import {

class TestFolder {
 public:
  TestFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "treeproof-import-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path folder_;
};

// $TREEPROOF_DATA, else ../shared/data below the working directory.
inline std::filesystem::path data_folder() {
  const char* named = std::getenv("TREEPROOF_DATA");
  return named != nullptr ? std::filesystem::path(named) : std::filesystem::path("../shared/data");
}

inline constexpr const char* kStreetTreesMapping = R"(
id = "TREE_ID"
latitude = "LATITUDE"
longitude = "LONGITUDE"
plot = "NEIGHBOURHOOD_NAME"

[species]
genus = "GENUS_NAME"
epithet = "SPECIES_NAME"

[date]
column = "DATE_PLANTED"
format = "YYYYMMDD"

[size]
column = "DIAMETER"
unit = "inch"
)";

}  // namespace treeproof::import
