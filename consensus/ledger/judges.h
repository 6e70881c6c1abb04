// The rules of each type of statement. Owns nothing. Callers: judge_statement. Pure.
// Source: docs/ledger.md.
#pragma once

#include "consensus/ledger/statement.h"

namespace treeproof::ledger {

class Judgement;

// One unit per trade. Each asks its rules in order and writes its effect; false after a refusal.
bool judge(Judgement& judgement, const Propose& payload);
bool judge(Judgement& judgement, const Approve& payload);
bool judge(Judgement& judgement, const Consent& payload);
bool judge(Judgement& judgement, const KeyPut& payload);
bool judge(Judgement& judgement, const KeyRevoke& payload);
bool judge(Judgement& judgement, const Programme& payload);
bool judge(Judgement& judgement, const IssuePoints& payload);
bool judge(Judgement& judgement, const Campaign& payload);
bool judge(Judgement& judgement, const Plot& payload);
bool judge(Judgement& judgement, const Pledge& payload);
bool judge(Judgement& judgement, const Evidence& payload);
bool judge(Judgement& judgement, const Plant& payload);
bool judge(Judgement& judgement, const Inventory& payload);
bool judge(Judgement& judgement, const Verify& payload);
bool judge(Judgement& judgement, const Redeem& payload);
bool judge(Judgement& judgement, const Allocate& payload);
bool judge(Judgement& judgement, const PledgeRelease& payload);
bool judge(Judgement& judgement, const CampaignRevise& payload);
bool judge(Judgement& judgement, const CloseCampaign& payload);
bool judge(Judgement& judgement, const Refund& payload);
bool judge(Judgement& judgement, const ExpirePoints& payload);
bool judge(Judgement& judgement, const Observe& payload);
bool judge(Judgement& judgement, const Mortality& payload);
bool judge(Judgement& judgement, const Dispute& payload);
bool judge(Judgement& judgement, const Replace& payload);
bool judge(Judgement& judgement, const Revive& payload);
bool judge(Judgement& judgement, const Correct& payload);
bool judge(Judgement& judgement, const Assign& payload);
bool judge(Judgement& judgement, const PlotRevision& payload);
bool judge(Judgement& judgement, const PlotClose& payload);
bool judge(Judgement& judgement, const Handover& payload);

}  // namespace treeproof::ledger
