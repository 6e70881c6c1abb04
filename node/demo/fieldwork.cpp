#include "node/demo/fieldwork.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/hash.h"

namespace treeproof::demo {

namespace {

using cli::Result;

constexpr int kDraws = 20;
constexpr std::uint64_t kPhotoBytes = 2'400'000;

// The walk to the site: recorded, and it moves the chain on.
Result<void> walk(Actor& verifier, const std::string& ref) {
  const auto time = verifier.chain_time();
  if (!time) return std::unexpected(time.error());
  ledger::Evidence note;
  note.ref = {ref};
  note.sha256 = fingerprint(ref);
  note.kind = ledger::EvidenceKind::photo;
  note.day = time->day();
  note.bytes = kPhotoBytes;
  if (auto done = verifier.record(note); !done) return std::unexpected(done.error());
  return {};
}

// Drawn from the header after the planting's: nobody could know it beforehand.
Result<std::vector<std::uint64_t>> draw_sample(Actor& verifier, const ledger::ObjectId& batch,
                                               const std::string& name) {
  Result<rpc::Json> drawn = cli::fail("No sample.", "Wait for the next block.");
  for (int attempt = 0; attempt < kDraws && !drawn; ++attempt) {
    drawn = verifier.ask("sample_draw", {{"batch", batch.text}});
    if (drawn) break;
    const std::string ref = "visit-" + name + "-" + std::to_string(attempt);
    if (auto walked = walk(verifier, ref); !walked) return std::unexpected(walked.error());
  }
  if (!drawn) return std::unexpected(drawn.error());
  std::vector<std::uint64_t> sample;
  for (const auto& index : drawn->at("sample")) sample.push_back(number_of(index));
  std::ranges::sort(sample);
  return sample;
}

}  // namespace

Result<void> run_in_turn(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (auto done = step(); !done) return done;
  }
  return {};
}

ledger::ObjectId object_of(const Actor& actor, const std::string& ref) {
  return ledger::ObjectId::of({actor.org()}, {ref});
}

crypto::Hash fingerprint(const std::string& what) {
  return crypto::sha256(crypto::as_bytes("demo evidence " + what));
}

std::uint64_t number_of(const rpc::Json& value) {
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

Result<std::uint64_t> visit_sample(Actor& verifier, const ledger::ObjectId& batch,
                                   const std::string& name) {
  const auto sample = draw_sample(verifier, batch, name);
  if (!sample) return std::unexpected(sample.error());
  ledger::Verify verify;
  verify.ref = {"verify-" + name};
  verify.plant = batch;
  verify.method = ledger::VerifyMethod::sample;
  for (const std::uint64_t index : *sample) {
    const bool joins = !verify.visited.empty() &&
                       verify.visited.back().from + verify.visited.back().count == index;
    joins ? void(++verify.visited.back().count) : void(verify.visited.push_back({index, 1}));
  }
  verify.report = fingerprint("verification report of " + name);
  if (auto done = verifier.record(verify); !done) return std::unexpected(done.error());
  return sample->size();
}

Result<PlannedAllocation> plan_allocation(Actor& platform, const ledger::ObjectId& campaign,
                                          const std::string& ref,
                                          const std::vector<ledger::RunLeaf>& runs) {
  rpc::Json params{{"campaign", campaign.text}};
  for (const ledger::RunLeaf& run : runs) {
    params["runs"].push_back({{"redeem", run.redeem.text},
                              {"plant", run.plant.text},
                              {"species", run.species.text},
                              {"count", run.count}});
  }
  const auto plan = platform.ask("allocate_plan", params);
  if (!plan) return std::unexpected(plan.error());
  const auto bytes = crypto::from_base64url(plan->at("attachment").get<std::string>());
  const rpc::Json& said = plan->at("runs_attachment");
  const rpc::Json& links = plan->at("links");
  PlannedAllocation planned;
  planned.payload.ref = {ref};
  planned.payload.campaign = campaign;
  planned.payload.runs = {*crypto::hash_from_hex(said.at("root").get<std::string>()),
                          number_of(said.at("count")), number_of(said.at("bytes"))};
  planned.payload.links = {*crypto::hash_from_hex(links.at("root").get<std::string>()),
                           number_of(links.at("count"))};
  const auto attachment = ledger::Attachment::check(*bytes, planned.payload.runs);
  if (!attachment) {
    return cli::fail(ledger::to_string(attachment.error()), "Report this as a bug.");
  }
  planned.runs = *attachment;
  return planned;
}

}  // namespace treeproof::demo
