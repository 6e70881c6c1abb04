// A programme, two campaigns and their promises over the consortium, for the tests of points.
// Campaigns and pledges are put into the state as they are: their own rules are tested elsewhere.
#pragma once

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {

inline const ObjectId kProgramme = {"platform/energy"};
inline const ObjectId kPledged = {"platform/pledged"};  // pledge_first: haloxylon 100, coral 250
inline const ObjectId kPlanted = {"platform/planted"};  // plant_first: haloxylon and coral 100
inline const ObjectId kDesertPledge = {"desert-ngo/pledge"};  // kPledged, haloxylon, 50
inline const ObjectId kCoastPledge = {"coast-ngo/pledge"};    // kPledged, coral, 20
inline constexpr std::uint64_t kYearlyCap = 1'000'000;
inline constexpr std::uint64_t kTarget = 60;

Programme energy_programme();

class PointsConsortium : public Consortium {
 public:
  // Without points: issue() brings them.
  PointsConsortium();

  // Issues for one day of the past, a new one each time.
  IssuePoints issue(std::uint64_t grams);
  // A redeem of that many units, each one commitment of `price` grams.
  Redeem redeem(const ObjectId& campaign, std::optional<Code> species, std::uint64_t units,
                std::uint64_t price);
  // The same with these leaves.
  Redeem redeem(const ObjectId& campaign, std::optional<Code> species,
                std::span<const RedeemLeaf> leaves, std::uint64_t grams);
  // Lets trees stand verified for kPlanted.
  void make_available(const Code& species, std::uint64_t trees);

  ProgrammeObject programme() const { return *find<ProgrammeObject>(kProgramme.text); }

 private:
  void put_campaign(const ObjectId& id, Mode mode, std::uint64_t coral_price);
  void put_pledge(const ObjectId& id, const Code& species, std::uint64_t count);
  std::uint64_t refs_ = 0;
  std::int32_t issue_day_ = kFirstDay;
};

}  // namespace treeproof::ledger
