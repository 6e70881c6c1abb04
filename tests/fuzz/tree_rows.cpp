#include <cassert>
#include <sstream>

#include "node/import/tree_intake.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

constexpr std::int32_t kLastDay = 20'000;

// Around 10.005 E, 50.005 N.
import::AreaBook areas() {
  const geometry::Polygon field{{{{500'000'000, 100'000'000},
                                  {500'000'000, 100'100'000},
                                  {500'100'000, 100'100'000},
                                  {500'100'000, 100'000'000},
                                  {500'000'000, 100'000'000}}}};
  return import::AreaBook(
      [field](const std::string& ref) -> cli::Result<std::optional<import::Area>> {
        if (ref != "field") return std::nullopt;
        return import::Area{geometry::PlanePolygon(field), 0};
      });
}

import::IntakeTerms terms(bool as_plant) {
  import::IntakeTerms terms;
  terms.mapping.id = "id";
  terms.mapping.latitude = "lat";
  terms.mapping.longitude = "lon";
  terms.mapping.plot = "plot";
  terms.mapping.species.name = "species";
  terms.mapping.date =
      import::DateColumn{"day", *import::DayFormat::of("DD.MM.YYYY"), std::nullopt};
  terms.mapping.size = import::SizeColumn{"size", import::LengthUnit::inch};
  terms.as = as_plant ? ledger::BatchSource::plant : ledger::BatchSource::inventory;
  terms.last_day = kLastDay;
  return terms;
}

}  // namespace

int fuzz_tree_rows(crypto::ByteSpan input) {
  if (input.empty()) return kRefused;
  import::AreaBook book = areas();
  import::Refusals refusals;
  import::TreeIntake intake(terms(input.front() % 2 == 1), book, refusals);
  std::istringstream in{std::string(crypto::as_text(input.subspan(1)))};
  if (!intake.read(in, "trees.csv")) return kRefused;
  const import::Trees trees = std::move(intake).finish();
  assert(trees.trees.size() + refusals.count() == trees.rows);  // every row is accounted for
  for (const import::Tree& tree : trees.trees) {
    assert(geometry::in_range(tree.position));
    assert(tree.plot < trees.plots.size() && tree.species < trees.species.size());
    assert(tree.day.has_value() != tree.undated.has_value());
    assert(!tree.day || *tree.day <= kLastDay);
  }
  return kTaken;
}

}  // namespace treeproof::fuzz
