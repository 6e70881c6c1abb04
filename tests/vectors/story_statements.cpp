// What is said in the story: a statement of every type, each accepted by the rules.
#include <algorithm>
#include <cassert>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "crypto/hash.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

constexpr std::int32_t kToday = static_cast<std::int32_t>(kGenesisTimeS / 86'400);
constexpr std::int32_t kSouth = 400'000'000;  // 40 degrees north, 100 degrees east
constexpr std::int32_t kWest = 1'000'000'000;
constexpr std::uint64_t kPriceGrams = 17'900;
constexpr std::uint64_t kTrees = 12;
const Code kHaloxylon{"haloxylon"};

OrgId org(std::string_view text) { return {std::string(text)}; }

crypto::Hash hash_of(std::string_view text) { return crypto::sha256(crypto::as_bytes(text)); }

template <class Leaf>
std::vector<crypto::Bytes> encoded(const std::vector<Leaf>& leaves) {
  std::vector<crypto::Bytes> out;
  for (const Leaf& leaf : leaves) out.push_back(encode(leaf));
  return out;
}

// About 0.95 ha with a hole in its middle.
geometry::Polygon outline() {
  const auto corner = [](std::int32_t north, std::int32_t east) {
    return geometry::Position{kSouth + north, kWest + east};
  };
  return {
      {{corner(0, 0), corner(0, 10'000), corner(10'000, 10'000), corner(10'000, 0), corner(0, 0)},
       {corner(4'000, 4'000), corner(5'000, 4'000), corner(5'000, 5'000), corner(4'000, 5'000),
        corner(4'000, 4'000)}}};
}

std::vector<PlantLeaf> seedlings() {
  std::vector<PlantLeaf> leaves;
  for (std::uint64_t i = 0; i < kTrees; ++i) {
    PlantLeaf leaf;
    leaf.lat = kSouth + 100 + 300 * static_cast<std::int32_t>(i / 4);
    leaf.lon = kWest + 100 + 500 * static_cast<std::int32_t>(i % 4);
    leaf.day = kToday - static_cast<std::int32_t>(i % 2);
    leaves.push_back(leaf);
  }
  leaves.back().exact = hash_of("the exact position of a tree");
  leaves.back().size_mm = 12;
  return leaves;
}

Campaign campaign() {
  Campaign payload;
  payload.ref = {"saxaul-2026"};
  payload.planters = {org(kCoast), org(kDesert)};
  payload.unit_size = 1;
  payload.species = {{kHaloxylon, kPriceGrams}};
  payload.target = 100'000;
  payload.redeem_window = {kToday, kToday + 364};
  payload.plant_window = {kToday - 30, kToday + 364};
  payload.mode = Mode::pledge_first;
  payload.deadline_days = 365;
  payload.policy = {.sample_minimum = 10,
                    .replacement_until_days = 1'095,
                    .lookback_days = 0,
                    .standing_consent = true};
  return payload;
}

}  // namespace

void Story::tell_of_governance() {
  const auto second = secret_of("desert-ngo/second").public_key().bytes();
  const auto third = secret_of("verifier/second").public_key().bytes();
  record(kDesert, KeyPut{{"key-2"}, second, {KeyRole::plant, KeyRole::observe}});
  record(kCoast, Propose{{"revoke"}, KeyRevokeFor{org(kDesert), second}});
  record(kDesert, KeyRevoke{{"key-2-lost"}, second});
  record(kCoast, Propose{{"admit"},
                         OrgPut{org("river-ngo"), {"流域林业"}, {OrgRole::planter}, org("river")}});
  record(kCoast, Propose{{"key"}, KeyPutFor{org(kVerifier), third, {KeyRole::verify}}});
  record(kCoast, Propose{{"params"}, ParamsSet{{{{"sample_minimum"}, 30}}}});
  const Species tamarix{{"tamarix"}, {"Tamarix ramosissima"}, 3'084'348, std::nullopt, Habit::shrub,
                        std::nullopt};
  record(kDesert, Propose{{"tamarix"}, SpeciesPut{{tamarix}}});
  for (const std::string_view validator : {kPlatform, kDesert, kCoast}) {
    record(validator, Approve{{"yes-tamarix"}, {"desert-ngo/tamarix"}});
  }
}

void Story::tell_of_points() {
  Programme programme;
  programme.ref = {"energy"};
  programme.actions = {{{"cycling"}, 70}, {{"walking"}, 10}};
  programme.platforms = {org(kPlatform)};
  programme.yearly_cap = 1'000'000'000'000;
  programme.expiry_days = 1'095;
  record(kPlatform, programme);
  IssuePoints issue;
  issue.ref = {"issue-1"};
  issue.programme = {"platform/energy"};
  issue.series = {"daily"};
  issue.from_day = issue.to_day = kToday;
  issue.accounts = 3;
  issue.grams = 250'000;
  issue.root = hash_of("a Merkle sum tree");
  record(kPlatform, issue);
}

void Story::tell_of_a_campaign() {
  const StatementPtr waiting = sign(kPlatform, campaign());
  for (const std::string_view planter : {kCoast, kDesert}) {
    record(planter, Consent{{"join-saxaul"}, waiting->id});
  }
  record(kPlatform, waiting);
}

void Story::tell_of_land() {
  Evidence deed;
  deed.ref = {"deed"};
  deed.sha256 = hash_of("a land title");
  deed.kind = EvidenceKind::land;
  deed.day = -3'650;  // before 1970
  deed.bytes = 120'000;
  record(kDesert, deed);
  Plot plot;
  plot.ref = {"277"};
  plot.country = {"CN"};
  plot.area = geometry::check(outline())->square_metres;
  plot.capacity = 2'000;
  plot.uncertainty_m = 5;
  plot.land_right = ObjectId{"desert-ngo/deed"};
  plot.geometry = attach("ring", "desert-ngo/277", geometry::encode_leaves(outline()));
  record(kDesert, plot);
  record(kVerifier, Consent{{"saw-277"}, statements_.back().statement->id});
}

void Story::tell_of_trees() {
  record(kDesert,
         Pledge{{"pledge-1"}, {"platform/saxaul-2026"}, {"desert-ngo/277"}, kHaloxylon, 500, 2026});
  Evidence photo;
  photo.ref = {"photo-1"};
  photo.sha256 = hash_of("a photo");
  photo.day = kToday;
  photo.position = LatLon{kSouth, kWest};
  photo.phash64 = 0xf0e1d2c3b4a59687;
  photo.c2pa = Provenance::valid;
  photo.bytes = 2'400'000;
  record(kDesert, photo);
  Plant plant;
  plant.ref = {"plant-1"};
  plant.plot = {"desert-ngo/277"};
  plant.campaign = ObjectId{"platform/saxaul-2026"};
  plant.pledge = ObjectId{"desert-ngo/pledge-1"};
  plant.species = {{kHaloxylon, kTrees}};
  plant.evidence = {{"desert-ngo/photo-1"}};
  plant.planted_from = kToday - 1;
  plant.planted_to = kToday;
  plant.leaves = attach("plant-leaf", "desert-ngo/plant-1", encoded(seedlings()));
  record(kDesert, plant);
  Inventory inventory;
  inventory.ref = {"old-poplars"};
  inventory.method = PlantingMethod::none;
  inventory.precision_m = 100;
  inventory.species = {{{"poplar"}, 2}};
  std::vector<PlantLeaf> poplars(2);
  for (std::size_t i = 0; i < poplars.size(); ++i) {
    poplars[i].lat = -337'000'000 + static_cast<std::int32_t>(i);
    poplars[i].lon = -706'000'000;
    poplars[i].size_mm = 410;
  }
  inventory.leaves = attach("plant-leaf", "coast-ngo/old-poplars", encoded(poplars));
  record(kCoast, inventory);
  Verify verify;
  verify.ref = {"visit-1"};
  verify.plant = {"desert-ngo/plant-1"};
  verify.method = VerifyMethod::full;
  verify.visited = {{0, kTrees}};
  verify.failures = 1;
  verify.rejected = {{1, 1}};
  verify.report = hash_of("a report");
  record(kVerifier, verify);
}

void Story::tell_of_a_redemption() {
  std::vector<crypto::Hash> commitments;
  for (int user = 0; user < 4; ++user) {
    const std::string text = std::to_string(user);
    const crypto::Hash salt = hash_of("salt " + text);
    openings_.push_back({{salt.begin(), salt.begin() + 16}, "用户 " + text});
  }
  std::ranges::sort(openings_, {}, proofs::commitment_of);
  for (const auto& opening : openings_) commitments.push_back(proofs::commitment_of(opening));
  // Three units, the first planted by two together.
  const std::vector<RedeemLeaf> leaves = {
      {{commitments[0], 10'000}, {commitments[1], kPriceGrams - 10'000}},
      {{commitments[2], kPriceGrams}},
      {{commitments[3], kPriceGrams}}};
  Redeem redeem;
  redeem.ref = {"redeem-1"};
  redeem.campaign = {"platform/saxaul-2026"};
  redeem.programme = {"platform/energy"};
  redeem.species = kHaloxylon;
  redeem.draws = {{{"desert-ngo/pledge-1"}, leaves.size()}};
  redeem.units = leaves.size();
  redeem.grams = leaves.size() * kPriceGrams;
  redeem.leaves = attach("redeem-leaf", "platform/redeem-1", encoded(leaves));
  record(kPlatform, redeem);
}

void Story::tell_of_an_allocation() {
  const std::vector<RunLeaf> runs = {
      {{"platform/redeem-1"}, {"desert-ngo/plant-1"}, kHaloxylon, 3}};
  const auto ranges = derive_ranges(*this, runs).value();
  link_leaves_ = ledger::link_leaves(*this, ranges).value();
  Allocate allocate;
  allocate.ref = {"allocate-1"};
  allocate.campaign = {"platform/saxaul-2026"};
  allocate.runs = attach("run-leaf", "platform/allocate-1", encoded(runs));
  allocate.links = links_of(*this, ranges).value();
  record(kPlatform, allocate);
}

void Story::tell_of_a_new_node_key() {
  const std::string name = node_key_of(kCoast) + "-2";
  record(kCoast, KeyPut{{"node-2"}, secret_of(name).public_key().bytes(), {KeyRole::node}});
}

// The new organisation is admitted, suspended, and proposed to be reinstated; the validators are
// proposed to stay, coast-ngo with its new node key.
void Story::tell_of_membership() {
  const auto approve = [&](const std::string& proposal) {
    for (const std::string_view validator : {kPlatform, kDesert, kCoast}) {
      record(validator, Approve{{"yes-" + proposal}, {"coast-ngo/" + proposal}});
    }
  };
  approve("admit");
  record(kCoast, Propose{{"suspend"}, SuspendOrg{org("river-ngo")}});
  approve("suspend");
  record(kCoast, Propose{{"reinstate"}, ReinstateOrg{org("river-ngo")}});
  ValidatorsSet set;
  for (const Validator& validator : validators().all()) {
    const bool is_renewed = validator.org == kCoast;
    const std::string key = node_key_of(validator.org) + (is_renewed ? "-2" : "");
    set.validators.push_back({org(validator.org), 1, secret_of(key).public_key().bytes()});
  }
  record(kCoast, Propose{{"validators"}, set});
}

}  // namespace treeproof::vectors
