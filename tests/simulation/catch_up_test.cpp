// A node that is behind gets back to the others, whoever of them lies. [rule 27]
#include <gtest/gtest.h>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/simulation/catch_up_bed.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {
namespace {

constexpr const char* kBehind = "regulator";  // the fifth validator; it never votes here

class CatchingUp : public testing::Test {
 protected:
  // Heights with a statement each.
  void extend_by(std::uint64_t heights) {
    for (std::uint64_t i = 0; i < heights; ++i) {
      ledger::Evidence evidence;
      evidence.ref = {"photo-" + std::to_string(history_.height().value)};
      evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
      evidence.day = history_.store().tip().time.day();
      evidence.bytes = 1;
      const ledger::StatementPtr one[] = {history_.sign("desert-ngo", evidence)};
      history_.extend(one);
    }
  }
  // A plot, whose outline travels beside it.
  void extend_with_plot() {
    constexpr std::int32_t kSide = 10'000;
    const geometry::Polygon square{{{{0, 0}, {0, kSide}, {kSide, kSide}, {kSide, 0}, {0, 0}}}};
    const std::vector<crypto::Bytes> leaves{geometry::encode_ring(square.rings.front())};
    const ledger::AttachmentPtr outline = ledger::Attachment::build(leaves);
    ledger::Plot plot;
    plot.ref = {"plot"};
    plot.country = {"CN"};
    plot.area = geometry::area_m2(square);
    plot.capacity = 100;
    plot.uncertainty_m = 10;
    plot.geometry = outline->announced();
    history_.store().put_attachment(outline);
    const ledger::StatementPtr one[] = {history_.sign("desert-ngo", plot)};
    history_.extend(one);
  }
  // The validators from the next height on.
  void elect(const std::vector<std::string>& orgs) {
    const std::string number = std::to_string(history_.height().value);
    ledger::ValidatorsSet seats;
    for (const std::string& org : orgs) {
      seats.validators.push_back({{org}, 1, consortium_.member(org).node_key.public_key().bytes()});
    }
    std::vector<ledger::StatementPtr> statements{
        history_.sign("platform", ledger::Propose{{"seats-" + number}, seats})};
    const ledger::ObjectId proposal = statements.front()->object();
    const ValidatorSet& now = *history_.store().tip().validators;
    for (std::uint64_t yes = 0; !now.is_quorum(yes); ++yes) {  // one more would come too late
      statements.push_back(
          history_.sign(now.at(yes).org, ledger::Approve{{"yes-" + number}, proposal}));
    }
    history_.extend(statements);
    ASSERT_EQ(history_.store().tip().validators->size(), orgs.size());
  }
  bool catches_up(CatchUpBed& bed, std::uint64_t limit_ms) {
    return bed.reaches(history_.height(), limit_ms) &&
           bed.store().tip().header_hash == history_.store().tip().header_hash;
  }

  const Consortium& consortium_ = Consortium::of(5);
  History history_{consortium_};
};

TEST_F(CatchingUp, FromOneHeightBehindWhenNobodySaysMore) {
  extend_by(1);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("platform", Manner::honest);
  EXPECT_TRUE(catches_up(bed, 1'500));  // the resend timer asks: the vote may have been on its way
}

TEST_F(CatchingUp, FromTenThousandHeightsBehind) {
  history_.extend_by(10'000);
  CatchUpBed bed(consortium_, history_, kBehind);
  for (const char* org : {"desert-ngo", "platform", "river-ngo"}) {
    bed.add_peer(org, Manner::honest);
  }
  EXPECT_TRUE(catches_up(bed, 60'000));
  EXPECT_GE(bed.most_requests_at_once(), 2u);
  for (const char* org : {"desert-ngo", "platform", "river-ngo"}) {
    EXPECT_GT(bed.requests_to(org), 100u) << org;
    EXPECT_LT(bed.requests_to(org), 700u) << org;  // 16 heights each, hardly any twice
  }
}

TEST_F(CatchingUp, OverASlowLinkWithoutWaitingForEachAnswer) {
  extend_by(640);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.latency_us = 100'000;
  bed.add_peer("platform", Manner::honest);
  EXPECT_TRUE(catches_up(bed, 4'000));  // 40 answers one after the other would take 4 s alone
}

TEST_F(CatchingUp, AcrossChangesOfTheValidatorSet) {
  extend_by(20);
  elect({"desert-ngo", "platform", "river-ngo", "verifier"});
  extend_by(40);
  elect({"desert-ngo", "platform", "regulator", "river-ngo", "verifier"});
  extend_by(20);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("platform", Manner::honest);
  bed.add_peer("verifier", Manner::honest);
  EXPECT_TRUE(catches_up(bed, 5'000));
  EXPECT_EQ(bed.times_dropped("platform") + bed.times_dropped("verifier"), 0u);
}

TEST_F(CatchingUp, WhileNewBlocksAreDecided) {
  extend_by(100);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("platform", Manner::honest);
  for (int i = 0; i < 100; ++i) {
    bed.run_ms(20);
    extend_by(1);
    bed.add_peer("platform", Manner::honest);  // says its new height
  }
  EXPECT_TRUE(catches_up(bed, 2'000));
}

// A liar costs its requests, not the sync.
TEST_F(CatchingUp, FromAmongLiarsOfEveryKind) {
  extend_by(100);
  for (const Manner manner : {Manner::silent, Manner::forger, Manner::strips_bodies,
                              Manner::leaves_gaps, Manner::floods}) {
    CatchUpBed bed(consortium_, history_, kBehind);
    bed.add_peer("desert-ngo", manner);
    bed.add_peer("platform", manner);
    bed.add_peer("river-ngo", Manner::honest);
    EXPECT_TRUE(catches_up(bed, 20'000)) << static_cast<int>(manner);
    EXPECT_EQ(bed.times_dropped("river-ngo"), 0u) << static_cast<int>(manner);
  }
}

// A node with a state needs no snapshot while anybody holds the blocks that it lacks. [rule 28]
TEST_F(CatchingUp, FromTheOneWhoHoldsWhatOthersThatBeganAtASnapshotDoNot) {
  extend_by(100);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("desert-ngo", Manner::began_later);
  bed.add_peer("platform", Manner::began_later);
  bed.run_ms(60'000);
  EXPECT_EQ(bed.height(), Height{0});
  EXPECT_TRUE(bed.replica().is_starved());
  EXPECT_EQ(bed.times_dropped("platform"), 0u);

  bed.add_peer("river-ngo", Manner::honest);
  bed.run_ms(1'000);
  EXPECT_FALSE(bed.replica().is_starved());
  EXPECT_TRUE(catches_up(bed, 60'000));
  EXPECT_FALSE(bed.replica().is_starved());
}

TEST_F(CatchingUp, DropsWhoForgesACertificateOrABody) {
  extend_by(30);
  for (const Manner manner : {Manner::forger, Manner::strips_bodies}) {
    CatchUpBed bed(consortium_, history_, kBehind);
    bed.add_peer("platform", manner);
    bed.run_ms(10'000);
    EXPECT_EQ(bed.height(), Height{0});
    EXPECT_GE(bed.times_dropped("platform"), 1u);
  }
}

TEST_F(CatchingUp, AsksASilentPeerEverLessOften) {
  extend_by(30);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("platform", Manner::silent);
  bed.run_ms(600'000);
  EXPECT_LE(bed.requests_to("platform"), 30u);  // 1,200 ticks of the resend timer
  EXPECT_EQ(bed.times_dropped("platform"), 0u);
}

// One lie does not make a node look behind, and what is said last is what counts.
TEST_F(CatchingUp, BelievesTheHeightThatMoreThanAThirdOfThePowerClaims) {
  constexpr Height kFar{1'000'000'000};
  extend_by(30);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("platform", Manner::honest, kFar);
  bed.run_ms(10);
  EXPECT_EQ(bed.replica().highest_seen(), Height{0});
  bed.add_peer("river-ngo", Manner::honest);
  bed.run_ms(10);
  EXPECT_EQ(bed.replica().highest_seen(), Height{30});
  EXPECT_TRUE(catches_up(bed, 5'000));
  bed.add_peer("river-ngo", Manner::honest, kFar);
  bed.run_ms(10);
  EXPECT_EQ(bed.replica().highest_seen(), kFar);
  bed.add_peer("river-ngo", Manner::honest, Height{30});
  bed.add_peer("platform", Manner::honest, Height{30});
  bed.run_ms(10);
  EXPECT_EQ(bed.replica().highest_seen(), Height{30});
}

TEST_F(CatchingUp, FetchesAnAttachmentFromWhoeverHasDecidedTheBlock) {
  extend_with_plot();
  extend_by(2);
  CatchUpBed bed(consortium_, history_, kBehind);
  bed.add_peer("desert-ngo", Manner::hides_attachments);
  bed.run_ms(5'000);
  EXPECT_EQ(bed.height(), Height{0});
  bed.add_peer("river-ngo", Manner::honest);
  EXPECT_TRUE(catches_up(bed, 20'000));
}

// A disk that lost everything, in a consortium that works on.
TEST(CatchingUpUnderLoad, AWipedNodeGetsBackToTheOthers) {
  WorldOptions options;
  options.statements_per_s = 50;
  World world(options);
  world.run_ms(4'000);
  world.crash("verifier");
  world.wipe("verifier");
  world.run_ms(500);
  world.restart("verifier");
  world.run_ms(4'000);
  EXPECT_TRUE(world.run_liveness_phase(1, 10'000));
  world.check_nothing_lost();
  EXPECT_EQ(world.violation(), std::nullopt);
}

}  // namespace
}  // namespace treeproof::simulation
