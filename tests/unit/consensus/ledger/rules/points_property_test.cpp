// Random histories of issues, redemptions, refunds and expiries, good and bad: I1, I2 and I4 hold
// after every block.
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
  std::uint64_t redeemed_grams = 0;  // net of refunds
  std::uint64_t expired = 0;
  std::map<std::string, std::uint64_t> units;  // by campaign
  std::uint64_t drawn = 0;
  std::vector<ObjectId> redemptions;
};

void check(const PointsConsortium& consortium, const Model& model) {
  const ProgrammeObject programme = consortium.programme();
  RC_ASSERT(programme.issued == model.issued);
  RC_ASSERT(programme.net_redeemed() == model.redeemed_grams);
  RC_ASSERT(programme.expired == model.expired);
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

void redeem(PointsConsortium& consortium, Model& model) {
  const Redeem payload = random_redeem(consortium);
  if (!consortium.record(kPlatform, payload)) return;
  model.redeemed_grams += payload.grams;
  model.units[payload.campaign.text] += payload.units;
  for (const Draw& draw : payload.draws) model.drawn += draw.units;
  model.redemptions.push_back(ObjectId::of({std::string(kPlatform)}, payload.ref));
}

// Two stretches, often of what is refunded already.
void refund(PointsConsortium& consortium, Model& model, int step) {
  if (model.redemptions.empty()) return;
  const ObjectId id = *rc::gen::elementOf(model.redemptions);
  const auto redemption = consortium.find<RedemptionObject>(id.text);
  const std::uint64_t units = redemption->payload.units;
  const auto from = *rc::gen::inRange<std::uint64_t>(0, units);
  Ranges ranges{{from, *rc::gen::inRange<std::uint64_t>(1, 6)}};
  ranges.push_back({ranges[0].from + ranges[0].count, *rc::gen::inRange<std::uint64_t>(1, 4)});
  const Refund payload{{"refund-" + std::to_string(step)}, id, ranges, RefundReason::error};
  if (!consortium.record(kPlatform, payload)) return;
  const std::uint64_t count = members_in(ranges);
  const bool was_drawn = !redemption->payload.draws.empty();
  model.redeemed_grams -= count * (redemption->payload.grams / units);
  model.units[redemption->payload.campaign.text] -= count;
  if (was_drawn) model.drawn -= count;
}

// Three of these make a year, after which points grow old; redemptions end before.
void expire(PointsConsortium& consortium, Model& model, int step) {
  consortium.advance_days(130);
  const auto grams = *rc::gen::inRange<std::uint64_t>(0, 3'000);
  const ExpirePoints payload{{"expire-" + std::to_string(step)}, kProgramme, grams};
  if (consortium.record(kPlatform, payload)) model.expired += grams;
}

RC_GTEST_PROP(Points, AreConserved, ()) {
  PointsConsortium consortium;
  Model model;
  const int steps = *rc::gen::inRange(1, 25);
  for (int step = 0; step < steps; ++step) {
    const int kind = *rc::gen::inRange(0, 8);
    if (kind == 0) {
      const auto grams = *rc::gen::inRange<std::uint64_t>(0, 8'000);
      if (consortium.record(kPlatform, consortium.issue(grams))) model.issued += grams;
    } else if (kind == 1) {
      const bool coral = *rc::gen::arbitrary<bool>();
      consortium.make_available(coral ? kCoral : kHaloxylon,
                                *rc::gen::inRange<std::uint64_t>(1, 15));
    } else if (kind == 2) {
      refund(consortium, model, step);
    } else if (kind == 3) {
      expire(consortium, model, step);
    } else {
      redeem(consortium, model);
    }
    check(consortium, model);
  }
}

}  // namespace
}  // namespace treeproof::ledger
