#include "node/demo/season.h"

#include "consensus/ledger/geometry/plane_polygon.h"
#include "crypto/sum_tree.h"
#include "node/cli/attachment_build.h"
#include "node/cli/console.h"

namespace treeproof::demo {

namespace {

using cli::Result;
using ledger::Code;
using ledger::Ref;

constexpr std::uint64_t kTonne = 1'000'000;  // grams
constexpr std::uint32_t kUncertaintyM = 30;
constexpr std::uint64_t kEvidenceBytes = 2'400'000;
// While the clock of the test chain runs, on the slowest of machines, too: five years.
constexpr ledger::Window kWindow{17'226, 19'051};  // 2017-03-01 to 2022-02-28
constexpr std::uint64_t kFiveYearsDays = 1'825;

// 3,000 t of points in 310,000 accounts: whole grams, a few of them one more than the others. Whose
// accounts they are nobody keeps, so their commitments are drawn from their numbers.
crypto::SumTree accounts_of_a_month() {
  constexpr std::uint64_t kAccounts = 310'000;
  constexpr std::uint64_t kGrams = 3'000 * kTonne;
  std::vector<crypto::SumLeaf> leaves;
  leaves.reserve(kAccounts);
  for (std::uint64_t i = 0; i < kAccounts; ++i) {
    const std::uint64_t rest = i < kGrams % kAccounts ? 1 : 0;
    const std::string account = "account " + std::to_string(i) + " in February 2017";
    leaves.push_back({fingerprint(account), kGrams / kAccounts + rest});
  }
  return crypto::SumTree::build(std::move(leaves)).value();
}

}  // namespace

Actor& Season::planter_of(const Forest& forest) {
  return forest.planter == actors_.desert_ngo.org() ? actors_.desert_ngo : actors_.river_ngo;
}

Result<void> Season::play() {
  const Forest desert = forest_277();
  const Forest river = river_bank();
  return run_in_turn({[&] { return issue_points(); }, [&] { return open_campaign(desert); },
                      [&] { return open_campaign(river); }, [&] { return register_plot(desert); },
                      [&] { return register_plot(river); }, [&] { return redeem(desert); },
                      [&] { return plant(river); }, [&] { return verify(river); },
                      [&] { return redeem(river); },
                      [&] { return allocate(river, "allocate-river-bank", {}); },
                      [&] { return plant(desert); }, [&] { return verify(desert); },
                      [&] { return allocate(desert, "allocate-277", half_of(desert)); }});
}

Result<void> Season::issue_points() {
  Actor& platform = actors_.platform;
  ledger::Programme programme;
  programme.ref = {"green-energy"};
  programme.actions = {{{"cycling"}, 159}, {{"shoe-recycling"}, 3'600}, {{"transit"}, 80}};
  programme.yearly_cap = 20'000 * kTonne;
  programme.expiry_days = 3'650;
  programme.platforms = {{platform.org()}};
  if (auto done = platform.record(programme); !done) return std::unexpected(done.error());
  const auto time = platform.chain_time();
  if (!time) return std::unexpected(time.error());
  ledger::IssuePoints issue;
  issue.ref = {"points-2017-02"};
  issue.programme = object_of(platform, "green-energy");
  issue.series = {"main"};
  issue.from_day = 17'198;  // 2017-02-01
  issue.to_day = 17'225;    // 2017-02-28
  const crypto::SumTree accounts = accounts_of_a_month();
  issue.accounts = accounts.count();
  issue.grams = accounts.root().sum;
  issue.root = accounts.root().hash;
  if (auto done = platform.record(issue); !done) return std::unexpected(done.error());
  tell_("The platform issues 3,000 t of green energy points to 310,000 accounts.");
  return {};
}

Result<void> Season::open_campaign(const Forest& forest) {
  ledger::Campaign campaign;
  campaign.ref = {forest.ref};
  campaign.planters = {{forest.planter}};
  campaign.unit = ledger::Unit::stem;
  campaign.unit_size = 1;
  campaign.species = {{{forest.species}, forest.grams}};
  campaign.target = forest.trees;
  campaign.redeem_window = kWindow;
  campaign.plant_window = kWindow;
  campaign.mode = forest.mode;
  campaign.deadline_days = 1'095;
  campaign.policy = {forest.sample, kFiveYearsDays, kFiveYearsDays, true};
  auto opened = actors_.platform.propose(campaign);
  if (!opened) return std::unexpected(opened.error());
  ledger::Consent consent{{"consent-" + forest.ref}, opened->id};
  if (auto done = planter_of(forest).record(consent); !done) return std::unexpected(done.error());
  tell_("Campaign " + forest.ref + ": " + cli::grouped(forest.trees) + " " + forest.species +
        " at " + cli::grouped(forest.grams) + " g; " + forest.planter + " consents.");
  return {};
}

Result<void> Season::register_plot(const Forest& forest) {
  Actor& planter = planter_of(forest);
  const auto time = planter.chain_time();
  if (!time) return std::unexpected(time.error());
  ledger::Evidence title;
  title.ref = {"land-" + forest.ref};
  title.sha256 = fingerprint("land right of " + forest.ref);
  title.kind = ledger::EvidenceKind::land;
  title.day = time->day();
  title.bytes = kEvidenceBytes;
  if (auto done = planter.record(title); !done) return std::unexpected(done.error());

  const auto polygon = outline_of(forest);
  const auto outline = cli::geometry_attachment(polygon);
  if (!outline) return std::unexpected(outline.error());
  ledger::Plot plot;
  plot.ref = {"plot-" + forest.ref};
  plot.country = {"CN"};
  plot.layer = ledger::Layer::canopy;
  plot.area = geometry::area_m2(polygon);
  plot.capacity = forest.trees;
  plot.uncertainty_m = kUncertaintyM;
  plot.geometry = (*outline)->announced();
  plot.land_right = object_of(planter, title.ref.text);
  auto registered = planter.record(plot, *outline);
  if (!registered) return std::unexpected(registered.error());
  ledger::Consent confirm{{"confirm-plot-" + forest.ref}, registered->id};
  if (auto done = actors_.verifier.record(confirm); !done) return std::unexpected(done.error());
  tell_(planter.org() + " registers plot-" + forest.ref + " (" + cli::grouped(plot.area) +
        " m2); the verifier confirms room for " + cli::grouped(forest.trees) + " trees.");
  if (forest.mode == ledger::Mode::plant_first) return {};
  ledger::Pledge pledge{{"pledge-" + forest.ref},
                        object_of(actors_.platform, forest.ref),
                        object_of(planter, plot.ref.text),
                        {forest.species},
                        forest.trees,
                        2017};
  if (auto done = planter.record(pledge); !done) return std::unexpected(done.error());
  tell_(planter.org() + " pledges " + cli::grouped(forest.trees) + " trees on it.");
  tell_of_room(forest);
  return {};
}

// What the published figures of a forest say by themselves, whatever its outline is.
void Season::tell_of_room(const Forest& forest) {
  const std::string across = std::to_string(forest.across_m);
  const std::string along = std::to_string(forest.along_m);
  const std::string each = std::to_string(forest.across_m * forest.along_m);
  tell_("Forest No. " + forest.ref + " as published: " + cli::grouped(forest.area_m2) + " m2, " +
        cli::grouped(forest.trees) + " trees, a " + across + " x " + along + " m grid. At " + each +
        " m2 a tree " + cli::grouped(forest.room()) +
        " fit the area, the rest lie within the stated uncertainty.");
}

Result<void> Season::redeem(const Forest& forest) {
  Actor& platform = actors_.platform;
  const std::uint64_t size = forest.units_per_redemption;
  for (std::uint64_t done = 0; done < forest.trees; done += size) {
    std::vector<std::vector<cli::UserShare>> units;
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::string user = forest.ref + " user " + std::to_string(done + i + 1);
      units.push_back({{user, forest.grams}});
    }
    auto leaves = cli::redeem_for_users(units);
    if (!leaves) return std::unexpected(leaves.error());
    ledger::Redeem redeem;
    redeem.ref = {"redeem-" + forest.ref + "-" + std::to_string(done / size + 1)};
    redeem.campaign = object_of(platform, forest.ref);
    redeem.programme = object_of(platform, "green-energy");
    redeem.species = Code{forest.species};
    if (forest.mode == ledger::Mode::pledge_first) {
      redeem.draws = {{object_of(planter_of(forest), "pledge-" + forest.ref), size}};
    }
    redeem.units = size;
    redeem.grams = size * forest.grams;
    redeem.leaves = leaves->attachment->announced();
    auto recorded = platform.record(redeem, leaves->attachment);
    if (!recorded) return std::unexpected(recorded.error());
    if (user_.redemption.empty() && forest.mode == ledger::Mode::pledge_first) {
      constexpr std::size_t kChosen = 277;
      user_ = {recorded->object.text + "#" + std::to_string(kChosen),
               leaves->openings.at(kChosen).front()};
    }
  }
  tell_("Users redeem " + cli::grouped(forest.trees) + " units in " +
        std::to_string(forest.trees / size) + " batches; the chain sees commitments only.");
  return {};
}

Result<void> Season::plant(const Forest& forest) {
  Actor& planter = planter_of(forest);
  const auto time = planter.chain_time();
  if (!time) return std::unexpected(time.error());
  const std::int32_t day = time->day();
  const geometry::PlanePolygon outline(outline_of(forest));
  std::uint64_t inside = 0;
  std::vector<ledger::PlantLeaf> trees;
  trees.reserve(forest.trees);
  for (const geometry::Position position : positions_of(forest)) {
    if (geometry::contains(outline, position)) ++inside;
    ledger::PlantLeaf tree;
    tree.lat = position.lat_e7;
    tree.lon = position.lon_e7;
    tree.day = day;
    trees.push_back(tree);
  }
  const auto leaves = cli::plant_attachment(std::move(trees));
  if (!leaves) return std::unexpected(leaves.error());
  ledger::Evidence photo;
  photo.ref = {"drone-" + forest.ref};
  photo.sha256 = fingerprint("drone image of " + forest.ref);
  photo.kind = ledger::EvidenceKind::drone;
  photo.day = day;
  photo.bytes = kEvidenceBytes;
  if (auto done = planter.record(photo); !done) return std::unexpected(done.error());
  ledger::Plant plant;
  plant.ref = {"plant-" + forest.ref};
  plant.plot = object_of(planter, "plot-" + forest.ref);
  plant.campaign = object_of(actors_.platform, forest.ref);
  if (forest.mode == ledger::Mode::pledge_first) {
    plant.pledge = object_of(planter, "pledge-" + forest.ref);
  }
  plant.species = {{{forest.species}, forest.trees}};
  plant.planted_from = day;
  plant.planted_to = day;
  plant.method = ledger::PlantingMethod::seedling;
  plant.positions = ledger::Positions::grid;
  plant.precision_m = 1;
  plant.leaves = (*leaves)->announced();
  plant.evidence = {object_of(planter, photo.ref.text)};
  if (auto done = planter.record(plant, *leaves); !done) return std::unexpected(done.error());
  const std::string where = inside == forest.trees
                                ? "all inside the outline."
                                : cli::grouped(inside) + " inside the outline, " +
                                      cli::grouped(forest.trees - inside) +
                                      " outside, within its stated uncertainty.";
  tell_(planter.org() + " plants " + cli::grouped(forest.trees) +
        " trees, each with its position: " + where);
  return {};
}

Result<void> Season::verify(const Forest& forest) {
  const auto batch = object_of(planter_of(forest), "plant-" + forest.ref);
  const auto visited = visit_sample(actors_.verifier, batch, forest.ref);
  if (!visited) return std::unexpected(visited.error());
  tell_("The verifier visits " + std::to_string(*visited) +
        " trees that the chain drew, and accepts.");
  return {};
}

Result<void> Season::allocate(const Forest& forest, const std::string& ref,
                              const std::vector<ledger::RunLeaf>& runs) {
  Actor& platform = actors_.platform;
  const auto planned = plan_allocation(platform, object_of(platform, forest.ref), ref, runs);
  if (!planned) return std::unexpected(planned.error());
  if (auto done = platform.record(planned->payload, planned->runs); !done) {
    return std::unexpected(done.error());
  }
  tell_("The platform allocates " + cli::grouped(planned->payload.links.count) +
        " trees, one for each unit, once and for ever.");
  return {};
}

}  // namespace treeproof::demo
