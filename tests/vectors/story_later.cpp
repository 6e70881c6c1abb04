// What is said in the story after the allocation, each accepted by the rules.
#include "consensus/ledger/geometry/polygon_codec.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

}  // namespace

void Story::tell_of_a_release() {
  record(kDesert, PledgeRelease{{"release-1"}, {"desert-ngo/pledge-1"}, 100});
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
