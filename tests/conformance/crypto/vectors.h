// Where the public vectors lie: $TREEPROOF_VECTORS, else ../shared/vectors beside the repository.
// Owns nothing. Called by the conformance tests, which skip where there are none.
// Source: docs/architecture.md, tests.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace treeproof::conformance {

inline std::filesystem::path vectors_folder() {
  const char* const named = std::getenv("TREEPROOF_VECTORS");
  return named != nullptr ? std::filesystem::path(named) : "../shared/vectors";
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace treeproof::conformance
