// A batch of which some trees are verified and others are not. No statement of rules version 1
// leaves one behind (a verify decides every tree), so the state is put as it is; the rule that
// keeps a verify from rejecting a decided tree is asked by a real one.
#include <gtest/gtest.h>

#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

constexpr std::string_view kBatch = "desert-ngo/batch";

class PartlyVerified : public testing::Test {
 protected:
  // Trees 0 to 3 of ten are available already.
  PartlyVerified() {
    field_.must(kDesert, field_.plant("batch", tree_grid(field_.home, 10, 0, field_.day())));
    State overlay(field_.state);
    BatchObject batch = field_.batch(kBatch);
    TreeCodes codes(overlay, {std::string(kBatch)}, batch.size());
    codes.set(0, 4, TreeCode::available);
    batch.pages_root = codes.commit(overlay);
    const auto move = [](TreeTally& trees) {
      trees.move(TreeCode::unverified, TreeCode::available, 4);
    };
    move(batch.species[0].trees);
    change_tally(overlay, *batch.campaign, kHaloxylon,
                 [&](CampaignTally& tally) { move(tally.trees); });
    overlay.put(kBatch, batch);
    field_.state.all.merge(overlay.take_changes());
  }
  Field field_;
};

TEST_F(PartlyVerified, RefuseToRejectADecidedTree) {
  const Refusal refusal = field_.refusal(kVerifier, field_.full("v", kBatch, {{2, 5}}));
  EXPECT_EQ(refusal.reason, Reason::rejected_not_unverified);
  EXPECT_EQ(number(refusal, "from"), "2");
  EXPECT_EQ(number(refusal, "count"), "5");
  EXPECT_EQ(number(refusal, "unverified"), "3");
}

TEST_F(PartlyVerified, AcceptTheRestWhereOnlyUndecidedTreesAreRejected) {
  field_.must(kVerifier, field_.full("v", kBatch, {{4, 5}}));
  const TreeTally trees = field_.batch(kBatch).trees();
  EXPECT_EQ(trees[TreeCode::available], 5u);
  EXPECT_EQ(trees[TreeCode::rejected], 5u);
}

}  // namespace
}  // namespace treeproof::ledger
