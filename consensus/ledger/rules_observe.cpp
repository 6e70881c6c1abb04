// Rules of `observe`: what somebody saw of a batch. No death hides in its counts: each is named by
// its ranges, and dies where planter or verifier says so.
#include <algorithm>

#include "consensus/ledger/rules_care.h"

namespace treeproof::ledger {

namespace {

constexpr TreeCode kDeadCodes[] = {TreeCode::dead_unallocated, TreeCode::dead_not_owed,
                                   TreeCode::dead_owed, TreeCode::dead_replaced};
constexpr TreeCode kVoidedCodes[] = {TreeCode::voided_unallocated, TreeCode::voided_not_owed,
                                     TreeCode::voided_owed, TreeCode::voided_replaced};

std::uint64_t sum_of(const TreeTally& trees, std::span<const TreeCode> codes) {
  std::uint64_t sum = 0;
  for (const TreeCode code : codes) sum += trees[code];
  return sum;
}

Witness witness_of(const Judgement& judgement, const BatchObject& batch, const ObjectId& id,
                   const StateReader& state) {
  const OrgId& group = judgement.org().conflict_group;
  if (get<OrgObject>(state, id.org().text)->conflict_group == group) return Witness::self_reported;
  const bool is_verifier = judgement.org().has(OrgRole::verifier);
  const bool is_independent = !party_of_group(state, batch, id, group);
  return is_verifier && is_independent ? Witness::verified : Witness::reported;
}

bool judge_species(Judgement& judgement, const Observe& payload, const BatchObject& batch) {
  const bool same = std::ranges::equal(payload.species, batch.species, {},
                                       &ObservedSpecies::species, &BatchSpecies::species);
  return judgement.require(same, Reason::observed_species_mismatch, [&] {
    return Numbers{{"stated", std::to_string(payload.species.size())},
                   {"species", std::to_string(batch.species.size())}};
  });
}

// I5: alive, dead and unknown are all that is planted and not voided.
bool judge_counts(Judgement& judgement, const Observe& payload, const BatchObject& batch) {
  for (std::size_t i = 0; i < batch.species.size(); ++i) {
    const ObservedSpecies& seen = payload.species[i];
    const TreeTally& trees = batch.species[i].trees;
    const std::uint64_t there = trees.total() - sum_of(trees, kVoidedCodes);
    const bool bounded = seen.alive <= there && seen.dead <= there && seen.unknown <= there;
    const bool adds_up = bounded && seen.alive + seen.dead + seen.unknown == there;
    if (!judgement.require(adds_up, Reason::species_counts_mismatch, [&] {
          return Numbers{{"species", seen.species.text},
                         {"alive", std::to_string(seen.alive)},
                         {"dead", std::to_string(seen.dead)},
                         {"unknown", std::to_string(seen.unknown)},
                         {"found", std::to_string(there)}};
        })) {
      return false;
    }
  }
  return true;
}

// The dead are cumulative, and each is named once.
bool judge_dead(Judgement& judgement, const Observe& payload, const BatchObject& batch,
                const Attachment& leaves) {
  const auto named = count_by_species(batch, leaves, payload.dead);
  for (std::size_t i = 0; i < batch.species.size(); ++i) {
    const std::uint64_t recorded = sum_of(batch.species[i].trees, kDeadCodes);
    const std::uint64_t dead = payload.species[i].dead;
    if (!judgement.require(dead == recorded + named[i], Reason::deaths_mismatch, [&] {
          return Numbers{{"species", batch.species[i].species.text},
                         {"dead", std::to_string(dead)},
                         {"recorded", std::to_string(recorded)},
                         {"named", std::to_string(named[i])}};
        })) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool judge(Judgement& judgement, const Observe& payload) {
  State& state = judgement.state();
  auto batch = state.find<BatchObject>(payload.plant);
  if (!judgement.require(batch.has_value(), Reason::batch_unknown,
                         [&] { return Numbers{{"batch", payload.plant.text}}; })) {
    return false;
  }
  TreeCodes codes(state, payload.plant, batch->size());
  const bool holds = judge_care_day(judgement, payload.day, batch->planted_to) &&
                     judge_member_ranges(judgement, "dead", payload.dead, batch->size()) &&
                     judgement.require(payload.dead.empty() != payload.cause.has_value(),
                                       Reason::cause_mismatch) &&
                     judge_species(judgement, payload, *batch) &&
                     judge_counts(judgement, payload, *batch) &&
                     judge_live(judgement, payload.plant, payload.dead, codes);
  if (!holds) return false;
  const AttachmentPtr leaves = judge_leaves(judgement, *batch);
  if (leaves == nullptr || !judge_dead(judgement, payload, *batch, *leaves)) return false;
  const Witness witness = witness_of(judgement, *batch, payload.plant, state);
  if (!payload.dead.empty() && witness != Witness::reported) {
    let_die(judgement, payload.plant, *batch, codes, *leaves, payload.dead, payload.day);
  }
  judgement.create(ObservationObject{judgement.record_info(), payload, witness});
  return true;
}

}  // namespace treeproof::ledger
