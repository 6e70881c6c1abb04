#include "node/cli/store_commands.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/trust_file.h"
#include "node/store/store.h"

namespace treeproof::cli {

namespace {

Result<store::CheckReport> check(const StoreCheckOptions& options, Console& console) {
  const auto genesis = read_genesis_file(options.genesis);
  if (!genesis) return std::unexpected(genesis.error());
  Progress progress(console, "checking");
  auto report = store::check_store(options.home, genesis->genesis, [&](Height done, Height of) {
    progress.show(done.value, of.value);
  });
  if (report) return *std::move(report);
  return fail("The store in \"" + options.home + "\" could not be checked: " + report.error(),
              "Give the home that the node's configuration names, while that node is stopped.");
}

void print_report(const store::CheckReport& report, Console& console) {
  if (console.wants_json()) {
    return console.print_json({{"tip", std::to_string(report.tip.value)},
                               {"base", std::to_string(report.base.value)},
                               {"blocks", std::to_string(report.blocks)},
                               {"statements", std::to_string(report.statements)},
                               {"findings", report.findings}});
  }
  print_facts(console.out(), {{"tip", "height " + grouped(report.tip.value)},
                              {"blocks", grouped(report.blocks)},
                              {"statements", grouped(report.statements)}});
  if (report.base.value > 0) {
    console.out() << "It begins at height " << grouped(report.base.value)
                  << ", restored from a snapshot: blocks, log and state were checked by their "
                     "certificates, nothing was executed again.\n";
  }
  for (const std::string& finding : report.findings) {
    console.out() << "FINDING " << printable(finding) << '\n';
  }
  console.out() << (report.findings.empty() ? "WHOLE: everything recomputes.\n"
                                            : "DAMAGED: move this home away and start the node "
                                              "with an empty one; it catches up from its peers.\n");
}

}  // namespace

ExitCode store_check(const StoreCheckOptions& options, Console& console) {
  const auto report = check(options, console);
  if (!report) return console.report(report.error());
  print_report(*report, console);
  return report->findings.empty() ? ExitCode::ok : ExitCode::negative;
}

}  // namespace treeproof::cli
