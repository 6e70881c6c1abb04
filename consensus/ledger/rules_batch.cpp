// Rules of `plant` and `inventory`: trees under terms (campaign, pledge, species, evidence).
#include <algorithm>
#include <set>

#include "consensus/ledger/batch_draft.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/rules_campaign.h"
#include "consensus/ledger/tree_books.h"

namespace treeproof::ledger {

namespace {

// What units can be given stands on land that nobody else has registered (I7).
bool judge_plot(Judgement& judgement, BatchDraft& draft) {
  const bool needed = draft.batch.positions == Positions::plot || draft.batch.campaign;
  if (!judgement.require(draft.batch.plot || !needed, Reason::plot_required)) return false;
  if (!draft.batch.plot) return true;
  const ObjectId& id = *draft.batch.plot;
  const auto which = [&] { return Numbers{{"plot", id.text}}; };
  draft.plot = judgement.state().find<PlotObject>(id);
  return judgement.require(draft.plot.has_value(), Reason::plot_unknown, which) &&
         judgement.require(draft.plot->holder == judgement.issuer(), Reason::plot_not_own, which) &&
         judgement.require(!draft.plot->closed, Reason::plot_closed, which);
}

bool judge_campaign(Judgement& judgement, BatchDraft& draft) {
  if (!draft.batch.campaign) return true;
  const ObjectId& id = *draft.batch.campaign;
  const auto which = [&] { return Numbers{{"campaign", id.text}}; };
  draft.campaign = judgement.state().find<CampaignObject>(id);
  if (draft.campaign) draft.batch.unit = draft.campaign->payload.unit;
  if (!judgement.require(draft.campaign.has_value(), Reason::campaign_unknown, which) ||
      !judgement.require(names_planter(*draft.campaign, judgement.issuer()),
                         Reason::planter_not_in_campaign, which) ||
      (!draft.is_replacement() && !judge_open(judgement, id, *draft.campaign))) {
    return false;
  }
  return std::ranges::all_of(draft.batch.species, [&](const BatchSpecies& part) {
    return judgement.require(price_of(draft.campaign->terms, part.species) != nullptr,
                             Reason::species_not_in_campaign,
                             [&] { return Numbers{{"species", part.species.text}}; });
  });
}

// Registered, each once, and fit for the layer. Notes what a member takes of the plot.
bool judge_species(Judgement& judgement, BatchDraft& draft) {
  std::set<std::string_view> seen;
  const LandUse use = land_use(draft.batch.unit);
  for (BatchSpecies& part : draft.batch.species) {
    const auto which = [&] { return Numbers{{"species", part.species.text}}; };
    const auto species = judgement.state().get<Species>(part.species.text);
    const bool is_counted = part.trees.total() > 0;
    const bool is_new = seen.insert(part.species.text).second;
    if (!judgement.require(is_counted, Reason::empty, which) ||
        !judgement.require(is_new, Reason::species_repeated, which) ||
        !judgement.require(species.has_value(), Reason::species_unknown, which)) {
      return false;
    }
    if (!draft.plot) continue;
    const Layer layer = draft.plot->payload.layer;
    if (!judgement.require(fits(species->habit, layer), Reason::habit_unfit, [&] {
          return Numbers{{"species", part.species.text},
                         {"habit", std::string(name(species->habit))},
                         {"layer", std::string(name(layer))}};
        })) {
      return false;
    }
    if (use == LandUse::stems) part.space_mm2 = stem_space_mm2(*species);
    if (use == LandUse::area) {
      part.space_mm2 = draft.campaign->payload.unit_size * kSquareMillimetresPerSquareMetre;
    }
  }
  return true;
}

// Trees that stood before their registration were never promised.
bool judge_pledge(Judgement& judgement, BatchDraft& draft) {
  if (draft.batch.source == BatchSource::inventory) return true;
  const bool is_replacement = draft.is_replacement();
  const bool needed = draft.campaign && draft.mode() == Mode::pledge_first && !is_replacement;
  if (!judgement.require(draft.batch.pledge || !needed, Reason::pledge_required) ||
      !judgement.require(!draft.batch.pledge || !is_replacement, Reason::pledge_unexpected)) {
    return false;
  }
  if (!draft.batch.pledge) return true;
  const ObjectId& id = *draft.batch.pledge;
  draft.pledge = judgement.state().find<PledgeObject>(id);
  const auto which = [&] { return Numbers{{"pledge", id.text}}; };
  const bool known = draft.pledge && draft.pledge->payload.campaign == draft.batch.campaign;
  if (!judgement.require(known, Reason::pledge_unknown, which) ||
      !judgement.require(draft.pledge->holder == judgement.issuer(), Reason::pledge_not_own,
                         which)) {
    return false;
  }
  const PledgeObject& pledge = *draft.pledge;
  const auto& species = draft.batch.species;
  const bool of_species = species.size() == 1 && species[0].species == pledge.payload.species;
  return judgement.require(pledge.payload.plot == draft.batch.plot, Reason::pledge_plot_mismatch,
                           [&] { return Numbers{{"pledged_plot", pledge.payload.plot.text}}; }) &&
         judgement.require(
             of_species, Reason::pledge_species_mismatch,
             [&] { return Numbers{{"pledged_species", pledge.payload.species.text}}; }) &&
         judgement.require(draft.batch.size() <= pledge.unplanted(), Reason::pledge_exceeded, [&] {
           return Numbers{{"trees", std::to_string(draft.batch.size())},
                          {"open", std::to_string(pledge.unplanted())}};
         });
}

// I10: a photo proves one unvoided planting; other evidence may serve several.
bool judge_evidence(Judgement& judgement, const BatchDraft& draft, const EvidenceList& list) {
  State& state = judgement.state();
  const bool ascend = std::ranges::adjacent_find(list, std::ranges::greater_equal{}) == list.end();
  if (!judgement.require(ascend, Reason::list_not_ascending,
                         [] { return Numbers{{"field", "evidence"}}; })) {
    return false;
  }
  for (const ObjectId& id : list) {
    const auto evidence = state.find<EvidenceObject>(id);
    if (!judgement.require(evidence.has_value(), Reason::evidence_unknown,
                           [&] { return Numbers{{"evidence", id.text}}; })) {
      return false;
    }
    if (evidence->payload.kind != EvidenceKind::photo) continue;
    const std::string photo = crypto::to_hex(evidence->payload.sha256);
    auto use = state.get<PhotoUse>(photo);
    const auto earlier = use ? state.find<BatchObject>(use->batch) : std::nullopt;
    if (earlier && is_voided(*earlier)) use.reset();
    if (!judgement.require(!use, Reason::photo_used, [&] {
          return Numbers{{"evidence", id.text}, {"batch", use ? use->batch.text : "none"}};
        })) {
      return false;
    }
    state.put(photo, PhotoUse{draft.id});
  }
  return true;
}

// As many trees as units are owed one, those counted that are planted for it already.
bool judge_owed(Judgement& judgement, const BatchDraft& draft) {
  if (!draft.is_replacement()) return true;
  CampaignTally tally;
  if (draft.batch.campaign) tally = campaign_tally(judgement.state(), *draft.batch.campaign);
  const std::uint64_t owed = tally.trees.owed();
  const std::uint64_t open = owed - std::min(owed, tally.replacing);
  return judgement.require(draft.batch.size() <= open, Reason::replacement_not_owed, [&] {
    return Numbers{{"trees", std::to_string(draft.batch.size())},
                   {"owed", std::to_string(owed)},
                   {"planted_for_it", std::to_string(tally.replacing)}};
  });
}

// Terms, then leaves, then land: what is cheap to refuse comes first.
bool judge_batch(Judgement& judgement, BatchDraft& draft, const EvidenceList& evidence) {
  return judge_campaign(judgement, draft) && judge_owed(judgement, draft) &&
         judge_plot(judgement, draft) && judge_species(judgement, draft) &&
         judge_pledge(judgement, draft) && judge_tree_form(judgement, draft) &&
         judge_tree_days(judgement, draft) && judge_evidence(judgement, draft, evidence) &&
         judge_land(judgement, draft);
}

void register_batch(Judgement& judgement, BatchDraft& draft) {
  State& state = judgement.state();
  const std::uint64_t size = draft.batch.size();
  if (draft.pledge) {
    draft.pledge->planted += size;
    draft.plot->pledged -= size;
    state.put(draft.batch.pledge->text, *draft.pledge);
  }
  if (draft.plot) {
    state.put(draft.batch.plot->text, *draft.plot);
    const bool are_placed = draft.batch.positions != Positions::plot;
    append_placed(state, kPlotBatchesNamespace, draft.batch.plot->text,
                  {draft.id, are_placed ? *draft.trees().box : draft.plot->box});
  }
  if (draft.campaign) {
    for (const BatchSpecies& part : draft.batch.species) {
      change_tally(state, *draft.batch.campaign, part.species, [&](CampaignTally& tally) {
        tally.trees += part.trees;
        if (draft.is_replacement()) tally.replacing += part.trees.total();
      });
    }
  }
  // The sample of a verification is drawn from the header of the next height.
  draft.batch.beacon = judgement.block().height.next().value;
  state.put(std::to_string(draft.batch.beacon), BeaconObject{});
  draft.batch.record = judgement.record_info();
  draft.batch.holder = judgement.issuer();
  draft.batch.undated = draft.trees().undated_count;
  draft.batch.pages_root = fresh_pages_root(size);
  judgement.create(draft.batch);
}

template <class Payload>
BatchDraft draft_of(Judgement& judgement, const Payload& payload) {
  BatchDraft draft;
  draft.id = {judgement.object_id()};
  draft.leaves = judgement.state().attachment(payload.leaves.root);
  BatchObject& batch = draft.batch;
  batch.plot = payload.plot;
  batch.campaign = payload.campaign;
  batch.method = payload.method;
  batch.positions = payload.positions;
  batch.precision_m = payload.precision_m;
  batch.leaves = payload.leaves;
  for (const SpeciesCount& part : payload.species) {
    batch.species.push_back({part.species, {}, 0});
    batch.species.back().trees[TreeCode::unverified] = part.count;
  }
  return draft;
}

}  // namespace

bool judge(Judgement& judgement, const Plant& payload) {
  BatchDraft draft = draft_of(judgement, payload);
  draft.batch.source = BatchSource::plant;
  draft.batch.pledge = payload.pledge;
  draft.batch.purpose = payload.purpose;
  draft.batch.planted_from = payload.planted_from;
  draft.batch.planted_to = payload.planted_to;
  if (!judge_batch(judgement, draft, payload.evidence)) return false;
  register_batch(judgement, draft);
  return true;
}

bool judge(Judgement& judgement, const Inventory& payload) {
  const std::uint64_t until = judgement.parameters().history_until_day;
  const auto day = static_cast<std::uint64_t>(judgement.block().day());
  if (!judgement.require(!payload.campaign || day <= until, Reason::inventory_too_late, [&] {
        return Numbers{{"block_day", std::to_string(day)},
                       {"history_until_day", std::to_string(until)}};
      })) {
    return false;
  }
  BatchDraft draft = draft_of(judgement, payload);
  draft.batch.source = BatchSource::inventory;
  if (const auto& trees = draft.leaves->trees()) {
    draft.batch.planted_from = trees->first_day;
    draft.batch.planted_to = trees->last_day;
  }
  if (!judge_batch(judgement, draft, payload.evidence)) return false;
  register_batch(judgement, draft);
  return true;
}

}  // namespace treeproof::ledger
