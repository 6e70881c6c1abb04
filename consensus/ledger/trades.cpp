#include "consensus/ledger/trades.h"

#include <array>
#include <cassert>

namespace treeproof::ledger {

namespace {

constexpr KeyRole kAdmin[] = {KeyRole::admin};
constexpr KeyRole kConsents[] = {KeyRole::admin, KeyRole::redeem, KeyRole::plant, KeyRole::verify};
constexpr KeyRole kIssue[] = {KeyRole::issue};
constexpr KeyRole kRedeem[] = {KeyRole::redeem};
constexpr KeyRole kPlant[] = {KeyRole::plant};
constexpr KeyRole kVerify[] = {KeyRole::verify};
constexpr KeyRole kObserves[] = {KeyRole::plant, KeyRole::verify, KeyRole::observe};

constexpr OrgRole kProgramme[] = {OrgRole::programme};
constexpr OrgRole kPlatform[] = {OrgRole::platform};
constexpr OrgRole kPlanter[] = {OrgRole::planter};
constexpr OrgRole kVerifier[] = {OrgRole::verifier};
constexpr OrgRole kWitnesses[] = {OrgRole::planter, OrgRole::verifier, OrgRole::regulator,
                                  OrgRole::community};

using enum Reason;

constexpr Reason kEnvelope[] = {
    wrong_chain,      org_unknown,
    org_suspended,    key_unknown,
    key_revoked,      key_role_missing,
    org_role_missing, iat_too_old,
    iat_in_future,    already_recorded,
    ref_reused,       attachment_missing,
    attachment_count_mismatch, attachment_bytes_mismatch,
};

constexpr Reason kProposeRules[] = {list_not_ascending, org_unknown,      key_unknown,
                                    key_invalid,        key_taken,        keys_too_many, key_revoked,
                                    key_of_validator,  empty,  parameter_unknown, parameter_out_of_bounds};
constexpr Reason kApproveRules[] = {
    proposal_unknown,   proposal_closed,   proposal_expired,       approver_not_validator,
    approved_already,   list_not_ascending, org_unknown,           key_unknown,
    key_invalid,        key_taken,         keys_too_many,   key_revoked,       key_of_validator,
    empty, parameter_unknown,  parameter_out_of_bounds};
constexpr Reason kConsentRules[] = {consent_repeated, consent_not_verifier, consent_conflict};
constexpr Reason kKeyPutRules[] = {list_not_ascending, key_invalid, key_taken, keys_too_many};
constexpr Reason kKeyRevokeRules[] = {key_unknown, key_revoked, key_of_validator, key_last_admin};
constexpr Reason kProgrammeRules[] = {empty, quantity_too_large, list_not_ascending,
                                      platform_unknown};
constexpr Reason kIssuePointsRules[] = {
    programme_unknown, programme_not_own, empty, quantity_too_large,
    period_invalid, period_in_future, period_crosses_years, period_overlaps,
    periods_too_many, yearly_cap_exceeded};
constexpr Reason kRedeemRules[] = {
    campaign_unknown,      campaign_not_own,   redeem_window_closed,    programme_unknown,
    programme_refuses_platform, empty,         species_required,
    species_not_in_campaign, units_mismatch,   grams_mismatch,          leaf_invalid,
    leaves_not_ascending,  shares_mismatch,    points_insufficient,     target_exceeded,
    list_not_ascending,    draws_mismatch,     pledge_unknown,          pledge_species_mismatch,
    pledge_exhausted,      units_unavailable};

// In the order of Payload's alternatives.
constexpr Trade kTrades[] = {
    {Propose::kName, kAdmin, {}, kProposeRules},
    {Approve::kName, kAdmin, {}, kApproveRules},
    {Consent::kName, kConsents, {}, kConsentRules},
    {KeyPut::kName, kAdmin, {}, kKeyPutRules},
    {KeyRevoke::kName, kAdmin, {}, kKeyRevokeRules},
    {Programme::kName, kIssue, kProgramme, kProgrammeRules},
    {IssuePoints::kName, kIssue, kProgramme, kIssuePointsRules},
    {Campaign::kName, kRedeem, kPlatform, {}},
    {Plot::kName, kPlant, kPlanter, {}},
    {Pledge::kName, kPlant, kPlanter, {}},
    {Evidence::kName, kObserves, kWitnesses, {}},
    {Plant::kName, kPlant, kPlanter, {}},
    {Inventory::kName, kPlant, kPlanter, {}},
    {Verify::kName, kVerify, kVerifier, {}},
    {Redeem::kName, kRedeem, kPlatform, kRedeemRules},
    {Allocate::kName, kRedeem, kPlatform, {}},
};
static_assert(std::size(kTrades) == std::variant_size_v<Payload>);

}  // namespace

std::span<const Trade> trades() noexcept { return kTrades; }

const Trade& trade_of(const Payload& payload) noexcept {
  const Trade& trade = kTrades[payload.index()];
  assert(trade.type == type_of(payload));
  return trade;
}

std::span<const Reason> envelope_rules() noexcept { return kEnvelope; }

std::vector<Reason> rules_of(const Payload& payload) {
  std::vector<Reason> rules(std::begin(kEnvelope), std::end(kEnvelope));
  const Trade& trade = trade_of(payload);
  rules.insert(rules.end(), trade.rules.begin(), trade.rules.end());
  rules.push_back(consents_missing);
  return rules;
}

}  // namespace treeproof::ledger
