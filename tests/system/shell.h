// The program as people run it: lines of a shell in one folder, `treeproof` being the binary under
// test. Owns no process beyond a line's end; remembers all that was printed.
// Callers: system tests. One thread. Source: docs/running.md "Commands".
#pragma once

#include <filesystem>
#include <string>

namespace treeproof::system_test {

class Shell {
 public:
  // `rpc_url` is what commands find in $TREEPROOF_RPC. Requires: the folder exists.
  Shell(const std::filesystem::path& binary, std::filesystem::path folder,
        const std::string& rpc_url);

  struct Answer {
    int exit_code = 0;  // of the last command of a pipeline
    std::string out;
    std::string err;
  };
  Answer run(const std::string& line);
  // Everything that any line printed, errors too.
  const std::string& transcript() const noexcept { return transcript_; }

 private:
  std::filesystem::path folder_;
  std::string preamble_;
  std::string transcript_;
};

// "'it'\''s'": one word of a shell, whatever is in it.
std::string quoted(const std::string& text);

std::string read_whole(const std::filesystem::path& file);
void write_whole(const std::filesystem::path& file, const std::string& text);

}  // namespace treeproof::system_test
