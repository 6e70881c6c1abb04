// Random histories of issues and redemptions, good and bad: I1, I2 and I4 hold after every block.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/consensus/ledger/rules/points_fixture.h"

namespace treeproof::ledger {
namespace {

const Code kHaloxylon = {"haloxylon"};
const Code kCoral = {"coral"};

// What the history says, counted beside the ledger.
struct Model {
  std::uint64_t issued = 0;
  std::uint64_t redeemed_grams = 0;
  std::map<std::string, std::uint64_t> units;  // by campaign
  std::uint64_t drawn = 0;
};

void check(const PointsConsortium& consortium, const Model& model) {
  const ProgrammeObject programme = consortium.programme();
  RC_ASSERT(programme.issued == model.issued);
  RC_ASSERT(programme.net_redeemed() == model.redeemed_grams);
  RC_ASSERT(programme.issued ==
            programme.outstanding() + programme.expired + programme.net_redeemed());
  RC_ASSERT(programme.outstanding() <= programme.issued);
  for (const ObjectId& campaign : {kPledged, kPlanted}) {
    const CampaignTally all = campaign_tally(consortium.state, campaign);
    std::uint64_t parts = campaign_tally(consortium.state, campaign, std::nullopt).net_redeemed();
    for (const Code& species : {kHaloxylon, kCoral}) {
      parts += campaign_tally(consortium.state, campaign, species).net_redeemed();
    }
    const auto found = model.units.find(campaign.text);
    RC_ASSERT(all.net_redeemed() == (found == model.units.end() ? 0 : found->second));
    RC_ASSERT(all.net_redeemed() == parts);
    RC_ASSERT(all.net_redeemed() <= kTarget);
  }
  const CampaignTally planted = campaign_tally(consortium.state, kPlanted);
  RC_ASSERT(planted.waiting() <= planted.trees[TreeCode::available]);
  const std::uint64_t undrawn = consortium.find<PledgeObject>(kDesertPledge.text)->undrawn() +
                                consortium.find<PledgeObject>(kCoastPledge.text)->undrawn();
  RC_ASSERT(undrawn + model.drawn == 70u);
}

// A redeem that is right more often than not.
Redeem random_redeem(PointsConsortium& consortium) {
  const bool pledged = *rc::gen::arbitrary<bool>();
  const bool coral = *rc::gen::arbitrary<bool>();
  const auto units = *rc::gen::inRange<std::uint64_t>(1, 30);
  const std::uint64_t price = pledged && coral ? 250 : 100;
  const bool any = !pledged && *rc::gen::arbitrary<bool>();
  std::optional<Code> species;
  if (!any) species = coral ? kCoral : kHaloxylon;
  Redeem payload = consortium.redeem(pledged ? kPledged : kPlanted, species, units, price);
  if (pledged) payload.draws = {{coral ? kCoastPledge : kDesertPledge, units}};
  if (*rc::gen::inRange(0, 8) == 0) payload.grams += *rc::gen::inRange<std::uint64_t>(0, 3);
  if (*rc::gen::inRange(0, 8) == 0) payload.units += *rc::gen::inRange<std::uint64_t>(0, 3);
  return payload;
}

RC_GTEST_PROP(Points, AreConserved, ()) {
  PointsConsortium consortium;
  Model model;
  const int steps = *rc::gen::inRange(1, 25);
  for (int step = 0; step < steps; ++step) {
    const int kind = *rc::gen::inRange(0, 5);
    if (kind == 0) {
      const auto grams = *rc::gen::inRange<std::uint64_t>(0, 8'000);
      if (consortium.record(kPlatform, consortium.issue(grams))) model.issued += grams;
    } else if (kind == 1) {
      const bool coral = *rc::gen::arbitrary<bool>();
      consortium.make_available(coral ? kCoral : kHaloxylon,
                                *rc::gen::inRange<std::uint64_t>(1, 15));
    } else {
      const Redeem payload = random_redeem(consortium);
      if (consortium.record(kPlatform, payload)) {
        model.redeemed_grams += payload.grams;
        model.units[payload.campaign.text] += payload.units;
        for (const Draw& draw : payload.draws) model.drawn += draw.units;
      }
    }
    check(consortium, model);
  }
}

}  // namespace
}  // namespace treeproof::ledger
