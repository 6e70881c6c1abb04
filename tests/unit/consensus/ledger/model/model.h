// The verdict of the second ledger (book.h) on one statement, and its effect on the books.
// A verdict is the set of all reasons that speak against a statement: the implementation stops at
// the first, whichever it asks first, and that must be among them.
// Caller: the story. One thread. Source: docs/ledger.md.
#pragma once

#include "tests/unit/consensus/ledger/model/book.h"
#include "tests/unit/consensus/ledger/model/told.h"

namespace treeproof::ledger::model {

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
  // Who decides about a dispute.
  Electorate electorate(const std::string& dispute) const;
  // The batch that a remedy acts on: disputed itself, or judged by the disputed verification.
  std::optional<std::string> accused_batch(const std::string& dispute) const;

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
  bool holds_land(const std::string& plot) const;
  bool needs(const crypto::Hash& root) const;  // nobody may redact these leaves
  bool is_frozen(const std::string& batch, std::uint64_t time_s) const;

 private:
  Reasons hear(const Said& said, const Consent& payload);
  Reasons hear(const Said& said, const Propose& payload);
  Reasons hear(const Said& said, const Approve& payload);
  Reasons hear(const Said& said, const KeyPut& payload);
  Reasons hear(const Said& said, const KeyRevoke& payload);
  Reasons hear(const Said& said, const Programme& payload);
  Reasons hear(const Said& said, const IssuePoints& payload);
  Reasons hear(const Said& said, const ExpirePoints& payload);
  Reasons hear(const Said& said, const Campaign& payload);
  Reasons hear(const Said& said, const CampaignRevise& payload);
  Reasons hear(const Said& said, const CloseCampaign& payload);
  Reasons hear(const Said& said, const Plot& payload);
  Reasons hear(const Said& said, const PlotRevision& payload);
  Reasons hear(const Said& said, const PlotClose& payload);
  Reasons hear(const Said& said, const Pledge& payload);
  Reasons hear(const Said& said, const PledgeRelease& payload);
  Reasons hear(const Said& said, const Redeem& payload);
  Reasons hear(const Said& said, const Refund& payload);
  Reasons hear(const Said& said, const Evidence& payload);
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

  Reasons change(const Said& said, const Correct& payload, const CorrectCapacity& lower);
  Reasons change(const Said& said, const Correct& payload, const CorrectVoid& never_there);
  Reasons change(const Said& said, const Correct& payload, const CorrectSpecies& other);
  Reasons change(const Said& said, const Correct& payload, const CorrectPosition& other);
  void ask_correction(const Said& said, const Correct& payload, const Batch& batch,
                      Reasons& against) const;
  // What speaks against a change by governance, asked at its proposal and at each approval.
  void ask(const Said& said, const OrgPut& change, Reasons& against) const;
  void ask(const Said& said, const KeyPutFor& change, Reasons& against) const;
  void ask(const Said& said, const SpeciesPut& change, Reasons& against) const;
  void ask(const Said& said, const ParamsSet& change, Reasons& against) const;
  void ask(const Said& said, const Resolve& change, Reasons& against) const;
  void ask(const Said& said, const Redact& change, Reasons& against) const;
  void carry_out(const Said& said, const OrgPut& change);
  void carry_out(const Said& said, const KeyPutFor& change);
  void carry_out(const Said& said, const SpeciesPut& change);
  void carry_out(const Said& said, const ParamsSet& change);
  void carry_out(const Said& said, const Resolve& change);
  void carry_out(const Said& said, const Redact& change);
  bool is_enough(const ProposalBook& proposal) const;
  void ask_key(const Said& said, const Payload& payload, Reasons& against) const;
  void ask_new_key(const crypto::PublicKeyBytes& key, Reasons& against) const;
  void put_key(const std::string& org, const crypto::PublicKeyBytes& key, const KeyRoles& roles);
  void ask_evidence(const EvidenceList& list, Reasons& against) const;
  void take_evidence(const EvidenceList& list, Batch& batch) const;
  void ask_attachment(const AttachmentRef& attachment, Reasons& against) const;
  void announce(const AttachmentRef& attachment);
  bool is_redacted(const Batch& batch) const;
  bool do_share(const Extent& one, const Extent& other) const;
  void ask_outline(const std::string& plot, Layer layer, std::uint64_t area,
                   Reasons& against) const;
  static bool fits(Habit habit, Layer layer);
  void ask_space(const std::string& plot, const PlotBook& land, const std::vector<Tree>& more,
                 Reasons& against) const;
  std::vector<const Tree*> living_on(const std::string& plot) const;
  void ask_history(const Said& said, const std::string& campaign, const SpeciesCounts& species,
                   Reasons& against) const;
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
  std::vector<Tree> trees_of(const SpeciesCounts& species, const std::vector<PlantLeaf>& leaves,
                             const std::optional<std::string>& campaign) const;
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
