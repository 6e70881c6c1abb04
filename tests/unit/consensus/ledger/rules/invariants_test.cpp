// Each invariant by its name notices the state that breaks it: what no rule would ever write is put
// there by hand.
#include <gtest/gtest.h>

#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/pages.h"
#include "tests/invariants/ledger_invariants.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kHome = {"desert-ngo/home"};

// 20 verified trees, 8 units of which 5 hold trees.
class BrokenInvariants : public testing::Test {
 protected:
  BrokenInvariants() {
    field_.grow("grown", 20, 0);
    field_.must(kPlatform, field_.redeem("units", 8));
    const std::vector<RunLeaf> runs{{kUnits, kGrown, kHaloxylon, 5}};
    field_.must(kPlatform, field_.allocate("given", runs));
  }
  template <class T, class Change>
  void change(const ObjectId& id, Change make) {
    T object = *field_.find<T>(id.text);
    make(object);
    State overlay(field_.state);
    overlay.put(id.text, object);
    field_.state.all.merge(overlay.take_changes());
  }
  // The codes alone, or with what sums them up.
  void set_tree(std::uint64_t tree, TreeCode code) {
    State overlay(field_.state);
    TreeCodes codes(overlay, kGrown, 20);
    codes.set(tree, 1, code);
    codes.commit(overlay);
    field_.state.all.merge(overlay.take_changes());
  }
  // Whether the invariant of this number is among those that are broken, with numbers.
  bool breaks(std::string_view number) const {
    for (const auto& broken : invariants::broken_in({field_.state, field_.state.all.objects})) {
      const bool is_it = broken.invariant.substr(0, broken.invariant.find(' ')) == number;
      if (is_it) return !broken.numbers.empty();
    }
    return false;
  }
  Field field_;
};

TEST_F(BrokenInvariants, AreNoneInAStateThatStatementsMade) {
  for (const auto& broken : invariants::broken_in({field_.state, field_.state.all.objects})) {
    ADD_FAILURE() << broken.invariant << ": " << broken.numbers;
  }
  EXPECT_EQ(invariants::names().size(), 17u);
}

TEST_F(BrokenInvariants, OfPointsAndPricesAreSeen) {
  change<ProgrammeObject>({"platform/energy"}, [](ProgrammeObject& all) { all.redeemed -= 100; });
  EXPECT_TRUE(breaks("I1"));
  change<RedemptionObject>(kUnits, [](RedemptionObject& units) { units.payload.grams += 1; });
  EXPECT_TRUE(breaks("I2"));
}

TEST_F(BrokenInvariants, OfUnitsAndTreesAreSeen) {
  set_tree(10, TreeCode::allocated);  // holds no unit
  EXPECT_TRUE(breaks("I3"));
  EXPECT_TRUE(breaks("I4"));
  EXPECT_TRUE(breaks("I5"));
}

TEST_F(BrokenInvariants, OfLandAreSeen) {
  field_.settle(kCoast, field_.plot("beside", field_.home.shifted(0, 20'000)));
  const PlotObject home = field_.plot_object(kHome.text);
  change<PlotObject>(kHome, [](PlotObject& plot) { plot.payload.area += 100; });
  EXPECT_TRUE(breaks("I6"));
  EXPECT_FALSE(breaks("I7"));
  EXPECT_FALSE(breaks("I8"));
  change<PlotObject>({"coast-ngo/beside"}, [&](PlotObject& plot) {
    plot.payload.geometry = home.payload.geometry;
    plot.box = home.box;
  });
  EXPECT_TRUE(breaks("I7"));
  change<PlotObject>(kHome, [](PlotObject& plot) { plot.confirmed_capacity = 19; });
  EXPECT_TRUE(breaks("I8"));
}

TEST_F(BrokenInvariants, OfPlacesAreSeen) {
  const Plot apart = field_.plot("apart", field_.home.shifted(0, 20'000));
  change<PlotObject>(kHome, [&](PlotObject& plot) { plot.payload.geometry = apart.geometry; });
  EXPECT_TRUE(breaks("I9"));
  State overlay(field_.state);
  overlay.put("00", PhotoUse{{"desert-ngo/none"}});
  field_.state.all.merge(overlay.take_changes());
  EXPECT_TRUE(breaks("I10"));
}

TEST_F(BrokenInvariants, OfDaysAndVerifiersAreSeen) {
  change<BatchObject>(kGrown, [](BatchObject& batch) { batch.planted_to = kFirstDay + 9; });
  EXPECT_TRUE(breaks("I11"));
  EXPECT_FALSE(breaks("I12"));
  State overlay(field_.state);
  OrgObject verifier = *field_.get<OrgObject>(kVerifier);
  verifier.conflict_group = {"desert"};
  overlay.put(kVerifier, verifier);
  field_.state.all.merge(overlay.take_changes());
  EXPECT_TRUE(breaks("I12"));
}

TEST_F(BrokenInvariants, OfReplacementsAndCorrectionsAreSeen) {
  field_.must(kDesert, Mortality{{"dead"}, kGrown, {{0, 1}}, Cause::fire, field_.day()});
  field_.grow_reserve("reserve", 1, 900);
  const std::vector<ReplaceLeaf> runs{{kGrown, 0, {"desert-ngo/reserve"}, 0, 1}};
  field_.must_agreed(kDesert, field_.replace("anew", runs), {kVerifier});
  EXPECT_FALSE(breaks("I13"));
  set_tree(0, TreeCode::available);
  EXPECT_TRUE(breaks("I13"));
  const Correct fewer{{"fewer"}, kHome, CorrectCapacity{500}, {}, {std::string(kVerifier)}};
  field_.must_agreed(kDesert, fewer, {kVerifier});
  EXPECT_FALSE(breaks("I14"));
  change<PlotObject>(kHome, [](PlotObject& plot) { plot.payload.capacity = 501; });
  EXPECT_TRUE(breaks("I14"));
}

TEST_F(BrokenInvariants, OfFrozenTreesAreSeen) {
  Dispute doubt;
  doubt.ref = {"doubt"};
  doubt.target = DisputedRecord{kGrown};
  field_.must(kRegulator, doubt);
  EXPECT_FALSE(breaks("I15"));
  change<DisputeObject>({"regulator/doubt"},
                        [](DisputeObject& dispute) { dispute.record.log_index = 1; });
  EXPECT_TRUE(breaks("I15"));
}

TEST_F(BrokenInvariants, OfRecordsAreSeen) {
  const RecordInfo grown = field_.batch(kGrown.text).record;
  change<PlotObject>(kHome, [&](PlotObject& plot) { plot.record.statement = grown.statement; });
  EXPECT_TRUE(breaks("I16"));
  EXPECT_FALSE(breaks("I17"));
  change<PlotObject>(kHome, [&](PlotObject& plot) { plot.record.height = grown.height + 1; });
  EXPECT_TRUE(breaks("I17"));
}

}  // namespace
}  // namespace treeproof::ledger
