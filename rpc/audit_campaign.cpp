// I4: what a campaign has promised, redeemed, planted and allocated.
#include <map>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::CampaignTally;
using ledger::TreeCode;
using ledger::UnitCode;

// By species; redemptions that name none stand under the empty code.
struct Recomputed {
  std::map<std::string, CampaignTally> tallies;
  std::uint64_t owed_units = 0;
  std::uint64_t pledges = 0;
  std::uint64_t redemptions = 0;
  std::uint64_t batches = 0;

  CampaignTally sum() const {
    CampaignTally all;
    for (const auto& [species, tally] : tallies) {
      all.pledged += tally.pledged;
      all.redeemed += tally.redeemed;
      all.refunded += tally.refunded;
      all.allocated += tally.allocated;
      all.replacing += tally.replacing;
      all.trees += tally.trees;
    }
    return all;
  }
};

void add_pledges(const ChainView& view, Height at, const ledger::ObjectId& campaign,
                 Recomputed& sums) {
  each_object<ledger::PledgeObject>(view, at, [&](const auto&, const auto& pledge) {
    if (pledge.payload.campaign != campaign) return;
    sums.tallies[pledge.payload.species.text].pledged += pledge.promised();
    ++sums.pledges;
  });
}

void add_redemptions(const ChainView& view, Height at, const ledger::ObjectId& campaign,
                     Recomputed& sums) {
  each_object<ledger::RedemptionObject>(view, at, [&](const auto&, const auto& redemption) {
    const ledger::Redeem& payload = redemption.payload;
    if (payload.campaign != campaign) return;
    CampaignTally& tally = sums.tallies[payload.species ? payload.species->text : ""];
    tally.redeemed += payload.units;
    tally.refunded += redemption.units[UnitCode::refunded];
    tally.allocated += redemption.units[UnitCode::allocated] + redemption.units[UnitCode::owed];
    sums.owed_units += redemption.units[UnitCode::owed];
    ++sums.redemptions;
  });
}

void add_batches(const ChainView& view, Height at, const ledger::ObjectId& campaign,
                 Recomputed& sums) {
  each_object<ledger::BatchObject>(view, at, [&](const auto&, const auto& batch) {
    if (batch.campaign != campaign) return;
    for (const auto& part : batch.species) {
      CampaignTally& tally = sums.tallies[part.species.text];
      tally.trees += part.trees;
      if (batch.purpose != ledger::Purpose::replacement) continue;
      tally.replacing += part.trees.live() - part.trees[TreeCode::allocated];
      tally.replacing -= part.trees[TreeCode::doubted];
    }
    ++sums.batches;
  });
}

void compare(AuditCheck& check, const CampaignTally& stated, const CampaignTally& recomputed) {
  check.expect_equal("pledged_differs", stated.pledged, recomputed.pledged);
  check.expect_equal("redeemed_differs", stated.redeemed, recomputed.redeemed);
  check.expect_equal("refunded_differs", stated.refunded, recomputed.refunded);
  check.expect_equal("allocated_differs", stated.allocated, recomputed.allocated);
  check.expect_equal("replacing_differs", stated.replacing, recomputed.replacing);
  for (std::size_t i = 0; i < ledger::kTreeCodes; ++i) {
    check.expect_equal("trees_" + std::string(ledger::name(static_cast<TreeCode>(i))) + "_differs",
                       stated.trees.counts[i], recomputed.trees.counts[i]);
  }
}

// Which of I4's inequalities are asked of a row.
enum class Bounds : std::uint8_t { all, allocated_only };

void judge_balance(AuditCheck& check, ledger::Mode mode, const CampaignTally& tally,
                   Bounds bounds) {
  check.expect_at_most("refunded_above_redeemed", tally.refunded, tally.redeemed);
  if (tally.refunded > tally.redeemed) return;
  check.expect_at_most("allocated_above_redeemed", tally.allocated, tally.net_redeemed());
  if (bounds == Bounds::allocated_only || tally.allocated > tally.net_redeemed()) return;
  if (mode == ledger::Mode::pledge_first) {
    check.expect_at_most("redeemed_above_pledged", tally.net_redeemed(), tally.pledged);
  } else {
    check.expect_at_most("waiting_above_backed", tally.waiting(), tally.backed());
  }
}

AuditRow row_of(std::string species, ledger::Mode mode, const CampaignTally& tally,
                const AuditCheck& check) {
  const std::uint64_t net = tally.redeemed - std::min(tally.refunded, tally.redeemed);
  return {{"species", std::move(species)},
          {"mode", std::string(ledger::name(mode))},
          {"pledged", std::to_string(tally.pledged)},
          {"net_redeemed", std::to_string(net)},
          {"allocated", std::to_string(tally.allocated)},
          {"waiting", std::to_string(net - std::min(net, tally.allocated))},
          {"planted", std::to_string(tally.trees.total())},
          {"available", std::to_string(tally.trees[TreeCode::available])},
          {"holds", check.holds_text()}};
}

}  // namespace

std::optional<AuditReport> audit_campaign(const ChainView& view, Height at,
                                          const ledger::ObjectId& campaign) {
  const PastState state(view, at);
  const auto object = ledger::find<ledger::CampaignObject>(state, campaign);
  if (!object) return std::nullopt;
  const ledger::Mode mode = object->payload.mode;
  Recomputed sums;
  add_pledges(view, at, campaign, sums);
  add_redemptions(view, at, campaign, sums);
  add_batches(view, at, campaign, sums);

  AuditReport report{"I4", {}, {}, {}};
  const auto audit_row = [&](std::string shown, const CampaignTally& stated,
                             const CampaignTally& recomputed, Bounds bounds) {
    AuditCheck check(report, campaign.text + " " + shown);
    compare(check, stated, recomputed);
    judge_balance(check, mode, recomputed, bounds);
    report.rows.push_back(row_of(std::move(shown), mode, recomputed, check));
  };
  audit_row("*", ledger::campaign_tally(state, campaign), sums.sum(), Bounds::all);
  const bool some_unnamed = sums.tallies.contains("");
  for (const ledger::Price& price : object->terms.species) {
    audit_row(price.species.text, ledger::campaign_tally(state, campaign, price.species),
              sums.tallies[price.species.text],
              some_unnamed ? Bounds::allocated_only : Bounds::all);
  }
  if (some_unnamed) {
    audit_row("(none)", ledger::campaign_tally(state, campaign, std::nullopt), sums.tallies[""],
              Bounds::allocated_only);
  }
  // Each unit that is owed a tree has lost one.
  const CampaignTally all = sums.sum();
  AuditCheck(report, campaign.text).expect_equal("owed_differs", sums.owed_units, all.trees.owed());
  report.checked = {
      {"pledges", sums.pledges}, {"redemptions", sums.redemptions}, {"batches", sums.batches}};
  return report;
}

}  // namespace treeproof::rpc
