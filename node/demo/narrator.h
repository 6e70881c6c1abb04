// How the demo tells what happens: sentences for people, or one JSON object a line for programs.
// Owns no stream and no story. Callers: demo. One thread.
// Source: docs/running.md "The demo".
#pragma once

#include <functional>
#include <string_view>

#include "node/cli/console.h"

namespace treeproof::demo {

class Narrator {
 public:
  // Requires: the console outlives this.
  explicit Narrator(cli::Console& console) : console_(console) {}

  // One of the two, by the console's format. Requires: `event` is an object whose first member is
  // "event", its name.
  void tell(std::string_view text, const rpc::Json& event);
  // Another command at work: after `text`, what it prints itself; or one event of this name with
  // its exit code and its answer.
  cli::ExitCode run(std::string_view text, std::string_view event,
                    const std::function<cli::ExitCode(cli::Console&)>& command);

 private:
  cli::Console& console_;
};

}  // namespace treeproof::demo
