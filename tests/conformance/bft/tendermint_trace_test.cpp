// Every run of the executable Tendermint specification, machine by machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/conformance/bft/traced_machine.h"

namespace treeproof::bft::conformance {
namespace {

struct Difference {
  std::size_t step = 0;
  std::string what;
};

using StepList = std::vector<const TraceStep*>;

// The steps of one validator at one height, and the votes that others sent before them and that
// the validator never gets as an input.
struct Segment {
  std::string validator;
  std::uint64_t height = 0;
  StepList steps;
  std::vector<TraceVote> early;
};

std::vector<TraceVote> early_votes(const Trace& trace, const Segment& segment) {
  std::vector<TraceVote> early;
  for (const TraceStep& step : trace.steps) {
    if (step.number >= segment.steps.front()->number) break;
    if (step.emitted_vote && step.emitted_vote->height == segment.height) {
      early.push_back(*step.emitted_vote);
    }
  }
  std::erase_if(early, [&](const TraceVote& vote) {
    return std::ranges::any_of(segment.steps, [&](const TraceStep* step) {
      return std::ranges::find(step->votes, vote) != step->votes.end();
    });
  });
  return early;
}

std::vector<Segment> segments_of(const Trace& trace) {
  std::map<std::pair<std::string, std::uint64_t>, Segment> segments;
  for (const TraceStep& step : trace.steps) {
    Segment& segment = segments[{step.validator, step.after.height}];
    segment.validator = step.validator;
    segment.height = step.after.height;
    segment.steps.push_back(&step);
  }
  std::vector<Segment> all;
  for (auto& [key, segment] : segments) {
    segment.early = early_votes(trace, segment);
    all.push_back(std::move(segment));
  }
  return all;
}

std::optional<Difference> run(const Trace& trace, const Segment& segment,
                              const std::vector<TraceVote>& delivered) {
  TracedMachine machine(trace, segment.validator, segment.height);
  for (const TraceVote& vote : delivered) machine.preload(vote);
  for (const TraceStep* step : segment.steps) {
    if (auto what = machine.step(*step)) return Difference{step->number, *what};
  }
  if (auto what = machine.finish()) return Difference{segment.steps.back()->number, *what};
  return std::nullopt;
}

using Group = std::pair<std::int32_t, bool>;  // round, is_precommit

std::vector<Group> groups_of(const std::vector<TraceVote>& votes) {
  std::vector<Group> groups;
  for (const TraceVote& vote : votes) groups.emplace_back(vote.round, vote.is_precommit);
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

// A validator that starts late counts votes that had reached it before, and the trace does not say
// which: the runs deliver all votes of a type and round together, so one such delivery must explain
// the segment. Tried from all to none; the difference reported is that of the one that got
// farthest.
std::optional<Difference> run(const Trace& trace, const Segment& segment) {
  const std::vector<Group> groups = groups_of(segment.early);
  std::optional<Difference> farthest;
  for (std::uint32_t left = 1u << groups.size(); left-- > 0;) {
    std::vector<TraceVote> delivered;
    for (const TraceVote& vote : segment.early) {
      const auto group = std::ranges::find(groups, Group{vote.round, vote.is_precommit});
      if ((left >> (group - groups.begin()) & 1u) != 0) delivered.push_back(vote);
    }
    const auto difference = run(trace, segment, delivered);
    if (!difference) return std::nullopt;
    if (!farthest || difference->step > farthest->step) farthest = difference;
  }
  return farthest;
}

std::vector<std::filesystem::path> trace_files() {
  std::vector<std::filesystem::path> folders{"../shared/vectors/tendermint-traces"};
  if (const char* vectors = std::getenv("TREEPROOF_VECTORS")) {
    folders.push_back(std::filesystem::path(vectors) / "tendermint-traces");
  }
  std::vector<std::filesystem::path> files;
  for (const auto& folder : folders) {
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

TEST(TendermintTraces, MachinesDoWhatTheSpecificationDoes) {
  const auto files = trace_files();
  if (files.empty())
    GTEST_SKIP() << "no tendermint-traces in ../shared/vectors or TREEPROOF_VECTORS";
  std::size_t steps = 0;
  for (const auto& file : files) {
    const Trace trace = read_trace(file);
    steps += trace.steps.size();
    for (const Segment& segment : segments_of(trace)) {
      const auto difference = run(trace, segment);
      EXPECT_FALSE(difference.has_value())
          << trace.name << " step " << difference->step << ", " << segment.validator
          << " at height " << segment.height << ": " << difference->what;
    }
  }
  EXPECT_GT(steps, 0u);
  std::cout << files.size() << " traces, " << steps << " steps\n";
}

}  // namespace
}  // namespace treeproof::bft::conformance
