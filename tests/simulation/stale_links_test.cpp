// An allocate that waits for consents, while another one takes its units.
#include <gtest/gtest.h>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "crypto/hash.h"
#include "tests/simulation/catch_up_bed.h"

namespace treeproof::simulation {
namespace {

using ledger::Code;

constexpr std::uint64_t kTrees = 5;
constexpr std::uint64_t kPrice = 100;  // grams a unit
constexpr std::int32_t kSide = 10'000;
constexpr std::uint64_t kTicket = 1;
const Code kSpecies{"haloxylon"};

ledger::ObjectId id(const std::string& org, const std::string& ref) {
  return ledger::ObjectId::of({org}, {ref});
}

template <class Leaf>
ledger::AttachmentPtr attach(const std::vector<Leaf>& leaves) {
  std::vector<crypto::Bytes> encoded;
  for (const Leaf& leaf : leaves) encoded.push_back(ledger::encode(leaf));
  return ledger::Attachment::build(encoded);
}

// A campaign whose planter consents to each allocate; one batch of verified trees, one of units.
class WaitingAllocates : public testing::Test {
 protected:
  WaitingAllocates() {
    open_campaign();
    settle_plot();
    plant();
    redeem("first");
    bed_.emplace(consortium_, history_, "regulator");
    bed_->add_peer("platform", Manner::honest);
    EXPECT_TRUE(bed_->reaches(history_.height(), 10'000));
  }

  void record(const std::string& org, const ledger::Payload& payload) {
    const ledger::StatementPtr one[] = {history_.sign(org, payload)};
    history_.extend(one);
  }
  std::int32_t today() const { return history_.store().tip().time.day(); }
  void open_campaign() {
    ledger::Programme programme;
    programme.ref = {"energy"};
    programme.actions = {{{"walking"}, 10}};
    programme.yearly_cap = kQuantityMax;
    programme.expiry_days = 365;
    programme.platforms = {{"platform"}};
    record("platform", programme);
    ledger::IssuePoints issue;
    issue.ref = {"issue"};
    issue.programme = id("platform", "energy");
    issue.series = {"daily"};
    issue.from_day = issue.to_day = today();
    issue.accounts = 1;
    issue.grams = 1'000'000;
    record("platform", issue);
    ledger::Campaign campaign;
    campaign.ref = {"spring"};
    campaign.planters = {{"desert-ngo"}};
    campaign.unit_size = 1;
    campaign.species = {{kSpecies, kPrice}};
    campaign.target = 1'000;
    campaign.redeem_window = {today() - 1, today() + 100};
    campaign.plant_window = {today() - 100, today() + 100};
    campaign.mode = ledger::Mode::plant_first;
    campaign.policy = {.sample_minimum = 1,
                       .replacement_until_days = 0,
                       .lookback_days = 100,
                       .standing_consent = false};
    const auto opened = history_.sign("platform", campaign);
    record("desert-ngo", ledger::Consent{{"yes-spring"}, opened->id});
    const ledger::StatementPtr one[] = {opened};
    history_.extend(one);
  }
  void settle_plot() {
    const geometry::Polygon square{{{{0, 0}, {0, kSide}, {kSide, kSide}, {kSide, 0}, {0, 0}}}};
    const std::vector<crypto::Bytes> rings{geometry::encode_ring(square.rings.front())};
    const ledger::AttachmentPtr outline = ledger::Attachment::build(rings);
    history_.store().put_attachment(outline);
    ledger::Plot plot;
    plot.ref = {"home"};
    plot.country = {"CN"};
    plot.layer = ledger::Layer::canopy;
    plot.area = geometry::area_m2(square);
    plot.capacity = 1'000'000;
    plot.geometry = outline->announced();
    const ledger::StatementPtr settled[] = {history_.sign("desert-ngo", plot)};
    history_.extend(settled);
    record("verifier", ledger::Consent{{"confirm-home"}, settled[0]->id});
  }
  void plant() {
    std::vector<ledger::PlantLeaf> trees(2 * kTrees);
    for (std::size_t i = 0; i < trees.size(); ++i) {
      trees[i].lat = 100;
      trees[i].lon = 100 * static_cast<std::int32_t>(i + 1);
      trees[i].day = today();
    }
    const ledger::AttachmentPtr leaves = attach(trees);
    history_.store().put_attachment(leaves);
    ledger::Plant plant;
    plant.ref = {"trees"};
    plant.plot = id("desert-ngo", "home");
    plant.campaign = id("platform", "spring");
    plant.species = {{kSpecies, trees.size()}};
    plant.planted_from = plant.planted_to = today();
    plant.leaves = leaves->announced();
    record("desert-ngo", plant);
    history_.extend_by(2);
    ledger::Verify verify;
    verify.ref = {"checked"};
    verify.plant = id("desert-ngo", "trees");
    verify.method = ledger::VerifyMethod::full;
    verify.visited = {{0, trees.size()}};
    record("verifier", verify);
  }
  void redeem(const std::string& ref) {
    std::vector<ledger::RedeemLeaf> units;
    for (std::uint64_t i = 0; i < kTrees; ++i) {
      crypto::Hash commitment = crypto::sha256(crypto::as_bytes(ref));
      commitment[0] = static_cast<std::uint8_t>(i);
      units.push_back({{commitment, kPrice}});
    }
    const ledger::AttachmentPtr leaves = attach(units);
    history_.store().put_attachment(leaves);
    ledger::Redeem redeem;
    redeem.ref = {ref};
    redeem.campaign = id("platform", "spring");
    redeem.programme = id("platform", "energy");
    redeem.species = kSpecies;
    redeem.units = kTrees;
    redeem.grams = kTrees * kPrice;
    redeem.leaves = leaves->announced();
    record("platform", redeem);
  }
  // As its links follow now; its runs lie with the peers.
  ledger::StatementPtr allocate(const std::string& ref, const std::string& redemption) {
    const std::vector<ledger::RunLeaf> runs{
        {id("platform", redemption), id("desert-ngo", "trees"), kSpecies, 2}};
    const ledger::AttachmentPtr leaves = attach(runs);
    history_.store().put_attachment(leaves);
    ledger::Allocate allocate;
    allocate.ref = {ref};
    allocate.campaign = id("platform", "spring");
    allocate.runs = leaves->announced();
    const auto ranges = ledger::derive_ranges(history_.store(), runs);
    allocate.links = ledger::links_of(history_.store(), ranges.value()).value();
    return history_.sign("platform", allocate);
  }
  // To the replica, by a client that waits; the attachment comes from a peer.
  void submit(const ledger::StatementPtr& statement) {
    bed_->deliver(replica::Submitted{statement, {kTicket}});
    bed_->run_ms(5);
    const auto* runs = ledger::attachment_of(statement->payload);
    for (const char* org : {"desert-ngo", "platform", "river-ngo", "verifier"}) {
      bed_->deliver(replica::Received{org, replica::AttachmentsHeld{{runs->root}}});
    }
    bed_->run_ms(20);
  }
  void decide(const std::vector<ledger::StatementPtr>& statements) {
    history_.extend(statements);
    bed_->add_peer("platform", Manner::honest);  // says its new height
    EXPECT_TRUE(bed_->reaches(history_.height(), 10'000));
    bed_->run_ms(100);
  }
  const ledger::Refusal* refusal() const {
    const auto found = bed_->answers.find(kTicket);
    return found == bed_->answers.end() ? nullptr : std::get_if<ledger::Refusal>(&found->second);
  }

  const Consortium& consortium_ = Consortium::of(5);
  History history_{consortium_};
  std::optional<CatchUpBed> bed_;
};

TEST_F(WaitingAllocates, AreRefusedAsStaleOnceAnotherTookTheirUnits) {
  const auto waiting = allocate("waits", "first");
  submit(waiting);
  const auto pending = std::get<replica::PendingStatement>(bed_->answers.at(kTicket));
  EXPECT_EQ(pending.missing_consents, std::vector<ledger::OrgId>{{"desert-ngo"}});
  const auto taken = allocate("takes", "first");
  decide({history_.sign("desert-ngo", ledger::Consent{{"yes-takes"}, taken->id}), taken});
  ASSERT_NE(refusal(), nullptr);
  EXPECT_EQ(refusal()->reason, ledger::Reason::links_stale);
  EXPECT_EQ(bed_->replica().pool().size(), 0u);
  const auto again = allocate("waits", "first");  // its ref is free
  submit(again);
  EXPECT_EQ(bed_->replica().pool().size(), 1u);
}

TEST_F(WaitingAllocates, StayWhileNothingTouchesThem) {
  submit(allocate("waits", "first"));
  std::size_t judged = 0;
  bed_->on_effect = [&](const replica::Effect& effect) {
    judged += std::holds_alternative<replica::CheckLinks>(effect) ? 1 : 0;
  };
  ledger::Evidence photo;
  photo.ref = {"photo"};
  photo.sha256 = crypto::sha256(crypto::as_bytes("photo"));
  photo.day = today();
  photo.bytes = 1;
  decide({history_.sign("river-ngo", photo)});
  EXPECT_EQ(judged, 0u);
  EXPECT_EQ(refusal(), nullptr);
  EXPECT_EQ(bed_->replica().pool().size(), 1u);
}

TEST_F(WaitingAllocates, AreRefusedWhereTheyWereStaleFromTheStart) {
  const auto stale = allocate("waits", "first");
  const auto taken = allocate("takes", "first");
  decide({history_.sign("desert-ngo", ledger::Consent{{"yes-takes"}, taken->id}), taken});
  submit(stale);
  ASSERT_NE(refusal(), nullptr);
  EXPECT_EQ(refusal()->reason, ledger::Reason::links_stale);
}

}  // namespace
}  // namespace treeproof::simulation
