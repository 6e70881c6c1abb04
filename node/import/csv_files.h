// The CSV files of a command, opened one after the other, with one way to say what is wrong.
// Owns a file while it is read. Callers: the import commands, species list. One thread.
// Source: docs/importing.md.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "node/cli/console.h"

namespace treeproof::import {

cli::Result<std::ifstream> open_file(const std::filesystem::path& file);

// What an intake does with one file, shown by its name without folders.
using ReadFile = std::function<cli::Result<void>(std::istream& in, const std::string& file_name)>;
// Ends with the first failure.
cli::Result<void> read_each(const std::vector<std::string>& files, const ReadFile& read,
                            cli::Console& console);

}  // namespace treeproof::import
