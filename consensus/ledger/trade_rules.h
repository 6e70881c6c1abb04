// Rules of what governance decides, and of the statements that doubt, replace and correct, each in
// the order in which they are asked. Owns nothing. Caller: trades. Pure.
// Source: docs/ledger.md.
#pragma once

#include "consensus/ledger/reason.h"

namespace treeproof::ledger {

namespace rules {

using enum Reason;

inline constexpr Reason kChangeRules[] = {validator_repeated,
                                          list_not_ascending,
                                          regulators_too_many,
                                          validator_power_zero,
                                          validators_power_too_large,
                                          validator_unknown,
                                          validator_suspended,
                                          validator_convicted,
                                          validator_key_wrong,
                                          dispute_unknown,
                                          dispute_closed,
                                          dispute_lapsed,
                                          remedy_mismatch,
                                          redaction_unknown,
                                          org_unknown,
                                          suspended_already,
                                          not_suspended,
                                          key_unknown,
                                          key_invalid,
                                          key_taken,
                                          keys_too_many,
                                          key_revoked,
                                          key_of_validator,
                                          empty,
                                          holder_unfit,
                                          plot_unknown,
                                          plot_not_own,
                                          batch_unknown,
                                          batch_not_own,
                                          pledge_unknown,
                                          pledge_not_own,
                                          planters_too_many,
                                          ranges_invalid,
                                          trees_unaffected,
                                          earlier_attachment_missing,
                                          redaction_needed,
                                          parameter_unknown,
                                          parameter_out_of_bounds,
                                          validators_too_few,
                                          validators_too_many};

inline constexpr Reason kProposalRules[] = {proposal_unknown,      proposal_closed,
                                            proposal_expired,      approver_not_validator,
                                            approver_not_eligible, approved_already};

inline constexpr Reason kConsentRules[] = {consent_repeated, consent_not_verifier, consent_conflict,
                                           seconder_unfit};

inline constexpr Reason kDisputeRules[] = {
    dispute_target_unknown, report_unknown,  list_not_ascending, evidence_unknown,
    dispute_not_renewable,  disputed_before, disputes_too_many};

inline constexpr Reason kReplaceRules[] = {campaign_unknown,
                                           verifier_unknown,
                                           leaf_invalid,
                                           runs_too_many,
                                           empty,
                                           links_too_many,
                                           batch_unknown,
                                           batch_not_own,
                                           batch_not_in_campaign,
                                           ranges_invalid,
                                           verifier_conflict,
                                           target_frozen,
                                           earlier_attachment_missing,
                                           tree_not_replaceable,
                                           tree_not_available,
                                           successor_taken,
                                           successor_older,
                                           successor_reserved,
                                           units_unavailable,
                                           links_stale};

inline constexpr Reason kReviveRules[] = {
    batch_unknown,      verifier_conflict,  empty,
    ranges_invalid,     observed_in_future, observed_before_planting,
    tree_not_revivable, verifier_involved,  earlier_attachment_missing,
    plot_closed,        capacity_exceeded,  area_exceeded,
    density_exceeded,   habit_unfit,        tree_outside_plot,
    position_taken};

inline constexpr Reason kCorrectRules[] = {target_not_correctable,
                                           target_not_own,
                                           verifier_unknown,
                                           verifier_conflict,
                                           empty,
                                           ranges_invalid,
                                           trees_unaffected,
                                           species_unknown,
                                           species_not_in_campaign,
                                           habit_unfit,
                                           quantity_too_large,
                                           tree_position_unexpected,
                                           earlier_attachment_missing,
                                           claim_raised,
                                           correction_changes_nothing,
                                           claim_relied_on,
                                           area_exceeded,
                                           density_exceeded,
                                           tree_outside_plot,
                                           position_taken};

}  // namespace rules

}  // namespace treeproof::ledger
