#include "node/import/csv_files.h"

#include <cerrno>
#include <cstring>

namespace treeproof::import {

cli::Result<std::ifstream> open_file(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (in) return in;
  return cli::fail("\"" + file.string() + "\" could not be read: " + std::strerror(errno) + ".",
                   "Check the name and the permissions.");
}

cli::Result<void> read_each(const std::vector<std::string>& files, const ReadFile& read,
                            cli::Console& console) {
  cli::Progress progress(console, "files");
  for (std::size_t i = 0; i < files.size(); ++i) {
    progress.show(i, files.size());
    const std::filesystem::path file = files[i];
    auto in = open_file(file);
    if (!in) return std::unexpected(in.error());
    if (auto done = read(*in, file.filename().string()); !done) return done;
  }
  return {};
}

}  // namespace treeproof::import
