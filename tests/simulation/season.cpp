#include "tests/simulation/season.h"

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "crypto/hash.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

using ledger::Code;

constexpr std::uint64_t kTurnUs = 300'000;
constexpr std::uint64_t kPatienceUs = 1'500'000;
constexpr std::uint64_t kTreesPerBatch = 5;
constexpr std::uint64_t kOpening = 11;  // statements before the first tree
constexpr std::uint64_t kCycle = 5;     // statements from one batch to the next
constexpr std::uint64_t kPrice = 100;   // grams a unit
constexpr std::int32_t kSouth = 400'000'000;
constexpr std::int32_t kWest = 1'000'000'000;
constexpr std::int32_t kSide = 10'000;  // 1e-7 degrees
const Code kSpecies{"haloxylon"};

template <class Leaf>
ledger::AttachmentPtr attach(const std::vector<Leaf>& leaves) {
  std::vector<crypto::Bytes> encoded;
  for (const Leaf& leaf : leaves) encoded.push_back(ledger::encode(leaf));
  return ledger::Attachment::build(encoded);
}

// Batches alternate: planted first, then pledged first.
bool is_pledged(std::uint64_t round) { return round % 2 == 1; }
std::string campaign_of(std::uint64_t round) { return is_pledged(round) ? "pledged" : "planted"; }
std::string numbered(const std::string& name, std::uint64_t round) {
  return name + "-" + std::to_string(round);
}
ledger::ObjectId id(const std::string& org, const std::string& ref) {
  return ledger::ObjectId::of({org}, {ref});
}

}  // namespace

void Season::start() {
  if (std::exchange(running_, true)) return;
  turn();
}

void Season::turn() {
  if (!world_.has_clients()) {
    running_ = false;
    return;
  }
  world_.at(world_.now_us() + kTurnUs, [this] { turn(); });
  if (!open_) {
    open_ = page(step_);
    if (!open_) return;
    statement_ = sign(*open_);
    hand_in();
  } else if (world_.now_us() > handed_in_us_ + kPatienceUs) {
    hand_in();
  }
}

void Season::hand_in() {
  handed_in_us_ = world_.now_us();
  const auto doors = world_.doors();
  if (doors.empty()) return;
  const std::string door = doors[world_.random(doors.size())];
  const std::uint64_t step = step_;
  world_.submit(door, statement_, open_->attachment, [this, step, door](const auto& answer) {
    if (step != step_) return;
    if (const auto* refusal = std::get_if<ledger::Refusal>(&answer)) heard(step, door, *refusal);
    const auto* committed = std::get_if<replica::AnswerCommitted>(&answer);
    if (committed == nullptr) return;
    since_ = committed->height;
    open_.reset();
    ++step_;
  });
}

// A door that has not seen the statements before this one may refuse it; any other may not.
void Season::heard(std::uint64_t step, const std::string& door, const ledger::Refusal& refusal) {
  if (world_.answers_by(door) < since_) return;
  world_.violate("refusal: step " + std::to_string(step) +
                 " of the season is refused: " + ledger::to_string(refusal));
}

ledger::StatementPtr Season::sign(const Page& page) const {
  if (const auto* campaign = std::get_if<ledger::Campaign>(&page.payload)) {
    return campaign->mode == ledger::Mode::plant_first ? planted_ : pledged_;
  }
  return std::holds_alternative<ledger::Plot>(page.payload)
             ? plot_
             : world_.consortium().sign(page.signer, page.payload, world_.now().chain.seconds());
}

std::optional<Season::Page> Season::page(std::uint64_t step) {
  if (step < kOpening) return opening(step);
  return cycle((step - kOpening) / kCycle, (step - kOpening) % kCycle);
}

Season::Page Season::opening(std::uint64_t step) {
  const auto consent = [](const std::string& signer, const std::string& ref,
                          const ledger::StatementPtr& to) {
    return Page{signer, ledger::Consent{{ref}, to->id}, nullptr};
  };
  const std::uint64_t now_s = world_.now().chain.seconds();
  const std::int32_t today = world_.now().chain.day();
  if (step == 0) {
    ledger::Programme programme;
    programme.ref = {"energy"};
    programme.actions = {{{"walking"}, 10}};
    programme.yearly_cap = kQuantityMax;
    programme.expiry_days = 365;
    programme.platforms = {{"platform"}};
    planted_ =
        world_.consortium().sign("platform", campaign("planted", ledger::Mode::plant_first), now_s);
    pledged_ = world_.consortium().sign("platform", campaign("pledged", ledger::Mode::pledge_first),
                                        now_s);
    plot_ = world_.consortium().sign("desert-ngo", settled_plot().payload, now_s);
    return {"platform", programme, nullptr};
  }
  if (step == 1) {
    ledger::IssuePoints issue;
    issue.ref = {"issue"};
    issue.programme = id("platform", "energy");
    issue.series = {"daily"};
    issue.from_day = issue.to_day = today;
    issue.accounts = 1;
    issue.grams = 1'000'000;
    return {"platform", issue, nullptr};
  }
  if (step == 2) return consent("desert-ngo", "desert-planted", planted_);
  if (step == 3) return consent("river-ngo", "river-planted", planted_);
  if (step == 4) return {"platform", planted_->payload, nullptr};
  if (step == 5) return consent("desert-ngo", "desert-pledged", pledged_);
  if (step == 6) return consent("river-ngo", "river-pledged", pledged_);
  if (step == 7) return {"platform", pledged_->payload, nullptr};
  if (step == 8) return settled_plot();
  if (step == 9) return consent("verifier", "confirm-home", plot_);
  const ledger::Pledge pledge{
      {"pledge"}, id("platform", "pledged"), id("desert-ngo", "home"), kSpecies, 1'000, 2026};
  return {"desert-ngo", pledge, nullptr};
}

// plant_first: plant, verify, redeem, allocate. pledge_first: redeem, plant, verify, allocate.
std::optional<Season::Page> Season::cycle(std::uint64_t round, std::uint64_t part) {
  if (part == 4) {
    ledger::IssuePoints issue;
    issue.ref = {numbered("issue", round)};
    issue.programme = id("platform", "energy");
    issue.series = {numbered("series", round)};
    issue.from_day = issue.to_day = world_.now().chain.day();
    issue.accounts = 1;
    issue.grams = 1'000;
    return Page{"platform", issue, nullptr};
  }
  if (part == 3) return allocate(round);
  const bool redeems = is_pledged(round) ? part == 0 : part == 2;
  if (redeems) return redeem(round);
  const bool plants = is_pledged(round) ? part == 1 : part == 0;
  if (plants) return plant(round);
  ledger::Verify verify;
  verify.ref = {numbered("verify", round)};
  verify.plant = id("desert-ngo", numbered("plant", round));
  verify.method = ledger::VerifyMethod::full;
  verify.visited = {{0, kTreesPerBatch}};
  return Page{"verifier", verify, nullptr};
}

ledger::Campaign Season::campaign(const std::string& ref, ledger::Mode mode) const {
  const std::int32_t today = world_.now().chain.day();
  ledger::Campaign campaign;
  campaign.ref = {ref};
  campaign.planters = {{"desert-ngo"}, {"river-ngo"}};
  campaign.unit_size = 1;
  campaign.species = {{kSpecies, kPrice}};
  campaign.target = 1'000'000;
  campaign.redeem_window = {today - 1, today + 1'000};
  campaign.plant_window = {today - 400, today + 1'000};
  campaign.mode = mode;
  campaign.policy = {.sample_minimum = 1,
                     .replacement_until_days = 0,
                     .lookback_days = 100,
                     .standing_consent = true};
  return campaign;
}

Season::Page Season::settled_plot() const {
  const auto corner = [](std::int32_t north, std::int32_t east) {
    return geometry::Position{kSouth + north, kWest + east};
  };
  const geometry::Polygon square{
      {{corner(0, 0), corner(0, kSide), corner(kSide, kSide), corner(kSide, 0), corner(0, 0)}}};
  const std::vector<crypto::Bytes> leaves{geometry::encode_ring(square.rings.front())};
  const ledger::AttachmentPtr outline = ledger::Attachment::build(leaves);
  ledger::Plot plot;
  plot.ref = {"home"};
  plot.country = {"CN"};
  plot.layer = ledger::Layer::canopy;
  plot.area = geometry::area_m2(square);
  plot.capacity = 1'000'000;
  plot.geometry = outline->announced();
  return {"desert-ngo", plot, outline};
}

Season::Page Season::plant(std::uint64_t round) const {
  const std::int32_t today = world_.now().chain.day();
  std::vector<ledger::PlantLeaf> trees(kTreesPerBatch);
  for (std::uint64_t i = 0; i < trees.size(); ++i) {
    trees[i].lat = kSouth + 100 * static_cast<std::int32_t>(round % 90 + 1);
    trees[i].lon = kWest + 100 * static_cast<std::int32_t>(i + 1);
    trees[i].day = today;
  }
  const ledger::AttachmentPtr leaves = attach(trees);
  ledger::Plant plant;
  plant.ref = {numbered("plant", round)};
  plant.plot = id("desert-ngo", "home");
  plant.campaign = id("platform", campaign_of(round));
  if (is_pledged(round)) plant.pledge = id("desert-ngo", "pledge");
  plant.species = {{kSpecies, kTreesPerBatch}};
  plant.planted_from = plant.planted_to = today;
  plant.leaves = leaves->announced();
  return {"desert-ngo", plant, leaves};
}

Season::Page Season::redeem(std::uint64_t round) const {
  std::vector<ledger::RedeemLeaf> units;
  for (std::uint64_t i = 0; i < kTreesPerBatch; ++i) {
    crypto::Hash commitment = crypto::sha256(crypto::as_bytes(numbered("users", round)));
    commitment[0] = static_cast<std::uint8_t>(i);
    units.push_back({{commitment, kPrice}});
  }
  const ledger::AttachmentPtr leaves = attach(units);
  ledger::Redeem redeem;
  redeem.ref = {numbered("redeem", round)};
  redeem.campaign = id("platform", campaign_of(round));
  redeem.programme = id("platform", "energy");
  redeem.species = kSpecies;
  if (is_pledged(round)) redeem.draws = {{id("desert-ngo", "pledge"), kTreesPerBatch}};
  redeem.units = kTreesPerBatch;
  redeem.grams = kTreesPerBatch * kPrice;
  redeem.leaves = leaves->announced();
  return {"platform", redeem, leaves};
}

std::optional<Season::Page> Season::allocate(std::uint64_t round) const {
  const MemoryStore& state = world_.invariants().reference();
  const std::vector<ledger::RunLeaf> runs{{id("platform", numbered("redeem", round)),
                                           id("desert-ngo", numbered("plant", round)), kSpecies,
                                           kTreesPerBatch}};
  const auto ranges = ledger::derive_ranges(state, runs);
  if (!ranges) return std::nullopt;
  const ledger::AttachmentPtr leaves = attach(runs);
  ledger::Allocate allocate;
  allocate.ref = {numbered("allocate", round)};
  allocate.campaign = id("platform", campaign_of(round));
  allocate.runs = leaves->announced();
  allocate.links = ledger::links_of(state, *ranges).value();
  return Page{"platform", allocate, leaves};
}

}  // namespace treeproof::simulation
