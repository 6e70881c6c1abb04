#include "node/import/species_command.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "node/cli/answers.h"
#include "node/import/derived_names.h"
#include "node/import/import_report.h"
#include "node/import/registered_species.h"
#include "node/import/species_list.h"

namespace treeproof::import {

namespace {

using rpc::Json;

cli::Result<ledger::Habit> parse_habit(const std::string& text) {
  const auto names = ledger::names_of(ledger::Habit{});
  const auto found = std::ranges::find(names, std::string_view(text));
  if (found != names.end()) return static_cast<ledger::Habit>(found - names.begin());
  return cli::fail("There is no habit \"" + text + "\".",
                   "Choose tree, shrub, palm, bamboo, mangrove, seagrass, coral or herb.");
}

cli::Result<SpeciesList> read_list(const SpeciesOptions& options, Refusals& refusals) {
  const auto habit = parse_habit(options.habit);
  if (!habit) return std::unexpected(habit.error());
  std::optional<Mapping> mapping;
  if (options.map) {
    auto read = read_mapping(*options.map);
    if (!read) return std::unexpected(read.error());
    mapping = *std::move(read);
  }
  return read_species(options.files, mapping, *habit, refusals);
}

cli::Result<std::vector<Recorder>> open_recorders(const SpeciesOptions& options) {
  std::vector<std::string> keys = options.approve;
  if (!options.key) {
    return cli::fail("A proposal needs a signer.", "Give --key, the key of an admin.");
  }
  keys.insert(keys.begin(), *options.key);
  std::vector<Recorder> recorders;
  for (const std::string& key : keys) {
    auto recorder = Recorder::open(key, options.rpc);
    if (!recorder) return std::unexpected(recorder.error());
    if (!recorder->key().has(ledger::KeyRole::admin)) {
      return cli::fail("The key \"" + key + "\" lacks the role admin.",
                       "Proposals and approvals are signed by admins; give such a key.");
    }
    recorders.push_back(*std::move(recorder));
  }
  return recorders;
}

struct Standing {
  bool is_carried_out = false;
  std::vector<std::string> approvals;
};

cli::Result<Standing> standing_of(cli::RpcClient& client, const std::string& proposal) {
  const auto answer = client.call("record_get", Json{{"id", proposal}});
  if (!answer) return std::unexpected(answer.error());
  const Json& object = answer->at("object");
  return Standing{!object.at("carried_out").is_null(),
                  object.at("approvals").get<std::vector<std::string>>()};
}

// Until the change is carried out, or no approver is left.
cli::Result<Standing> approve(std::span<Recorder> approvers, cli::RpcClient& client,
                              const ledger::ObjectId& proposal) {
  auto standing = standing_of(client, proposal.text);
  for (Recorder& approver : approvers) {
    if (!standing) return standing;
    if (standing->is_carried_out) break;
    if (std::ranges::count(standing->approvals, approver.org()) > 0) continue;
    const ledger::Ref ref{derived_code("approve-" + proposal.text)};
    const auto approved = approver.record(ledger::Approve{ref, proposal});
    if (!approved) return std::unexpected(approved.error());
    standing = standing_of(client, proposal.text);
  }
  return standing;
}

std::string text_of(const Standing& standing) {
  if (standing.is_carried_out) return "carried out";
  return "waits, approved by " + std::to_string(standing.approvals.size());
}

// Proposes and approves; the standing of each proposal goes into its row.
void carry(std::span<Recorder> recorders, const std::vector<ledger::SpeciesPut>& changes,
           Summary& summary) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Step& step = summary.steps[i];
    const ledger::Propose proposal{proposal_ref(changes[i]), changes[i]};
    const bool goes_on = record(recorders.front(), proposal, nullptr, step);
    if (!goes_on) return;
    if (!step.recorded) continue;
    const auto standing = approve(recorders.subspan(1), recorders.front().node(),
                                  ledger::ObjectId{step.recorded->object});
    if (standing) {
      summary.rows[i].back() = text_of(*standing);
      continue;
    }
    step.failure = standing.error();
    if (step.failure->code != cli::ExitCode::negative) return;
  }
}

cli::Result<void> drop_registered(cli::RpcClient& client, SpeciesList& list) {
  const auto registered = registered_species(client);
  if (!registered) return std::unexpected(registered.error());
  std::erase_if(list.species, [&](const auto& each) { return registered->contains(each.first); });
  return {};
}

cli::Result<Summary> run(const SpeciesOptions& options, Refusals& refusals) {
  auto list = read_list(options, refusals);
  if (!list) return std::unexpected(list.error());
  Summary summary;
  summary.refusals = &refusals;
  summary.figures = {{"rows", list->rows}, {"species", list->species.size()}};
  std::vector<Recorder> recorders;
  if (options.propose) {
    auto opened = open_recorders(options);
    if (!opened) return std::unexpected(opened.error());
    recorders = *std::move(opened);
    auto dropped = drop_registered(recorders.front().node(), *list);
    if (!dropped) return std::unexpected(dropped.error());
    summary.figures.push_back({"to_register", list->species.size()});
  }
  const auto changes = species_changes(list->species);
  summary.titles = {"species", "first", "last", "standing"};
  for (const ledger::SpeciesPut& change : changes) {
    summary.rows.push_back({std::to_string(change.species.size()), change.species.front().code.text,
                            change.species.back().code.text, "-"});
    summary.steps.push_back({.ref = proposal_ref(change).text,
                             .is_planned = !options.propose,
                             .recorded = {},
                             .failure = {}});
  }
  if (options.propose) carry(recorders, changes, summary);
  return summary;
}

}  // namespace

cli::ExitCode import_species(const SpeciesOptions& options, cli::Console& console) {
  Refusals refusals;
  const auto summary = run(options, refusals);
  if (!summary) return console.report(summary.error());
  if (auto written = write_refused(refusals, options.refused); !written) {
    return console.report(written.error());
  }
  return print(summary, console);
}

}  // namespace treeproof::import
