// The link leaves of an allocate or replace stay those of its own place in the log, whatever is
// said of its trees later, in the same block or years after.
#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/object_content.h"
#include "consensus/ledger/sample.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kGive = {"platform/give"};

// 20 trees, 10 of which a verifier visited; 20 units.
class LinkMoments : public testing::Test {
 protected:
  LinkMoments() {
    field_.must(kDesert, field_.plant("grown", tree_grid(field_.home, 20, 0, field_.day())));
    field_.empty_block();
    field_.empty_block();
    field_.must(kVerifier, sample_of("visit"));
    field_.must(kPlatform, field_.redeem("units", 20));
  }
  Verify sample_of(std::string_view ref) const {
    const std::uint64_t drawn_from = field_.batch(kGrown.text).beacon;
    const auto beacon = field_.get<BeaconObject>(std::to_string(drawn_from));
    std::vector<std::uint64_t> drawn = sample_draw(*beacon->header_hash, kGrown, 20, 10);
    std::ranges::sort(drawn);
    Verify payload = field_.full(ref, kGrown.text);
    payload.method = VerifyMethod::sample;
    payload.visited.clear();
    for (const std::uint64_t tree : drawn) payload.visited.push_back({tree, 1});
    return payload;
  }
  Allocate allocate(std::string_view ref, std::uint64_t count) {
    return field_.allocate(ref, std::vector<RunLeaf>{{kUnits, kGrown, kHaloxylon, count}});
  }
  void give() {
    field_.must(kPlatform, allocate("give", 10));
    ranges_ = field_.links().at(0).ranges;
  }
  Correct correct(std::string_view ref, Correction change) const {
    return {{std::string(ref)},
            kGrown,
            std::move(change),
            CorrectionReason::survey_error,
            {"verifier"}};
  }
  CorrectPosition moved(std::uint64_t leaf, std::uint64_t to) const {
    const PlantLeaf place = tree_grid(field_.home, 1, to, field_.day())[0];
    return {leaf, *place.lat, *place.lon};
  }
  // Every tree is doubted, and visited this time.
  void verify_again() {
    Dispute doubt;
    doubt.ref = {"doubt"};
    doubt.target = DisputedRecord{kGrown};
    field_.must(kRegulator, doubt);
    const Resolve end{{"regulator/doubt"}, Outcome::upheld, Remedy::reverify, {{0, 20}}};
    field_.must(kCoast, Propose{{"end"}, end});
    for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
      field_.must(org, Approve{{"yes"}, {"coast-ngo/end"}});
    }
    field_.must(kVerifier, field_.full("again", kGrown.text));
  }
  // What "give" says, and that every state gives it.
  LinksRef expect_derived(const StateReader& state) const {
    const auto given = find<AllocationObject>(state, kGive);
    const LinksRef stated = given->payload.links;
    const LogMoment then{given->record.log_index};
    EXPECT_EQ(links_of(state, ranges_, then).value(), stated);
    const auto content = content_of({"object", kGive.text}, *state.object({"object", kGive.text}));
    EXPECT_TRUE(are_links(state, content->links.value(), ranges_));
    return stated;
  }
  LinksRef now() const { return links_of(field_.state, ranges_).value(); }

  Field field_;
  std::vector<LinkRange> ranges_;
};

TEST_F(LinkMoments, AreThoseOfNowWhereNothingFollowed) {
  give();
  EXPECT_EQ(now(), expect_derived(field_.state));
}

TEST_F(LinkMoments, DoNotKnowALaterCorrection) {
  field_.must_agreed(kDesert, correct("early", moved(4, 300)), {kVerifier});
  give();
  const LinksRef stated = expect_derived(field_.state);
  field_.must_agreed(kDesert, correct("late", moved(4, 301)), {kVerifier});
  EXPECT_EQ(expect_derived(field_.state), stated);
  EXPECT_NE(now(), stated);
  field_.must_agreed(kDesert, correct("other", CorrectSpecies{2, kRhizophora}), {kVerifier});
  EXPECT_EQ(expect_derived(field_.state), stated);
  const LogMoment then{record_of(field_.state, kGive)->log_index};
  const auto leaves = link_leaves(field_.state, ranges_, then).value();
  EXPECT_EQ(decode<LinkLeaf>(leaves[2])->species, kHaloxylon);
  EXPECT_EQ(decode<LinkLeaf>(leaves[4])->lat, moved(4, 300).lat);
  EXPECT_EQ(decode<LinkLeaf>(leaves[4])->lon, moved(4, 300).lon);
}

TEST_F(LinkMoments, DoNotKnowALaterVerification) {
  give();
  const LinksRef stated = expect_derived(field_.state);
  verify_again();
  EXPECT_EQ(expect_derived(field_.state), stated);
  EXPECT_NE(now(), stated);  // all of them are visited by now
  const auto again = field_.find<VerifyObject>("verifier/again");
  EXPECT_EQ(again->previous, ObjectId{"verifier/visit"});
  EXPECT_EQ(field_.find<VerifyObject>("verifier/visit")->previous, std::nullopt);
}

TEST_F(LinkMoments, KnowWhatWasSaidBeforeThem) {
  verify_again();
  give();
  EXPECT_EQ(now(), expect_derived(field_.state));
  const auto leaves = link_leaves(field_.state, ranges_).value();
  for (const auto& leaf : leaves) EXPECT_TRUE(decode<LinkLeaf>(leaf)->visited);
}

TEST_F(LinkMoments, TellStatementsOfOneBlockApart) {
  const auto fix = field_.sign(kDesert, correct("fix", moved(4, 300)));
  field_.must(kVerifier, Consent{{"agree"}, fix->id});
  BlockExecution block(field_.state, field_.block());
  ASSERT_TRUE(block.add(field_.sign(kPlatform, allocate("give", 10))).has_value());
  ASSERT_TRUE(block.add(fix).has_value());
  ranges_ =
      derive_ranges(field_.state, std::vector<RunLeaf>{{kUnits, kGrown, kHaloxylon, 10}}).value();
  const LinksRef stated = expect_derived(block.state());
  EXPECT_NE(links_of(block.state(), ranges_).value(), stated);
}

TEST_F(LinkMoments, OfAReplaceAreCommittedToAsThoseOfAnAllocate) {
  give();
  field_.must(kDesert, Mortality{{"dead"}, kGrown, {{2, 3}}, Cause::fire, field_.day()});
  field_.grow_reserve("reserve", 3, 200);
  const std::vector<ReplaceLeaf> runs{{kGrown, 2, {"desert-ngo/reserve"}, 0, 3}};
  field_.must_agreed(kDesert, field_.replace("anew", runs), {kVerifier});
  const auto links = field_.links().at(0);
  Correct fix = correct("fix", moved(1, 400));
  fix.target = {"desert-ngo/reserve"};
  field_.must_agreed(kDesert, fix, {kVerifier});
  const ObjectKey key{"object", links.allocation.text};
  const auto content = content_of(key, *field_.state.object(key)).value();
  const auto object = field_.find<ReplacementObject>(links.allocation.text);
  EXPECT_EQ(content.attachment, object->payload.runs);
  ASSERT_TRUE(content.links.has_value());
  EXPECT_EQ(content.links->ref, object->payload.links);
  EXPECT_TRUE(are_links(field_.state, *content.links, links.ranges));
  EXPECT_FALSE(are_links(field_.state, {content.links->ref, kNow}, links.ranges));
}

}  // namespace
}  // namespace treeproof::ledger
