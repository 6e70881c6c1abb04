// I1, I2, I4: points, prices and campaigns.
#include <algorithm>

#include "tests/invariants/inventory.h"

namespace treeproof::invariants {

using namespace ledger;

void points_conserved(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, programme] : all.programmes) {
    std::uint64_t issued = 0;
    for (const YearIssued& year : programme.years) {
      issued += year.grams;
      verdict.require(year.grams <= programme.payload.yearly_cap, [&, of = std::string_view(id)] {
        return told(of, {{"grams of a year", year.grams}, {"cap", programme.payload.yearly_cap}});
      });
    }
    std::uint64_t redeemed = 0;
    std::uint64_t refunded = 0;
    for (const auto& [redeem, redemption] : all.redemptions) {
      if (redemption.payload.programme.text != id) continue;
      redeemed += redemption.payload.grams;
      refunded += redemption.units[UnitCode::refunded] * redemption.grams_per_unit();
    }
    const bool counted = issued == programme.issued && redeemed == programme.redeemed &&
                         refunded == programme.refunded;
    const std::uint64_t spent = redeemed - refunded + programme.expired;
    verdict.require(counted && refunded <= redeemed && spent <= issued,
                    [&, of = std::string_view(id)] {
                      return told(of, {{"issued", programme.issued},
                                       {"issued counted", issued},
                                       {"expired", programme.expired},
                                       {"redeemed", programme.redeemed},
                                       {"redeemed counted", redeemed},
                                       {"refunded", programme.refunded},
                                       {"refunded counted", refunded}});
                    });
  }
}

void prices_exact(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, redemption] : all.redemptions) {
    const Redeem& redeem = redemption.payload;
    const std::uint64_t price = redeem.units == 0 ? 0 : redeem.grams / redeem.units;
    verdict.require(price > 0 && price * redeem.units == redeem.grams,
                    [&, of = std::string_view(id)] {
                      return told(of, {{"grams", redeem.grams}, {"units", redeem.units}});
                    });
    const AttachmentPtr leaves = all.reader.attachment(redeem.leaves.root);
    if (!leaves) continue;  // redacted
    const auto& facts = leaves->redeem_facts();
    verdict.require(facts && !facts->other_unit && facts->grams_per_unit == price,
                    [&, of = std::string_view(id)] {
                      return told(of, {{"price", price},
                                       {"a unit's shares", facts ? facts->grams_per_unit : 0}});
                    });
  }
}

namespace {

// Everything that a campaign's tally sums up, counted from redemptions, pledges and trees.
CampaignTally counted(const Inventory& all, const std::string& id) {
  CampaignTally sum;
  for (const auto& [name, pledge] : all.pledges) {
    if (pledge.payload.campaign.text == id) sum.pledged += pledge.promised();
  }
  for (const auto& [name, redemption] : all.redemptions) {
    if (redemption.payload.campaign.text != id) continue;
    for (const UnitCode code : all.units.at(name)) {
      ++sum.redeemed;
      sum.refunded += code == UnitCode::refunded;
      sum.allocated += code == UnitCode::allocated || code == UnitCode::owed;
    }
  }
  for (const auto& [name, batch] : all.batches) {
    if (!batch.campaign || batch.campaign->text != id) continue;
    for (const TreeCode code : all.trees.at(name)) ++sum.trees[code];
  }
  return sum;
}

}  // namespace

void campaigns_balance(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, campaign] : all.campaigns) {
    CampaignTally held = campaign_tally(all.reader, {id});
    CampaignTally sum = counted(all, id);
    sum.replacing = held.replacing;  // known by the successors: I13
    const auto numbers = [&, of = std::string_view(id)] {
      return told(of, {{"pledged", held.pledged},
                       {"pledged counted", sum.pledged},
                       {"redeemed", held.redeemed},
                       {"redeemed counted", sum.redeemed},
                       {"refunded", held.refunded},
                       {"refunded counted", sum.refunded},
                       {"allocated", held.allocated},
                       {"allocated counted", sum.allocated},
                       {"available", held.trees[TreeCode::available]},
                       {"available counted", sum.trees[TreeCode::available]},
                       {"trees", held.trees.total()},
                       {"trees counted", sum.trees.total()}});
    };
    const bool backed = campaign.payload.mode == Mode::pledge_first
                            ? sum.net_redeemed() <= sum.pledged
                            : sum.waiting() <= sum.backed();
    verdict.require(held == sum && sum.allocated <= sum.net_redeemed() && backed &&
                        sum.net_redeemed() <= campaign.terms.target &&
                        (!campaign.closed || sum.waiting() == 0),
                    numbers);
  }
}

}  // namespace treeproof::invariants
