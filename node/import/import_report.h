// How the imports tell what they took, left out and recorded.
// Owns no number. Callers: their commands. One thread.
// Source: docs/importing.md "The table".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/import/recorder.h"
#include "node/import/refusals.h"

namespace treeproof::import {

// What became of one statement.
struct Step {
  std::string ref;
  bool is_planned = true;  // not sent at all
  std::optional<RecordedOnce> recorded;
  std::optional<cli::Failure> failure;
};
// The stable name of a refusal by a rule, or "not_recorded".
std::string reason_of(const cli::Failure& failure);
// "planned", "recorded at 17", "was recorded at 12", "refused: plot_overlaps", "not reached".
std::string state_of(const Step& step);

// Records and notes the outcome. False when it makes no sense to go on: no answer from the node.
bool record(Recorder& recorder, const ledger::Payload& payload,
            const ledger::AttachmentPtr& attachment, Step& step);

// A number of the table, by the name it has in JSON too.
struct Figure {
  std::string name;
  std::uint64_t count = 0;
};
using Figures = std::vector<Figure>;

struct Summary {
  Figures figures;
  const Refusals* refusals = nullptr;
  std::vector<std::string> titles;             // of the steps' columns, ref and state apart
  std::vector<std::vector<std::string>> rows;  // one for each step
  std::vector<Step> steps;
};
// The list of what was left out, where a file for it is asked for.
cli::Result<void> write_refused(const Refusals& refusals, const std::optional<std::string>& file);

// How a command ends. The tables, or one JSON document; failures to the error stream. Answers 0, 1
// where anything that was sent was refused, 2 where a step could not be made.
cli::ExitCode print(const cli::Result<Summary>& outcome, cli::Console& console);

}  // namespace treeproof::import
