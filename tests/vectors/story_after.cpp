// What is said in the story at last, each accepted by the rules: trees that are replaced, revived,
// corrected and disputed, land that changes, and what governance is asked about it.
#include <algorithm>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/plot_objects.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

constexpr std::int32_t kToday = static_cast<std::int32_t>(kGenesisTimeS / 86'400);
constexpr std::int32_t kSouth = 400'000'000;
constexpr std::int32_t kWest = 1'000'000'000;
const ObjectId kPlanted{"desert-ngo/plant-1"};
const ObjectId kReplanted{"desert-ngo/replant-1"};
const ObjectId kNursery{"coast-ngo/mangrove-nursery"};
const ObjectId kCampaign{"platform/saxaul-2026"};

OrgId org(std::string_view text) { return {std::string(text)}; }

// Trees of a row of its own, 2,000 north of the first ones.
std::vector<crypto::Bytes> row_of(std::uint64_t trees, std::int32_t east) {
  std::vector<crypto::Bytes> leaves;
  for (std::uint64_t i = 0; i < trees; ++i) {
    PlantLeaf leaf;
    leaf.lat = kSouth + 2'000;
    leaf.lon = kWest + east + 500 * static_cast<std::int32_t>(i);
    leaf.day = kToday;
    leaves.push_back(encode(leaf));
  }
  return leaves;
}

Plant plant_of(std::string_view ref, std::uint64_t trees, AttachmentRef leaves) {
  Plant plant;
  plant.ref = {std::string(ref)};
  plant.plot = {"desert-ngo/277"};
  plant.species = {{{"haloxylon"}, trees}};
  plant.planted_from = plant.planted_to = kToday;
  plant.leaves = leaves;
  return plant;
}

}  // namespace

// A second verifier; a tree for the unit that lost its own; trees that belong to no campaign yet.
void Story::tell_of_new_trees() {
  record(kCoast, Propose{{"also-verifies"},
                         OrgPut{org(kCoast),
                                {"Coast Mangrove Trust"},
                                {OrgRole::planter, OrgRole::verifier},
                                org(kCoast)}});
  for (const std::string_view validator : {kPlatform, kDesert, kCoast}) {
    record(validator, Approve{{"yes-also-verifies"}, {"coast-ngo/also-verifies"}});
  }
  Plant plant = plant_of("replant-1", 1, attach("plant-leaf", kReplanted.text, row_of(1, 100)));
  plant.campaign = kCampaign;
  plant.purpose = Purpose::replacement;
  record(kDesert, plant);
  Verify verify;
  verify.ref = {"visit-2"};
  verify.plant = kReplanted;
  verify.method = VerifyMethod::full;
  verify.visited = {{0, 1}};
  record(kVerifier, verify);
  record(kDesert,
         plant_of("loose-1", 2, attach("plant-leaf", "desert-ngo/loose-1", row_of(2, 3'000))));
  Campaign later;
  later.ref = {"saxaul-later"};
  later.planters = {org(kDesert)};
  later.unit_size = 1;
  later.species = {{{"haloxylon"}, 18'000}};
  later.target = 1'000;
  later.redeem_window = later.plant_window = {kToday, kToday + 364};
  later.mode = Mode::plant_first;
  later.policy = {.sample_minimum = 1,
                  .replacement_until_days = 365,
                  .lookback_days = 365,
                  .standing_consent = true};
  const StatementPtr opening = sign(kPlatform, later);
  record(kDesert, Consent{{"join-later"}, opening->id});
  record(kPlatform, opening);
}

// Each needs the consent of another, but for the revival and the assignment.
void Story::tell_of_trees_that_change() {
  const std::vector<ReplaceLeaf> runs{{kPlanted, 2, kReplanted, 0, 1}};
  const std::vector<LinkRange> ranges{{{"platform/redeem-1"}, 1, kReplanted, 0, 1}};
  Replace replace;
  replace.ref = {"replace-1"};
  replace.campaign = kCampaign;
  replace.runs = attach("replace-leaf", "desert-ngo/replace-1", {encode(runs.front())});
  replace.links = links_of(*this, ranges).value();
  replace.verifier = org(kVerifier);
  record_agreed(kDesert, replace, kVerifier);
  record(kCoast, Revive{{"green-again"}, kPlanted, {{5, 1}}, kToday});
  record_agreed(kDesert,
                Correct{{"never-there"},
                        kPlanted,
                        CorrectVoid{{{11, 1}}},
                        CorrectionReason::not_planted,
                        org(kVerifier)},
                kVerifier);
  record_agreed(kDesert,
                Correct{{"typed-wrongly"},
                        kPlanted,
                        CorrectPosition{10, kSouth + 900, kWest + 1'700},
                        CorrectionReason::typing_error,
                        org(kVerifier)},
                kVerifier);
  record(kDesert, Assign{{"join-1"}, {"desert-ngo/loose-1"}, {"platform/saxaul-later"}});
}

void Story::tell_of_land_that_changes() {
  const crypto::Hash before = find<PlotObject>(*this, kNursery)->payload.geometry.root;
  const geometry::Position middle{-45'123'450, 394'567'900};
  PlotRevision better;
  better.ref = {"nursery-measured"};
  better.plot = kNursery;
  better.area = 2'600;
  better.geometry = attach("point", "coast-ngo/nursery-measured", geometry::encode_leaves(middle));
  record(kCoast, better);
  record(kCoast, PlotClose{{"nursery-ends"}, kNursery});
  record_agreed(kDesert, Handover{{"to-the-coast"}, org(kCoast), {}, {}, {{"desert-ngo/pledge-1"}}},
                kCoast);
  record(kCoast, Propose{{"take-over"},
                         HandoverFor{org(kDesert), org(kCoast), {{"desert-ngo/277"}}, {}, {}}});
  record(kCoast, Propose{{"forget"}, Redact{before, {{0, 1}}}});
}

void Story::tell_of_a_dispute() {
  Dispute dispute;
  dispute.ref = {"doubt-1"};
  dispute.target = DisputedRecord{kPlanted};
  dispute.ground = Ground::wrong_place;
  dispute.report = ObjectId{"verifier/spring-visit"};
  dispute.evidence = {{"desert-ngo/photo-1"}};
  record(kVerifier, dispute);
  record(kCoast,
         Propose{{"uphold"},
                 Resolve{{"verifier/doubt-1"}, Outcome::upheld, Remedy::void_ranges, {{8, 1}}}});
}

void Story::record_agreed(std::string_view org, const Payload& payload, std::string_view other) {
  const StatementPtr waiting = sign(org, payload);
  record(other, Consent{{"agree-" + ref_of(payload).text}, waiting->id});
  record(org, waiting);
}

}  // namespace treeproof::vectors
