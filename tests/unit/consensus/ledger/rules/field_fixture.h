// Campaigns, plots and trees over the consortium, for the tests of everything that grows.
// Payloads come ready to be accepted; a test changes one thing and asks what happens.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/geometry/polygon.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {

inline const Code kHaloxylon = {"haloxylon"};
inline const Code kRhizophora = {"rhizophora"};

// A rectangle along the compass in 1e-7 degrees; 10,000 by 10,000 at 40 degrees is about 0.95 ha.
struct Rectangle {
  std::int32_t south = 400'000'000;
  std::int32_t west = 1'000'000'000;
  std::int32_t height = 10'000;
  std::int32_t width = 10'000;

  geometry::Polygon polygon() const;
  Rectangle shifted(std::int32_t north, std::int32_t east) const {
    return {south + north, west + east, height, width};
  }
};

// Trees about a metre apart, row by row from the south-west, strictly ascending: numbers `first`
// to `first + count - 1` of the rectangle's grid.
std::vector<PlantLeaf> tree_grid(const Rectangle& on, std::uint64_t count, std::uint64_t first,
                                 std::int32_t day);

class Field : public Consortium {
 public:
  Field();

  // Opened by the platform for the desert and the coast: haloxylon and rhizophora at 100 g,
  // standing consent, a sample of at least 10, a lookback of 100 days.
  Campaign campaign(std::string_view ref, Mode mode) const;
  void open(const Campaign& payload);  // with every planter's consent

  Plot plot(std::string_view ref, const Rectangle& on);
  Plot plot(std::string_view ref, const geometry::Polygon& outline);
  Plot point_plot(std::string_view ref, geometry::Position middle, std::uint64_t area_m2);
  // Registers, and has the verifier confirm the capacity.
  void settle(std::string_view org, const Plot& payload);

  Pledge pledge(std::string_view ref, std::string_view plot, std::uint64_t count) const;
  // Haloxylon of today by the desert on its plot "home", for the campaign "planted".
  Plant plant(std::string_view ref, std::span<const PlantLeaf> leaves);
  // The same as an inventory without a campaign.
  Inventory inventory(std::string_view ref, std::span<const PlantLeaf> leaves);
  // Verified in full by the verifier, with these rejected.
  Verify full(std::string_view ref, std::string_view batch, Ranges rejected = {}) const;
  // Plants trees of "home" and has them all verified.
  void grow(std::string_view ref, std::uint64_t count, std::uint64_t first);
  // Haloxylon units of the campaign "planted".
  Redeem redeem(std::string_view ref, std::uint64_t units);
  // With the links that follow from the state as it is.
  Allocate allocate(std::string_view ref, std::span<const RunLeaf> runs);

  // Records what needs the consent of others, and that consent first.
  void must_agreed(std::string_view org, const Payload& payload,
                   std::initializer_list<std::string_view> others);
  std::expected<void, Refusal> record_agreed(std::string_view org, const Payload& payload,
                                             std::initializer_list<std::string_view> others);
  // Trees of "home" as replacements for the campaign "planted", verified in full.
  void grow_reserve(std::string_view ref, std::uint64_t count, std::uint64_t first);
  // With the links that follow, by the desert, with the verifier's consent to come.
  Replace replace(std::string_view ref, std::span<const ReplaceLeaf> runs);

  BatchObject batch(std::string_view id) const { return *find<BatchObject>(id); }
  PlotObject plot_object(std::string_view id) const { return *find<PlotObject>(id); }
  TreeTally trees_of(std::string_view campaign) const;

  const Rectangle home;  // of the plot "desert-ngo/home"
};

}  // namespace treeproof::ledger
