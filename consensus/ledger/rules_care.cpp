#include "consensus/ledger/rules_care.h"

#include <algorithm>
#include <map>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/plot_objects.h"

namespace treeproof::ledger {

namespace {

constexpr TreeCode kLiveCodes[] = {TreeCode::unverified, TreeCode::available, TreeCode::allocated};

// Within the policy's days after the planting; trees of unknown age count from their registration.
bool is_owed(const StateReader& state, const BatchObject& batch, std::int32_t day) {
  if (!batch.campaign) return false;
  const auto campaign = find<CampaignObject>(state, *batch.campaign);
  const std::uint64_t until = campaign->payload.policy.replacement_until_days;
  const std::int64_t planted = batch.planted_to.value_or(TimeMs{batch.record.time_s * 1'000}.day());
  return until > 0 && day <= planted + static_cast<std::int64_t>(std::min(until, kQuantityMax));
}

TreeCode dead_as(TreeCode was, bool owed) {
  if (was != TreeCode::allocated) return TreeCode::dead_unallocated;
  return owed ? TreeCode::dead_owed : TreeCode::dead_not_owed;
}

// The stretches of live trees in the ranges, ascending, by what they are.
std::vector<DeathRun> deaths_in(const Ranges& ranges, TreeCodes& codes, const ObjectId& record) {
  std::vector<DeathRun> deaths;
  for (const Range& range : ranges) {
    for (const TreeCode code : kLiveCodes) {
      codes.each_run(code, range.from, range.count, [&](auto from, auto count) {
        deaths.push_back({from, count, code, record});
        return true;
      });
    }
  }
  std::ranges::sort(deaths, {}, &DeathRun::from);
  return deaths;
}

Ranges trees_that_were(const std::vector<DeathRun>& deaths, TreeCode code) {
  Ranges ranges;
  for (const DeathRun& death : deaths) {
    if (death.was == code) ranges.push_back({death.from, death.count});
  }
  return ranges;
}

// Batch, campaign and plot lose live trees.
void keep_books(State& state, BatchObject& batch, const Attachment& leaves,
                const std::vector<DeathRun>& deaths, bool owed) {
  auto plot = batch.plot ? state.find<PlotObject>(*batch.plot) : std::nullopt;
  for (const TreeCode was : kLiveCodes) {
    const auto counts = count_by_species(batch, leaves, trees_that_were(deaths, was));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      const auto move = [&](TreeTally& trees) { trees.move(was, dead_as(was, owed), counts[i]); };
      move(batch.species[i].trees);
      if (plot) vacate(*plot, batch.unit, batch.species[i], counts[i]);
      if (!batch.campaign) continue;
      change_tally(state, *batch.campaign, batch.species[i].species,
                   [&](CampaignTally& tally) { move(tally.trees); });
    }
  }
  if (plot) state.put(batch.plot->text, *plot);
}

// The units of these trees are owed another.
void owe_units(State& state, const ObjectId& batch_id, const Ranges& trees) {
  std::map<ObjectId, std::vector<LinkRun>> by_redemption;
  for (LinkRun& run : links_of_trees(state, batch_id, trees)) {
    by_redemption[run.redeem].push_back(std::move(run));
  }
  for (const auto& [id, runs] : by_redemption) {
    auto redemption = state.find<RedemptionObject>(id);
    UnitCodes codes(state, id, redemption->payload.units);
    for (const LinkRun& run : runs) {
      codes.set(run.unit_from, run.count, UnitCode::owed);
      redemption->units.move(UnitCode::allocated, UnitCode::owed, run.count);
    }
    redemption->pages_root = codes.commit(state);
    state.put(id.text, *redemption);
  }
}

}  // namespace

std::optional<OrgId> party_of_group(const StateReader& state, const BatchObject& batch,
                                    const ObjectId& batch_id, const OrgId& conflict_group) {
  std::vector<OrgId> parties{batch_id.org()};
  if (batch.campaign) {
    parties.push_back(batch.campaign->org());
    const auto campaign = find<CampaignObject>(state, *batch.campaign);
    assert(campaign.has_value());
    if (campaign->payload.sponsor) parties.push_back(*campaign->payload.sponsor);
  }
  const auto shares = std::ranges::find_if(parties, [&](const OrgId& party) {
    return get<OrgObject>(state, party.text)->conflict_group == conflict_group;
  });
  return shares == parties.end() ? std::nullopt : std::optional(*shares);
}

bool judge_independence(Judgement& judgement, const BatchObject& batch, const ObjectId& batch_id) {
  const OrgId& group = judgement.org().conflict_group;
  const auto party = party_of_group(judgement.state(), batch, batch_id, group);
  return judgement.require(!party, Reason::verifier_conflict, [&] {
    return Numbers{{"party", party ? party->text : "none"}, {"conflict_group", group.text}};
  });
}

bool judge_member_ranges(Judgement& judgement, std::string_view field, const Ranges& ranges,
                         std::uint64_t members) {
  const auto invalid = first_invalid(ranges, members);
  return judgement.require(!invalid, Reason::ranges_invalid, [&] {
    return Numbers{{"field", std::string(field)},
                   {"range", invalid ? std::to_string(*invalid) : "none"},
                   {"members", std::to_string(members)}};
  });
}

bool judge_care_day(Judgement& judgement, std::int32_t day,
                    const std::optional<std::int32_t>& earliest) {
  const std::int32_t block_day = judgement.block().day();
  const auto numbers = [&] {
    return Numbers{{"day", std::to_string(day)},
                   {"planted", earliest ? std::to_string(*earliest) : "unknown"},
                   {"block_day", std::to_string(block_day)}};
  };
  return judgement.require(day <= block_day + 1, Reason::observed_in_future, numbers) &&
         judgement.require(!earliest || day >= *earliest, Reason::observed_before_planting,
                           numbers);
}

bool judge_live(Judgement& judgement, const ObjectId& batch, const Ranges& ranges,
                TreeCodes& codes) {
  std::optional<std::uint64_t> gone;
  for (const Range& range : ranges) {
    const std::uint64_t end = range.from + range.count;
    for (std::uint64_t tree = range.from; tree < end && !gone; ++tree) {
      if (!is_live(codes.at(tree))) gone = tree;
    }
  }
  return judgement.require(!gone, Reason::tree_not_live, [&] {
    if (!gone) return Numbers{{"trees", std::to_string(members_in(ranges))}};
    return Numbers{{"tree", MemberId::of(batch, *gone).text},
                   {"state", std::string(name(codes.at(*gone)))}};
  });
}

AttachmentPtr judge_leaves(Judgement& judgement, const BatchObject& batch) {
  AttachmentPtr leaves = judgement.state().attachment(batch.leaves.root);
  const bool held = judgement.require(leaves != nullptr, Reason::earlier_attachment_missing, [&] {
    return Numbers{{"root", crypto::to_hex(batch.leaves.root)}};
  });
  return held ? leaves : nullptr;
}

std::vector<std::uint64_t> count_by_species(const BatchObject& batch, const Attachment& leaves,
                                            std::span<const Range> ranges) {
  std::vector<std::uint64_t> counts(batch.species.size());
  const auto& species = leaves.trees()->species;
  for (const Range& range : ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) ++counts[species[range.from + i]];
  }
  return counts;
}

void let_die(Judgement& judgement, const ObjectId& batch_id, BatchObject batch, TreeCodes& codes,
             const Attachment& leaves, const Ranges& ranges, std::int32_t day) {
  State& state = judgement.state();
  const bool owed = is_owed(state, batch, day);
  const auto deaths = deaths_in(ranges, codes, ObjectId{judgement.object_id()});
  for (const DeathRun& death : deaths) {
    codes.set(death.from, death.count, dead_as(death.was, owed));
  }
  keep_books(state, batch, leaves, deaths, owed);
  if (owed) owe_units(state, batch_id, trees_that_were(deaths, TreeCode::allocated));
  note_deaths(state, batch_id, deaths);
  batch.pages_root = codes.commit(state);
  state.put(batch_id.text, batch);
}

}  // namespace treeproof::ledger
