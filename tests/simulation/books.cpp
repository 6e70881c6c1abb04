#include "tests/simulation/books.h"

namespace treeproof::simulation {

std::optional<std::string> Books::allocate(const ledger::AllocationLinks& links) {
  for (const ledger::LinkRange& range : links.ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) {
      const Member unit{range.redeem.text, range.unit_from + i};
      const Member tree{range.plant.text, range.tree_from + i};
      const bool exist = unit.second < batches_[unit.first] && tree.second < batches_[tree.first];
      if (!exist) return "a link names a unit or a tree that nobody recorded";
      if (!trees_of_units_.emplace(unit, tree).second) {
        return "unit " + std::to_string(unit.second) + " of " + unit.first + " gets two trees";
      }
      if (!given_trees_.insert(tree).second) {
        return "tree " + std::to_string(tree.second) + " of " + tree.first + " goes to two units";
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> Books::take(const replica::ExecutedBlock& block,
                                       const ledger::StateReader& state) {
  std::set<std::string> touched;
  for (const auto& statement : block.statements) {
    if (const auto* issue = std::get_if<ledger::IssuePoints>(&statement->payload)) {
      points_[issue->programme.text].issued += issue->grams;
      touched.insert(issue->programme.text);
    } else if (const auto* redeem = std::get_if<ledger::Redeem>(&statement->payload)) {
      points_[redeem->programme.text].redeemed += redeem->grams;
      batches_[statement->object().text] = redeem->units;
      touched.insert(redeem->programme.text);
    } else if (const auto* plant = std::get_if<ledger::Plant>(&statement->payload)) {
      batches_[statement->object().text] = plant->leaves.count;
    }
  }
  for (const auto& links : block.effects.links) {
    if (auto wrong = allocate(links)) return wrong;
  }
  for (const std::string& id : touched) {
    const auto programme = ledger::find<ledger::ProgrammeObject>(state, {id});
    const Points& counted = points_.at(id);
    const bool same = programme && programme->issued == counted.issued &&
                      programme->redeemed == counted.redeemed && programme->refunded == 0;
    if (!same) return "the points of " + id + " are not what its statements say";
    if (counted.issued < counted.redeemed + programme->expired) {
      return "more points of " + id + " are redeemed than were issued";
    }
  }
  return std::nullopt;
}

}  // namespace treeproof::simulation
