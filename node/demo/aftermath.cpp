#include "node/demo/aftermath.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/cli/attachment_build.h"
#include "node/cli/console.h"
#include "node/demo/cast.h"
#include "node/demo/forest.h"

namespace treeproof::demo {

namespace {

using cli::Result;

constexpr auto kEndLimit = std::chrono::seconds(60);
constexpr auto kEndPoll = std::chrono::milliseconds(50);

constexpr ledger::Range kFlooded{100, 12};  // of the river bank's poplars
constexpr std::uint64_t kRiverUnknown = 8;  // that the verifier did not find
constexpr ledger::Range kDried{1'000, 60};  // of the saxaul of forest No. 277
constexpr std::uint64_t kDesertUnknown = 1'740;
constexpr ledger::Range kEnteredTwice{149'990, 10};

std::string range_text(const ledger::Range& range) {
  return "#" + std::to_string(range.from) + " to #" + std::to_string(range.from + range.count - 1);
}

// "target_frozen: object=..., target=..."
std::string refusal_text(const rpc::Json& refusal) {
  std::string text = refusal.at("reason").get<std::string>();
  const char* before = ": ";
  for (const rpc::Json& number : refusal.at("numbers")) {
    text += before + number.at("label").get<std::string>() + "=" +
            number.at("value").get<std::string>();
    before = ", ";
  }
  return text;
}

ledger::Observe count_of(const std::string& ref, const ledger::ObjectId& batch, std::int32_t day,
                         const Forest& forest, std::uint64_t dead, std::uint64_t unknown) {
  ledger::Observe observe;
  observe.ref = {ref};
  observe.plant = batch;
  observe.day = day;
  observe.species = {{{forest.species}, forest.trees - dead - unknown, dead, unknown}};
  return observe;
}

std::string seen_text(const ledger::ObservedSpecies& seen) {
  return cli::grouped(seen.alive) + " alive, " + cli::grouped(seen.dead) + " dead, " +
         cli::grouped(seen.unknown) + " that nobody found";
}

}  // namespace

Result<void> Aftermath::play() {
  return run_in_turn(
      {[&] { return lose_trees(); }, [&] { return replant(); }, [&] { return replace(); },
       [&] { return count_river(); }, [&] { return wait_for_the_end(); }, [&] { return dispute(); },
       [&] { return show_freeze(); }, [&] { return answer(); }, [&] { return resolve(); },
       [&] { return allocate_rest(); }, [&] { return correct(); }});
}

Result<void> Aftermath::record_agreed(Actor& issuer, const ledger::Payload& payload,
                                      const std::string& consent_ref,
                                      const ledger::AttachmentPtr& attachment) {
  const auto waiting = issuer.propose(payload, attachment);
  if (!waiting) return std::unexpected(waiting.error());
  const ledger::Consent consent{{consent_ref}, waiting->id};
  if (auto done = actors_.verifier.record(consent); !done) return std::unexpected(done.error());
  return issuer.await(*waiting);
}

Result<void> Aftermath::lose_trees() {
  Actor& planter = actors_.river_ngo;
  const auto time = planter.chain_time();
  if (!time) return std::unexpected(time.error());
  const ledger::Mortality flood{{"flood"},
                                object_of(planter, "plant-river-bank"),
                                {kFlooded},
                                ledger::Cause::flood,
                                time->day()};
  if (auto done = planter.record(flood); !done) return std::unexpected(done.error());
  tell_("A flood takes " + std::to_string(kFlooded.count) + " poplars, " + range_text(kFlooded) +
        ": river-ngo names each, and their units are owed a tree.");
  return {};
}

// In the places of the dead.
Result<void> Aftermath::replant() {
  Actor& planter = actors_.river_ngo;
  const Forest forest = river_bank();
  const auto time = planter.chain_time();
  if (!time) return std::unexpected(time.error());
  const auto rows =
      planter.ask("batch_leaves", {{"batch", object_of(planter, "plant-river-bank").text},
                                   {"from", kFlooded.from},
                                   {"limit", kFlooded.count}});
  if (!rows) return std::unexpected(rows.error());
  for (const rpc::Json& row : rows->at("leaves")) {
    ledger::PlantLeaf tree;
    tree.lat = row.at("lat").get<std::int32_t>();
    tree.lon = row.at("lon").get<std::int32_t>();
    tree.day = time->day();
    replants_.push_back(tree);
  }
  const auto leaves = cli::plant_attachment(replants_);
  if (!leaves) return std::unexpected(leaves.error());
  ledger::Plant plant;
  plant.ref = {"replant-river-bank"};
  plant.plot = object_of(planter, "plot-river-bank");
  plant.campaign = object_of(actors_.platform, forest.ref);
  plant.purpose = ledger::Purpose::replacement;
  plant.species = {{{forest.species}, replants_.size()}};
  plant.planted_from = time->day();
  plant.planted_to = time->day();
  plant.method = ledger::PlantingMethod::seedling;
  plant.positions = ledger::Positions::grid;
  plant.precision_m = 1;
  plant.leaves = (*leaves)->announced();
  if (auto done = planter.record(plant, *leaves); !done) return std::unexpected(done.error());
  const auto batch = object_of(planter, plant.ref.text);
  const auto visited = visit_sample(actors_.verifier, batch, plant.ref.text);
  if (!visited) return std::unexpected(visited.error());
  tell_("river-ngo plants " + std::to_string(replants_.size()) +
        " others in their places; the verifier visits " + std::to_string(*visited) + " of them.");
  return {};
}

// The links of the units to their new trees, as every node will derive them.
Result<void> Aftermath::replace() {
  Actor& planter = actors_.river_ngo;
  const Forest forest = river_bank();
  const auto lost = object_of(planter, "plant-river-bank");
  const auto fresh = object_of(planter, "replant-river-bank");
  std::vector<crypto::Bytes> links;
  for (std::uint64_t i = 0; i < kFlooded.count; ++i) {
    const auto dead = ledger::MemberId::of(lost, kFlooded.from + i);
    const auto tree = planter.ask("tree_get", {{"tree", dead.text}});
    if (!tree) return std::unexpected(tree.error());
    ledger::LinkLeaf link;
    link.tree = ledger::MemberId::of(fresh, i);
    for (const rpc::Json& commitment : tree->at("commitments")) {
      link.commitments.push_back(*crypto::hash_from_hex(commitment.get<std::string>()));
    }
    link.species = {forest.species};
    link.plot = object_of(planter, "plot-river-bank");
    link.lat = replants_[i].lat;
    link.lon = replants_[i].lon;
    link.planted_day = replants_[i].day;
    link.positions = ledger::Positions::grid;
    link.visited = true;
    links.push_back(ledger::encode(link));
  }
  const ledger::ReplaceLeaf run{lost, kFlooded.from, fresh, 0, kFlooded.count};
  const auto runs = ledger::Attachment::build(std::vector<crypto::Bytes>{ledger::encode(run)});
  ledger::Replace replace;
  replace.ref = {"replace-river-bank"};
  replace.campaign = object_of(actors_.platform, forest.ref);
  replace.runs = runs->announced();
  replace.links = {ledger::Attachment::build(links)->announced().root, links.size()};
  replace.verifier = {actors_.verifier.org()};
  auto done = record_agreed(planter, replace, "consent-replace", runs);
  if (!done) return done;
  tell_("They replace the dead: " + std::to_string(links.size()) +
        " units lead to a living tree again, each by a certificate of its own.");
  return {};
}

Result<void> Aftermath::count_river() {
  Actor& verifier = actors_.verifier;
  const auto time = verifier.chain_time();
  if (!time) return std::unexpected(time.error());
  const auto batch = object_of(actors_.river_ngo, "plant-river-bank");
  const auto count =
      count_of("count-river-bank", batch, time->day(), river_bank(), kFlooded.count, kRiverUnknown);
  if (auto done = verifier.record(count); !done) return std::unexpected(done.error());
  tell_("The verifier counts that planting: " + seen_text(count.species[0]) + ".");
  return {};
}

Result<void> Aftermath::wait_for_the_end() {
  const auto deadline = std::chrono::steady_clock::now() + kEndLimit;
  for (;;) {
    const auto time = actors_.regulator.chain_time();
    if (!time) return std::unexpected(time.error());
    if (time->value >= end_.value) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return cli::fail("The chain's clock does not reach its end.", "Look into the nodes' logs.");
    }
    std::this_thread::sleep_for(kEndPoll);
  }
}

Result<void> Aftermath::dispute() {
  Actor& regulator = actors_.regulator;
  ledger::Dispute dispute;
  dispute.ref = {"doubt-277"};
  dispute.target = ledger::DisputedRecord{object_of(actors_.desert_ngo, "plant-277")};
  dispute.ground = ledger::Ground::trees_missing;
  if (auto done = regulator.record(dispute); !done) return std::unexpected(done.error());
  tell_(
      "Nobody has counted forest No. 277 since it was verified: the regulator disputes it "
      "(trees_missing), which freezes its allocations.");
  return {};
}

Result<PlannedAllocation> Aftermath::plan_rest() {
  return plan_allocation(actors_.platform, object_of(actors_.platform, "277"), "allocate-277-rest",
                         half_of(forest_277()));
}

// Its runs are those of the season's allocation once more, so that the node holds them already.
Result<void> Aftermath::show_freeze() {
  const auto planned = plan_rest();
  if (!planned) return std::unexpected(planned.error());
  const auto answer = actors_.platform.check(planned->payload);
  if (!answer) return std::unexpected(answer.error());
  const rpc::Json& refusal = answer->at("refusal");
  if (refusal.is_null() || refusal.at("reason") != "target_frozen") {
    return cli::fail("A disputed planting can be allocated.", "Report this as a bug.");
  }
  tell_("The platform asks for " + cli::grouped(planned->payload.links.count) +
        " trees more, as a dry run, and would be refused (" + refusal_text(refusal) + ").");
  return {};
}

Result<void> Aftermath::answer() {
  Actor& verifier = actors_.verifier;
  const auto time = verifier.chain_time();
  if (!time) return std::unexpected(time.error());
  const auto batch = object_of(actors_.desert_ngo, "plant-277");
  auto count =
      count_of("count-277", batch, time->day(), forest_277(), kDried.count, kDesertUnknown);
  count.dead = {kDried};
  count.cause = ledger::Cause::drought;
  if (auto done = verifier.record(count); !done) return std::unexpected(done.error());
  tell_("The verifier answers with a count: " + seen_text(count.species[0]) +
        ". The dead are named, and owed.");
  return {};
}

// By the regulator and more than 2/3 of the power outside the conflict groups of both sides.
Result<void> Aftermath::resolve() {
  const auto dispute = object_of(actors_.regulator, "doubt-277");
  const ledger::Propose proposal{
      {"end-277"}, ledger::Resolve{dispute, ledger::Outcome::rejected, ledger::Remedy::none, {}}};
  if (auto done = actors_.river_ngo.record(proposal); !done) return std::unexpected(done.error());
  std::vector<Actor*> electorate{&actors_.regulator, &actors_.platform, &actors_.river_ngo,
                                 &actors_.verifier};
  for (Actor& validator : actors_.further) electorate.push_back(&validator);
  std::string approved;
  for (Actor* actor : electorate) {
    const ledger::Approve approval{{"end-277-yes"}, object_of(actors_.river_ngo, "end-277")};
    if (auto done = actor->record(approval); !done) return std::unexpected(done.error());
    approved += (approved.empty() ? "" : ", ") + actor->org();
    const auto now = actor->ask("dispute_get", {{"dispute", dispute.text}});
    if (!now) return std::unexpected(now.error());
    if (now->at("object").at("resolution").is_null()) continue;
    tell_("The dispute is resolved, rejected: " + approved + " approve. desert-ngo was not asked.");
    return {};
  }
  return cli::fail("The dispute is not resolved.", "Report this as a bug.");
}

Result<void> Aftermath::allocate_rest() {
  const auto planned = plan_rest();
  if (!planned) return std::unexpected(planned.error());
  if (auto done = actors_.platform.record(planned->payload, planned->runs); !done) {
    return std::unexpected(done.error());
  }
  tell_("The platform allocates the other " + cli::grouped(planned->payload.links.count) +
        " trees.");
  return {};
}

Result<void> Aftermath::correct() {
  Actor& planter = actors_.desert_ngo;
  const ledger::Correct correction{{"correct-277"},
                                   object_of(planter, "plant-277"),
                                   ledger::CorrectVoid{{kEnteredTwice}},
                                   ledger::CorrectionReason::entered_twice,
                                   {actors_.verifier.org()}};
  auto done = record_agreed(planter, correction, "consent-correct");
  if (!done) return done;
  tell_("desert-ngo corrects its record: " + std::to_string(kEnteredTwice.count) + " trees, " +
        range_text(kEnteredTwice) +
        ", were entered twice. They are void, their units owed others; a claim is never raised.");
  return {};
}

}  // namespace treeproof::demo
