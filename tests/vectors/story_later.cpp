// What is said in the story after the allocation, each accepted by the rules.
#include "consensus/ledger/geometry/polygon_codec.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

constexpr std::int32_t kToday = static_cast<std::int32_t>(kGenesisTimeS / 86'400);

}  // namespace

void Story::tell_of_a_release() {
  record(kDesert, PledgeRelease{{"release-1"}, {"desert-ngo/pledge-1"}, 100});
}

// A new price, with both planters' consent; and the end of a campaign that nobody joined.
void Story::tell_of_a_campaigns_end() {
  CampaignRevise revise;
  revise.ref = {"revise-1"};
  revise.campaign = {"platform/saxaul-2026"};
  revise.species = {{{{"haloxylon"}, 18'500}, {{"poplar"}, 24'000}}};
  revise.redeem_window = Window{kToday, kToday + 500};
  const StatementPtr waiting = sign(kPlatform, revise);
  for (const std::string_view planter : {kCoast, kDesert}) {
    record(planter, Consent{{"agree-to-revise"}, waiting->id});
  }
  record(kPlatform, waiting);
  Campaign idle;
  idle.ref = {"idle"};
  idle.planters = {{std::string(kCoast)}};
  idle.unit_size = 1;
  idle.species = {{{"poplar"}, 24'000}};
  idle.target = 10;
  idle.redeem_window = idle.plant_window = {kToday, kToday + 30};
  idle.mode = Mode::plant_first;
  const StatementPtr opening = sign(kPlatform, idle);
  record(kCoast, Consent{{"join-idle"}, opening->id});
  record(kPlatform, opening);
  record(kPlatform, CloseCampaign{{"close-idle"}, {"platform/idle"}});
}

void Story::tell_of_a_point_plot() {
  Plot plot;
  plot.ref = {"mangrove-nursery"};
  plot.country = {"KE"};
  plot.layer = Layer::marine;
  plot.area = 2'500;
  plot.capacity = 800;
  plot.uncertainty_m = 10;
  const geometry::Position middle{-45'123'456, 394'567'890};
  plot.geometry = attach("point", "coast-ngo/mangrove-nursery", geometry::encode_leaves(middle));
  record(kCoast, plot);
}

}  // namespace treeproof::vectors
