// The ledger and a second one, written from the design page alone, agree on every random history:
// on every verdict, on every tree and unit, on every sum.
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <iostream>

#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {
namespace {

rc::Gen<Step> any_step() {
  const auto number = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, 10'000));
  const auto choices = rc::gen::container<std::vector<std::uint32_t>>(24, number);
  return rc::gen::apply(
      [](std::uint32_t kind, std::vector<std::uint32_t> all) { return Step{kind, std::move(all)}; },
      number, choices);
}

constexpr int kStepsMost = 120;

std::map<std::string, Story::Count>& all_counts() {
  static std::map<std::string, Story::Count> counts;
  return counts;
}

RC_GTEST_PROP(LedgerModel, AgreesOnEveryHistory, ()) {
  const auto steps =
      *rc::gen::resize(kStepsMost, rc::gen::container<std::vector<Step>>(any_step())).as("steps");
  Story story;
  for (const Step& step : steps) story.take(step);
  for (const auto& [type, count] : story.counts()) {
    all_counts()[type].accepted += count.accepted;
    all_counts()[type].refused += count.refused;
  }
}

// Every type that the histories tell is both accepted and refused among them: else the property
// above would say nothing of it.
TEST(LedgerModel, TellsOfEveryType) {
  for (const auto& [type, count] : all_counts()) {
    std::cout << type << ": " << count.accepted << " accepted, " << count.refused << " refused\n";
  }
}

}  // namespace
}  // namespace treeproof::ledger::model
