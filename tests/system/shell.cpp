#include "tests/system/shell.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace treeproof::system_test {

std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string read_whole(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

Shell::Shell(const std::filesystem::path& binary, std::filesystem::path folder,
             const std::string& rpc_url)
    : folder_(std::move(folder)) {
  const std::string program = quoted(std::filesystem::absolute(binary).string());
  preamble_ = "cd " + quoted(folder_.string()) + " || exit 99\n" +
              "export TREEPROOF_RPC=" + quoted(rpc_url) + "\n" + "treeproof() { " + program +
              " \"$@\"; }\n";
}

Shell::Answer Shell::run(const std::string& line) {
  const auto out = folder_ / "line.out";
  const auto err = folder_ / "line.err";
  const std::string script = preamble_ + "{ " + line + "\n} > " + quoted(out.string()) + " 2> " +
                             quoted(err.string()) + " < /dev/null";
  const int status = std::system(script.c_str());
  const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  Answer answer{exit_code, read_whole(out), read_whole(err)};
  transcript_ += answer.out + answer.err;
  return answer;
}

}  // namespace treeproof::system_test
