// The ledger and a second one, written from the design page alone, agree on every random history:
// on every verdict, on every tree and unit, on every sum.
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <random>
#include <type_traits>

#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {
namespace {

constexpr int kStepsMost = 100;
constexpr std::size_t kChoices = 32;  // of one step
constexpr std::uint32_t kChoiceMost = 10'000;

rc::Gen<Step> any_step() {
  const auto number =
      rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, kChoiceMost));
  const auto choices = rc::gen::container<std::vector<std::uint32_t>>(kChoices, number);
  return rc::gen::apply(
      [](std::uint32_t kind, std::vector<std::uint32_t> all) { return Step{kind, std::move(all)}; },
      number, choices);
}

// Of every statement, and the kinds of those that have some.
std::set<std::string> all_types() {
  std::set<std::string> types;
  const auto add = [&]<class... T>(const std::string& before,
                                   std::type_identity<std::variant<T...>>) {
    (types.insert(before + std::string(T::kName)), ...);
  };
  add("", std::type_identity<Payload>{});
  add("correct ", std::type_identity<Correction>{});
  for (const char* type : {"correct", "propose"}) types.erase(type);
  for (const char* kind :
       {"org_put", "key_put", "species_put", "params_set", "resolve", "redact"}) {
    types.insert("propose " + std::string(kind));
    types.insert("carried out " + std::string(kind));
  }
  return types;
}

RC_GTEST_PROP(LedgerModel, AgreesOnEveryHistory, ()) {
  const auto steps =
      *rc::gen::resize(kStepsMost, rc::gen::container<std::vector<Step>>(any_step())).as("steps");
  Story story;
  for (const Step& step : steps) story.take(step);
}

// Of how many histories accepted, and refused, one of the type.
struct Shares {
  int accepted = 0;
  int refused = 0;
};

// Else the property above would say nothing of a type: in twenty histories like its own, the same
// ones in every run, each type is accepted and each is refused.
TEST(LedgerModel, IsToldEveryTypeInGoodAndInBad) {
  constexpr int kHistories = 20;
  std::mt19937 random(277);  // the same sequence on every machine
  std::map<std::string, Shares> shares;
  for (int history = 0; history < kHistories; ++history) {
    Story story;
    for (int i = 0; i < 2 * kStepsMost; ++i) {
      Step step{static_cast<std::uint32_t>(random() % kChoiceMost), {}};
      for (std::size_t choice = 0; choice < kChoices; ++choice) {
        step.choices.push_back(static_cast<std::uint32_t>(random() % kChoiceMost));
      }
      story.take(step);
    }
    for (const auto& [type, count] : story.counts()) {
      shares[type].accepted += count.accepted > 0;
      shares[type].refused += count.refused > 0;
    }
  }
  std::string table;
  for (const auto& [type, share] : shares) {
    table += type + ": " + std::to_string(share.accepted) + ", " + std::to_string(share.refused);
    table += "\n";
  }
  for (const std::string& type : all_types()) {
    const Shares share = shares[type];
    EXPECT_GT(share.accepted, 0) << type << "\n" << table;
    const bool is_an_effect = type.starts_with("carried out");
    EXPECT_TRUE(is_an_effect || share.refused > 0) << type << "\n" << table;
  }
}

}  // namespace
}  // namespace treeproof::ledger::model
