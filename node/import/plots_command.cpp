#include "node/import/plots_command.h"

#include <algorithm>

#include "node/cli/attachment_build.h"
#include "node/import/derived_names.h"
#include "node/import/import_report.h"

namespace treeproof::import {

namespace {

// What every plot of the file says beside its outline.
struct PlotTerms {
  ledger::Layer layer{};
  ledger::CountryCode country;
  std::optional<ledger::ObjectId> land_right;
};

cli::Result<PlotTerms> terms_of(const PlotsOptions& options) {
  const auto names = ledger::names_of(ledger::Layer{});
  const auto layer = std::ranges::find(names, std::string_view(options.layer));
  if (layer == names.end()) {
    return cli::fail("There is no layer \"" + options.layer + "\".",
                     "Choose canopy, understory, marine or protection.");
  }
  if (!ledger::CountryCode::check(options.country)) {
    return cli::fail("\"" + options.country + "\" is no country code.",
                     "Give --country as two capitals of ISO 3166-1, such as CA.");
  }
  if (options.capacity == 0) {
    return cli::fail("A plot states how many stems it can hold.", "Give --capacity.");
  }
  if (options.uncertainty_m > kUncertaintyMetresMax) {
    return cli::fail("An outline is uncertain by 30 m at most.", "Give a smaller --uncertainty.");
  }
  if (options.land_right && !ledger::ObjectId::check(*options.land_right)) {
    return cli::fail("\"" + *options.land_right + "\" is no evidence.", "Give it as org/ref.");
  }
  PlotTerms terms{static_cast<ledger::Layer>(layer - names.begin()), {options.country}, {}};
  if (options.land_right) terms.land_right = ledger::ObjectId{*options.land_right};
  return terms;
}

struct PlannedPlot {
  std::string place;  // which outline of the file, from 1
  ledger::Plot payload;
  ledger::AttachmentPtr geometry;
};

cli::Result<PlannedPlot> planned(const Outline& outline, std::string place, const PlotTerms& terms,
                                 const PlotsOptions& options) {
  auto geometry = cli::geometry_attachment(outline.shape());
  if (!geometry) return std::unexpected(geometry.error());
  return PlannedPlot{std::move(place),
                     {.ref = {outline.ref},
                      .country = terms.country,
                      .layer = terms.layer,
                      .area = outline.area_m2,
                      .capacity = options.capacity,
                      .uncertainty_m = options.uncertainty_m,
                      .geometry = (*geometry)->announced(),
                      .land_right = terms.land_right},
                     *geometry};
}

std::string text_of(const Repairs& repairs) {
  std::string text;
  const auto say = [&](std::uint64_t count, const char* what) {
    if (count == 0) return;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  say(repairs.rewound_rings, "rewound");
  say(repairs.rounded_positions, "rounded");
  say(repairs.merged_positions, "merged");
  say(repairs.ignored_heights, "heights_ignored");
  return text.empty() ? "-" : text;
}

struct Work {
  std::vector<PlannedPlot> plots;
  Summary summary;
};

cli::Result<Work> plan(const PlotsOptions& options, Refusals& refusals) {
  const auto terms = terms_of(options);
  if (!terms) return std::unexpected(terms.error());
  const auto outlines = read_outlines(options.file, options.properties);
  if (!outlines) return std::unexpected(outlines.error());
  Work work;
  Repairs repairs;
  work.summary.titles = {"name", "area_m2", "vertices", "mended", "confirmed"};
  for (std::size_t i = 0; i < outlines->size(); ++i) {
    const Outline& outline = (*outlines)[i];
    const std::string place = std::to_string(i + 1);
    repairs += outline.repairs;
    if (!outline.is_good()) {
      const std::string& id = outline.ref.empty() ? outline.name : outline.ref;
      refusals.add(place, id, outline.reason);
      continue;
    }
    auto plot = planned(outline, place, *terms, options);
    if (!plot) return std::unexpected(plot.error());
    work.plots.push_back(*std::move(plot));
    work.summary.rows.push_back({outline.name, std::to_string(outline.area_m2),
                                 std::to_string(outline.vertex_count()), text_of(outline.repairs),
                                 "-"});
    work.summary.steps.push_back(
        {.ref = outline.ref, .is_planned = options.plan, .recorded = {}, .failure = {}});
  }
  work.summary.refusals = &refusals;
  work.summary.figures = {{"outlines", outlines->size()},
                          {"good", work.plots.size()},
                          {"rings_rewound", repairs.rewound_rings},
                          {"positions_rounded", repairs.rounded_positions},
                          {"positions_merged", repairs.merged_positions},
                          {"heights_ignored", repairs.ignored_heights}};
  return work;
}

// The verifier's consent raises the confirmed capacity to the stated one.
bool confirm(Recorder& verifier, Step& step, std::string& cell) {
  const ledger::Ref ref{derived_code("confirm-" + step.recorded->object)};
  const auto confirmed = verifier.record(ledger::Consent{ref, step.recorded->statement});
  if (confirmed) {
    cell = "at " + std::to_string(confirmed->height);
    return true;
  }
  cell = "refused";
  step.failure = confirmed.error();
  return step.failure->code == cli::ExitCode::negative;
}

cli::Result<void> record_all(const PlotsOptions& options, Work& work, Refusals& refusals,
                             cli::Console& console) {
  if (!options.key) return cli::fail("A plot needs a signer.", "Give --key, a planter's key.");
  auto planter = Recorder::open(*options.key, options.rpc);
  if (!planter) return std::unexpected(planter.error());
  std::optional<Recorder> verifier;
  if (options.confirm) {
    auto opened = Recorder::open(*options.confirm, options.rpc);
    if (!opened) return std::unexpected(opened.error());
    verifier = *std::move(opened);
  }
  cli::Progress progress(console, "plots");
  for (std::size_t i = 0; i < work.plots.size(); ++i) {
    progress.show(i, work.plots.size());
    Step& step = work.summary.steps[i];
    const bool goes_on = record(*planter, work.plots[i].payload, work.plots[i].geometry, step);
    if (!goes_on) break;
    if (step.failure) {
      refusals.add(work.plots[i].place, step.ref, reason_of(*step.failure));
    } else if (verifier && !confirm(*verifier, step, work.summary.rows[i].back())) {
      break;
    }
  }
  return {};
}

}  // namespace

cli::ExitCode import_plots(const PlotsOptions& options, cli::Console& console) {
  Refusals refusals;
  auto work = plan(options, refusals);
  if (!work) return console.report(work.error());
  if (!options.plan) {
    auto done = record_all(options, *work, refusals, console);
    if (!done) return console.report(done.error());
  }
  if (auto written = write_refused(refusals, options.refused); !written) {
    return console.report(written.error());
  }
  return print(std::move(work->summary), console);
}

}  // namespace treeproof::import
