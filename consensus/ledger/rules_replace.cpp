// Rules of `replace`: trees take the places of dead or voided ones, one by one; a unit that was
// owed a tree has the successor from then on (I3, I13).
#include <algorithm>
#include <iterator>
#include <map>

#include "consensus/ledger/disputes.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/succession.h"

namespace treeproof::ledger {

namespace {

using enum TreeCode;
constexpr TreeCode kReplaceable[] = {dead_unallocated, dead_owed, voided_unallocated, voided_owed};
constexpr TreeCode kUsable[] = {available, reserved};

bool is_one_of(std::span<const TreeCode> codes, TreeCode code) {
  return std::ranges::find(codes, code) != codes.end();
}
bool is_owed(TreeCode code) { return code == dead_owed || code == voided_owed; }
TreeCode replaced_as(TreeCode code) {
  return code == dead_owed || code == dead_unallocated ? dead_replaced : voided_replaced;
}

// What the runs have taken so far.
struct Succession {
  std::map<ObjectId, TreeBooks> books;
  std::vector<LinkRange> links;
  std::vector<std::pair<ObjectId, SuccessorRun>> successors;
  bool takes_available = false;  // for a unit, that others may wait for
};

bool judge_verifier(Judgement& judgement, const Replace& payload) {
  const auto org = judgement.state().get<OrgObject>(payload.verifier.text);
  const bool is_verifier = org && org->has(OrgRole::verifier) && !org->suspended;
  return judgement.require(is_verifier, Reason::verifier_unknown,
                           [&] { return Numbers{{"org", payload.verifier.text}}; });
}

std::optional<std::vector<ReplaceLeaf>> judge_runs(Judgement& judgement, const Attachment& runs) {
  const std::size_t count = runs.leaf_count();
  std::vector<ReplaceLeaf> decoded;
  std::optional<std::size_t> invalid;
  for (std::size_t i = 0; i < count && count <= kReplaceRunsMax && !invalid; ++i) {
    auto run = decode<ReplaceLeaf>(runs.leaf(i));
    if (!run) invalid = i;
    if (run) decoded.push_back(*std::move(run));
  }
  std::uint64_t links = 0;
  bool is_empty = false;
  for (const ReplaceLeaf& run : decoded) {
    is_empty = is_empty || run.count == 0;
    links += std::min<std::uint64_t>(run.count, kLinksMax + 1);
  }
  const auto limited = [](std::uint64_t found, std::uint64_t limit) {
    return Numbers{{"found", std::to_string(found)}, {"limit", std::to_string(limit)}};
  };
  const bool holds = judgement.require(!invalid, Reason::leaf_invalid, [&] {
    return Numbers{{"leaf", invalid ? std::to_string(*invalid) : "none"}};
  }) && judgement.require(count <= kReplaceRunsMax, Reason::runs_too_many, [&] {
    return limited(count, kReplaceRunsMax);
  }) && judgement.require(!is_empty, Reason::empty, [] {
    return Numbers{{"field", "count"}};
  }) && judgement.require(links <= kLinksMax, Reason::links_too_many, [&] {
    return limited(links, kLinksMax);
  });
  return holds ? std::optional(std::move(decoded)) : std::nullopt;
}

// One side of a run: the issuer's batch, in the campaign, judged by nobody of the verifier's owner,
// and in no dispute (I12, I15).
bool judge_side(Judgement& judgement, const Replace& payload, const ObjectId& id,
                const Range& trees) {
  const State& state = judgement.state();
  const auto batch = state.find<BatchObject>(id);
  const auto which = [&] { return Numbers{{"batch", id.text}}; };
  if (!judgement.require(batch.has_value(), Reason::batch_unknown, which) ||
      !judgement.require(batch->holder == judgement.issuer(), Reason::batch_not_own, which) ||
      !judgement.require(batch->campaign == payload.campaign, Reason::batch_not_in_campaign,
                         which) ||
      !judge_member_ranges(judgement, "runs", {trees}, batch->size())) {
    return false;
  }
  const OrgId group = state.get<OrgObject>(payload.verifier.text)->conflict_group;
  const auto party = party_of_group(state, *batch, id, group);
  return judgement.require(!party, Reason::verifier_conflict,
                           [&] {
                             return Numbers{{"party", party ? party->text : "none"},
                                            {"conflict_group", group.text}};
                           }) &&
         judge_unfrozen(judgement, id,
                        freeze_of_batch(state, judgement.block().time.seconds(), id, *batch));
}

TreeBooks* books_of(Judgement& judgement, Succession& succession, const ObjectId& id) {
  const auto known = succession.books.find(id);
  if (known != succession.books.end()) return &known->second;
  State& state = judgement.state();
  TreeBooks books(state, id, *state.find<BatchObject>(id));
  if (!books.judge_leaves(judgement)) return nullptr;
  return &succession.books.emplace(id, std::move(books)).first->second;
}

bool judge_codes(Judgement& judgement, TreeBooks& books, const Range& trees,
                 std::span<const TreeCode> wanted, Reason reason) {
  std::optional<std::uint64_t> other;
  for (std::uint64_t i = trees.from; i < trees.from + trees.count && !other; ++i) {
    if (!is_one_of(wanted, books.codes().at(i))) other = i;
  }
  return judgement.require(!other, reason, [&] {
    if (!other) return Numbers{{"batch", books.id().text}};
    return Numbers{{"tree", MemberId::of(books.id(), *other).text},
                   {"state", std::string(name(books.codes().at(*other)))}};
  });
}

// The height at which the last of these trees was told dead or void.
std::uint64_t lost_at(const State& state, const ObjectId& id, const Range& trees) {
  std::uint64_t height = 0;
  for (const DeathRun& death : deaths_of(state, id, {trees})) {
    height = std::max(height, record_of(state, death.record)->height);
  }
  return height;
}

// The successors of trees that no unit waits for were registered after the loss: so the campaign
// has no fewer trees than it was redeemed against (I4).
bool judge_unredeemed(Judgement& judgement, const ReplaceLeaf& run, TreeBooks& from,
                      TreeBooks& to) {
  const Range lost{run.from_tree, run.count};
  const std::uint64_t height = lost_at(judgement.state(), from.id(), lost);
  const std::uint64_t planted = to.batch().record.height;
  const bool is_reserved = !to.that_are(reserved, {{run.to_tree, run.count}}).empty();
  return judgement.require(planted > height, Reason::successor_older, [&] {
    return Numbers{{"batch", run.to.text},
                   {"recorded_height", std::to_string(planted)},
                   {"loss_height", std::to_string(height)}};
  }) && judgement.require(!is_reserved, Reason::successor_reserved, [&] {
    return Numbers{{"batch", run.to.text}};
  });
}

// One stretch of predecessors with one code.
bool judge_part(Judgement& judgement, const ReplaceLeaf& part, TreeCode lost, TreeBooks& from,
                TreeBooks& to, Succession& succession) {
  State& state = judgement.state();
  const Ranges successors{{part.to_tree, part.count}};
  if (!is_owed(lost)) {
    if (!judge_unredeemed(judgement, part, from, to)) return false;
  } else {
    std::ranges::move(successor_links(state, part), std::back_inserter(succession.links));
    for (const TreeCode code : kUsable) {
      const Ranges trees = to.that_are(code, successors);
      if (code == available && !trees.empty()) succession.takes_available = true;
      to.move(trees, code, allocated);
    }
  }
  from.move({{part.from_tree, part.count}}, lost, replaced_as(lost));
  note_successors(
      state, part.from,
      {part.from_tree, part.count, part.to, part.to_tree, ObjectId{judgement.object_id()}});
  return true;
}

bool judge_run(Judgement& judgement, const ReplaceLeaf& run, Succession& succession) {
  TreeBooks* from = books_of(judgement, succession, run.from);
  TreeBooks* to = from ? books_of(judgement, succession, run.to) : nullptr;
  if (to == nullptr) return false;
  const Range lost{run.from_tree, run.count};
  const Range new_ones{run.to_tree, run.count};
  const auto taken = first_successor(judgement.state(), run.to, new_ones);
  if (!judge_codes(judgement, *from, lost, kReplaceable, Reason::tree_not_replaceable) ||
      !judge_codes(judgement, *to, new_ones, kUsable, Reason::tree_not_available) ||
      !judgement.require(!taken, Reason::successor_taken, [&] {
        if (!taken) return Numbers{{"batch", run.to.text}};
        return Numbers{{"tree", MemberId::of(run.to, *taken).text}};
      })) {
    return false;
  }
  std::vector<std::pair<Range, TreeCode>> parts;
  for (const TreeCode code : kReplaceable) {
    for (const Range& range : from->that_are(code, {lost})) parts.emplace_back(range, code);
  }
  std::ranges::sort(parts, {}, [](const auto& part) { return part.first.from; });
  return std::ranges::all_of(parts, [&](const auto& part) {
    const auto& [range, code] = part;
    const std::uint64_t to_tree = run.to_tree + (range.from - run.from_tree);
    const ReplaceLeaf leaf{run.from, range.from, run.to, to_tree, range.count};
    return judge_part(judgement, leaf, code, *from, *to, succession);
  });
}

// Plant-first, I4: units that wait for a tree come before those that are owed another.
bool judge_available(Judgement& judgement, const Replace& payload, const Succession& succession) {
  if (!succession.takes_available) return true;
  const State& state = judgement.state();
  const auto campaign = state.find<CampaignObject>(*payload.campaign);
  if (campaign->payload.mode != Mode::plant_first) return true;
  std::vector<CampaignTally> rows{campaign_tally(state, *payload.campaign)};
  for (const Price& price : campaign->terms.species) {
    rows.push_back(campaign_tally(state, *payload.campaign, price.species));
  }
  return std::ranges::all_of(rows, [&](const CampaignTally& row) {
    return judgement.require(row.waiting() <= row.trees[available], Reason::units_unavailable, [&] {
      return Numbers{{"waiting", std::to_string(row.waiting())},
                     {"available", std::to_string(row.trees[available])}};
    });
  });
}

bool judge_links(Judgement& judgement, const Replace& payload,
                 const std::vector<LinkRange>& ranges) {
  const State& state = judgement.state();
  for (const LinkRange& range : ranges) {
    const auto record = record_of(state, range.redeem);
    const auto freeze =
        freeze_of_record(state, judgement.block().time.seconds(), range.redeem, *record);
    if (!judge_unfrozen(judgement, range.redeem, freeze)) return false;
  }
  std::optional<LinksRef> derived;
  if (!ranges.empty()) {
    const auto links = links_of(state, ranges);
    if (!judgement.require(links.has_value(), Reason::earlier_attachment_missing,
                           [&] { return links ? Numbers{} : links.error().numbers; })) {
      return false;
    }
    derived = *links;
  }
  return judgement.require(derived == payload.links, Reason::links_stale, [&] {
    const auto root = [](const auto& l) { return l ? crypto::to_hex(l->root) : "none"; };
    const auto count = [](const auto& l) { return std::to_string(l ? l->count : 0); };
    return Numbers{{"stated_root", root(payload.links)},
                   {"stated_count", count(payload.links)},
                   {"derived_root", root(derived)},
                   {"derived_count", count(derived)}};
  });
}

// The units have a tree again, and their links lead to it.
void give_trees(State& state, const std::vector<LinkRange>& ranges) {
  UnitsByRedemption units;
  std::map<ObjectId, std::vector<LinkRange>> by_batch;
  for (const LinkRange& range : ranges) {
    units[range.redeem].push_back({range.unit_from, range.count});
    by_batch[range.plant].push_back(range);
  }
  move_units(state, units, UnitCode::owed, UnitCode::allocated);
  for (const auto& [id, links] : by_batch) note_links(state, id, links);
}

}  // namespace

bool judge(Judgement& judgement, const Replace& payload) {
  State& state = judgement.state();
  const bool known = !payload.campaign || state.find<CampaignObject>(*payload.campaign);
  if (!judgement.require(known, Reason::campaign_unknown,
                         [&] {
                           return Numbers{
                               {"campaign", payload.campaign ? payload.campaign->text : "none"}};
                         }) ||
      !judge_verifier(judgement, payload)) {
    return false;
  }
  const auto runs = judge_runs(judgement, *state.attachment(payload.runs.root));
  if (!runs) return false;
  for (const ReplaceLeaf& run : *runs) {
    if (!judge_side(judgement, payload, run.from, {run.from_tree, run.count}) ||
        !judge_side(judgement, payload, run.to, {run.to_tree, run.count})) {
      return false;
    }
  }
  Succession succession;
  for (const ReplaceLeaf& run : *runs) {
    if (!judge_run(judgement, run, succession)) return false;
  }
  if (!judge_available(judgement, payload, succession) ||
      !judge_links(judgement, payload, succession.links)) {
    return false;
  }
  for (auto& [id, books] : succession.books) books.close();
  give_trees(state, succession.links);
  judgement.create(ReplacementObject{judgement.record_info(), payload});
  if (!succession.links.empty()) {
    judgement.add_links({ObjectId{judgement.object_id()}, std::move(succession.links)});
  }
  return true;
}

}  // namespace treeproof::ledger
