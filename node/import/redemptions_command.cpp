#include "node/import/redemptions_command.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/answers.h"
#include "node/import/csv_files.h"
#include "node/import/import_report.h"
#include "node/import/redemption_batches.h"

namespace treeproof::import {

namespace {

using rpc::Json;

cli::Result<Mapping> mapping_of(const RedemptionsOptions& options) {
  auto mapping = read_mapping(options.map);
  if (!mapping) return mapping;
  if (!mapping->id || !mapping->user) {
    return cli::fail("The mapping lacks id or user.",
                     "Name the columns of both; docs/importing.md has an example.");
  }
  return mapping;
}

cli::Result<void> check(const RedemptionsOptions& options) {
  for (const std::string& id : {options.campaign, options.programme}) {
    if (!ledger::ObjectId::check(id)) {
      return cli::fail("\"" + id + "\" names no object.", "Give it as org/ref.");
    }
  }
  if (options.units_max == 0 || options.units_max > kAttachmentLeavesMax) {
    return cli::fail("A statement redeems 1 to 262,144 units.", "Give --units-max accordingly.");
  }
  if (!ledger::Ref::check(options.ref + "-1000000000")) {
    return cli::fail("\"" + options.ref + "\" does not begin a ref.",
                     "Give --ref up to 37 characters of [a-z0-9._-].");
  }
  if (options.vault.has_value() != options.vault_key.has_value()) {
    return cli::fail("A vault has a key.", "Give --vault and --vault-key together.");
  }
  if (options.plan || (options.vault && options.key)) return {};
  return cli::fail("To redeem needs a signer, and a place for the users' salts.",
                   "Give --key, --vault and --vault-key, or --plan.");
}

cli::Result<RedemptionVault> open_vault(const std::string& folder, const std::string& key_file) {
  auto key = VaultKey::read(key_file);
  if (!key) return std::unexpected(key.error());
  return RedemptionVault::open(folder, *std::move(key));
}

// As revisions made them, where units can be redeemed now.
cli::Result<CampaignTerms> terms_of_node(cli::RpcClient& node, const std::string& campaign) {
  const auto answer = node.call("campaign_get", Json{{"campaign", campaign}});
  if (!answer) return std::unexpected(answer.error());
  const Json& object = answer->at("object");
  if (!object.at("closed").is_null()) {
    return cli::deny("The campaign " + campaign + " is closed.", "Redeem in another.");
  }
  CampaignTerms terms;
  terms.campaign = campaign;
  const bool is_plant_first = cli::text_at(object.at("payload"), "mode") == "plant_first";
  terms.mode = is_plant_first ? ledger::Mode::plant_first : ledger::Mode::pledge_first;
  for (const Json& price : object.at("terms").at("species")) {
    terms.prices.emplace(cli::text_at(price, "species"), cli::number_at(price, "grams"));
  }
  if (terms.prices.empty()) return cli::fail("The node's answer has no prices.", "Ask another.");
  return terms;
}

cli::Result<std::optional<PledgeTerms>> pledge_of_node(cli::RpcClient& node,
                                                       const std::string& id) {
  const auto answer = node.call("pledge_get", Json{{"pledge", id}});
  if (!answer) {
    const bool is_unknown = answer.error().reason == cli::kReasonNotFound;
    return is_unknown ? cli::Result<std::optional<PledgeTerms>>(std::nullopt)
                      : std::unexpected(answer.error());
  }
  const Json& payload = answer->at("object").at("payload");
  return PledgeTerms{cli::text_at(payload, "campaign"), cli::text_at(payload, "species")};
}

cli::Result<Redemptions> read_rows(const RedemptionsOptions& options, RedemptionTerms terms,
                                   const RedemptionVault* vault, Refusals& refusals,
                                   cli::Console& console) {
  RedemptionIntake intake(std::move(terms), vault, refusals);
  const auto read = read_each(
      options.files,
      [&](std::istream& in, const std::string& name) { return intake.read(in, name); }, console);
  if (!read) return std::unexpected(read.error());
  return std::move(intake).finish();
}

struct Work {
  std::vector<SealedBatch> batches;  // the sealed ones first
  std::size_t sealed = 0;
  Summary summary;
};

Work work_of(const Redemptions& rows, std::vector<SealedBatch> fresh, const RedemptionVault* vault,
             bool is_plan) {
  Work work;
  for (const std::string& ref : rows.sealed_refs) {
    work.batches.push_back(vault->batches().at(ref));
  }
  work.sealed = work.batches.size();
  std::ranges::move(fresh, std::back_inserter(work.batches));
  Summary& summary = work.summary;
  summary.titles = {"species", "pledge", "rows", "units", "grams", "salts"};
  for (std::size_t i = 0; i < work.batches.size(); ++i) {
    const SealedBatch& batch = work.batches[i];
    const std::uint64_t units = batch.unit_count();
    summary.rows.push_back({batch.species.value_or("-"), batch.pledge.value_or("-"),
                            std::to_string(batch.rows.size()), std::to_string(units),
                            std::to_string(units * batch.price),
                            i < work.sealed ? "sealed" : "fresh"});
    summary.steps.push_back(
        {.ref = batch.ref, .is_planned = is_plan, .recorded = {}, .failure = {}});
  }
  summary.figures = {{"rows", rows.rows},
                     {"accepted", rows.fresh.size() + rows.sealed_rows},
                     {"sealed_before", rows.sealed_rows},
                     {"units", rows.fresh_units},
                     {"grams", rows.fresh_grams}};
  return work;
}

// The salts lie in the vault, synced, before their commitments leave. What is refused stops it: the
// rows that follow stay unsealed, and free for other terms.
cli::Result<void> record_all(Recorder& platform, RedemptionVault& vault, Work& work,
                             cli::Console& console) {
  cli::Progress progress(console, "redemptions");
  for (std::size_t i = 0; i < work.batches.size(); ++i) {
    progress.show(i, work.batches.size());
    Step& step = work.summary.steps[i];
    const auto built = build(work.batches[i]);
    if (!built) return std::unexpected(built.error());
    if (i >= work.sealed) {
      if (auto put = vault.put(work.batches[i]); !put) return put;
      work.summary.rows[i].back() = "sealed";
    }
    if (!record(platform, built->payload, built->leaves, step) || step.failure) return {};
  }
  return {};
}

cli::Result<Summary> run(const RedemptionsOptions& options, Refusals& refusals,
                         cli::Console& console) {
  if (auto checked = check(options); !checked) return std::unexpected(checked.error());
  auto mapping = mapping_of(options);
  if (!mapping) return std::unexpected(mapping.error());
  auto node = cli::RpcClient::open(options.rpc);
  if (!node) return std::unexpected(node.error());
  const auto campaign = terms_of_node(*node, options.campaign);
  if (!campaign) return std::unexpected(campaign.error());
  const auto points = node->call("points_balance", Json{{"programme", options.programme}});
  if (!points) return std::unexpected(points.error());
  std::optional<RedemptionVault> vault;
  // A plan makes none.
  if (options.vault && (!options.plan || std::filesystem::exists(*options.vault))) {
    auto opened = open_vault(*options.vault, *options.vault_key);
    if (!opened) return std::unexpected(opened.error());
    vault.emplace(*std::move(opened));
  }
  const auto rows =
      read_rows(options,
                {.mapping = *std::move(mapping),
                 .campaign = *campaign,
                 .species = options.species,
                 .pledge = options.pledge,
                 .units_max = options.units_max,
                 .find_pledge = [&](const std::string& id) { return pledge_of_node(*node, id); }},
                vault ? &*vault : nullptr, refusals, console);
  if (!rows) return std::unexpected(rows.error());
  const BatchNames names{options.programme, options.ref,
                         vault ? next_number(*vault, options.ref) : 1, options.units_max};
  Work work = work_of(*rows, batches_of(rows->fresh, *campaign, names), vault ? &*vault : nullptr,
                      options.plan);
  work.summary.figures.push_back({"points_outstanding", cli::number_at(*points, "outstanding")});
  work.summary.refusals = &refusals;
  // Before anything is sent: the list is there even if the node goes away.
  if (auto written = write_refused(refusals, options.refused); !written) {
    return std::unexpected(written.error());
  }
  if (options.plan) return std::move(work.summary);
  auto platform = Recorder::open(*options.key, options.rpc);
  if (!platform) return std::unexpected(platform.error());
  auto recorded = record_all(*platform, *vault, work, console);
  if (!recorded) return std::unexpected(recorded.error());
  return std::move(work.summary);
}

}  // namespace

cli::ExitCode import_redemptions(const RedemptionsOptions& options, cli::Console& console) {
  Refusals refusals;
  return print(run(options, refusals, console), console);
}

cli::ExitCode vault_key(const VaultKeyOptions& options, cli::Console& console) {
  if (auto made = VaultKey::make(options.out); !made) return console.report(made.error());
  console.err() << "Keep a copy of " << options.out << ": without it its vaults do not open.\n";
  return cli::ExitCode::ok;
}

cli::ExitCode vault_find(const VaultFindOptions& options, cli::Console& console) {
  if (!std::filesystem::is_directory(options.vault)) {
    return console.report({"There is no vault \"" + options.vault + "\".",
                           "Give the folder of an import of redemptions."});
  }
  const auto vault = open_vault(options.vault, options.key);
  if (!vault) return console.report(vault.error());
  const SealedPlace place = vault->find(options.id);
  if (place.row == nullptr) {
    return console.report({"The vault holds no row \"" + options.id + "\".",
                           "Check the id, and whether it was imported.", cli::ExitCode::negative,
                           cli::kReasonNotFound});
  }
  Json units = Json::array();
  for (const UnitOpening& unit : openings_of(place)) {
    units.push_back({{"unit", unit.unit},
                     {"commitment", crypto::to_hex(unit.commitment)},
                     {"salt", crypto::to_hex(unit.opening.salt)},
                     {"reference", unit.opening.reference}});
  }
  if (console.wants_json()) {
    console.print_json({{"id", options.id}, {"units", units}});
    return cli::ExitCode::ok;
  }
  cli::Table table({"UNIT", "COMMITMENT", "SALT"});
  for (const Json& unit : units) {
    table.add(
        {cli::text_at(unit, "unit"), cli::text_at(unit, "commitment"), cli::text_at(unit, "salt")});
  }
  table.print(console.out());
  return cli::ExitCode::ok;
}

}  // namespace treeproof::import
