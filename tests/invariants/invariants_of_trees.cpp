// I3, I5, I10 to I17: units, trees and what is said of them.
#include <algorithm>
#include <set>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/overrides.h"
#include "tests/invariants/inventory.h"

namespace treeproof::invariants {

using namespace ledger;

namespace {

using Member = std::pair<std::string, std::uint64_t>;

std::string member(const Member& of) { return of.first + "#" + std::to_string(of.second); }

// The units that trees of a batch hold or held.
std::map<std::uint64_t, Member> units_of(const Inventory& all, const std::string& id) {
  std::map<std::uint64_t, Member> units;
  const Ranges whole{{0, all.batches.at(id).size()}};
  for (const LinkRun& run : links_of_trees(all.reader, {id}, whole)) {
    for (std::uint64_t i = 0; i < run.count; ++i) {
      units[run.tree_from + i] = {run.redeem.text, run.unit_from + i};
    }
  }
  return units;
}

bool needs_a_unit(TreeCode code) {
  return is_held(code) || code == TreeCode::dead_owed || code == TreeCode::voided_owed;
}

}  // namespace

void one_tree_one_unit(const Inventory& all, Verdict& verdict) {
  std::map<Member, Member> holders;  // by unit: the tree that it holds, or is owed another for
  for (const auto& [id, codes] : all.trees) {
    const auto units = units_of(all, id);
    for (std::uint64_t i = 0; i < codes.size(); ++i) {
      if (!needs_a_unit(codes[i])) continue;
      const Member tree{id, i};
      const auto unit = units.find(i);
      verdict.require(unit != units.end(), [&] { return member(tree) + " holds no unit"; });
      if (unit == units.end()) continue;
      const auto [holder, is_first] = holders.emplace(unit->second, tree);
      verdict.require(is_first, [&, other = holder->second] {
        return member(unit->second) + " has " + member(other) + " and " + member(tree);
      });
      const UnitCode code = all.units.at(unit->second.first).at(unit->second.second);
      const UnitCode wanted = is_held(codes[i]) ? UnitCode::allocated : UnitCode::owed;
      verdict.require(code == wanted, [&] {
        return member(tree) + " is " + std::string(name(codes[i])) + ", its unit " +
               member(unit->second) + " " + std::string(name(code));
      });
    }
  }
  for (const auto& [id, codes] : all.units) {
    for (std::uint64_t i = 0; i < codes.size(); ++i) {
      if (codes[i] != UnitCode::owed) continue;
      verdict.require(holders.contains({id, i}),
                      [&] { return member({id, i}) + " is owed a tree for none"; });
    }
  }
}

void batches_add_up(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, batch] : all.batches) {
    TreeTally counted;
    for (const TreeCode code : all.trees.at(id)) ++counted[code];
    TreeCodes codes(all.reader, {id}, batch.size());
    verdict.require(counted == batch.trees() && counted.total() == batch.size() &&
                        codes.root() == batch.pages_root,
                    [&, of = std::string_view(id)] {
                      return told(of, {{"trees", batch.size()},
                                       {"summed", batch.trees().total()},
                                       {"live", batch.trees().live()},
                                       {"live counted", counted.live()}});
                    });
  }
  for (const auto& [id, observation] : all.observations) {
    std::uint64_t seen = 0;
    for (const ObservedSpecies& part : observation.payload.species) {
      seen += part.alive + part.dead + part.unknown;
    }
    const std::uint64_t size = all.batches.at(observation.payload.plant.text).size();
    verdict.require(seen <= size, [&, of = std::string_view(id)] {
      return told(of, {{"counted", seen}, {"trees", size}});
    });
  }
}

void photos_once(const Inventory& all, Verdict& verdict) {
  for (const auto& [hash, use] : all.photos) {
    verdict.require(all.batches.contains(use.batch.text),
                    [&] { return "photo " + hash + " proves " + use.batch.text; });
  }
}

void nothing_from_the_future(const Inventory& all, Verdict& verdict) {
  constexpr std::int32_t kFieldDelayDays = 180;
  const auto not_later = [&](const std::string& id, const RecordInfo& record, std::int32_t day) {
    const auto block_day = static_cast<std::int32_t>(record.time_s / 86'400);
    verdict.require(day <= block_day + 1, [&] {
      return "of " + id + ": day=" + std::to_string(day) +
             ", block day=" + std::to_string(block_day);
    });
  };
  for (const auto& [id, batch] : all.batches) {
    if (batch.planted_to) not_later(id, batch.record, *batch.planted_to);
    if (!batch.pledge) continue;
    const RecordInfo& pledge = all.pledges.at(batch.pledge->text).record;
    const auto pledged = static_cast<std::int32_t>(pledge.time_s / 86'400);
    verdict.require(*batch.planted_from >= pledged - kFieldDelayDays, [&] {
      return "of " + id + ": planted=" + std::to_string(*batch.planted_from) +
             ", pledged=" + std::to_string(pledged);
    });
  }
  for (const auto& [id, photo] : all.evidence) not_later(id, photo.record, photo.payload.day);
  for (const auto& [id, seen] : all.observations) {
    not_later(id, seen.record, seen.payload.day);
    const auto& planted = all.batches.at(seen.payload.plant.text).planted_from;
    verdict.require(!planted || seen.payload.day >= *planted, [&] {
      return "of " + id + ": day=" + std::to_string(seen.payload.day) +
             ", planted=" + std::to_string(*planted);
    });
  }
}

void verifiers_independent(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, verification] : all.verifications) {
    const BatchObject& batch = all.batches.at(verification.payload.plant.text);
    std::set<std::string> parties{verification.payload.plant.org().text};
    if (batch.campaign) {
      const CampaignObject& campaign = all.campaigns.at(batch.campaign->text);
      parties.insert(batch.campaign->org().text);
      if (campaign.payload.sponsor) parties.insert(campaign.payload.sponsor->text);
    }
    const std::string verifier = ObjectId{id}.org().text;
    for (const std::string& party : parties) {
      verdict.require(all.group_of(verifier) != all.group_of(party),
                      [&] { return "of " + id + ": " + verifier + " is kin of " + party; });
    }
  }
}

void replacements_one_to_one(const Inventory& all, Verdict& verdict) {
  std::map<Member, Member> successors;
  std::map<Member, Member> predecessors;
  for (const auto& [id, batch] : all.batches) {
    for (const SuccessorRun& run : successors_of(all.reader, {id}, {{0, batch.size()}})) {
      for (std::uint64_t i = 0; i < run.count; ++i) {
        const Member lost{id, run.from + i};
        const Member next{run.to.text, run.to_tree + i};
        const bool fresh =
            successors.emplace(lost, next).second && predecessors.emplace(next, lost).second;
        verdict.require(fresh, [&] { return member(lost) + " or " + member(next) + " twice"; });
        const TreeCode code = all.trees.at(id).at(lost.second);
        const bool gone = code == TreeCode::dead_replaced || code == TreeCode::voided_replaced;
        verdict.require(gone, [&] { return member(lost) + " is " + std::string(name(code)); });
      }
    }
  }
  for (const auto& [first, second] : successors) {
    Member at = second;
    std::size_t steps = 0;
    for (auto next = successors.find(at); next != successors.end() && at != first;
         next = successors.find(at)) {
      at = next->second;
      if (++steps > successors.size()) break;
    }
    verdict.require(at != first && steps <= successors.size(),
                    [&] { return member(first) + " succeeds itself"; });
  }
  for (const auto& [id, campaign] : all.campaigns) {
    std::uint64_t replacing = 0;
    for (const auto& [name, batch] : all.batches) {
      const bool is_meant =
          batch.campaign && batch.campaign->text == id && batch.purpose == Purpose::replacement;
      for (std::uint64_t i = 0; is_meant && i < batch.size(); ++i) {
        replacing += is_live(all.trees.at(name)[i]) && !predecessors.contains({name, i});
      }
    }
    const std::uint64_t held = campaign_tally(all.reader, {id}).replacing;
    verdict.require(held == replacing, [&, of = std::string_view(id)] {
      return told(of, {{"replacing", held}, {"replacing counted", replacing}});
    });
  }
}

void corrections_only_lower(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, correction] : all.corrections) {
    const std::string& target = correction.payload.target.text;
    if (const auto* lower = std::get_if<CorrectCapacity>(&correction.payload.change)) {
      const std::uint64_t capacity = all.plots.at(target).payload.capacity;
      verdict.require(capacity <= lower->value, [&, of = std::string_view(id)] {
        return told(of, {{"capacity", capacity}, {"corrected", lower->value}});
      });
    } else if (const auto* gone = std::get_if<CorrectVoid>(&correction.payload.change)) {
      for (const Range& range : gone->ranges) {
        for (std::uint64_t i = range.from; i < range.from + range.count; ++i) {
          const TreeCode code = all.trees.at(target).at(i);
          verdict.require(!is_live(code), [&] {
            return member({target, i}) + " was voided and is " + std::string(name(code));
          });
        }
      }
    }
  }
}

void frozen_not_given(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, allocation] : all.allocations) {
    const AttachmentPtr runs = all.reader.attachment(allocation.payload.runs.root);
    if (!runs) continue;
    std::set<std::string> touched{allocation.payload.campaign.text};
    for (std::size_t i = 0; i < runs->leaf_count(); ++i) {
      const auto run = decode<RunLeaf>(runs->leaf(i));
      if (!run) continue;
      touched.insert(run->plant.text);
      const auto& plot = all.batches.at(run->plant.text).plot;
      if (plot) touched.insert(plot->text);
    }
    for (const auto& [name, dispute] : all.disputes) {
      const auto* record = std::get_if<DisputedRecord>(&dispute.payload.target);
      const bool froze = dispute.freezes && !dispute.seconded_by && record != nullptr &&
                         touched.contains(record->id.text) &&
                         dispute.record.log_index < allocation.record.log_index &&
                         allocation.record.time_s <= dispute.lapses_at_s();
      const bool was_over =
          dispute.resolution && dispute.resolution->height <= allocation.record.height;
      verdict.require(!froze || was_over, [&, frozen = record] {
        return "of " + id + ": " + frozen->id.text + " was frozen by " + name;
      });
    }
  }
}

void refs_unique(const Inventory& all, Verdict& verdict) {
  std::map<crypto::Hash, std::string> statements;
  for (const auto& [id, record] : all.records) {
    const auto [first, fresh] = statements.emplace(record.statement, id);
    verdict.require(
        fresh, [&, other = first->second] { return "one statement made " + other + " and " + id; });
  }
}

void within_limits(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, batch] : all.batches) {
    const std::uint64_t n = batch.size();
    verdict.require(n > 0 && n <= kAttachmentLeavesMax, [&, of = std::string_view(id)] {
      return told(of, {{"trees", n}, {"at most", kAttachmentLeavesMax}});
    });
  }
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> by_index;  // height, time
  for (const auto& [id, record] : all.records) {
    by_index[record.log_index] = {record.height, record.time_s};
  }
  std::pair<std::uint64_t, std::uint64_t> last{};
  for (const auto& [index, at] : by_index) {
    verdict.require(last.first <= at.first && last.second <= at.second, [&, i = index, now = at] {
      return told("an entry of the log",
                  {{"index", i}, {"height", now.first}, {"time_s", now.second}});
    });
    last = at;
  }
  for (const auto& [id, programme] : all.programmes) {
    verdict.require(programme.issued <= kQuantityMax, [&, of = std::string_view(id)] {
      return told(of, {{"issued", programme.issued}, {"at most", kQuantityMax}});
    });
  }
}

}  // namespace treeproof::invariants
