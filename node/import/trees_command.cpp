#include "node/import/trees_command.h"

#include <algorithm>

#include "node/import/csv_files.h"
#include "node/import/id_book.h"
#include "node/import/import_report.h"
#include "node/import/registered_species.h"
#include "node/import/species_list.h"
#include "node/import/tree_batches.h"

namespace treeproof::import {

namespace {

constexpr std::uint64_t kSecondsPerDay = 86'400;

template <class Enum>
std::optional<Enum> named(std::string_view text) {
  const auto names = ledger::names_of(Enum{});
  const auto found = std::ranges::find(names, text);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<Enum>(found - names.begin()));
}

cli::Result<std::optional<ledger::ObjectId>> object_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (ledger::ObjectId::check(*text)) return ledger::ObjectId{*text};
  return cli::fail("\"" + *text + "\" names no object.", "Give it as org/ref.");
}

cli::Result<Mapping> mapping_of(const TreesOptions& options) {
  auto mapping = read_mapping(options.map);
  if (!mapping) return mapping;
  if (options.plot_from) mapping->plot = options.plot_from;
  if (!mapping->id || !mapping->latitude || !mapping->longitude || !mapping->species.has_any()) {
    return cli::fail("The mapping lacks id, latitude, longitude or [species].",
                     "Name the columns of all four; docs/importing.md has an example.");
  }
  if (!mapping->plot && !options.plot && !options.locate) {
    return cli::fail("Nothing says on which plot a tree stands.",
                     "Give --plot-from COLUMN, --plot REF for all rows, or --locate.");
  }
  if (options.skip_day) {
    const auto day = parse_day_option(*options.skip_day);
    if (!day) return std::unexpected(day.error());
    if (!mapping->date) {
      return cli::fail("--skip-day needs dates.", "Add a [date] table to the mapping.");
    }
    mapping->date->unknown = *day;
  }
  return mapping;
}

cli::Result<BatchTerms> batch_terms(const TreesOptions& options) {
  const auto as = named<ledger::BatchSource>(options.as);
  if (!as) return cli::fail("Trees are imported as inventory or plant.", "Give --as accordingly.");
  const bool is_plant = *as == ledger::BatchSource::plant;
  const auto method =
      named<ledger::PlantingMethod>(options.method.value_or(is_plant ? "seedling" : "none"));
  if (!method) {
    return cli::fail("There is no method \"" + *options.method + "\".",
                     "Choose seedling, seed, cutting, coral or none.");
  }
  if (options.pledge && !is_plant) {
    return cli::fail("An inventory fulfils no pledge.", "Leave out --pledge, or give --as plant.");
  }
  const auto campaign = object_of(options.campaign);
  if (!campaign) return std::unexpected(campaign.error());
  const auto pledge = object_of(options.pledge);
  if (!pledge) return std::unexpected(pledge.error());
  return BatchTerms{*as, options.ref, *method, *campaign, *pledge, options.precision_m};
}

// What is known of plots, species and days: from the node, or from files for a plan without one.
struct Ground {
  std::optional<Recorder> recorder;
  std::optional<AreaBook> areas;
  std::optional<std::set<std::string>> registered;
  std::int32_t today = 0;
};

cli::Result<void> ground_on_files(const TreesOptions& options, Ground& ground) {
  if (!options.plan) {
    return cli::fail("--areas is for plans: the node judges by the plots that it knows.",
                     "Add --plan, or leave out --areas.");
  }
  auto areas = areas_of_file(*options.areas, options.properties, options.uncertainty_m);
  if (!areas) return std::unexpected(areas.error());
  ground.areas = *std::move(areas);
  ground.today = static_cast<std::int32_t>(cli::system_seconds() / kSecondsPerDay);
  if (options.species.empty()) return {};
  Refusals ignored;
  const auto list = read_species(options.species, std::nullopt, ledger::Habit::tree, ignored);
  if (!list) return std::unexpected(list.error());
  ground.registered.emplace();
  for (const auto& [code, species] : list->species) ground.registered->insert(code);
  return {};
}

cli::Result<void> ground_on_node(const TreesOptions& options, Ground& ground) {
  if (!options.key) {
    return cli::fail("The plots of which organisation?",
                     "Give --key, a planter's key, or --plan with --areas FILE.");
  }
  auto recorder = Recorder::open(*options.key, options.rpc);
  if (!recorder) return std::unexpected(recorder.error());
  ground.recorder = *std::move(recorder);
  auto registered = registered_species(ground.recorder->node());
  if (!registered) return std::unexpected(registered.error());
  ground.registered = *std::move(registered);
  const auto day = ground.recorder->chain_day();
  if (!day) return std::unexpected(day.error());
  ground.today = *day;
  ground.areas = areas_of_node(ground.recorder->node(), ground.recorder->org());
  return {};
}

// Nothing for a plan without a node. What an earlier run of this import recorded takes no place.
cli::Result<TakenPlaces> taken_by_others(const TreesOptions& options,
                                         const std::vector<std::string>& plots, Ground& ground) {
  if (!ground.recorder) return TakenPlaces{};
  const std::string& org = ground.recorder->org();
  const auto is_own = [&](const std::string& plot, const std::string& batch) {
    return batch.starts_with(org + "/") &&
           is_batch_ref(batch.substr(org.size() + 1), options.ref, plot);
  };
  return taken_places(ground.recorder->node(), org, plots, is_own);
}

cli::Result<Trees> read_trees(const TreesOptions& options, Mapping mapping, const BatchTerms& terms,
                              Ground& ground, Refusals& refusals, cli::Console& console) {
  TreeIntake intake({.mapping = std::move(mapping),
                     .as = terms.as,
                     .plot = options.plot,
                     .locates = options.locate,
                     .registered = ground.registered,
                     .last_day = ground.today + 1,
                     .precision_m = options.precision_m},
                    *ground.areas, refusals);
  const auto read = read_each(
      options.files,
      [&](std::istream& in, const std::string& name) { return intake.read(in, name); }, console);
  if (!read) return std::unexpected(read.error());
  const auto taken = taken_by_others(options, intake.plots(), ground);
  if (!taken) return std::unexpected(taken.error());
  return std::move(intake).finish(*taken);
}

Figures figures_of(const Trees& trees) {
  Figures figures = {{"rows", trees.rows}, {"accepted", trees.trees.size()}};
  std::map<RowReason, std::uint64_t> undated;
  for (const Tree& tree : trees.trees) {
    if (tree.undated) ++undated[*tree.undated];
  }
  for (const auto& [reason, count] : undated) {
    figures.push_back({"undated_" + std::string(to_string(reason)), count});
  }
  if (trees.unreadable_sizes > 0) {
    figures.push_back({"sizes_unreadable", trees.unreadable_sizes});
  }
  return figures;
}

Summary summary_of(const Trees& trees, const std::vector<TreeBatch>& batches, bool is_plan) {
  Summary summary;
  summary.figures = figures_of(trees);
  summary.titles = {"plot", "trees", "undated", "species", "bytes", "root"};
  for (const TreeBatch& batch : batches) {
    const ledger::AttachmentRef& leaves = batch.leaves->announced();
    summary.rows.push_back({batch.plot, std::to_string(leaves.count), std::to_string(batch.undated),
                            std::to_string(batch.species.size()), std::to_string(leaves.bytes),
                            crypto::to_hex(leaves.root)});
    summary.steps.push_back(
        {.ref = batch.ref, .is_planned = is_plan, .recorded = {}, .failure = {}});
  }
  return summary;
}

void record_all(Recorder& recorder, const std::vector<TreeBatch>& batches, const BatchTerms& terms,
                Summary& summary, cli::Console& console) {
  cli::Progress progress(console, "batches");
  for (std::size_t i = 0; i < batches.size(); ++i) {
    progress.show(i, batches.size());
    const ledger::Payload payload = payload_of(batches[i], terms, recorder.org());
    if (!record(recorder, payload, batches[i].leaves, summary.steps[i])) return;
  }
}

cli::Result<Summary> run(const TreesOptions& options, Refusals& refusals, cli::Console& console) {
  const auto terms = batch_terms(options);
  if (!terms) return std::unexpected(terms.error());
  auto mapping = mapping_of(options);
  if (!mapping) return std::unexpected(mapping.error());
  Ground ground;
  auto grounded =
      options.areas ? ground_on_files(options, ground) : ground_on_node(options, ground);
  if (!grounded) return std::unexpected(grounded.error());
  const auto trees = read_trees(options, *std::move(mapping), *terms, ground, refusals, console);
  if (!trees) return std::unexpected(trees.error());
  const auto batches = batches_of(*trees, *terms);
  if (!batches) return std::unexpected(batches.error());
  // Before anything is sent: the list is there even if the node goes away.
  if (auto written = write_refused(refusals, options.refused); !written) {
    return std::unexpected(written.error());
  }
  if (options.book && !options.plan) {
    auto written = write_id_book(*options.book, *batches, ground.recorder->org());
    if (!written) return std::unexpected(written.error());
  }
  Summary summary = summary_of(*trees, *batches, options.plan);
  summary.refusals = &refusals;
  if (!options.plan) record_all(*ground.recorder, *batches, *terms, summary, console);
  return summary;
}

// Whether the node refused trees whose places somebody took after this run had asked for them.
bool was_overtaken(const cli::Result<Summary>& outcome) {
  return outcome && std::ranges::any_of(outcome->steps, [](const Step& step) {
           return step.failure &&
                  reason_of(*step.failure) == ledger::name(ledger::Reason::position_taken);
         });
}

}  // namespace

// Overtaken once, it asks anew and leaves those trees out; what it recorded already is found.
cli::ExitCode import_trees(const TreesOptions& options, cli::Console& console) {
  {
    Refusals refusals;
    const auto outcome = run(options, refusals, console);
    if (!was_overtaken(outcome)) return print(outcome, console);
  }
  Refusals refusals;
  return print(run(options, refusals, console), console);
}

}  // namespace treeproof::import
