#include "tests/unit/rpc/season.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/sample.h"
#include "crypto/hash.h"
#include "rpc/allocation_plan.h"
#include "tests/unit/rpc/issued_points.h"

namespace treeproof::rpc {

namespace {

constexpr std::int32_t kSouth = 400'000'000;
constexpr std::int32_t kWest = 1'000'000'000;
constexpr std::int32_t kSide = 10'000;
constexpr std::uint64_t kPrice = 100;
constexpr std::uint64_t kUnitCount = 60;

template <class Leaf>
ledger::AttachmentRef attach(TestChain& chain, const std::vector<Leaf>& leaves) {
  std::vector<crypto::Bytes> encoded;
  for (const Leaf& leaf : leaves) encoded.push_back(ledger::encode(leaf));
  return chain.attach(ledger::Attachment::build(encoded));
}

proofs::Opening opening_of_user(std::uint64_t number) {
  const std::string reference = "user " + std::to_string(number);
  const crypto::Hash salt = crypto::sha256(crypto::as_bytes("salt " + reference));
  return {crypto::Bytes(salt.begin(), salt.begin() + 16), reference};
}

std::uint64_t grams_of(std::uint64_t account) { return 100'000 + 50'000 * account; }

crypto::SumTree accounts_tree() {
  std::vector<crypto::SumLeaf> leaves;
  for (std::uint64_t i = 0; i < kAccounts; ++i) {
    leaves.push_back({proofs::commitment_of(opening_of_user(i)), grams_of(i)});
  }
  return *crypto::SumTree::build(std::move(leaves));
}

std::vector<proofs::Opening> sorted_openings() {
  std::vector<proofs::Opening> openings;
  for (std::uint64_t i = 0; i < kUnitCount; ++i) openings.push_back(opening_of_user(i));
  std::ranges::sort(openings, {}, proofs::commitment_of);
  return openings;
}

void play_points(TestChain& chain) {
  ledger::Programme programme;
  programme.ref = {"energy"};
  programme.actions = {{{"walking"}, 10}};
  programme.yearly_cap = 1'000'000'000;
  programme.expiry_days = 365;
  programme.platforms = {{"platform"}};
  chain.must("platform", programme);
  ledger::IssuePoints issue;
  issue.ref = {"issue"};
  issue.programme = {std::string(kEnergy)};
  issue.series = {"daily"};
  issue.from_day = issue.to_day = chain.day();
  const crypto::SumTree accounts = accounts_tree();
  issue.accounts = kAccounts;
  issue.grams = accounts.root().sum;
  issue.root = accounts.root().hash;
  chain.must("platform", issue);
}

void open_campaign(TestChain& chain, std::string_view ref, ledger::Mode mode) {
  const auto statement = chain.sign("platform", campaign_terms(ref, mode, chain.day()));
  chain.must("desert-ngo", ledger::Consent{{"agree-" + std::string(ref)}, statement->id});
  EXPECT_TRUE(chain.record(statement).has_value());
}

void play_land(TestChain& chain) {
  chain.must("desert-ngo", photo("photo", chain.day()));
  const geometry::Ring ring{{kSouth, kWest},
                            {kSouth, kWest + kSide},
                            {kSouth + kSide, kWest + kSide},
                            {kSouth + kSide, kWest},
                            {kSouth, kWest}};
  ledger::Plot plot;
  plot.ref = {"home"};
  plot.country = {"CN"};
  plot.area = geometry::check({{ring}}).value().square_metres;
  plot.capacity = 5'000;
  plot.geometry = chain.attach(
      ledger::Attachment::build(std::vector<crypto::Bytes>{geometry::encode_ring(ring)}));
  const auto statement = chain.must("desert-ngo", plot);
  chain.must("verifier", ledger::Consent{{"confirm-home"}, statement->id});
  chain.must(
      "desert-ngo",
      ledger::Pledge{
          {"promise"}, {std::string(kPledged)}, {std::string(kHome)}, {"haloxylon"}, 200, 2026});
}

void play_planting(TestChain& chain) {
  std::vector<ledger::PlantLeaf> leaves;
  for (std::int32_t i = 0; i < 100; ++i) {
    ledger::PlantLeaf leaf;
    leaf.lat = kSouth + 300 * (i / 10 + 1);
    leaf.lon = kWest + 300 * (i % 10 + 1);
    leaf.day = chain.day();
    leaves.push_back(leaf);
  }
  ledger::Plant plant;
  plant.ref = {"grown"};
  plant.plot = {std::string(kHome)};
  plant.campaign = ledger::ObjectId{std::string(kPlanted)};
  plant.species = {{{"haloxylon"}, leaves.size()}};
  plant.planted_from = plant.planted_to = chain.day();
  plant.leaves = attach(chain, leaves);
  plant.evidence = {{"desert-ngo/photo"}};
  chain.must("desert-ngo", plant);
  chain.empty_block();
  chain.empty_block();
}

void play_verification(TestChain& chain) {
  const auto view = chain.latest();
  const ledger::ObjectId batch{std::string(kGrown)};
  const auto object = ledger::find<ledger::BatchObject>(*view, batch);
  const auto beacon =
      ledger::get<ledger::BeaconObject>(*view, std::to_string(object->record.height + 1));
  auto sample = ledger::sample_draw(*beacon->header_hash, batch, 100, 10);
  std::ranges::sort(sample);
  ledger::Verify verify;
  verify.ref = {"visit"};
  verify.plant = batch;
  verify.method = ledger::VerifyMethod::sample;
  for (const std::uint64_t tree : sample) verify.visited.push_back({tree, 1});
  chain.must("verifier", verify);
}

void play_redemption(TestChain& chain) {
  std::vector<ledger::RedeemLeaf> leaves;
  for (const proofs::Opening& opening : sorted_openings()) {
    leaves.push_back({{proofs::commitment_of(opening), kPrice}});
  }
  ledger::Redeem redeem;
  redeem.ref = {"units"};
  redeem.campaign = {std::string(kPlanted)};
  redeem.programme = {std::string(kEnergy)};
  redeem.species = ledger::Code{"haloxylon"};
  redeem.units = leaves.size();
  redeem.grams = leaves.size() * kPrice;
  redeem.leaves = attach(chain, leaves);
  chain.must("platform", redeem);
}

void play_allocation(TestChain& chain) {
  const auto plan = plan_allocation(
      *chain.latest(), {{{std::string(kUnits)}, {std::string(kGrown)}, {"haloxylon"}, 20}});
  ledger::Allocate allocate;
  allocate.ref = {"given"};
  allocate.campaign = {std::string(kPlanted)};
  allocate.runs = chain.attach(plan->attachment);
  allocate.links = plan->links;
  chain.must("platform", allocate);
}

void play_governance(TestChain& chain) {
  ledger::ParamsSet change;
  change.settings = {{{"field_delay_days"}, 200}};
  chain.must("platform", ledger::Propose{{"longer-delay"}, change});
  for (const std::string_view org : {"platform", "desert-ngo", "coast-ngo"}) {
    chain.must(org, ledger::Approve{{"agree-delay"}, {"platform/longer-delay"}});
  }
}

}  // namespace

proofs::Opening opening_of_unit(std::uint64_t index) { return sorted_openings().at(index); }

proofs::PointsProof points_proof_of(std::uint64_t account) {
  const crypto::SumTree tree = accounts_tree();
  const proofs::Opening opening = opening_of_user(account);
  proofs::PointsProof proof;
  proof.issue = {std::string(kIssue)};
  proof.salt = opening.salt;
  proof.reference = opening.reference;
  proof.grams = grams_of(account);
  proof.index = *tree.index_of(proofs::commitment_of(opening));
  proof.accounts = kAccounts;
  for (const crypto::SumNode& node : tree.path(proof.index)) {
    proof.path.push_back({node.hash, node.sum});
  }
  return proof;
}

ledger::Evidence photo(std::string_view ref, std::int32_t day) {
  ledger::Evidence evidence;
  evidence.ref = {std::string(ref)};
  evidence.sha256 = crypto::sha256(crypto::as_bytes(ref));
  evidence.day = day;
  evidence.position = ledger::LatLon{400'001'000, 1'000'001'000};
  evidence.phash64 = 0xffff'ffff'ffff'fffe;
  evidence.bytes = 1'000'000;
  return evidence;
}

ledger::Campaign campaign_terms(std::string_view ref, ledger::Mode mode, std::int32_t day) {
  ledger::Campaign payload;
  payload.ref = {std::string(ref)};
  payload.planters = {{"desert-ngo"}};
  payload.unit_size = 1;
  payload.species = {{{"haloxylon"}, kPrice}, {{"rhizophora"}, kPrice}};
  payload.target = 1'000'000;
  payload.redeem_window = {day, day + 1'000};
  payload.plant_window = {day - 400, day + 1'000};
  payload.mode = mode;
  payload.policy = {.sample_minimum = 10,
                    .replacement_until_days = 0,
                    .lookback_days = 100,
                    .standing_consent = true};
  return payload;
}

void play_season(TestChain& chain) {
  play_points(chain);
  open_campaign(chain, "planted", ledger::Mode::plant_first);
  open_campaign(chain, "pledged", ledger::Mode::pledge_first);
  play_land(chain);
  play_planting(chain);
  play_verification(chain);
  play_redemption(chain);
  play_allocation(chain);
  play_governance(chain);
}

TestChain& season_chain() {
  static TestChain chain;
  static const bool is_played = (play_season(chain), true);
  static_cast<void>(is_played);
  return chain;
}

}  // namespace treeproof::rpc
