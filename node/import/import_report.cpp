#include "node/import/import_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

namespace treeproof::import {

namespace {

using rpc::Json;

Json json_of(const Summary& summary) {
  Json json = Json::object();
  for (const Figure& figure : summary.figures) json[figure.name] = figure.count;
  Json refused = Json::object();
  for (const auto& [reason, count] : summary.refusals->by_reason()) refused[reason] = count;
  json["refused"] = summary.refusals->count();
  json["refused_by_reason"] = refused;
  Json steps = Json::array();
  for (std::size_t i = 0; i < summary.steps.size(); ++i) {
    const Step& step = summary.steps[i];
    Json item = {{"ref", step.ref}};
    for (std::size_t c = 0; c < summary.titles.size(); ++c) {
      item[summary.titles[c]] = summary.rows[i][c];
    }
    item["state"] = state_of(step);
    if (step.recorded) {
      item["id"] = step.recorded->object;
      item["statement"] = crypto::to_hex(step.recorded->statement);
      item["height"] = step.recorded->height;
    }
    steps.push_back(std::move(item));
  }
  json["statements"] = std::move(steps);
  return json;
}

void print_tables(const Summary& summary, cli::Console& console) {
  cli::Facts facts;
  for (const Figure& figure : summary.figures) {
    facts.emplace_back(figure.name, cli::grouped(figure.count));
  }
  facts.emplace_back("refused", cli::grouped(summary.refusals->count()));
  for (const auto& [reason, count] : summary.refusals->by_reason()) {
    facts.emplace_back("  " + reason, cli::grouped(count));
  }
  cli::print_facts(console.out(), facts);
  if (summary.steps.empty()) return;
  console.out() << '\n';
  std::vector<std::string> titles = summary.titles;
  titles.insert(titles.begin(), "ref");
  titles.push_back("state");
  cli::Table table(std::move(titles));
  for (std::size_t i = 0; i < summary.steps.size(); ++i) {
    std::vector<std::string> cells = summary.rows[i];
    cells.insert(cells.begin(), summary.steps[i].ref);
    cells.push_back(state_of(summary.steps[i]));
    table.add(std::move(cells));
  }
  table.print(console.out());
}

}  // namespace

std::string reason_of(const cli::Failure& failure) {
  return failure.reason.empty() ? "not_recorded" : failure.reason;
}

std::string state_of(const Step& step) {
  if (step.failure) return "refused: " + reason_of(*step.failure);
  if (step.recorded) {
    return (step.recorded->was_there ? "was recorded at " : "recorded at ") +
           std::to_string(step.recorded->height);
  }
  return step.is_planned ? "planned" : "not reached";
}

bool record(Recorder& recorder, const ledger::Payload& payload,
            const ledger::AttachmentPtr& attachment, Step& step) {
  auto recorded = recorder.record(payload, attachment);
  if (recorded) {
    step.recorded = *std::move(recorded);
    return true;
  }
  step.failure = recorded.error();
  return step.failure->code == cli::ExitCode::negative;
}

cli::Result<void> write_refused(const Refusals& refusals, const std::optional<std::string>& file) {
  return file ? refusals.write(*file) : cli::Result<void>();
}

cli::ExitCode print(const cli::Result<Summary>& outcome, cli::Console& console) {
  if (!outcome) return console.report(outcome.error());
  const Summary& summary = *outcome;
  if (console.wants_json()) {
    console.print_json(json_of(summary));
  } else {
    print_tables(summary, console);
  }
  cli::ExitCode code = cli::ExitCode::ok;
  std::set<std::string> told;
  for (const Step& step : summary.steps) {
    if (!step.failure) continue;
    code = std::max(code, step.failure->code);
    if (told.insert(step.failure->what).second) console.report(*step.failure);
  }
  return code;
}

}  // namespace treeproof::import
