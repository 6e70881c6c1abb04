// Rules of `verify`: who may judge a batch, what must be visited, how many must be rejected.
#include <algorithm>
#include <utility>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_verify.h"
#include "consensus/ledger/sample.h"

namespace treeproof::ledger {

namespace {

bool judge_ranges(Judgement& judgement, const Verify& payload, std::uint64_t members) {
  return judge_member_ranges(judgement, "visited", payload.visited, members) &&
         judge_member_ranges(judgement, "rejected", payload.rejected, members);
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
  const std::uint64_t drawn_from = batch.beacon;
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
  const std::uint64_t needed = std::min(share, batch.trees().open());
  return judgement.require(rejected >= needed, Reason::rejected_too_few, [&] {
    return Numbers{{"rejected", std::to_string(rejected)},
                   {"needed", std::to_string(needed)},
                   {"failures", std::to_string(payload.failures)},
                   {"sample", std::to_string(sample)}};
  });
}

bool judge_rejected(Judgement& judgement, const Verify& payload, TreeBooks& books) {
  for (const Range& range : payload.rejected) {
    std::uint64_t open = 0;
    for (const TreeCode code : kOpenCodes) open += members_in(books.that_are(code, {range}));
    if (!judgement.require(open == range.count, Reason::rejected_not_unverified, [&] {
          return Numbers{{"from", std::to_string(range.from)},
                         {"count", std::to_string(range.count)},
                         {"unverified", std::to_string(open)}};
        })) {
      return false;
    }
  }
  return true;
}

TreeCode accepted_as(TreeCode open, Purpose purpose) {
  if (open == TreeCode::doubted) return TreeCode::allocated;
  return purpose == Purpose::replacement ? TreeCode::reserved : TreeCode::available;
}

// What was accepted once, and is not now, is voided: available or allocated trees that a dispute
// put in doubt. The rest of the open trees is accepted.
void apply(Judgement& judgement, const Verify& payload, TreeBooks& books) {
  State& state = judgement.state();
  const ObjectId own{judgement.object_id()};
  const Ranges rejected = books.that_are(TreeCode::unverified, payload.rejected);
  books.move(rejected, TreeCode::unverified, TreeCode::rejected);
  void_trees(state, books, payload.rejected, own);
  for (const TreeCode code : kOpenCodes) {
    books.move(books.that_are(code), code, accepted_as(code, books.batch().purpose));
  }
  const auto previous = std::exchange(books.batch().verification, own);
  books.close();
  judgement.create(VerifyObject{judgement.record_info(), payload, previous});
}

}  // namespace

std::vector<ObjectId> verifications_of(const StateReader& state, const BatchObject& batch) {
  std::vector<ObjectId> all;
  for (auto id = batch.verification; id; id = find<VerifyObject>(state, *id)->previous) {
    all.push_back(*id);
  }
  return all;
}

std::uint64_t visited_sample(const crypto::Hash& header_hash, const Verify& verify,
                             std::uint64_t members) {
  SampleDraw draw(header_hash, verify.plant, members);
  std::uint64_t size = 0;
  while (size < members && contains(verify.visited, draw.next())) ++size;
  return size;
}

bool judge(Judgement& judgement, const Verify& payload) {
  State& state = judgement.state();
  const auto batch = state.find<BatchObject>(payload.plant);
  const auto which = [&] { return Numbers{{"batch", payload.plant.text}}; };
  if (!judgement.require(batch.has_value(), Reason::batch_unknown, which) ||
      !judge_independence(judgement, *batch, payload.plant)) {
    return false;
  }
  const bool is_open = batch->trees().open() > 0;
  if (!judgement.require(is_open, Reason::nothing_unverified, which) ||
      !judge_ranges(judgement, payload, batch->size())) {
    return false;
  }
  const std::uint64_t sample = judge_visited(judgement, payload, *batch);
  if (sample == 0 || !judge_failures(judgement, payload, *batch, sample)) return false;
  TreeBooks books(state, payload.plant, *batch);
  if (!judge_rejected(judgement, payload, books) || !books.judge_leaves(judgement)) return false;
  apply(judgement, payload, books);
  return true;
}

}  // namespace treeproof::ledger
