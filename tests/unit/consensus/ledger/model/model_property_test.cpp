// The ledger and a second one, written from the design page alone, agree on every random history:
// on every verdict, on every tree and unit, on every sum.
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <random>

#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {
namespace {

constexpr int kStepsMost = 100;
constexpr std::size_t kChoices = 24;  // of one step
constexpr std::uint32_t kChoiceMost = 10'000;

rc::Gen<Step> any_step() {
  const auto number =
      rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, kChoiceMost));
  const auto choices = rc::gen::container<std::vector<std::uint32_t>>(kChoices, number);
  return rc::gen::apply(
      [](std::uint32_t kind, std::vector<std::uint32_t> all) { return Step{kind, std::move(all)}; },
      number, choices);
}

RC_GTEST_PROP(LedgerModel, AgreesOnEveryHistory, ()) {
  const auto steps =
      *rc::gen::resize(kStepsMost, rc::gen::container<std::vector<Step>>(any_step())).as("steps");
  Story story;
  for (const Step& step : steps) story.take(step);
}

// Else the property above would say nothing of a type: in histories like its own, the same ones in
// every run, each type that they tell of is accepted and is refused.
TEST(LedgerModel, IsToldEveryTypeInGoodAndInBad) {
  std::mt19937 random(277);  // the same sequence on every machine
  std::map<std::string, Story::Count> counts;
  for (int history = 0; history < 20; ++history) {
    Story story;
    for (int i = 0; i < 2 * kStepsMost; ++i) {
      Step step{static_cast<std::uint32_t>(random() % kChoiceMost), {}};
      for (std::size_t choice = 0; choice < kChoices; ++choice) {
        step.choices.push_back(static_cast<std::uint32_t>(random() % kChoiceMost));
      }
      story.take(step);
    }
    for (const auto& [type, count] : story.counts()) {
      counts[type].accepted += count.accepted;
      counts[type].refused += count.refused;
    }
  }
  EXPECT_GE(counts.size(), 25u);
  for (const auto& [type, count] : counts) {
    EXPECT_GT(count.accepted, 0u) << type;
    const bool opens_the_world = type == "programme" || type == "campaign" || type == "plot";
    EXPECT_TRUE(opens_the_world || count.refused > 0) << type;
  }
}

}  // namespace
}  // namespace treeproof::ledger::model
