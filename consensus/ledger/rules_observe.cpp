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

// The planter is who looks after the batch now; of its owner's other organisations, and of those
// who handed it over, verifiers alone tell deaths.
Witness witness_of(const Judgement& judgement, const BatchObject& batch, const ObjectId& id,
                   const StateReader& state) {
  if (batch.holder == judgement.issuer()) return Witness::self_reported;
  if (!judgement.org().has(OrgRole::verifier)) return Witness::reported;
  const OrgId& group = judgement.org().conflict_group;
  for (const OrgId& own : {id.org(), batch.holder}) {
    if (get<OrgObject>(state, own.text)->conflict_group == group) return Witness::self_reported;
  }
  return party_of_group(state, batch, id, group) ? Witness::reported : Witness::verified;
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
    const std::uint64_t there = trees.total() - trees.sum_of(kVoidedCodes);
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
bool judge_dead(Judgement& judgement, const Observe& payload, TreeBooks& books) {
  const BatchObject& batch = books.batch();
  const auto named = books.trees().count_by_species(batch.species.size(), payload.dead);
  for (std::size_t i = 0; i < batch.species.size(); ++i) {
    const std::uint64_t recorded = batch.species[i].trees.sum_of(kDeadCodes);
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
  TreeBooks books(state, payload.plant, *std::move(batch));
  const BatchObject& own = books.batch();
  const bool holds = judge_care_day(judgement, payload.day, own.planted_to) &&
                     judge_member_ranges(judgement, "dead", payload.dead, own.size()) &&
                     judgement.require(payload.dead.empty() != payload.cause.has_value(),
                                       Reason::cause_mismatch) &&
                     judge_species(judgement, payload, own) &&
                     judge_counts(judgement, payload, own) &&
                     judge_live(judgement, payload.plant, payload.dead, books.codes()) &&
                     books.judge_leaves(judgement) && judge_dead(judgement, payload, books);
  if (!holds) return false;
  const Witness witness = witness_of(judgement, own, payload.plant, state);
  if (!payload.dead.empty() && witness != Witness::reported) {
    let_die(judgement, books, payload.dead, payload.day);
    books.close();
  }
  judgement.create(ObservationObject{judgement.record_info(), payload, witness});
  return true;
}

}  // namespace treeproof::ledger
