// The verdict of the second ledger (book.h) on one statement, and its effect on the books.
// A verdict is the set of all reasons that speak against a statement: the implementation stops at
// the first, whichever it asks first, and that must be among them.
// Caller: the story. One thread. Source: docs/ledger.md.
#pragma once

#include "tests/unit/consensus/ledger/model/book.h"

namespace treeproof::ledger::model {

// The leaves beside a statement, as they were before they were encoded.
struct Beside {
  std::vector<PlantLeaf> trees;
  std::vector<RedeemLeaf> units;
  std::vector<RunLeaf> runs;
  std::vector<ReplaceLeaf> replacements;
};

// A unit and the tree that it gets.
using Pair = std::pair<UnitName, TreeName>;

class Model {
 public:
  // Records what nothing speaks against.
  Reasons say(const Said& said, const Payload& payload, const Beside& beside);
  // What the runs of an allocate, or of a replace, give to units; as far as they can be served.
  std::vector<Pair> pairs(const std::vector<RunLeaf>& runs) const;
  std::vector<Pair> pairs(const std::vector<ReplaceLeaf>& runs) const;
  // The trees that a sample must contain. Requires: the header of `beacon` exists.
  std::vector<std::uint64_t> sample(const std::string& batch) const;
  // All trees in the order in which they are drawn: the first are a sample.
  std::vector<std::uint64_t> drawn(const std::string& batch) const;
  // Governance ended a dispute.
  void resolved(const Resolve& resolve, std::uint64_t height);

  Books books;

  // Sums, counted anew.
  std::uint64_t live_on(const std::string& plot) const;
  std::uint64_t pledged_on(const std::string& plot) const;
  // Where no species is named: of all.
  std::uint64_t usable(const std::string& campaign, const std::optional<Code>& species) const;
  std::uint64_t waiting(const std::string& campaign, const std::optional<Code>& species) const;
  std::uint64_t net_redeemed(const std::string& campaign) const;
  std::uint64_t owed(const std::string& campaign) const;
  std::uint64_t replacing(const std::string& campaign) const;  // live, and succeed nobody yet
  std::uint64_t outstanding(const std::string& programme) const;
  bool is_frozen(const std::string& batch, std::uint64_t time_s) const;

 private:
  Reasons hear(const Said& said, const Consent& payload);
  Reasons hear(const Said& said, const Programme& payload);
  Reasons hear(const Said& said, const IssuePoints& payload);
  Reasons hear(const Said& said, const ExpirePoints& payload);
  Reasons hear(const Said& said, const Campaign& payload);
  Reasons hear(const Said& said, const CampaignRevise& payload);
  Reasons hear(const Said& said, const CloseCampaign& payload);
  Reasons hear(const Said& said, const Plot& payload);
  Reasons hear(const Said& said, const PlotClose& payload);
  Reasons hear(const Said& said, const Pledge& payload);
  Reasons hear(const Said& said, const PledgeRelease& payload);
  Reasons hear(const Said& said, const Redeem& payload);
  Reasons hear(const Said& said, const Refund& payload);
  Reasons hear(const Said& said, const Plant& payload);
  Reasons hear(const Said& said, const Inventory& payload);
  Reasons hear(const Said& said, const Verify& payload);
  Reasons hear(const Said& said, const Allocate& payload);
  Reasons hear(const Said& said, const Mortality& payload);
  Reasons hear(const Said& said, const Observe& payload);
  Reasons hear(const Said& said, const Revive& payload);
  Reasons hear(const Said& said, const Replace& payload);
  Reasons hear(const Said& said, const Correct& payload);
  Reasons hear(const Said& said, const Assign& payload);
  Reasons hear(const Said& said, const Dispute& payload);
  Reasons hear(const Said& said, const Handover& payload);

  bool is_related(const std::string& org, const Batch& batch) const;
  bool is_witness(const std::string& org, const Batch& batch) const;
  void ask_consents(const Said& said, const std::set<std::string>& orgs, Reasons& against) const;
  void ask_verifier(const std::string& verifier, const Batch& batch, Reasons& against) const;
  // What speaks against more live trees on a plot: its capacity and its density, and places taken.
  void ask_room(const std::string& plot, const std::vector<Tree>& more, Reasons& against) const;
  void ask_plot(const Said& said, const std::string& plot, Reasons& against) const;
  void ask_cover(const Redeem& payload, Reasons& against) const;
  void ask_leaves(const Plant& payload, Reasons& against) const;
  void ask_pledge(const Said& said, const Plant& payload, Reasons& against) const;
  void ask_campaign(const Said& said, const Plant& payload, Reasons& against) const;
  // What a batch of these leaves would be.
  static std::vector<Tree> trees_of(const SpeciesCounts& species,
                                    const std::vector<PlantLeaf>& leaves);
  // Whether a successor suits each lost tree; counts available ones that go to owed units.
  using Used = std::map<std::string, std::uint64_t>;  // by species
  void ask_successors(const ReplaceLeaf& run, std::set<TreeName>& named, Used& used,
                      Reasons& against) const;
  void die(Batch& batch, Tree& tree, std::int32_t day, const Said& said);
  void give_up(Tree& tree, bool owed);
  void record_batch(const Said& said, Batch batch, const SpeciesCounts& species);
  const Tree& tree(const TreeName& name) const {
    return books.batches.at(name.batch).trees.at(name.index);
  }
  Tree& tree(const TreeName& name) { return books.batches.at(name.batch).trees.at(name.index); }
  Unit& unit(const UnitName& name) {
    return books.redemptions.at(name.redeem).units.at(name.index);
  }

  const Beside* beside_ = nullptr;
};

// Ranges ascend without overlap, are not empty and lie within the batch.
bool are_valid(const Ranges& ranges, std::uint64_t members);
std::vector<std::uint64_t> members_of(const Ranges& ranges);

}  // namespace treeproof::ledger::model
