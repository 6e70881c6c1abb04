// What is said in the story after the allocation, each accepted by the rules.
#include <algorithm>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "crypto/hash.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

constexpr std::int32_t kToday = static_cast<std::int32_t>(kGenesisTimeS / 86'400);

crypto::Hash hash_of(std::string_view text) { return crypto::sha256(crypto::as_bytes(text)); }

std::vector<crypto::Bytes> sorted_and_encoded(std::vector<RedeemLeaf> leaves) {
  std::ranges::sort(leaves, {}, [](const RedeemLeaf& leaf) { return leaf.front().commitment; });
  std::vector<crypto::Bytes> encoded;
  for (const RedeemLeaf& leaf : leaves) encoded.push_back(encode(leaf));
  return encoded;
}

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

// A unit is redeemed and given back; points of an earlier year expire.
void Story::tell_of_points_that_return() {
  Redeem redeem;
  redeem.ref = {"redeem-2"};
  redeem.campaign = {"platform/saxaul-2026"};
  redeem.programme = {"platform/energy"};
  redeem.species = Code{"haloxylon"};
  redeem.draws = {{{"desert-ngo/pledge-1"}, 2}};
  redeem.units = 2;
  redeem.grams = 2 * 18'500;
  const std::vector<RedeemLeaf> leaves = {{{hash_of("a first commitment"), 18'500}},
                                          {{hash_of("a second commitment"), 18'500}}};
  redeem.leaves = attach("redeem-leaf", "platform/redeem-2", sorted_and_encoded(leaves));
  record(kPlatform, redeem);
  record(kPlatform,
         Refund{{"refund-1"}, {"platform/redeem-2"}, {{1, 1}}, RefundReason::user_request});
  IssuePoints issue;
  issue.ref = {"issue-2022"};
  issue.programme = {"platform/energy"};
  issue.series = {"daily"};
  issue.from_day = issue.to_day = kToday - 1'100;
  issue.accounts = 1;
  issue.grams = 5'000;
  record(kPlatform, issue);
  record(kPlatform, ExpirePoints{{"expire-1"}, {"platform/energy"}, 4'000});
}

// A tree of a user dies; a verifier's visit finds another dead.
void Story::tell_of_deaths() {
  record(kDesert,
         Mortality{{"drought-1"}, {"desert-ngo/plant-1"}, {{2, 1}}, Cause::drought, kToday});
  Observe observe;
  observe.ref = {"spring-visit"};
  observe.plant = {"desert-ngo/plant-1"};
  observe.day = kToday;
  observe.species = {{{"haloxylon"}, 9, 2, 1}};
  observe.dead = {{5, 1}};
  observe.cause = Cause::grazing;
  record(kVerifier, observe);
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
