// A folder of one test's own, removed with everything in it; and a console over strings.
// Shared by the tests of the commands.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-cli-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

struct StringConsole {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{in, out, err, false};
};

}  // namespace treeproof::cli
