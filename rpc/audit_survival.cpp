// I5: what became of what was planted. Alive is only who was seen alive in the year that is told
// of; the dead are carried forward; the rest is unknown, and a rate that would need it is null.
#include <algorithm>

#include "consensus/ledger/calendar.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObservationObject;
using ledger::Witness;

// One species of one batch, or any sum of such parts.
struct Figures {
  std::uint64_t parts = 0;
  std::uint64_t visited_parts = 0;
  std::uint64_t rated_parts = 0;
  std::uint64_t trees = 0;  // planted and not voided
  std::optional<std::uint64_t> alive = {};
  std::optional<std::uint64_t> dead = {};
  std::uint64_t seen = 0;  // of the visited parts: alive or dead
  std::optional<std::int32_t> first_day = {};
  std::optional<std::int32_t> last_day = {};

  std::uint64_t unknown() const noexcept { return trees - alive.value_or(0) - dead.value_or(0); }
  Figures& operator+=(const Figures& part);
};

void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& part) {
  if (part) sum = sum.value_or(0) + *part;
}

Figures& Figures::operator+=(const Figures& part) {
  parts += part.parts;
  visited_parts += part.visited_parts;
  rated_parts += part.rated_parts;
  trees += part.trees;
  seen += part.seen;
  add(alive, part.alive);
  add(dead, part.dead);
  if (part.first_day) first_day = std::min(first_day.value_or(*part.first_day), *part.first_day);
  if (part.last_day) last_day = std::max(last_day.value_or(*part.last_day), *part.last_day);
  return *this;
}

// What a visit saw, after the deaths and voids that were recorded since: these take from those who
// were seen alive first, so that nothing recorded later ever makes more of them.
struct Seen {
  std::uint64_t alive = 0;
  std::uint64_t dead = 0;
};
Seen since_visit(const ledger::ObservedSpecies& visit, Witness witness, std::uint64_t trees,
                 std::uint64_t dead_now) {
  const std::uint64_t trees_then = visit.alive + visit.dead + visit.unknown;
  const bool in_books = witness != Witness::reported;
  const std::uint64_t dead = in_books ? dead_now : std::max(dead_now, std::min(visit.dead, trees));
  const std::uint64_t died = dead - std::min(dead, visit.dead);
  const std::uint64_t fewer_dead = visit.dead - std::min(dead, visit.dead);
  const std::uint64_t voided = trees_then - std::min(trees, trees_then);
  const std::uint64_t gone = died + voided - std::min(voided, fewer_dead);
  return {visit.alive - std::min(visit.alive, gone), dead};
}

// A part at the end of its year: `year` is its last visit in it, `ever` its last visit by then.
Figures figures_of(const ledger::BatchSpecies& part, const ledger::ObservedSpecies* visit,
                   Witness witness, const std::optional<ObservationObject>& year,
                   bool was_visited) {
  Figures figures;
  figures.parts = 1;
  figures.trees = part.trees.total() - voided_of(part.trees);
  const std::uint64_t dead = dead_of(part.trees);
  if (visit == nullptr) {
    if (was_visited || dead > 0) figures.dead = dead;
    return figures;
  }
  const Seen seen = since_visit(*visit, witness, figures.trees, dead);
  figures.alive = seen.alive;
  figures.dead = seen.dead;
  figures.seen = seen.alive + seen.dead;
  figures.visited_parts = 1;
  figures.rated_parts = figures.seen > 0 ? 1 : 0;
  figures.first_day = figures.last_day = year->payload.day;
  return figures;
}

AuditCell number(const std::optional<std::uint64_t>& value) {
  return value ? AuditCell(std::to_string(*value)) : std::nullopt;
}
AuditCell number(const std::optional<std::int32_t>& value) {
  return value ? AuditCell(std::to_string(*value)) : std::nullopt;
}

// Rounded down. Requires: part <= whole.
AuditCell permille(std::uint64_t part, std::uint64_t whole) {
  return whole > 0 ? AuditCell(std::to_string(part * 1'000 / whole)) : std::nullopt;
}

struct Title {
  std::string cohort;
  std::string species;
  std::string batch;
  auto operator<=>(const Title&) const = default;
};
constexpr std::string_view kAll = "*";

AuditRow row_of(const Title& title, Witness witness, std::int32_t year, const Figures& of) {
  const bool is_rated = of.rated_parts == of.parts;
  const bool is_seen = of.visited_parts > 0;
  return {{"cohort", title.cohort},
          {"species", title.species},
          {"batch", title.batch},
          {"witness", std::string(ledger::name(witness))},
          {"year", std::to_string(year)},
          {"trees", std::to_string(of.trees)},
          {"alive", number(of.alive)},
          {"dead", number(of.dead)},
          {"unknown", std::to_string(of.unknown())},
          {"parts", std::to_string(of.parts)},
          {"visited_parts", std::to_string(of.visited_parts)},
          {"observed_permille", is_seen ? permille(of.seen, of.trees) : std::nullopt},
          {"survival_permille", is_rated ? permille(of.alive.value_or(0), of.seen) : std::nullopt},
          {"first_visit_day", number(of.first_day)},
          {"last_visit_day", number(of.last_day)}};
}

class SurvivalReport {
 public:
  SurvivalReport(const ChainView& view, Height at, const AuditScope& scope, std::int32_t year,
                 Height year_end)
      : view_(view),
        at_(at),
        scope_(scope),
        year_(year),
        year_end_(year_end),
        in_year_(last_visits(view, at, {year, year})),
        until_year_(last_visits(view, at, {std::nullopt, year})) {}

  AuditReport make() {
    each_of_type(view_, at_, BatchObject::kType, [this](const std::string& id, const auto&) {
      for (const Witness witness : kAllWitnesses) add_batch(id, witness);
      return true;
    });
    for (const auto& [title, figures] : figures_) {
      for (const Witness witness : kAllWitnesses) {
        report_.rows.push_back(
            row_of(title, witness, year_, figures[static_cast<std::size_t>(witness)]));
      }
    }
    report_.checked = {{"batches", batches_}, {"visits", visits_}};
    return std::move(report_);
  }

 private:
  // As the chain knew it when the year ended, or when the visit was recorded that tells of the
  // year.
  void add_batch(const std::string& id, Witness witness) {
    const auto& visit = visit_in(in_year_, id, witness);
    const Height known = visit ? std::max(year_end_, Height{visit->record.height}) : year_end_;
    const PastState state(view_, known);
    const auto batch = ledger::find<BatchObject>(state, {id});
    if (!batch || !is_wanted(*batch)) return;
    if (witness == Witness::verified) check(id, *batch);
    visits_ += visit ? 1 : 0;
    for (const ledger::BatchSpecies& part : batch->species) {
      if (scope_.species && part.species.text != *scope_.species) continue;
      const ledger::ObservedSpecies* seen = visit ? species_of(*visit, part.species) : nullptr;
      const bool was_visited = visit_in(until_year_, id, witness).has_value();
      add_part(*batch, id, part.species.text, witness,
               figures_of(part, seen, witness, visit, was_visited));
    }
  }

  void add_part(const BatchObject& batch, const std::string& id, const std::string& species,
                Witness witness, const Figures& part) {
    if (part.trees == 0) return;
    const std::string cohort = cohort_of(batch);
    const auto add = [&](std::string_view of_cohort, std::string_view of_species,
                         std::string_view of_batch) {
      auto& figures =
          figures_[{std::string(of_cohort), std::string(of_species), std::string(of_batch)}];
      figures[static_cast<std::size_t>(witness)] += part;
    };
    add(kAll, kAll, kAll);
    add(cohort, kAll, kAll);
    add(cohort, species, kAll);
    if (scope_.campaign) add(cohort, species, id);
  }

  // I5: what became of the trees of a batch adds up to all of them.
  void check(const std::string& id, const BatchObject& batch) {
    ++batches_;
    AuditCheck(report_, id).expect_equal("trees_differ", batch.size(), batch.trees().total());
  }

  bool is_wanted(const BatchObject& batch) const {
    const bool of_campaign = !scope_.campaign || batch.campaign == *scope_.campaign;
    const bool of_org = !scope_.org || batch.holder.text == *scope_.org;
    const bool is_planted = !batch.planted_to || ledger::year_of(*batch.planted_to) <= year_;
    return of_campaign && of_org && is_planted;
  }

  // Null where a correction brought the species later.
  static const ledger::ObservedSpecies* species_of(const ObservationObject& visit,
                                                   const ledger::Code& species) {
    const auto& all = visit.payload.species;
    const auto found = std::ranges::find(all, species, &ledger::ObservedSpecies::species);
    return found == all.end() ? nullptr : &*found;
  }

  // Those that stood before registration are survivors already: they make no cohort better.
  static std::string cohort_of(const BatchObject& batch) {
    if (batch.source == ledger::BatchSource::inventory) return "inventory";
    return std::to_string(ledger::year_of(batch.planted_to.value_or(0)));
  }

  static const std::optional<ObservationObject>& visit_in(
      const std::map<std::string, LastVisits>& visits, const std::string& id, Witness witness) {
    static const std::optional<ObservationObject> kNone;
    const auto found = visits.find(id);
    return found == visits.end() ? kNone : found->second.of(witness);
  }

  const ChainView& view_;
  Height at_;
  const AuditScope& scope_;
  std::int32_t year_;
  Height year_end_;
  std::map<std::string, LastVisits> in_year_;
  std::map<std::string, LastVisits> until_year_;
  std::map<Title, std::array<Figures, kWitnesses>> figures_;
  std::uint64_t batches_ = 0;
  std::uint64_t visits_ = 0;
  AuditReport report_{"I5", {}, {}, {}};
};

}  // namespace

std::expected<AuditReport, RpcError> audit_survival(const ChainView& view, Height at,
                                                    const AuditScope& scope) {
  const auto today = day_of(view, at);
  if (!today) return AuditReport{"I5", {{"batches", 0}, {"visits", 0}}, {}, {}};
  const auto this_year = static_cast<std::uint64_t>(ledger::year_of(*today));
  const auto year = static_cast<std::int32_t>(std::min(scope.year.value_or(this_year), this_year));
  const auto year_end = last_height_of_year(view, at, year);
  if (!year_end) return std::unexpected(year_end.error());
  return SurvivalReport(view, at, scope, year, *year_end).make();
}

}  // namespace treeproof::rpc
