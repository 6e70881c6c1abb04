// Rules of `dispute`: somebody doubts what was recorded; and of seconding one by consent.
#include <algorithm>

#include "consensus/ledger/disputes.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/reports.h"
#include "consensus/ledger/rules_dispute.h"

namespace treeproof::ledger {

namespace {

bool freezes_by_itself(const OrgObject& org) {
  return org.has(OrgRole::regulator) || org.has(OrgRole::verifier);
}

bool judge_target(Judgement& judgement, const Dispute& payload) {
  const State& state = judgement.state();
  const bool known = org_of_target(state, payload.target).has_value();
  const std::uint64_t from = from_height_of(payload.target);
  const std::uint64_t height = judgement.block().height.value;
  return judgement.require(known && from <= height, Reason::dispute_target_unknown, [&] {
    return Numbers{{"target", known ? target_id(state, payload.target) : "unknown"},
                   {"from_height", std::to_string(from)},
                   {"height", std::to_string(height)}};
  });
}

bool judge_grounds(Judgement& judgement, const Dispute& payload) {
  const State& state = judgement.state();
  const bool is_told = !payload.report || does_concern(state, *payload.report, payload.target);
  const auto& list = payload.evidence;
  const bool ascend = std::ranges::adjacent_find(list, std::ranges::greater_equal{}) == list.end();
  return judgement.require(is_told, Reason::report_unknown, [&] {
    return Numbers{{"report", payload.report ? payload.report->text : "none"},
                   {"target", target_id(state, payload.target)}};
  }) && judgement.require(ascend, Reason::list_not_ascending, [] {
    return Numbers{{"field", "evidence"}};
  }) && std::ranges::all_of(list, [&](const ObjectId& id) {
           return judgement.require(state.find<EvidenceObject>(id).has_value(),
                                    Reason::evidence_unknown,
                                    [&] { return Numbers{{"evidence", id.text}}; });
         });
}

// The issuer's own open dispute on the same target, which is no renewal itself.
bool judge_renewal(Judgement& judgement, const Dispute& payload) {
  if (!payload.renews) return true;
  const auto earlier = judgement.state().find<DisputeObject>(*payload.renews);
  const bool may_renew = earlier && payload.renews->org() == judgement.issuer() &&
                         earlier->payload.target == payload.target && !earlier->payload.renews &&
                         earlier->is_open(judgement.block().time.seconds());
  return judgement.require(may_renew, Reason::dispute_not_renewable,
                           [&] { return Numbers{{"renews", payload.renews->text}}; });
}

// Nobody disputes the same twice for the same reason, except by the one renewal.
bool judge_first(Judgement& judgement, const Dispute& payload,
                 const std::optional<TargetObject>& target) {
  std::size_t count = 0;
  std::optional<ObjectId> before;
  if (target) {
    count = target->disputes.size();
    for (const DisputeMark& mark : target->disputes) {
      const bool is_mine = mark.dispute.org() == judgement.issuer();
      if (is_mine && mark.ground == payload.ground) before = mark.dispute;
    }
  }
  const bool is_repeated = before && !payload.renews;
  return judgement.require(!is_repeated, Reason::disputed_before, [&] {
    return Numbers{{"earlier", before ? before->text : "none"}};
  }) && judgement.require(count < kDisputesPerTargetMax, Reason::disputes_too_many, [&] {
    return Numbers{{"disputes", std::to_string(count)},
                   {"limit", std::to_string(kDisputesPerTargetMax)}};
  });
}

}  // namespace

bool judge(Judgement& judgement, const Dispute& payload) {
  State& state = judgement.state();
  if (!judge_target(judgement, payload) || !judge_grounds(judgement, payload) ||
      !judge_renewal(judgement, payload)) {
    return false;
  }
  const std::string id = target_id(state, payload.target);
  auto target = state.get<TargetObject>(id);
  if (!judge_first(judgement, payload, target)) return false;
  const ObjectId own{judgement.object_id()};
  DisputeObject dispute;
  dispute.record = judgement.record_info();
  dispute.payload = payload;
  dispute.freezes = freezes_by_itself(judgement.org());
  const std::uint64_t until_s = dispute.freezes ? dispute.lapses_at_s() : 0;
  if (payload.renews) {
    auto earlier = state.find<DisputeObject>(*payload.renews);
    earlier->renewed_by = own;
    state.put(payload.renews->text, *earlier);
  }
  if (!target) target.emplace();
  target->disputes.push_back({own, payload.ground, from_height_of(payload.target), until_s});
  state.put(id, *target);
  state.put(crypto::to_hex(judgement.statement().id), DisputeById{own});
  judgement.create(dispute);
  return true;
}

bool judge_seconding(Judgement& judgement, const Consent& payload) {
  State& state = judgement.state();
  const auto found = state.get<DisputeById>(crypto::to_hex(payload.statement));
  if (!found) return true;
  const bool may_second =
      freezes_by_itself(judgement.org()) && found->dispute.org() != judgement.issuer();
  if (!judgement.require(may_second, Reason::seconder_unfit,
                         [&] { return Numbers{{"dispute", found->dispute.text}}; })) {
    return false;
  }
  auto dispute = state.find<DisputeObject>(found->dispute);
  if (dispute->freezes || !dispute->is_open(judgement.block().time.seconds())) return true;
  dispute->freezes = true;
  dispute->seconded_by = judgement.issuer();
  state.put(found->dispute.text, *dispute);
  set_freeze(state, found->dispute, *dispute, dispute->lapses_at_s());
  return true;
}

void set_freeze(State& state, const ObjectId& id, const DisputeObject& dispute,
                std::uint64_t until_s) {
  const std::string target_text = target_id(state, dispute.payload.target);
  auto target = state.get<TargetObject>(target_text);
  assert(target.has_value());
  const auto mark = std::ranges::find(target->disputes, id, &DisputeMark::dispute);
  assert(mark != target->disputes.end());
  mark->frozen_until_s = until_s;
  state.put(target_text, *target);
}

}  // namespace treeproof::ledger
