#include "node/import/care_command.h"

#include <algorithm>

#include "node/import/care_statements.h"
#include "node/import/csv_files.h"
#include "node/import/import_report.h"

namespace treeproof::import {

namespace {

constexpr std::size_t kRefSuffixChars = 17;  // "-" and 16 hex digits

cli::Result<Mapping> mapping_of(const CareOptions& options) {
  auto mapping = read_mapping(options.map);
  if (!mapping) return mapping;
  const bool has_place = mapping->latitude && mapping->longitude;
  const bool has_id = mapping->id && !options.books.empty();
  if (!mapping->tree && !has_id && !has_place) {
    return cli::fail("Nothing says which tree a row speaks of.",
                     "Name the column tree, or id and give --book, or latitude and longitude.");
  }
  return mapping;
}

cli::Result<std::optional<ledger::Cause>> cause_of(const CareOptions& options) {
  if (!options.cause) return std::nullopt;
  const auto names = ledger::names_of(ledger::Cause{});
  const auto found = std::ranges::find(names, std::string_view(*options.cause));
  if (found != names.end()) return static_cast<ledger::Cause>(found - names.begin());
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return cli::fail("There is no cause \"" + *options.cause + "\".", "Choose one of: " + all + ".");
}

cli::Result<SightingTerms> terms_of(const CareOptions& options, Care care, std::int32_t today) {
  auto mapping = mapping_of(options);
  if (!mapping) return std::unexpected(mapping.error());
  const auto cause = cause_of(options);
  if (!cause) return std::unexpected(cause.error());
  SightingTerms terms{*std::move(mapping), care, std::nullopt, *cause, today + 1, std::nullopt};
  if (!options.books.empty()) {
    auto book = read_id_books(options.books);
    if (!book) return std::unexpected(book.error());
    terms.ids = *std::move(book);
  }
  if (options.day) {
    const auto day = parse_day_option(*options.day);
    if (!day) return std::unexpected(day.error());
    terms.day = *day;
  }
  if (!terms.day && !terms.mapping.date) {
    return cli::fail("Nothing says when the trees were seen.",
                     "Add a [date] table to the mapping, or give --day.");
  }
  if (!ledger::Ref::check(options.ref + std::string(kRefSuffixChars, '0'))) {
    return cli::fail("\"" + options.ref + "\" does not begin a ref.",
                     "Give --ref up to 31 characters of [a-z0-9._-].");
  }
  return terms;
}

// One group: found again by its ref, or judged by the trees' states, and signed unless this is a
// plan. False when it makes no sense to go on.
cli::Result<bool> take_group(const CareGroup& group, const CareOptions& options, Care care,
                             const TreeSource& source, Recorder& recorder, Refusals& refusals,
                             Summary& summary) {
  const auto before = recorder.find(group.ref);
  if (!before) return std::unexpected(before.error());
  std::optional<CareStatement> statement;
  if (!*before) {
    auto made = statement_of(group, care, source, refusals);
    if (!made) return std::unexpected(made.error());
    if (!*made) return true;  // nothing is left of it to tell
    statement = *std::move(made);
  }
  const auto shown = [&](std::uint64_t count) {
    return statement ? std::to_string(count) : std::string("-");
  };
  summary.rows.push_back(
      {group.batch, cli::day_text(group.day), std::to_string(group.sightings.size()),
       shown(statement ? statement->alive : 0), shown(statement ? statement->dead : 0),
       shown(statement ? statement->unknown : 0)});
  Step& step = summary.steps.emplace_back(
      Step{.ref = group.ref, .is_planned = options.plan, .recorded = *before, .failure = {}});
  if (step.recorded || options.plan) return true;
  return record(recorder, statement->payload, nullptr, step);
}

cli::Result<Summary> run(const CareOptions& options, Care care, Refusals& refusals,
                         cli::Console& console) {
  if (!options.key) {
    return cli::fail("Who saw it?", "Give --key; a plan with it signs nothing.");
  }
  auto recorder = Recorder::open(*options.key, options.rpc);
  if (!recorder) return std::unexpected(recorder.error());
  const auto today = recorder->chain_day();
  if (!today) return std::unexpected(today.error());
  auto terms = terms_of(options, care, *today);
  if (!terms) return std::unexpected(terms.error());
  const TreeSource source = trees_of_node(recorder->node(), options.of.value_or(recorder->org()));
  SightingIntake intake(*std::move(terms), source, refusals);
  const auto read = read_each(
      options.files,
      [&](std::istream& in, const std::string& name) { return intake.read(in, name); }, console);
  if (!read) return std::unexpected(read.error());
  Summary summary;
  summary.refusals = &refusals;
  summary.titles = {"batch", "day", "rows", "alive", "dead", "unknown"};
  const std::uint64_t rows = intake.rows();
  const auto groups = groups_of(std::move(intake).finish(), care, options.ref);
  cli::Progress progress(console, "statements");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    progress.show(i, groups.size());
    const auto goes_on = take_group(groups[i], options, care, source, *recorder, refusals, summary);
    if (!goes_on) return std::unexpected(goes_on.error());
    if (!*goes_on) break;
  }
  summary.figures = {{"rows", rows}, {"accepted", rows - refusals.count()}};
  return summary;
}

cli::ExitCode import_care(const CareOptions& options, Care care, cli::Console& console) {
  Refusals refusals;
  const auto summary = run(options, care, refusals, console);
  // Whatever became of it: the list is there even if the node went away.
  if (auto written = write_refused(refusals, options.refused); !written) {
    return console.report(written.error());
  }
  return print(summary, console);
}

}  // namespace

cli::ExitCode import_observations(const CareOptions& options, cli::Console& console) {
  return import_care(options, Care::observations, console);
}
cli::ExitCode import_mortality(const CareOptions& options, cli::Console& console) {
  return import_care(options, Care::mortality, console);
}

}  // namespace treeproof::import
