// Rules of `verify`: who may judge a batch, what must be visited, how many must be rejected.
#include <algorithm>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/sample.h"

namespace treeproof::ledger {

namespace {

bool judge_ranges(Judgement& judgement, const Verify& payload, std::uint64_t members) {
  return judge_member_ranges(judgement, "visited", payload.visited, members) &&
         judge_member_ranges(judgement, "rejected", payload.rejected, members);
}

// The longest beginning of the drawn order that was visited: the sample that counts.
std::uint64_t visited_sample(const crypto::Hash& header_hash, const Verify& payload,
                             std::uint64_t members) {
  SampleDraw draw(header_hash, payload.plant, members);
  std::uint64_t size = 0;
  while (size < members && contains(payload.visited, draw.next())) ++size;
  return size;
}

std::uint64_t sample_minimum(Judgement& judgement, const BatchObject& batch) {
  std::uint64_t minimum = judgement.parameters().sample_minimum;
  if (batch.campaign) {
    minimum =
        judgement.state().find<CampaignObject>(*batch.campaign)->payload.policy.sample_minimum;
  }
  return std::clamp<std::uint64_t>(minimum, 1, batch.size());
}

// How many trees the failures are counted against; 0 after a refusal.
std::uint64_t judge_visited(Judgement& judgement, const Verify& payload, const BatchObject& batch) {
  const std::uint64_t members = batch.size();
  if (payload.method == VerifyMethod::full) {
    const std::uint64_t visited = members_in(payload.visited);
    const bool holds = judgement.require(visited == members, Reason::visited_incomplete, [&] {
      return Numbers{{"visited", std::to_string(visited)}, {"trees", std::to_string(members)}};
    });
    return holds ? members : 0;
  }
  const std::uint64_t drawn_from = batch.record.height + 1;
  const auto beacon = judgement.state().get<BeaconObject>(std::to_string(drawn_from));
  const bool known = beacon && beacon->header_hash;
  if (!judgement.require(known, Reason::sample_too_early, [&] {
        return Numbers{{"height", std::to_string(judgement.block().height.value)},
                       {"from_height", std::to_string(drawn_from + 1)}};
      })) {
    return 0;
  }
  const std::uint64_t sample = visited_sample(*beacon->header_hash, payload, members);
  const std::uint64_t minimum = sample_minimum(judgement, batch);
  const bool holds = judgement.require(sample >= minimum, Reason::sample_not_visited, [&] {
    return Numbers{{"drawn_and_visited", std::to_string(sample)},
                   {"sample_minimum", std::to_string(minimum)},
                   {"header_height", std::to_string(drawn_from)}};
  });
  return holds ? sample : 0;
}

// As large a share of the batch as failed of the sample, rounded up; at most what is left to
// reject.
bool judge_failures(Judgement& judgement, const Verify& payload, const BatchObject& batch,
                    std::uint64_t sample) {
  const std::uint64_t visited = members_in(payload.visited);
  if (!judgement.require(payload.failures <= visited, Reason::failures_too_many, [&] {
        return Numbers{{"failures", std::to_string(payload.failures)},
                       {"visited", std::to_string(visited)}};
      })) {
    return false;
  }
  const std::uint64_t rejected = members_in(payload.rejected);
  const std::uint64_t share = (batch.size() * payload.failures + sample - 1) / sample;
  const std::uint64_t needed = std::min(share, batch.trees()[TreeCode::unverified]);
  return judgement.require(rejected >= needed, Reason::rejected_too_few, [&] {
    return Numbers{{"rejected", std::to_string(rejected)},
                   {"needed", std::to_string(needed)},
                   {"failures", std::to_string(payload.failures)},
                   {"sample", std::to_string(sample)}};
  });
}

bool judge_rejected(Judgement& judgement, const Verify& payload, TreeCodes& codes) {
  for (const Range& range : payload.rejected) {
    std::uint64_t unverified = 0;
    codes.each_run(TreeCode::unverified, range.from, range.count, [&](auto, std::uint64_t count) {
      unverified += count;
      return true;
    });
    if (!judgement.require(unverified == range.count, Reason::rejected_not_unverified, [&] {
          return Numbers{{"from", std::to_string(range.from)},
                         {"count", std::to_string(range.count)},
                         {"unverified", std::to_string(unverified)}};
        })) {
      return false;
    }
  }
  return true;
}

// Marks what was rejected, makes the rest of the unverified trees available, and keeps the books.
void apply(Judgement& judgement, const Verify& payload, BatchObject& batch, TreeCodes& codes,
           const Attachment& leaves) {
  State& state = judgement.state();
  for (const Range& range : payload.rejected) {
    codes.set(range.from, range.count, TreeCode::rejected);
  }
  std::vector<Range> accepted;
  codes.each_run(TreeCode::unverified, 0, codes.members(), [&](auto from, auto count) {
    accepted.push_back({from, count});
    return true;
  });
  for (const Range& range : accepted) codes.set(range.from, range.count, TreeCode::available);

  auto plot = batch.plot ? state.find<PlotObject>(*batch.plot) : std::nullopt;
  const std::vector<std::uint64_t> rejected = count_by_species(batch, leaves, payload.rejected);
  for (std::size_t i = 0; i < rejected.size(); ++i) {
    BatchSpecies& part = batch.species[i];
    const std::uint64_t decided = part.trees[TreeCode::unverified];
    const auto move = [&](TreeTally& trees) {
      trees.move(TreeCode::unverified, TreeCode::rejected, rejected[i]);
      trees.move(TreeCode::unverified, TreeCode::available, decided - rejected[i]);
    };
    move(part.trees);
    if (batch.campaign) {
      change_tally(state, *batch.campaign, part.species,
                   [&](CampaignTally& tally) { move(tally.trees); });
    }
    if (plot) vacate(*plot, batch.unit, part, rejected[i]);
  }
  if (plot) state.put(batch.plot->text, *plot);
  batch.verification = ObjectId{judgement.object_id()};
  batch.pages_root = codes.commit(state);
  state.put(payload.plant.text, batch);
  judgement.create(VerifyObject{judgement.record_info(), payload});
}

}  // namespace

bool judge(Judgement& judgement, const Verify& payload) {
  State& state = judgement.state();
  auto batch = state.find<BatchObject>(payload.plant);
  const auto which = [&] { return Numbers{{"batch", payload.plant.text}}; };
  if (!judgement.require(batch.has_value(), Reason::batch_unknown, which) ||
      !judge_independence(judgement, *batch, payload.plant)) {
    return false;
  }
  const bool is_open = batch->trees()[TreeCode::unverified] > 0;
  if (!judgement.require(is_open, Reason::nothing_unverified, which) ||
      !judge_ranges(judgement, payload, batch->size())) {
    return false;
  }
  const std::uint64_t sample = judge_visited(judgement, payload, *batch);
  if (sample == 0 || !judge_failures(judgement, payload, *batch, sample)) return false;
  TreeCodes codes(state, payload.plant, batch->size());
  if (!judge_rejected(judgement, payload, codes)) return false;
  const AttachmentPtr leaves = judge_leaves(judgement, *batch);
  if (leaves == nullptr) return false;
  apply(judgement, payload, *batch, codes, *leaves);
  return true;
}

}  // namespace treeproof::ledger
