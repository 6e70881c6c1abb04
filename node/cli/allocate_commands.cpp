// The two commands that give units their trees: the node proposes, the key's holder signs.
#include <nlohmann/json.hpp>
#include <ostream>

#include "consensus/ledger/links.h"
#include "node/cli/answers.h"
#include "node/cli/season_commands.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

struct Plan {
  Json answer;
  std::vector<ledger::RunLeaf> runs;
  ledger::AttachmentPtr attachment;
  ledger::LinksRef links;
};

std::unexpected<Failure> strange_plan(const std::string& why) {
  return fail("The node's plan is not as it must be: " + why + ".",
              "Ask another node; nothing was signed.");
}

// No runs where there is nothing to give. The plan is the node's; that its attachment is of runs
// and of its stated root is checked here.
Result<Plan> ask_for_plan(RpcClient& client, const std::string& campaign) {
  auto answer = client.call("allocate_plan", {{"campaign", campaign}});
  if (!answer && answer.error().reason == kReasonNotFound) {
    const auto known = client.call("campaign_get", {{"campaign", campaign}});
    if (!known) return std::unexpected(known.error());
    return Plan{{{"campaign", campaign}, {"runs", Json::array()}}, {}, nullptr, {}};
  }
  if (!answer) return std::unexpected(answer.error());
  Plan plan{*std::move(answer), {}, nullptr, {}};
  const Json& ref = plan.answer.at("runs_attachment");
  const ledger::AttachmentRef announced{hash_at(ref, "root"), number_at(ref, "count"),
                                        number_at(ref, "bytes")};
  auto attachment = ledger::Attachment::check(proof_at(plan.answer, "attachment"), announced);
  if (!attachment) return strange_plan(ledger::to_string(attachment.error()));
  auto runs = ledger::decode_runs(**attachment);
  if (!runs) return strange_plan(ledger::to_string(runs.error()));
  plan.runs = *std::move(runs);
  plan.attachment = *std::move(attachment);
  const Json& links = plan.answer.at("links");
  plan.links = {hash_at(links, "root"), number_at(links, "count")};
  return plan;
}

void print_plan(const Plan& plan, Console& console) {
  Table table({"REDEMPTION", "BATCH", "SPECIES", "COUNT"});
  for (const ledger::RunLeaf& run : plan.runs) {
    table.add({run.redeem.text, run.plant.text, run.species.text, grouped(run.count)});
  }
  table.print(console.out());
  console.out() << grouped(plan.links.count) << " units get a tree.\n";
}

ledger::Allocate payload_of(const Plan& plan, const AllocateSubmitOptions& options,
                            std::size_t part) {
  std::string ref = options.ref;
  if (ref.empty()) ref = "allocate-" + crypto::to_hex(plan.links.root).substr(0, 24);
  if (!options.ref.empty() && part > 0) ref += "-" + std::to_string(part + 1);
  return {ledger::Ref{ref}, ledger::ObjectId{options.campaign}, plan.attachment->announced(),
          plan.links};
}

// An empty plan ends it; so does one that waits for consents, as the next would take the same. What
// was submitted before a failure stands in `all`.
Result<void> allocate_all(const AllocateSubmitOptions& options, Console& console,
                          std::vector<Submitted>& all) {
  const auto key = read_key_file(options.key);
  if (!key) return std::unexpected(key.error());
  auto client = RpcClient::open(options.rpc);
  if (!client) return std::unexpected(client.error());
  for (;;) {
    const auto plan = ask_for_plan(*client, options.campaign);
    if (!plan) return std::unexpected(plan.error());
    if (plan->runs.empty()) return {};
    const auto payload = payload_of(*plan, options, all.size());
    if (!ledger::Ref::check(payload.ref.text)) {
      return fail("\"" + payload.ref.text + "\" is no ref.",
                  "Use at most 44 characters of a-z, 0-9, '.', '_' and '-'.");
    }
    const ledger::AttachmentPtr attachments[] = {plan->attachment};
    auto submitted = submit_payload(*client, payload, *key, attachments, options.wait_ms);
    if (!submitted) return std::unexpected(submitted.error());
    if (!console.wants_json()) {
      print_plan(*plan, console);
      print_submitted(*submitted, console);
    }
    all.push_back(*std::move(submitted));
    if (!all.back().is_committed) return {};
  }
}

}  // namespace

ExitCode allocate_plan(const AllocatePlanOptions& options, Console& console) {
  auto client = RpcClient::open(options.rpc);
  if (!client) return console.report(client.error());
  const auto plan = ask_for_plan(*client, options.campaign);
  if (!plan) return console.report(plan.error());
  if (console.wants_json()) {
    console.print_json(plan->answer);
  } else if (plan->runs.empty()) {
    console.out() << "Nothing to give: no free unit of " << printable(options.campaign)
                  << " has an available tree.\n";
  } else {
    print_plan(*plan, console);
  }
  return ExitCode::ok;
}

ExitCode allocate_submit(const AllocateSubmitOptions& options, Console& console) {
  std::vector<Submitted> all;
  const auto done = allocate_all(options, console, all);
  if (console.wants_json() && (done || !all.empty())) {
    Json list = Json::array();
    for (const Submitted& submitted : all) list.push_back(to_json(submitted));
    console.print_json(list);
  } else if (!console.wants_json() && done && all.empty()) {
    console.out() << "Nothing to give: no free unit of " << printable(options.campaign)
                  << " has an available tree.\n";
  }
  return done ? ExitCode::ok : console.report(done.error());
}

}  // namespace treeproof::cli
