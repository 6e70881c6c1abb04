#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class EvidenceRules : public testing::Test {
 protected:
  EvidenceRules() {
    payload_.ref = {"photo"};
    payload_.day = field_.day();
    payload_.position = LatLon{400'001'000, 1'000'002'000};
    payload_.bytes = 4'000'000;
  }
  Refusal refused() { return field_.refusal(kDesert, payload_); }
  Field field_;
  Evidence payload_;
};

TEST_F(EvidenceRules, KeepWhatWasSigned) {
  field_.must(kDesert, payload_);
  EXPECT_EQ(field_.find<EvidenceObject>("desert-ngo/photo")->payload, payload_);
}

TEST_F(EvidenceRules, TakeThatOfTheCommunity) { field_.must(kVillage, payload_); }

TEST_F(EvidenceRules, RefuseAnEmptyFile) {
  payload_.bytes = 0;
  EXPECT_EQ(refused().reason, Reason::empty);
}

TEST_F(EvidenceRules, RefuseAnImpossibleSize) {
  payload_.bytes = kQuantityMax + 1;
  EXPECT_EQ(refused().reason, Reason::quantity_too_large);
}

TEST_F(EvidenceRules, RefuseTheDayAfterTomorrow) {
  payload_.day = field_.day() + 2;
  const Refusal refusal = refused();
  EXPECT_EQ(refusal.reason, Reason::evidence_in_future);
  EXPECT_EQ(number(refusal, "block_day"), std::to_string(field_.day()));
  payload_.day = field_.day() + 1;
  field_.must(kDesert, payload_);
}

TEST_F(EvidenceRules, RefuseAPositionOffTheEarth) {
  payload_.position = LatLon{900'001'000, 0};
  EXPECT_EQ(refused().reason, Reason::evidence_position_invalid);
}

TEST_F(EvidenceRules, RefuseAPositionThatTellsWhereSomeoneStood) {
  payload_.position = LatLon{400'000'001, 1'000'000'000};
  const Refusal refusal = refused();
  EXPECT_EQ(refusal.reason, Reason::evidence_position_not_rounded);
  EXPECT_EQ(number(refusal, "step_e7"), "1000");
}

}  // namespace
}  // namespace treeproof::ledger
