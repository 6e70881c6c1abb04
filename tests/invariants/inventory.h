// The objects of a whole state by type, decoded once, for the checks of the invariants.
// Owns copies. Caller: ledger_invariants. One thread. Source: docs/ledger.md.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "tests/invariants/ledger_invariants.h"

namespace treeproof::invariants {

template <class T>
using ById = std::map<std::string, T>;

struct Inventory {
  explicit Inventory(const WholeState& state);

  const ledger::StateReader& reader;
  std::map<std::string, ledger::RecordInfo> records;  // of every object, whatever its type
  ById<ledger::ProgrammeObject> programmes;
  ById<ledger::CampaignObject> campaigns;
  ById<ledger::PlotObject> plots;
  ById<ledger::PledgeObject> pledges;
  ById<ledger::BatchObject> batches;
  ById<ledger::RedemptionObject> redemptions;
  ById<ledger::AllocationObject> allocations;
  ById<ledger::VerifyObject> verifications;
  ById<ledger::ObservationObject> observations;
  ById<ledger::EvidenceObject> evidence;
  ById<ledger::DisputeObject> disputes;
  ById<ledger::Recorded<ledger::Refund>> refunds;
  ById<ledger::Recorded<ledger::Correct>> corrections;
  ById<ledger::PhotoUse> photos;                               // by their hash
  std::map<std::string, std::vector<ledger::TreeCode>> trees;  // by batch
  std::map<std::string, std::vector<ledger::UnitCode>> units;  // by redemption

  const std::string& group_of(const std::string& org) const { return groups.at(org); }
  std::map<std::string, std::string> groups;  // of conflict, by organisation
};

// One invariant with what breaks it.
class Verdict {
 public:
  explicit Verdict(std::string_view invariant) : invariant_(invariant) {}
  // `numbers` is called only where it does not hold.
  template <class Explain>
  void require(bool holds, Explain numbers) {
    if (!holds) broken_.push_back({invariant_, numbers()});
  }
  std::vector<Broken> take() { return std::move(broken_); }

 private:
  std::string_view invariant_;
  std::vector<Broken> broken_;
};

// "of desert-ngo/home: live=3, capacity=2"
std::string told(std::string_view of,
                 std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers);

// One for each invariant (invariants_of_points.cpp, invariants_of_land.cpp,
// invariants_of_trees.cpp).
void points_conserved(const Inventory& all, Verdict& verdict);         // I1
void prices_exact(const Inventory& all, Verdict& verdict);             // I2
void one_tree_one_unit(const Inventory& all, Verdict& verdict);        // I3
void campaigns_balance(const Inventory& all, Verdict& verdict);        // I4
void batches_add_up(const Inventory& all, Verdict& verdict);           // I5
void outlines_measured(const Inventory& all, Verdict& verdict);        // I6
void plots_apart(const Inventory& all, Verdict& verdict);              // I7
void plots_not_overfull(const Inventory& all, Verdict& verdict);       // I8
void trees_in_plots(const Inventory& all, Verdict& verdict);           // I9
void photos_once(const Inventory& all, Verdict& verdict);              // I10
void nothing_from_the_future(const Inventory& all, Verdict& verdict);  // I11
void verifiers_independent(const Inventory& all, Verdict& verdict);    // I12
void replacements_one_to_one(const Inventory& all, Verdict& verdict);  // I13
void corrections_only_lower(const Inventory& all, Verdict& verdict);   // I14
void frozen_not_given(const Inventory& all, Verdict& verdict);         // I15
void refs_unique(const Inventory& all, Verdict& verdict);              // I16
void within_limits(const Inventory& all, Verdict& verdict);            // I17

}  // namespace treeproof::invariants
