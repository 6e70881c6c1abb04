// Rules of trees by themselves: the leaves of a plant or an inventory against its statement.
#include <algorithm>

#include "consensus/ledger/batch_draft.h"
#include "consensus/ledger/calendar.h"

namespace treeproof::ledger {

namespace {

// The rule that no leaf has a property, with the number of the first that has it.
bool require_none(Judgement& judgement, const std::optional<std::uint64_t>& first, Reason reason) {
  return judgement.require(
      !first, reason, [&] { return Numbers{{"leaf", first ? std::to_string(*first) : "none"}}; });
}

// I5: the statement's counts are those of the leaves.
bool judge_counts(Judgement& judgement, const BatchDraft& draft) {
  const TreeColumns& trees = draft.trees();
  const auto& species = draft.batch.species;
  const std::size_t highest = trees.species_counts.size();
  if (!judgement.require(highest <= species.size(), Reason::tree_species_unknown, [&] {
        return Numbers{{"index", std::to_string(highest - 1)},
                       {"species", std::to_string(species.size())}};
      })) {
    return false;
  }
  for (std::size_t i = 0; i < species.size(); ++i) {
    const std::uint64_t stated = species[i].trees.total();
    const std::uint64_t found = i < highest ? trees.species_counts[i] : 0;
    if (!judgement.require(stated == found, Reason::species_counts_mismatch, [&] {
          return Numbers{{"species", species[i].species.text},
                         {"stated", std::to_string(stated)},
                         {"found", std::to_string(found)}};
        })) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool judge_tree_form(Judgement& judgement, const BatchDraft& draft) {
  const auto& trees = draft.leaves->trees();
  if (!judgement.require(trees.has_value(), Reason::leaf_invalid,
                         [&] { return trees ? Numbers{} : trees.error().numbers; }) ||
      !judge_counts(judgement, draft)) {
    return false;
  }
  const std::uint32_t precision_m = draft.batch.precision_m;
  if (!judgement.require(precision_m <= kPrecisionMetresMax, Reason::precision_too_coarse, [&] {
        return Numbers{{"precision_m", std::to_string(precision_m)},
                       {"limit_m", std::to_string(kPrecisionMetresMax)}};
      })) {
    return false;
  }
  if (draft.batch.positions == Positions::plot) {
    return require_none(judgement, trees->placed, Reason::tree_position_unexpected);
  }
  return require_none(judgement, trees->unplaced, Reason::tree_position_missing) &&
         require_none(judgement, trees->descending, Reason::trees_not_ascending);
}

bool judge_tree_days(Judgement& judgement, const BatchDraft& draft) {
  const BatchObject& batch = draft.batch;
  const TreeColumns& trees = draft.trees();
  const std::int32_t block_day = judgement.block().day();
  const auto numbers = [&] {
    const auto text = [](std::optional<std::int32_t> day) {
      return day ? std::to_string(*day) : "none";
    };
    return Numbers{{"planted_from", text(batch.planted_from)},
                   {"planted_to", text(batch.planted_to)},
                   {"first_leaf_day", text(trees.first_day)},
                   {"last_leaf_day", text(trees.last_day)},
                   {"block_day", std::to_string(block_day)}};
  };
  const bool in_future = batch.planted_to && *batch.planted_to > block_day + 1;
  if (batch.source == BatchSource::inventory) {
    return judgement.require(!in_future, Reason::planted_in_future, numbers);
  }
  const bool is_period =
      kFirstDateDay <= *batch.planted_from && *batch.planted_from <= *batch.planted_to;
  if (!judgement.require(is_period, Reason::period_invalid, numbers) ||
      !require_none(judgement, trees.undated, Reason::tree_day_missing)) {
    return false;
  }
  const bool within =
      *batch.planted_from <= *trees.first_day && *trees.last_day <= *batch.planted_to;
  if (!judgement.require(within, Reason::tree_day_outside, numbers) ||
      !judgement.require(!in_future, Reason::planted_in_future, numbers)) {
    return false;
  }
  if (!draft.campaign || draft.is_replacement()) return true;
  const Window& window = draft.campaign->terms.plant_window;
  const bool open = window.from_day <= *batch.planted_from && *batch.planted_to <= window.to_day;
  if (!judgement.require(open, Reason::plant_window_closed, [&] {
        return Numbers{{"planted_from", std::to_string(*batch.planted_from)},
                       {"planted_to", std::to_string(*batch.planted_to)},
                       {"window_from_day", std::to_string(window.from_day)},
                       {"window_to_day", std::to_string(window.to_day)}};
      })) {
    return false;
  }
  if (draft.mode() != Mode::pledge_first) return true;
  const auto pledged_at = TimeMs{draft.pledge->record.time_s * 1'000};
  const std::int64_t earliest =
      pledged_at.day() - static_cast<std::int64_t>(judgement.parameters().field_delay_days);
  return judgement.require(*batch.planted_from >= earliest, Reason::planted_before_pledge, [&] {
    return Numbers{{"planted_from", std::to_string(*batch.planted_from)},
                   {"pledge_day", std::to_string(pledged_at.day())},
                   {"earliest", std::to_string(earliest)}};
  });
}

}  // namespace treeproof::ledger
