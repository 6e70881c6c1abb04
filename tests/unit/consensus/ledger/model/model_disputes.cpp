// Disputes and their ends, campaigns joined, land and trees handed over.
#include <algorithm>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

namespace {

// An organisation is one target, from whatever height on.
std::string target_of(const Dispute& dispute) {
  const auto* record = std::get_if<DisputedRecord>(&dispute.target);
  const auto* org = std::get_if<DisputedOrg>(&dispute.target);
  return record != nullptr ? record->id.text : org != nullptr ? org->org.text : "";
}

// Whether what was seen of a batch says anything about what is disputed.
bool bears_on(const Books& books, const std::string& report, const DisputeTarget& target) {
  const std::string& id = books.observations.at(report);
  const Batch& batch = books.batches.at(id);
  std::set<std::string> parts{id};
  for (const auto& part : {batch.plot, batch.campaign}) {
    if (part) parts.insert(*part);
  }
  if (const auto* record = std::get_if<DisputedRecord>(&target)) {
    const std::string& disputed = record->id.text;
    const auto subject = books.subjects.find(disputed);
    return parts.contains(disputed) || batch.pledge == disputed ||
           (subject != books.subjects.end() && parts.contains(subject->second));
  }
  const auto* org = std::get_if<DisputedOrg>(&target);
  if (org == nullptr) return false;
  parts.insert(report);
  for (const auto& [verification, judged] : books.verifications) {
    if (judged == id) parts.insert(verification);
  }
  return batch.holder == org->org.text || std::ranges::any_of(parts, [&](const auto& part) {
           const Said& said = books.records.at(part);
           return said.org == org->org.text && said.height >= org->from_height;
         });
}

}  // namespace

Reasons Model::hear(const Said& said, const Dispute& payload) {
  Reasons against;
  if (const auto* record = std::get_if<DisputedRecord>(&payload.target)) {
    if (!books.records.contains(record->id.text)) return {Reason::dispute_target_unknown};
  } else if (const auto* org = std::get_if<DisputedOrg>(&payload.target)) {
    const bool known = books.orgs.contains(org->org.text) && org->from_height <= said.height;
    if (!known) return {Reason::dispute_target_unknown};
  }
  if (payload.report) {
    const bool is_one = books.observations.contains(payload.report->text);
    if (!is_one || !bears_on(books, payload.report->text, payload.target)) {
      against.insert(Reason::report_unknown);
    }
  }
  for (const auto& [id, other] : books.disputes) {
    const bool same = other.opener == said.org && target_of(other.terms) == target_of(payload) &&
                      other.terms.ground == payload.ground;
    if (same) against.insert(Reason::disputed_before);
  }
  if (!against.empty()) return against;
  DisputeBook dispute{payload, said.org, said.time_s, false, false, said.id};
  const auto& roles = books.orgs.at(said.org).roles;
  dispute.freezes = roles.contains(OrgRole::regulator) || roles.contains(OrgRole::verifier);
  books.disputes[said.object()] = dispute;
  return {};
}

bool Model::is_frozen(const std::string& id, std::uint64_t time_s) const {
  const Batch& batch = books.batches.at(id);
  std::set<std::string> parts{id};
  for (const auto& part : {batch.plot, batch.campaign}) {
    if (part) parts.insert(*part);
  }
  parts.insert(batch.vouching.begin(), batch.vouching.end());
  for (const auto& [name, dispute] : books.disputes) {
    const bool lapsed = time_s > dispute.time_s + kDisputeSeconds;
    if (!dispute.freezes || dispute.is_over || lapsed) continue;
    for (const std::string& part : parts) {
      const Said& said = books.records.at(part);
      if (const auto* record = std::get_if<DisputedRecord>(&dispute.terms.target)) {
        if (record->id.text == part) return true;
      } else if (const auto* org = std::get_if<DisputedOrg>(&dispute.terms.target)) {
        if (org->org.text == said.org && said.height >= org->from_height) return true;
      }
    }
  }
  return false;
}

Reasons Model::hear(const Said& said, const Assign& payload) {
  const auto found = books.batches.find(payload.plant.text);
  const auto joined = books.campaigns.find(payload.campaign.text);
  if (found == books.batches.end()) return {Reason::batch_unknown};
  Batch& batch = found->second;
  Reasons against;
  if (batch.holder != said.org) against.insert(Reason::batch_not_own);
  if (batch.campaign) against.insert(Reason::assigned_already);
  if (joined == books.campaigns.end()) {
    against.insert(Reason::campaign_unknown);
    return against;
  }
  const auto& [id, campaign] = *joined;
  const Campaign& terms = campaign.terms;
  if (std::ranges::count(terms.planters, OrgId{said.org}) == 0) {
    against.insert(Reason::planter_not_in_campaign);
  }
  if (campaign.is_closed) against.insert(Reason::campaign_closed);
  if (!batch.is_of_stems || terms.unit != treeproof::ledger::Unit::stem) {
    against.insert(Reason::unit_unfit);
  }
  if (terms.mode == Mode::pledge_first) against.insert(Reason::pledge_required);
  for (const std::string& species : batch.species) {
    const bool offered = std::ranges::count(terms.species, Code{species}, &Price::species) > 0;
    if (!offered) against.insert(Reason::species_not_in_campaign);
  }
  if (batch.is_inventory) {
    const std::int32_t recorded = books.records.at(found->first).day;
    const bool late = books.parameters.at("history_until_day") < std::uint64_t(recorded);
    if (late) against.insert(Reason::inventory_too_late);
  } else if (*batch.first_day < said.day - static_cast<std::int32_t>(terms.policy.lookback_days)) {
    against.insert(Reason::lookback_exceeded);
  }
  if (!against.empty()) return against;
  const auto before = batch;
  batch.campaign = id;
  for (const std::string& verifier : batch.verifiers) {
    if (is_related(verifier, batch)) against.insert(Reason::verifier_conflict);
  }
  if (!batch.verifiers.empty()) {
    for (const std::uint64_t i : sample(found->first)) {
      if (!batch.visited.contains(i)) against.insert(Reason::sample_not_visited);
    }
  }
  if (!against.empty()) batch = before;
  return against;
}

Reasons Model::hear(const Said& said, const Handover& payload) {
  Reasons against;
  const auto to = books.orgs.find(payload.to.text);
  const bool fit = to != books.orgs.end() && to->second.roles.contains(OrgRole::planter) &&
                   payload.to.text != said.org;
  if (!fit) against.insert(Reason::holder_unfit);
  if (payload.plots.empty() && payload.batches.empty() && payload.duties.empty()) {
    against.insert(Reason::empty);
  }
  for (const ObjectId& id : payload.plots) {
    const auto plot = books.plots.find(id.text);
    if (plot == books.plots.end()) return {Reason::plot_unknown};
    if (plot->second.holder != said.org) against.insert(Reason::plot_not_own);
  }
  for (const ObjectId& id : payload.batches) {
    const auto batch = books.batches.find(id.text);
    if (batch == books.batches.end()) return {Reason::batch_unknown};
    if (batch->second.holder != said.org) against.insert(Reason::batch_not_own);
  }
  for (const ObjectId& id : payload.duties) {
    const auto pledge = books.pledges.find(id.text);
    if (pledge == books.pledges.end()) return {Reason::pledge_unknown};
    if (pledge->second.holder != said.org) against.insert(Reason::pledge_not_own);
  }
  if (!against.empty()) return against;
  for (const ObjectId& id : payload.batches) {  // I12
    for (const std::string& verifier : books.batches.at(id.text).verifiers) {
      const bool kin = books.orgs.at(verifier).group == to->second.group;
      if (kin) against.insert(Reason::verifier_conflict);
    }
  }
  ask_consents(said, {payload.to.text}, against);
  if (!against.empty()) return against;
  for (const ObjectId& id : payload.plots) books.plots.at(id.text).holder = payload.to.text;
  for (const ObjectId& id : payload.batches) books.batches.at(id.text).holder = payload.to.text;
  for (const ObjectId& id : payload.duties) books.pledges.at(id.text).holder = payload.to.text;
  return {};
}

}  // namespace treeproof::ledger::model
