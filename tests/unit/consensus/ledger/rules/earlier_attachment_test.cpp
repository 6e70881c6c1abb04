// What a node must not judge because it does not hold an attachment of an earlier statement: it
// says so, and takes the very same statement once it holds it.
#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class EarlierAttachments : public testing::Test {
 protected:
  // Refused while this node lacks the attachment, naming it; accepted with it.
  void expect_needs(const crypto::Hash& root, std::string_view org, const Payload& payload,
                    const std::string& named) {
    auto taken = field_.state.attachments.extract(root);
    ASSERT_FALSE(taken.empty());
    const Refusal refusal = field_.refusal(org, payload);
    EXPECT_EQ(refusal.reason, Reason::earlier_attachment_missing) << to_string(refusal);
    ASSERT_FALSE(refusal.numbers.empty());
    EXPECT_EQ(refusal.numbers.back().value, named);
    field_.state.attachments.insert(std::move(taken));
    field_.must(org, payload);
  }
  void expect_needs(const crypto::Hash& root, std::string_view org, const Payload& payload) {
    expect_needs(root, org, payload, crypto::to_hex(root));
  }
  crypto::Hash outline_of(std::string_view plot) {
    return field_.plot_object(plot).payload.geometry.root;
  }
  crypto::Hash trees_of(std::string_view batch) { return field_.batch(batch).leaves.root; }

  Field field_;
};

TEST_F(EarlierAttachments, APlotIsJudgedAgainstTheOutlinesOfItsNeighbours) {
  const Plot beside = field_.plot("beside", field_.home.shifted(0, 10'000));
  expect_needs(outline_of("desert-ngo/home"), kCoast, beside);
}

TEST_F(EarlierAttachments, TreesAreJudgedAgainstTheOutlineOfTheirPlot) {
  const Plant plant = field_.plant("a", tree_grid(field_.home, 3, 0, field_.day()));
  expect_needs(outline_of("desert-ngo/home"), kDesert, plant);
}

// However many plots of other layers lie on the same ground: a planting costs what stands there.
TEST_F(EarlierAttachments, NoOutlineOfAnotherLayerIsAskedForWhereNothingOfTheHabitStands) {
  Plot below = field_.plot("below", field_.home.shifted(90, 90));  // an outline of its own
  below.layer = Layer::understory;
  field_.settle(kCoast, below);
  const auto taken = field_.state.attachments.extract(outline_of("coast-ngo/below"));
  ASSERT_FALSE(taken.empty());
  field_.must(kDesert, field_.plant("a", tree_grid(field_.home, 3, 0, field_.day())));
}

TEST_F(EarlierAttachments, TreesAreJudgedAgainstThoseThatStandThere) {
  field_.must(kDesert, field_.plant("a", tree_grid(field_.home, 3, 0, field_.day())));
  const auto between = tree_grid(field_.home, 2, 1, field_.day());
  auto moved = between;
  for (PlantLeaf& leaf : moved) leaf.lon = *leaf.lon + 1;  // in the box of the first batch
  expect_needs(trees_of("desert-ngo/a"), kDesert, field_.plant("b", moved));
}

TEST_F(EarlierAttachments, AVerifyNeedsTheTreesThatItJudges) {
  field_.must(kDesert, field_.plant("a", tree_grid(field_.home, 3, 0, field_.day())));
  expect_needs(trees_of("desert-ngo/a"), kVerifier, field_.full("v", "desert-ngo/a", {{0, 1}}));
}

TEST_F(EarlierAttachments, AnAllocateNeedsTreesAndUnits) {
  field_.grow("a", 10, 0);
  const Redeem units = field_.redeem("units", 10);
  field_.must(kPlatform, units);
  const auto allocate = [&](std::string_view ref) {
    return field_.allocate(
        ref, std::vector<RunLeaf>{{{"platform/units"}, {"desert-ngo/a"}, kHaloxylon, 5}});
  };
  expect_needs(trees_of("desert-ngo/a"), kPlatform, allocate("first"), "desert-ngo/a");
  expect_needs(units.leaves.root, kPlatform, allocate("second"));
}

}  // namespace
}  // namespace treeproof::ledger
