// `treeproof status`, `inbox`, `sample draw`, `allocate plan|submit`: what an organisation asks a
// node for in the course of a season.
// Own no rule: the node answers, and the ledger checks what is submitted. Called by main; tests.
// Source: docs/running.md "A season"; docs/api.md.
#pragma once

#include <optional>
#include <string>

#include "node/cli/console.h"
#include "node/cli/submission.h"

namespace treeproof::cli {

struct StatusOptions {
  std::string rpc;
};
ExitCode status(const StatusOptions& options, Console& console);

struct InboxOptions {
  std::string org;
  std::string rpc;
};
// What waits for the organisation's consent, and what it sent that waits for others.
ExitCode inbox(const InboxOptions& options, Console& console);

struct SampleDrawOptions {
  std::string batch;
  std::optional<std::uint64_t> size;  // none: the least that is asked for
  std::string rpc;
};
ExitCode sample_draw(const SampleDrawOptions& options, Console& console);

struct AllocatePlanOptions {
  std::string campaign;
  std::string rpc;
};
// What an allocate would give away now.
ExitCode allocate_plan(const AllocatePlanOptions& options, Console& console);

struct AllocateSubmitOptions {
  std::string campaign;
  std::string key;
  std::string ref;  // empty: made from the plan, so that the same plan is never given twice
  std::string rpc;
  std::uint32_t wait_ms = 60'000;
};
// Plans, signs and submits until nothing is left to give.
ExitCode allocate_submit(const AllocateSubmitOptions& options, Console& console);

}  // namespace treeproof::cli
