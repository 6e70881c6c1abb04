#include "rpc/replacement_plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/succession.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObjectId;
using ledger::Range;
using ledger::TreeCode;

// A stretch of trees of one batch that may be used.
struct Stretch {
  ObjectId batch;
  Range trees;
};

bool is_frozen(const ChainView& view, const ObjectId& id, const BatchObject& batch) {
  return ledger::freeze_of_batch(view, view.header().time.seconds(), id, batch).has_value();
}

std::vector<Range> that_are(const ChainView& view, const ObjectId& id, const BatchObject& batch,
                            TreeCode code) {
  std::vector<Range> found;
  ledger::TreeCodes(view, id, batch.size()).each_run(code, 0, batch.size(), [&](auto from, auto n) {
    found.push_back({from, n});
    return found.size() < kReplaceRunsMax;
  });
  return found;
}

// Without those that took the place of another tree already: `taken`, ascending.
void add_unused(const ObjectId& id, Range trees, std::span<const Range> taken,
                std::vector<Stretch>& out) {
  const std::uint64_t end = trees.from + trees.count;
  const auto is_before = [&](const Range& range) { return range.from + range.count <= trees.from; };
  auto next = std::ranges::partition_point(taken, is_before);
  std::uint64_t from = trees.from;
  for (; next != taken.end() && next->from < end; ++next) {
    if (next->from > from) out.push_back({id, {from, next->from - from}});
    from = next->from + next->count;
  }
  if (from < end) out.push_back({id, {from, end - from}});
}

// How many available trees of each species no unit waits for.
class Spare {
 public:
  Spare(const ChainView& view, const ObjectId& campaign) : view_(view), campaign_(campaign) {
    const auto object = ledger::find<ledger::CampaignObject>(view, campaign);
    assert(object.has_value());
    is_bounded_ = object->payload.mode == ledger::Mode::plant_first;
    of_all_ = ledger::campaign_tally(view, campaign).uncommitted();
  }
  bool take(const ledger::Code& species) {
    if (!is_bounded_) return true;
    const auto [of_one, is_fresh] = of_one_.try_emplace(species);
    if (is_fresh) {
      of_one->second = ledger::campaign_tally(view_, campaign_, species).uncommitted();
    }
    if (of_all_ == 0 || of_one->second == 0) return false;
    --of_all_;
    --of_one->second;
    return true;
  }

 private:
  const ChainView& view_;
  const ObjectId& campaign_;
  bool is_bounded_ = false;
  std::uint64_t of_all_ = 0;
  std::map<ledger::Code, std::uint64_t> of_one_;
};

// Cuts the stretches of available trees down to those that may be taken.
void add_spare(const ChainView& view, const BatchObject& batch, const Stretch& available,
               Spare& spare, std::vector<Stretch>& out) {
  const auto leaves = view.attachment(batch.leaves.root);
  if (!leaves) return;
  const ledger::CountedTrees trees(view, available.batch, batch, leaves);
  const std::uint64_t end = available.trees.from + available.trees.count;
  for (std::uint64_t i = available.trees.from; i < end; ++i) {
    if (!spare.take(batch.species[trees.species(i)].species)) continue;
    const bool joins = !out.empty() && out.back().batch == available.batch &&
                       out.back().trees.from + out.back().trees.count == i;
    if (!joins) out.push_back({available.batch, {i, 0}});
    ++out.back().trees.count;
  }
}

std::vector<Stretch> successors_for(const ChainView& view, const BatchObject& lost) {
  std::vector<Stretch> reserved;
  std::vector<Stretch> available;
  Spare spare(view, *lost.campaign);
  each_of_type(view, view.height(), BatchObject::kType,
               [&](const std::string& text, const crypto::Bytes& bytes) {
                 const ObjectId id{text};
                 const auto batch = ledger::decode_stored<BatchObject>(bytes);
                 const bool fits = batch.holder == lost.holder && batch.campaign == lost.campaign &&
                                   !is_frozen(view, id, batch);
                 if (!fits) return true;
                 const ledger::Ranges taken = ledger::successors_in(view, id);
                 for (const Range& trees : that_are(view, id, batch, TreeCode::reserved)) {
                   add_unused(id, trees, taken, reserved);
                 }
                 std::vector<Stretch> unused;
                 for (const Range& trees : that_are(view, id, batch, TreeCode::available)) {
                   add_unused(id, trees, taken, unused);
                 }
                 for (const Stretch& part : unused) add_spare(view, batch, part, spare, available);
                 return reserved.size() < kReplaceRunsMax;
               });
  std::ranges::move(available, std::back_inserter(reserved));
  return reserved;
}

}  // namespace

std::vector<ledger::ReplaceLeaf> propose_successors(const ChainView& view, const ObjectId& lost,
                                                    const BatchObject& batch) {
  std::vector<ledger::ReplaceLeaf> runs;
  if (!batch.campaign || batch.trees().owed() == 0 || is_frozen(view, lost, batch)) return runs;
  std::vector<Range> owed = that_are(view, lost, batch, TreeCode::dead_owed);
  std::ranges::move(that_are(view, lost, batch, TreeCode::voided_owed), std::back_inserter(owed));
  std::ranges::sort(owed, {}, &Range::from);
  std::vector<Stretch> successors = successors_for(view, batch);
  std::uint64_t links = kLinksMax;
  auto next = successors.begin();
  for (Range& trees : owed) {
    while (trees.count > 0 && next != successors.end()) {
      if (runs.size() == kReplaceRunsMax || links == 0) return runs;
      const std::uint64_t count = std::min({trees.count, next->trees.count, links});
      runs.push_back({lost, trees.from, next->batch, next->trees.from, count});
      trees = {trees.from + count, trees.count - count};
      next->trees = {next->trees.from + count, next->trees.count - count};
      links -= count;
      if (next->trees.count == 0) ++next;
    }
  }
  return runs;
}

std::expected<ReplacementPlan, ledger::Refusal> plan_replacement(
    const ChainView& view, std::vector<ledger::ReplaceLeaf> runs) {
  assert(!runs.empty() && runs.size() <= kReplaceRunsMax);
  std::vector<ledger::LinkRange> ranges;
  std::vector<crypto::Bytes> leaves;
  std::map<ObjectId, std::vector<ledger::LinkRun>> held;  // by batch
  for (const ledger::ReplaceLeaf& run : runs) {
    const auto [links, is_fresh] = held.try_emplace(run.from);
    if (is_fresh) links->second = ledger::links_by_tree(view, run.from);
    std::ranges::move(ledger::successor_links(links->second, run), std::back_inserter(ranges));
    leaves.push_back(ledger::encode(run));
  }
  const auto links = ledger::links_of(view, ranges);
  if (!links) return std::unexpected(links.error());
  return ReplacementPlan{std::move(runs), ledger::Attachment::build(leaves), *links,
                         std::move(ranges)};
}

}  // namespace treeproof::rpc
