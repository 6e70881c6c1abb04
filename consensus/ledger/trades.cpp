#include "consensus/ledger/trades.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "consensus/ledger/trade_rules.h"

namespace treeproof::ledger {

namespace {

constexpr KeyRole kAdmin[] = {KeyRole::admin};
constexpr KeyRole kConsents[] = {KeyRole::admin, KeyRole::redeem, KeyRole::plant, KeyRole::verify,
                                 KeyRole::dispute};
constexpr KeyRole kIssue[] = {KeyRole::issue};
constexpr KeyRole kRedeem[] = {KeyRole::redeem};
constexpr KeyRole kPlant[] = {KeyRole::plant};
constexpr KeyRole kVerify[] = {KeyRole::verify};
constexpr KeyRole kDispute[] = {KeyRole::dispute};
constexpr KeyRole kObserves[] = {KeyRole::plant, KeyRole::verify, KeyRole::observe};

constexpr OrgRole kProgramme[] = {OrgRole::programme};
constexpr OrgRole kPlatform[] = {OrgRole::platform};
constexpr OrgRole kPlanter[] = {OrgRole::planter};
constexpr OrgRole kVerifier[] = {OrgRole::verifier};
constexpr OrgRole kCarers[] = {OrgRole::planter, OrgRole::verifier};
constexpr OrgRole kWitnesses[] = {OrgRole::planter, OrgRole::verifier, OrgRole::regulator,
                                  OrgRole::community};

using enum Reason;
using namespace rules;

template <std::size_t kLeft, std::size_t kRight>
constexpr std::array<Reason, kLeft + kRight> joined(const std::array<Reason, kLeft>& left,
                                                    const std::array<Reason, kRight>& right) {
  std::array<Reason, kLeft + kRight> rules{};
  std::ranges::copy(right, std::ranges::copy(left, rules.begin()).out);
  return rules;
}

constexpr Reason kEnvelope[] = {
    wrong_chain,      org_unknown, org_suspended, key_unknown,      key_revoked, key_role_missing,
    org_role_missing, iat_too_old, iat_in_future, already_recorded, ref_reused,
};
// Asked where the type has an attachment.
constexpr Reason kAttachment[] = {attachment_missing, attachment_count_mismatch,
                                  attachment_bytes_mismatch};

// An approval asks again what the proposal asked.
constexpr auto kApproveRules = joined(std::to_array(kProposalRules), std::to_array(kChangeRules));
constexpr Reason kKeyPutRules[] = {list_not_ascending, key_invalid, key_taken, keys_too_many};
constexpr Reason kKeyRevokeRules[] = {key_unknown, key_revoked, key_of_validator, key_last_admin};
constexpr Reason kProgrammeRules[] = {empty, quantity_too_large, list_not_ascending,
                                      platform_unknown};
constexpr Reason kIssuePointsRules[] = {programme_unknown,    programme_not_own, empty,
                                        quantity_too_large,   period_invalid,    period_in_future,
                                        period_crosses_years, period_overlaps,   periods_too_many,
                                        yearly_cap_exceeded};
constexpr Reason kRedeemRules[] = {campaign_unknown,
                                   campaign_not_own,
                                   campaign_closed,
                                   redeem_window_closed,
                                   programme_unknown,
                                   programme_refuses_platform,
                                   empty,
                                   species_required,
                                   species_not_in_campaign,
                                   units_mismatch,
                                   grams_mismatch,
                                   leaf_invalid,
                                   leaves_not_ascending,
                                   shares_mismatch,
                                   points_insufficient,
                                   target_exceeded,
                                   list_not_ascending,
                                   draws_mismatch,
                                   pledge_unknown,
                                   pledge_species_mismatch,
                                   pledge_exhausted,
                                   units_unavailable};

constexpr Reason kRefundRules[] = {
    redemption_unknown, redemption_not_own,  empty,
    ranges_invalid,     unit_not_refundable, earlier_attachment_missing};
constexpr Reason kExpirePointsRules[] = {programme_unknown, programme_not_own, empty,
                                         expiry_exceeded, points_insufficient};

constexpr Reason kCampaignRules[] = {org_repeated,       planter_unknown,   sponsor_unknown,
                                     species_repeated,   species_unknown,   empty,
                                     quantity_too_large, unit_size_invalid, window_invalid};
constexpr Reason kCampaignReviseRules[] = {
    campaign_unknown,   campaign_not_own, campaign_closed, revision_changes_nothing,
    species_withdrawn,  species_repeated, species_unknown, empty,
    quantity_too_large, target_exceeded,  window_invalid};
constexpr Reason kCloseCampaignRules[] = {campaign_unknown, campaign_not_own, campaign_closed,
                                          units_waiting};
// What every outline is asked by itself.
constexpr std::array kOutlineRules = {geometry_too_large,
                                      geometry_invalid,
                                      geometry_point_too_large,
                                      geometry_too_few_positions,
                                      geometry_too_many_vertices,
                                      geometry_not_closed,
                                      geometry_near_pole,
                                      geometry_crosses_antimeridian,
                                      geometry_repeated_vertex,
                                      geometry_zero_area,
                                      geometry_self_intersection,
                                      geometry_wrong_winding,
                                      geometry_hole_outside,
                                      geometry_holes_cross,
                                      plot_area_mismatch,
                                      plot_too_large,
                                      plot_too_wide};
constexpr auto kPlotRules =
    joined(joined(std::array{empty, quantity_too_large, uncertainty_too_large, land_right_unknown},
                  kOutlineRules),
           std::array{earlier_attachment_missing, plot_overlaps, plot_overlaps_neighbours});
constexpr auto kPlotRevisionRules =
    joined(joined(std::array{plot_unknown, plot_not_own, plot_closed, empty}, kOutlineRules),
           std::array{area_exceeded, density_exceeded, earlier_attachment_missing,
                      tree_outside_plot, habit_unfit, plot_overlaps, plot_overlaps_neighbours});
constexpr Reason kPlotCloseRules[] = {plot_unknown, plot_not_own, plot_closed, plot_pledged};
constexpr Reason kPledgeRules[] = {empty,
                                   campaign_unknown,
                                   planter_not_in_campaign,
                                   campaign_closed,
                                   species_not_in_campaign,
                                   plot_unknown,
                                   plot_not_own,
                                   plot_closed,
                                   pledge_exceeds_capacity};
constexpr Reason kPledgeReleaseRules[] = {empty, pledge_unknown, pledge_not_own, pledge_exceeded,
                                          pledge_exhausted};
constexpr Reason kEvidenceRules[] = {empty, quantity_too_large, evidence_in_future,
                                     evidence_position_invalid, evidence_position_not_rounded};
constexpr Reason kPlantRules[] = {campaign_unknown,
                                  planter_not_in_campaign,
                                  campaign_closed,
                                  species_not_in_campaign,
                                  replacement_not_owed,
                                  plot_required,
                                  plot_unknown,
                                  plot_not_own,
                                  plot_closed,
                                  empty,
                                  species_repeated,
                                  species_unknown,
                                  habit_unfit,
                                  pledge_required,
                                  pledge_unexpected,
                                  pledge_unknown,
                                  pledge_not_own,
                                  pledge_plot_mismatch,
                                  pledge_species_mismatch,
                                  pledge_exceeded,
                                  leaf_invalid,
                                  tree_species_unknown,
                                  species_counts_mismatch,
                                  precision_too_coarse,
                                  tree_position_unexpected,
                                  tree_position_missing,
                                  trees_not_ascending,
                                  period_invalid,
                                  tree_day_missing,
                                  tree_day_outside,
                                  planted_in_future,
                                  plant_window_closed,
                                  planted_before_pledge,
                                  list_not_ascending,
                                  evidence_unknown,
                                  photo_used,
                                  capacity_exceeded,
                                  area_exceeded,
                                  density_exceeded,
                                  earlier_attachment_missing,
                                  tree_outside_plot,
                                  position_taken};
constexpr Reason kInventoryRules[] = {inventory_too_late,
                                      campaign_unknown,
                                      planter_not_in_campaign,
                                      campaign_closed,
                                      species_not_in_campaign,
                                      plot_required,
                                      plot_unknown,
                                      plot_not_own,
                                      plot_closed,
                                      empty,
                                      species_repeated,
                                      species_unknown,
                                      habit_unfit,
                                      leaf_invalid,
                                      tree_species_unknown,
                                      species_counts_mismatch,
                                      precision_too_coarse,
                                      tree_position_unexpected,
                                      tree_position_missing,
                                      trees_not_ascending,
                                      planted_in_future,
                                      list_not_ascending,
                                      evidence_unknown,
                                      photo_used,
                                      capacity_exceeded,
                                      area_exceeded,
                                      density_exceeded,
                                      earlier_attachment_missing,
                                      tree_outside_plot,
                                      position_taken};
constexpr Reason kVerifyRules[] = {
    batch_unknown,      verifier_conflict,       nothing_unverified,        ranges_invalid,
    visited_incomplete, sample_too_early,        sample_not_visited,        failures_too_many,
    rejected_too_few,   rejected_not_unverified, earlier_attachment_missing};
constexpr Reason kObserveRules[] = {
    batch_unknown,           observed_in_future, observed_before_planting,
    ranges_invalid,          cause_mismatch,     observed_species_mismatch,
    species_counts_mismatch, tree_not_live,      earlier_attachment_missing,
    deaths_mismatch};
constexpr Reason kMortalityRules[] = {batch_unknown,
                                      batch_not_own,
                                      verifier_conflict,
                                      empty,
                                      ranges_invalid,
                                      observed_in_future,
                                      observed_before_planting,
                                      tree_not_live,
                                      earlier_attachment_missing};
constexpr Reason kAllocateRules[] = {campaign_unknown,
                                     campaign_not_own,
                                     campaign_closed,
                                     leaf_invalid,
                                     runs_too_many,
                                     empty,
                                     links_too_many,
                                     redemption_unknown,
                                     batch_unknown,
                                     earlier_attachment_missing,
                                     redemption_species_mismatch,
                                     species_not_in_batch,
                                     units_insufficient,
                                     trees_insufficient,
                                     redemption_not_in_campaign,
                                     batch_not_in_campaign,
                                     target_frozen,
                                     lookback_exceeded,
                                     links_stale};

constexpr Reason kAssignRules[] = {
    batch_unknown,           batch_not_own,      assigned_already, campaign_unknown,
    planter_not_in_campaign, campaign_closed,    pledge_required,  unit_unfit,
    species_not_in_campaign, inventory_too_late, plot_required,    lookback_exceeded,
    verifier_conflict,       sample_not_visited};
constexpr Reason kHandoverRules[] = {
    list_not_ascending, empty,         holder_unfit,   plot_unknown,   plot_not_own,
    batch_unknown,      batch_not_own, pledge_unknown, pledge_not_own, planters_too_many,
    verifier_conflict};

// In the order of Payload's alternatives.
constexpr Trade kTrades[] = {
    {Propose::kName, kAdmin, {}, kChangeRules},
    {Approve::kName, kAdmin, {}, kApproveRules},
    {Consent::kName, kConsents, {}, kConsentRules},
    {KeyPut::kName, kAdmin, {}, kKeyPutRules},
    {KeyRevoke::kName, kAdmin, {}, kKeyRevokeRules},
    {Programme::kName, kIssue, kProgramme, kProgrammeRules},
    {IssuePoints::kName, kIssue, kProgramme, kIssuePointsRules},
    {Campaign::kName, kRedeem, kPlatform, kCampaignRules},
    {Plot::kName, kPlant, kPlanter, kPlotRules},
    {Pledge::kName, kPlant, kPlanter, kPledgeRules},
    {Evidence::kName, kObserves, kWitnesses, kEvidenceRules},
    {Plant::kName, kPlant, kPlanter, kPlantRules},
    {Inventory::kName, kPlant, kPlanter, kInventoryRules},
    {Verify::kName, kVerify, kVerifier, kVerifyRules},
    {Redeem::kName, kRedeem, kPlatform, kRedeemRules},
    {Allocate::kName, kRedeem, kPlatform, kAllocateRules},
    {PledgeRelease::kName, kPlant, kPlanter, kPledgeReleaseRules},
    {CampaignRevise::kName, kRedeem, kPlatform, kCampaignReviseRules},
    {CloseCampaign::kName, kRedeem, kPlatform, kCloseCampaignRules},
    {Refund::kName, kRedeem, kPlatform, kRefundRules},
    {ExpirePoints::kName, kIssue, kProgramme, kExpirePointsRules},
    {Observe::kName, kObserves, kWitnesses, kObserveRules},
    {Mortality::kName, kObserves, kCarers, kMortalityRules},
    {Dispute::kName, kDispute, {}, kDisputeRules},
    {Replace::kName, kPlant, kPlanter, kReplaceRules},
    {Revive::kName, kVerify, kVerifier, kReviveRules},
    {Correct::kName, kPlant, kPlanter, kCorrectRules},
    {Assign::kName, kPlant, kPlanter, kAssignRules},
    {PlotRevision::kName, kPlant, kPlanter, kPlotRevisionRules},
    {PlotClose::kName, kPlant, kPlanter, kPlotCloseRules},
    {Handover::kName, kAdmin, kPlanter, kHandoverRules},
};
static_assert(std::size(kTrades) == std::variant_size_v<Payload>);

}  // namespace

std::span<const Trade> trades() noexcept { return kTrades; }

const Trade& trade_of(const Payload& payload) noexcept {
  const Trade& trade = kTrades[payload.index()];
  assert(trade.type == type_of(payload));
  return trade;
}

std::vector<Reason> rules_of(const Payload& payload) {
  std::vector<Reason> rules(std::begin(kEnvelope), std::end(kEnvelope));
  if (attachment_of(payload) != nullptr) {
    rules.insert(rules.end(), std::begin(kAttachment), std::end(kAttachment));
  }
  const Trade& trade = trade_of(payload);
  rules.insert(rules.end(), trade.rules.begin(), trade.rules.end());
  rules.push_back(consents_missing);
  return rules;
}

}  // namespace treeproof::ledger
