#include "node/demo/narrator.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "rpc/json_reader.h"

namespace treeproof::demo {

void Narrator::tell(std::string_view text, const rpc::Json& event) {
  if (console_.wants_json()) {
    console_.out() << rpc::to_text(event) << '\n';
  } else {
    console_.out() << text;
  }
  console_.out() << std::flush;
}

cli::ExitCode Narrator::run(std::string_view text, std::string_view event,
                            const std::function<cli::ExitCode(cli::Console&)>& command) {
  if (!console_.wants_json()) {
    tell(text, {});
    return command(console_);
  }
  std::ostringstream answer;
  cli::Console inner(console_.in(), answer, console_.err(), console_.is_terminal());
  inner.set_format(cli::Format::json);
  const cli::ExitCode code = command(inner);
  const bool answered = !answer.str().empty();  // a failure goes to the error stream instead
  tell({}, {{"event", event},
            {"exit_code", static_cast<int>(code)},
            {"answer", answered ? rpc::Json::parse(answer.str()) : rpc::Json()}});
  return code;
}

}  // namespace treeproof::demo
