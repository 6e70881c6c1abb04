#include "node/cli/store_commands.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/key_file.h"
#include "node/cli/trust_file.h"
#include "node/store/durable_files.h"
#include "node/store/store.h"

namespace treeproof::cli {

namespace {

using rpc::Json;
using store::FileState;
using store::to_string;

struct Finding {
  std::string what;
  std::string remedy;
};

struct Checked {
  store::CheckReport store;
  store::JournalReport journal;
  std::optional<store::GuardReport> guard;
  std::vector<Finding> findings;
};

std::unexpected<Failure> unreadable(const std::string& why) {
  return fail("The folder could not be checked: " + why,
              "Give the home that the node's configuration names, while that node is stopped.");
}

void judge_store(Checked& checked) {
  for (const std::string& finding : checked.store.findings) {
    checked.findings.push_back(
        {finding,
         "Move this home away and start the node with an empty one, the guard where it is: it "
         "catches up from its peers."});
  }
}

// What the journal held is of the height after the tip. A lost journal may hold a lock: until that
// height is decided by others, the node could contradict what it signed there.
void judge_journal(Checked& checked) {
  if (checked.journal.state != FileState::damaged) return;
  const std::string height = grouped(checked.store.tip.next().value);
  checked.findings.push_back(
      {"the journal is damaged at byte " + std::to_string(checked.journal.byte) + " of " +
           checked.journal.file + ": bytes that had been durable do not hold any more",
       "Move journal.a and journal.b out of this home and leave the guard where it is. Start the "
       "node once `treeproof status` of the other validators shows height " +
           height + " or more: it must not vote at a height of which it lost its memory."});
}

void judge_guard(Checked& checked) {
  if (!checked.guard) return;
  const std::string new_key =
      "This key must not sign again: make another with `treeproof keys new --role node`, which "
      "makes its guard, and record it with key_put. Until then the node only follows.";
  if (checked.guard->state == FileState::missing) {
    checked.findings.push_back({"the sign guard is missing", new_key});
  } else if (checked.guard->state == FileState::damaged) {
    checked.findings.push_back({"the sign guard is damaged: no slot of it holds", new_key});
  } else if (checked.guard->height < checked.store.tip) {
    checked.findings.push_back({"the sign guard is of height " +
                                    grouped(checked.guard->height.value) + ", older than its chain",
                                new_key});
  }
}

Result<Checked> check(const StoreCheckOptions& options, Console& console) {
  const auto genesis = read_genesis_file(options.genesis);
  if (!genesis) return std::unexpected(genesis.error());
  Checked checked;
  Progress progress(console, "checking");
  auto report = store::check_store(options.home, genesis->genesis, [&](Height done, Height of) {
    progress.show(done.value, of.value);
  });
  if (!report) return unreadable(report.error());
  checked.store = *std::move(report);
  const auto journal = store::inspect_journal(std::filesystem::path(options.home) / "journal");
  if (!journal) return unreadable(journal.error());
  checked.journal = *journal;
  if (!options.key.empty()) {
    const auto guard = store::inspect_guard(guard_path(options.key));
    if (!guard) return unreadable(guard.error());
    checked.guard = *guard;
  }
  judge_store(checked);
  judge_journal(checked);
  judge_guard(checked);
  return checked;
}

std::string journal_text(const Checked& checked) {
  const store::JournalReport& journal = checked.journal;
  const std::string place = " at byte " + std::to_string(journal.byte) + " of " + journal.file;
  if (journal.state == FileState::missing) return "none: this node has not run yet";
  if (journal.state == FileState::damaged) return "DAMAGED" + place;
  std::string text = "intact, " + grouped(journal.records) + " records";
  if (journal.records > 0) {
    const bool is_void = journal.height <= checked.store.tip;
    text += " of height " + grouped(journal.height.value) +
            (is_void ? ", which is decided: they count no more" : "");
  }
  if (journal.state == FileState::intact) return text;
  return text + "; a write torn by a crash" + place + " is cut when the node starts";
}

std::string guard_text(const std::optional<store::GuardReport>& guard) {
  if (!guard) return "not looked at: --key names the node's key";
  if (guard->state == FileState::missing) return "MISSING";
  if (guard->state == FileState::damaged) return "DAMAGED";
  if (guard->height == Height{}) return "intact, has signed nothing";
  return "intact, has signed up to height " + grouped(guard->height.value);
}

Json to_json(const Checked& checked) {
  const store::JournalReport& journal = checked.journal;
  Json guard;
  if (checked.guard) {
    guard = {{"state", to_string(checked.guard->state)},
             {"height", std::to_string(checked.guard->height.value)}};
  }
  Json findings = Json::array();
  for (const Finding& finding : checked.findings) {
    findings.push_back({{"finding", finding.what}, {"remedy", finding.remedy}});
  }
  return {{"whole", checked.findings.empty()},
          {"tip", std::to_string(checked.store.tip.value)},
          {"base", std::to_string(checked.store.base.value)},
          {"blocks", std::to_string(checked.store.blocks)},
          {"statements", std::to_string(checked.store.statements)},
          {"journal",
           {{"state", to_string(journal.state)},
            {"file", journal.file},
            {"byte", std::to_string(journal.byte)},
            {"records", journal.records},
            {"height", std::to_string(journal.height.value)}}},
          {"guard", guard},
          {"findings", findings}};
}

void print(const Checked& checked, Console& console) {
  if (console.wants_json()) return console.print_json(to_json(checked));
  print_facts(console.out(), {{"tip", "height " + grouped(checked.store.tip.value)},
                              {"blocks", grouped(checked.store.blocks)},
                              {"statements", grouped(checked.store.statements)},
                              {"journal", journal_text(checked)},
                              {"sign guard", guard_text(checked.guard)}});
  if (checked.store.base.value > 0) {
    console.out() << "It begins at height " << grouped(checked.store.base.value)
                  << ", restored from a snapshot: blocks, log and state were checked by their "
                     "certificates, nothing was executed again.\n";
  }
  std::string remedy;
  for (const Finding& finding : checked.findings) {
    if (!remedy.empty() && finding.remedy != remedy) console.out() << remedy << '\n';
    remedy = finding.remedy;
    console.out() << "FINDING " << printable(finding.what) << '\n';
  }
  console.out() << (remedy.empty() ? "WHOLE: everything recomputes." : remedy) << '\n';
}

}  // namespace

ExitCode store_check(const StoreCheckOptions& options, Console& console) {
  const auto checked = check(options, console);
  if (!checked) return console.report(checked.error());
  print(*checked, console);
  return checked->findings.empty() ? ExitCode::ok : ExitCode::negative;
}

}  // namespace treeproof::cli
