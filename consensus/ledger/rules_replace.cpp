// Rules of `replace`: trees take the places of dead or voided ones, one by one; a unit that was
// owed a tree has the successor from then on (I3, I13).
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

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

// What the lists of a batch say of its trees, read once however many stretches a run falls into.
struct Past {
  std::vector<LinkRun> links;       // ascending by tree
  std::vector<std::uint64_t> lost;  // the height at which each tree was last told dead or void
};

// What the runs have taken so far.
struct Succession {
  std::map<ObjectId, TreeBooks> books;
  std::map<ObjectId, Past> pasts;
  std::map<ObjectId, std::map<std::uint64_t, std::uint64_t>> taken;  // successors: from, end
  std::vector<LinkRange> links;
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

// A batch of the runs: the issuer's, in the campaign, planted by nobody of the verifier's owner,
// and in no dispute (I12, I15).
bool judge_batch(Judgement& judgement, const Replace& payload, const ObjectId& id,
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

// Both sides of every run, each batch once.
bool judge_sides(Judgement& judgement, const Replace& payload, std::span<const ReplaceLeaf> runs) {
  std::map<ObjectId, std::uint64_t> members;
  const auto judge_side = [&](const ObjectId& id, const Range& trees) {
    const auto known = members.find(id);
    if (known != members.end()) {
      return judge_member_ranges(judgement, "runs", {trees}, known->second);
    }
    if (!judge_batch(judgement, payload, id, trees)) return false;
    members[id] = judgement.state().find<BatchObject>(id)->size();
    return true;
  };
  return std::ranges::all_of(runs, [&](const ReplaceLeaf& run) {
    return judge_side(run.from, {run.from_tree, run.count}) &&
           judge_side(run.to, {run.to_tree, run.count});
  });
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

const Past& past_of(const State& state, Succession& succession, TreeBooks& books) {
  const auto [entry, is_fresh] = succession.pasts.try_emplace(books.id());
  Past& past = entry->second;
  if (!is_fresh) return past;
  past.links = links_by_tree(state, books.id());
  past.lost.resize(books.batch().size());
  ObjectId record;
  std::uint64_t height = 0;
  for (const DeathRun& death : deaths_of(state, books.id(), {{0, past.lost.size()}})) {
    if (death.record != record) height = record_of(state, death.record)->height;
    record = death.record;
    std::fill_n(past.lost.begin() + static_cast<std::ptrdiff_t>(death.from), death.count, height);
  }
  return past;
}

// Each tree takes the place of one: I13.
bool judge_untaken(Judgement& judgement, const ReplaceLeaf& run, Succession& succession) {
  const auto [entry, is_fresh] = succession.taken.try_emplace(run.to);
  auto& taken = entry->second;
  if (is_fresh) {
    for (const Range& trees : successors_in(judgement.state(), run.to)) {
      taken.emplace(trees.from, trees.from + trees.count);
    }
  }
  const std::uint64_t end = run.to_tree + run.count;
  auto after = taken.upper_bound(run.to_tree);
  if (after != taken.begin() && std::prev(after)->second > run.to_tree) --after;
  const bool is_taken = after != taken.end() && after->first < end;
  const bool holds = judgement.require(!is_taken, Reason::successor_taken, [&] {
    if (!is_taken) return Numbers{{"batch", run.to.text}};
    return Numbers{{"tree", MemberId::of(run.to, std::max(run.to_tree, after->first)).text}};
  });
  if (holds) taken.emplace(run.to_tree, end);
  return holds;
}

// The successors of trees that no unit waits for were registered after the loss: so the campaign
// has no fewer trees than it was redeemed against (I4).
bool judge_unredeemed(Judgement& judgement, std::uint64_t lost_height, TreeBooks& to,
                      bool is_reserved) {
  const std::uint64_t planted = to.batch().record.height;
  return judgement.require(planted > lost_height, Reason::successor_older, [&] {
    return Numbers{{"batch", to.id().text},
                   {"recorded_height", std::to_string(planted)},
                   {"loss_height", std::to_string(lost_height)}};
  }) && judgement.require(!is_reserved, Reason::successor_reserved, [&] {
    return Numbers{{"batch", to.id().text}};
  });
}

// The stretches of a run's predecessors with one code each, in order.
struct Part {
  Range lost;
  TreeCode code{};
};
std::vector<Part> parts_of(const ReplaceLeaf& run, TreeBooks& from) {
  std::vector<Part> parts;
  for (const TreeCode code : kReplaceable) {
    for (const Range& range : from.that_are(code, {{run.from_tree, run.count}})) {
      parts.push_back({range, code});
    }
  }
  std::ranges::sort(parts, {}, [](const Part& part) { return part.lost.from; });
  return parts;
}

// Those that take the places of the parts that are owed, or of the others.
Ranges successors_among(const ReplaceLeaf& run, std::span<const Part> parts, bool owed) {
  Ranges trees;
  for (const Part& part : parts) {
    if (is_owed(part.code) != owed) continue;
    trees.push_back({run.to_tree + (part.lost.from - run.from_tree), part.lost.count});
  }
  return trees;
}

bool judge_parts(Judgement& judgement, const ReplaceLeaf& run, std::span<const Part> parts,
                 const Past& past, TreeBooks& to) {
  std::uint64_t height = 0;
  for (const Part& part : parts) {
    if (is_owed(part.code)) continue;
    const auto first = past.lost.begin() + static_cast<std::ptrdiff_t>(part.lost.from);
    const auto end = first + static_cast<std::ptrdiff_t>(part.lost.count);
    height = std::max(height, *std::max_element(first, end));
  }
  const Ranges successors = successors_among(run, parts, false);
  return successors.empty() ||
         judge_unredeemed(judgement, height, to, !to.that_are(reserved, successors).empty());
}

void give_units(const ReplaceLeaf& run, std::span<const Part> parts, const Past& past,
                TreeBooks& to, Succession& succession) {
  for (const Part& part : parts) {
    if (!is_owed(part.code)) continue;
    const std::uint64_t to_tree = run.to_tree + (part.lost.from - run.from_tree);
    std::ranges::move(
        successor_links(past.links, {run.from, part.lost.from, run.to, to_tree, part.lost.count}),
        std::back_inserter(succession.links));
  }
  const Ranges successors = successors_among(run, parts, true);
  for (const TreeCode code : kUsable) {
    const Ranges trees = to.that_are(code, successors);
    if (code == available && !trees.empty()) succession.takes_available = true;
    to.move(trees, code, allocated);
  }
}

void note_lineage(Judgement& judgement, const ReplaceLeaf& run, std::span<const Part> parts) {
  std::vector<SuccessorRun> successors;
  for (const Part& part : parts) {
    const std::uint64_t to_tree = run.to_tree + (part.lost.from - run.from_tree);
    successors.push_back(
        {part.lost.from, part.lost.count, run.to, to_tree, ObjectId{judgement.object_id()}});
  }
  note_successors(judgement.state(), run.from, successors);
}

bool judge_run(Judgement& judgement, const ReplaceLeaf& run, Succession& succession) {
  TreeBooks* from = books_of(judgement, succession, run.from);
  TreeBooks* to = from ? books_of(judgement, succession, run.to) : nullptr;
  if (to == nullptr) return false;
  const Range lost{run.from_tree, run.count};
  if (!judge_codes(judgement, *from, lost, kReplaceable, Reason::tree_not_replaceable) ||
      !judge_codes(judgement, *to, {run.to_tree, run.count}, kUsable, Reason::tree_not_available) ||
      !judge_untaken(judgement, run, succession)) {
    return false;
  }
  const Past& past = past_of(judgement.state(), succession, *from);
  const std::vector<Part> parts = parts_of(run, *from);
  if (!judge_parts(judgement, run, parts, past, *to)) return false;
  give_units(run, parts, past, *to, succession);
  for (const TreeCode code : kReplaceable) {
    from->move(from->that_are(code, {lost}), code, replaced_as(code));
  }
  note_lineage(judgement, run, parts);
  return true;
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
  std::set<ObjectId> seen;
  for (const LinkRange& range : ranges) {
    if (!seen.insert(range.redeem).second) continue;
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
  if (!runs || !judge_sides(judgement, payload, *runs)) return false;
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
