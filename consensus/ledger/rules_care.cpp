#include "consensus/ledger/rules_care.h"

#include <algorithm>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/campaign_objects.h"

namespace treeproof::ledger {

namespace {

// Within the policy's days after the planting; trees of unknown age count from their registration.
bool is_owed(const StateReader& state, const BatchObject& batch, std::int32_t day) {
  if (!batch.campaign) return false;
  const auto campaign = find<CampaignObject>(state, *batch.campaign);
  const std::uint64_t until = campaign->payload.policy.replacement_until_days;
  const std::int64_t planted = batch.planted_to.value_or(TimeMs{batch.record.time_s * 1'000}.day());
  return until > 0 && day <= planted + static_cast<std::int64_t>(std::min(until, kQuantityMax));
}

TreeCode dead_as(TreeCode was, bool owed) {
  if (!is_held(was)) return TreeCode::dead_unallocated;
  return owed ? TreeCode::dead_owed : TreeCode::dead_not_owed;
}

std::optional<OrgId> first_of_group(const StateReader& state, const std::vector<OrgId>& parties,
                                    const OrgId& conflict_group) {
  const auto shares = std::ranges::find_if(parties, [&](const OrgId& party) {
    return get<OrgObject>(state, party.text)->conflict_group == conflict_group;
  });
  return shares == parties.end() ? std::nullopt : std::optional(*shares);
}

}  // namespace

std::optional<OrgId> party_of_group(const StateReader& state, const PlotObject& plot,
                                    const ObjectId& plot_id, const OrgId& conflict_group) {
  return first_of_group(state, {plot_id.org(), plot.holder}, conflict_group);
}

std::optional<OrgId> party_of_group(const StateReader& state, const BatchObject& batch,
                                    const ObjectId& batch_id, const OrgId& conflict_group) {
  std::vector<OrgId> parties{batch_id.org(), batch.holder};
  if (batch.campaign) {
    parties.push_back(batch.campaign->org());
    const auto campaign = find<CampaignObject>(state, *batch.campaign);
    assert(campaign.has_value());
    if (campaign->payload.sponsor) parties.push_back(*campaign->payload.sponsor);
  }
  return first_of_group(state, parties, conflict_group);
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
         judgement.require(day >= earliest.value_or(kFirstDateDay),
                           Reason::observed_before_planting, numbers);
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

void let_die(Judgement& judgement, TreeBooks& books, const Ranges& ranges, std::int32_t day) {
  State& state = judgement.state();
  const bool owed = is_owed(state, books.batch(), day);
  std::vector<DeathRun> deaths;
  std::vector<std::pair<TreeCode, Ranges>> moves;
  for (const TreeCode was : kLiveCodes) moves.emplace_back(was, books.that_are(was, ranges));
  for (const auto& [was, trees] : moves) {
    books.move(trees, was, dead_as(was, owed));
    if (owed && is_held(was)) owe_units(state, books.id(), trees);
    for (const Range& range : trees) {
      deaths.push_back({range.from, range.count, was, ObjectId{judgement.object_id()}});
    }
  }
  std::ranges::sort(deaths, {}, &DeathRun::from);
  note_deaths(state, books.id(), deaths);
}

}  // namespace treeproof::ledger
