#include <set>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

namespace {

using Orgs = std::set<OrgId>;

Orgs needed(const Campaign& campaign, const StateReader&) {
  return {campaign.planters.begin(), campaign.planters.end()};
}

Orgs needed(const CampaignRevise& revision, const StateReader& state) {
  const auto campaign = find<CampaignObject>(state, revision.campaign);
  if (!campaign) return {};
  Orgs orgs(campaign->payload.planters.begin(), campaign->payload.planters.end());
  orgs.insert(campaign->joined.begin(), campaign->joined.end());
  return orgs;
}

// The planters whose trees are given away, unless they consented to every allocate beforehand.
Orgs needed(const Allocate& allocate, const StateReader& state) {
  const auto campaign = find<CampaignObject>(state, allocate.campaign);
  if (!campaign || campaign->payload.policy.standing_consent) return {};
  if (allocate.runs.count > kRunsMax) return {};  // never valid: not worth reading
  const AttachmentPtr runs = state.attachment(allocate.runs.root);
  if (!runs || runs->leaf_count() > kRunsMax) return {};
  Orgs orgs;
  for (std::size_t i = 0; i < runs->leaf_count(); ++i) {
    const auto run = decode<RunLeaf>(runs->leaf(i));
    const auto batch = run ? find<BatchObject>(state, run->plant) : std::nullopt;
    if (batch) orgs.insert(batch->holder);
  }
  return orgs;
}

Orgs needed(const Replace& replace, const StateReader&) { return {replace.verifier}; }
Orgs needed(const Correct& correct, const StateReader&) { return {correct.verifier}; }
Orgs needed(const Handover& handover, const StateReader&) { return {handover.to}; }

template <class P>
Orgs needed(const P&, const StateReader&) {
  return {};
}

}  // namespace

std::string consent_id(const crypto::Hash& statement, const OrgId& org) {
  return crypto::to_hex(statement) + "/" + org.text;
}

std::vector<OrgId> missing_consents(const SignedStatement& statement, const StateReader& state) {
  Orgs orgs =
      std::visit([&](const auto& payload) { return needed(payload, state); }, statement.payload);
  orgs.erase(statement.issuer);
  std::erase_if(orgs, [&](const OrgId& org) {
    return state.object({std::string(ConsentObject::kNamespace), consent_id(statement.id, org)});
  });
  return {orgs.begin(), orgs.end()};
}

}  // namespace treeproof::ledger
