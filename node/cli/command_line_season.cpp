// The command line of what is asked of a node in the course of a season, and shared options.
#include <CLI/CLI.hpp>

#include "node/cli/command_line.h"
#include "node/cli/command_line_options.h"
#include "node/cli/season_commands.h"

namespace treeproof::cli {

void add_rpc_option(CLI::App& command, std::string& url) {
  url = kDefaultRpcUrl;
  command.add_option("--rpc", url, "A node's address, http://host:port")
      ->capture_default_str()
      ->envname("TREEPROOF_RPC");
}

void add_wait_option(CLI::App& command, std::uint32_t& wait_ms) {
  command.add_option("--wait-ms", wait_ms, "How many milliseconds to wait for the commit")
      ->capture_default_str();
}

namespace {

void add_allocate(CommandLine& line) {
  CLI::App& group = line.add_group("allocate", "Give redeemed units their trees");
  auto plan = std::make_shared<AllocatePlanOptions>();
  CLI::App& planner =
      line.add(group, "plan", "Show what could be given away now", plan, allocate_plan);
  planner.add_option("--campaign", plan->campaign, "The campaign, org/ref")->required();
  add_rpc_option(planner, plan->rpc);
  auto submit = std::make_shared<AllocateSubmitOptions>();
  CLI::App& submitter =
      line.add(group, "submit", "Plan, sign and submit until nothing is left to give", submit,
               allocate_submit);
  submitter.add_option("--campaign", submit->campaign, "The campaign, org/ref")->required();
  submitter.add_option("--key", submit->key, "The platform's key file")->required();
  submitter.add_option("--ref", submit->ref,
                       "The allocate's own ref; default: made from its links");
  add_rpc_option(submitter, submit->rpc);
  add_wait_option(submitter, submit->wait_ms);
}

}  // namespace

void add_season_commands(CommandLine& line) {
  auto asked = std::make_shared<StatusOptions>();
  add_rpc_option(
      line.add(line.root(), "status", "Show where a node and its chain stand", asked, status),
      asked->rpc);
  auto box = std::make_shared<InboxOptions>();
  CLI::App& boxed = line.add(line.root(), "inbox",
                             "Show what waits for the consent of an organisation", box, inbox);
  boxed.add_option("ORG", box->org, "The organisation")->required();
  add_rpc_option(boxed, box->rpc);
  CLI::App& sample = line.add_group("sample", "The sample that a verifier visits");
  auto draw = std::make_shared<SampleDrawOptions>();
  CLI::App& drawer =
      line.add(sample, "draw", "Draw the trees to visit, the same for everyone who draws", draw,
               sample_draw);
  drawer.add_option("BATCH", draw->batch, "org/ref of a plant or inventory")->required();
  drawer.add_option("--size", draw->size, "How many to draw, where more than the least is wanted");
  add_rpc_option(drawer, draw->rpc);
  add_allocate(line);
}

}  // namespace treeproof::cli
