#include "consensus/ledger/history.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

class History : public testing::Test {
 protected:
  ValidatorSet genesis_set() const { return genesis_validators(seven_genesis()); }
  ValidatorSet without(std::string_view org) const {
    const ValidatorSet before = validators_of(consortium_.state);
    std::vector<Validator> rest(before.all().begin(), before.all().end());
    std::erase_if(rest, [&](const Validator& validator) { return validator.org == org; });
    return *ValidatorSet::make(std::move(rest));
  }
  // From the next height on.
  void seat(const ValidatorSet& validators) {
    State state(consortium_.state);
    put_validators(state, validators, consortium_.block().height.next());
    consortium_.state.all.merge(state.take_changes());
  }
  void reach(std::uint64_t height) {
    while (consortium_.block().height.value < height) consortium_.empty_block();
  }
  std::optional<ValidatorSet> at(std::uint64_t height) const {
    return validators_at(consortium_.state, {height});
  }

  Consortium consortium_{seven_genesis()};
};

TEST_F(History, KnowsWhoSatAtEachHeight) {
  const ValidatorSet six = without(kCoast);
  reach(4);
  seat(six);
  reach(9);
  const ValidatorSet five = without(kPartner);
  seat(five);
  for (std::uint64_t height = 1; height <= 12; ++height) {
    const ValidatorSet& expected = height <= 4 ? genesis_set() : height <= 9 ? six : five;
    EXPECT_EQ(at(height), expected) << height;
  }
  EXPECT_EQ(validators_of(consortium_.state), five);
  EXPECT_FALSE(at(0).has_value());
}

TEST_F(History, KeepsTheLastOfTwoSetsOfOneBlock) {
  reach(4);
  seat(without(kCoast));
  const ValidatorSet five = without(kPartner);
  seat(five);
  EXPECT_EQ(at(4), genesis_set());
  EXPECT_EQ(at(5), five);
  EXPECT_EQ(consortium_.get<SeatsIndex>("current")->from,
            (List<std::uint64_t, kSeatsKnownMax>{1, 5}));
}

TEST_F(History, ForgetsTheSetsOfExpiredHeightsOnly) {
  consortium_.govern(
      ParamsSet{{{{"evidence_max_age_days"}, 1}, {{"evidence_max_age_heights"}, 10}}});
  reach(20);
  seat(without(kCoast));
  reach(30);
  consortium_.advance_days(2);
  consortium_.empty_block();
  seat(without(kPartner));  // from 32: the genesis set ended with 20
  EXPECT_FALSE(at(20).has_value());
  EXPECT_TRUE(is_expired(consortium_.state, {20}, {31}));
  EXPECT_EQ(at(21)->size(), 6u);
  EXPECT_EQ(at(32)->size(), 5u);
}

TEST_F(History, HoldsABoundedNumberOfSets) {
  const ValidatorSet seven = genesis_set();
  const ValidatorSet six = without(kCoast);
  for (std::size_t i = 0; i < kSeatsKnownMax + 2; ++i) {
    seat(i % 2 == 0 ? six : seven);
    consortium_.empty_block();
  }
  EXPECT_EQ(consortium_.get<SeatsIndex>("current")->from.size(), kSeatsKnownMax);
  EXPECT_FALSE(at(3).has_value());
  EXPECT_EQ(at(4), six);
  EXPECT_EQ(at(kSeatsKnownMax), six);
}

TEST_F(History, ADayIsWrittenWithItsFirstBlock) {
  consortium_.empty_block();
  const auto day = static_cast<std::uint64_t>(kFirstDay);
  EXPECT_EQ(consortium_.get<DayStarts>("current")->days, (List<DayStart, kDayStartsMax>{{day, 1}}));
  consortium_.empty_block();
  consortium_.advance_days(3);
  consortium_.empty_block();
  EXPECT_EQ(consortium_.get<DayStarts>("current")->days,
            (List<DayStart, kDayStartsMax>{{day, 1}, {day + 3, 3}}));
  consortium_.advance_days(29);
  consortium_.empty_block();
  EXPECT_EQ(consortium_.get<DayStarts>("current")->days,
            (List<DayStart, kDayStartsMax>{{day + 3, 3}, {day + 32, 4}}));
}

}  // namespace
}  // namespace treeproof::ledger
