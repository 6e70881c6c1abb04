#include <gtest/gtest.h>

#include "consensus/ledger/links.h"
#include "consensus/ledger/object_content.h"
#include "consensus/ledger/redacted_attachment.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};

// Ten trees on a plot that is to be given up.
class Redactions : public testing::Test {
 protected:
  Redactions() { field_.grow("grown", 10, 0); }
  void end_it() {
    field_.must(kDesert, Mortality{{"dead"}, kGrown, {{0, 10}}, Cause::felled, field_.day()});
    field_.must(kDesert, PlotClose{{"close"}, {"desert-ngo/home"}});
  }
  Redact redact(const crypto::Hash& root, Ranges ranges) const { return {root, std::move(ranges)}; }
  Refusal refused(const Redact& change) {
    return field_.refusal(kDesert, Propose{{"forget"}, change});
  }
  crypto::Hash leaves() const { return field_.batch(kGrown.text).leaves.root; }
  crypto::Hash outline() const {
    return field_.plot_object("desert-ngo/home").payload.geometry.root;
  }
  Field field_;
};

TEST_F(Redactions, HideWhatNoRuleNeedsAnyMoreOnEveryNodeAlike) {
  end_it();
  field_.govern(redact(leaves(), {{0, 10}}));
  const State state(field_.state);
  EXPECT_TRUE(field_.state.attachments.contains(leaves()));  // this node has them still
  EXPECT_EQ(state.attachment(leaves()), nullptr);
  EXPECT_FALSE(state.holds(leaves()));
  const auto same = tree_grid(field_.home, 10, 0, field_.batch(kGrown.text).planted_from.value());
  Plant again = field_.plant("again", same);
  EXPECT_EQ(field_.refusal(kDesert, again).reason, Reason::attachment_missing);
}

TEST_F(Redactions, OfAnOutlineLetOthersHaveTheLand) {
  end_it();
  const Plot same = field_.plot("new", field_.home.shifted(0, 5'000));
  field_.govern(redact(outline(), {{0, 1}}));
  field_.must(kCoast, same);
}

TEST_F(Redactions, WaitUntilNothingNeedsTheLeaves) {
  EXPECT_EQ(refused(redact(leaves(), {{0, 1}})).reason, Reason::redaction_needed);
  EXPECT_EQ(refused(redact(outline(), {{0, 1}})).reason, Reason::redaction_needed);
  field_.must(kPlatform, field_.redeem("units", 2));
  const auto units = field_.find<RedemptionObject>("platform/units")->payload.leaves.root;
  EXPECT_EQ(refused(redact(units, {{0, 1}})).reason, Reason::redaction_needed);
  const RunLeaf run{{"platform/units"}, kGrown, kHaloxylon, 2};
  const Allocate allocate = field_.allocate("give", std::vector<RunLeaf>{run});
  field_.must(kPlatform, allocate);
  field_.govern(redact(units, {{0, 1}}));
  field_.govern(redact(allocate.runs.root, {{0, 1}}));
}

TEST_F(Redactions, OfAnAttachmentThatAnotherPlotSharesWaitForIt) {
  Plot below = field_.plot("below", field_.home);
  below.layer = Layer::understory;
  field_.must(kCoast, below);
  end_it();
  EXPECT_EQ(refused(redact(outline(), {{0, 1}})).reason, Reason::redaction_needed);
  field_.must(kCoast, PlotClose{{"close"}, {"coast-ngo/below"}});
  field_.govern(redact(outline(), {{0, 1}}));
}

TEST_F(Redactions, OfAnEarlierOutlineDoNotWaitForThePlot) {
  const crypto::Hash before = outline();
  const Plot better =
      field_.plot("x", Rectangle{field_.home.south, field_.home.west, 11'000, 11'000});
  field_.must(kDesert, PlotRevision{{"better"}, {"desert-ngo/home"}, better.area, better.geometry});
  field_.govern(redact(before, {{0, 1}}));
  EXPECT_EQ(refused(redact(outline(), {{0, 1}})).reason, Reason::redaction_needed);
}

TEST_F(Redactions, NameAnAnnouncedAttachmentAndItsLeaves) {
  end_it();
  EXPECT_EQ(refused(redact({}, {{0, 1}})).reason, Reason::redaction_unknown);
  EXPECT_EQ(refused(redact(leaves(), {})).reason, Reason::empty);
  EXPECT_EQ(refused(redact(leaves(), {{9, 2}})).reason, Reason::ranges_invalid);
}

TEST_F(Redactions, HideLinksThatTheBatchStillKnows) {
  field_.must(kPlatform, field_.redeem("units", 4));
  const std::vector<RunLeaf> runs{{{"platform/units"}, kGrown, kHaloxylon, 4}};
  field_.must(kPlatform, field_.allocate("give", runs));
  const auto ranges = field_.links().at(0).ranges;
  const CommittedLinks committed{field_.find<AllocationObject>("platform/give")->payload.links,
                                 kNow};
  const auto units = field_.find<RedemptionObject>("platform/units")->payload.leaves.root;
  field_.govern(redact(units, {{1, 1}}));
  const State state(field_.state);
  EXPECT_FALSE(links_of(state, ranges).has_value());
  EXPECT_TRUE(are_links(state, committed, ranges));
  auto moved = ranges;
  ++moved[0].tree_from;
  EXPECT_FALSE(are_links(state, committed, moved));
  moved = ranges;
  moved[0].unit_from = 0;
  moved[0].count = 3;
  EXPECT_FALSE(are_links(state, committed, moved));
}

TEST(RedactedAttachment, LeadsToItsRootWithoutTheBytes) {
  const std::vector<crypto::Bytes> leaves{encode(RunLeaf{{"a/b"}, {"c/d"}, {"x"}, 1}),
                                          encode(RunLeaf{{"a/b"}, {"c/d"}, {"x"}, 2}),
                                          encode(RunLeaf{{"a/b"}, {"c/d"}, {"x"}, 3})};
  const AttachmentPtr whole = Attachment::build(leaves);
  const auto some = RedactedAttachment::of(*whole, std::vector<Range>{{1, 1}});
  EXPECT_EQ(some.announced(), whole->announced());
  EXPECT_EQ(some.leaf(1), std::nullopt);
  EXPECT_EQ(crypto::to_bytes(*some.leaf(2)), leaves[2]);
  EXPECT_EQ(crypto::as_text(some.bytes()).find(crypto::as_text(leaves[1])), std::string::npos);
  const auto again = RedactedAttachment::decode(crypto::to_bytes(some.bytes()));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->announced(), whole->announced());
  const auto fewer = some.without(std::vector<Range>{{2, 9}, {2, 1}});
  EXPECT_EQ(fewer.leaf(2), std::nullopt);
  EXPECT_EQ(crypto::to_bytes(*fewer.leaf(0)), leaves[0]);
  EXPECT_EQ(std::vector<Range>(fewer.redacted().begin(), fewer.redacted().end()),
            (std::vector<Range>{{1, 2}}));
}

TEST(RedactedAttachment, IsRefusedUnlessAllOfItHolds) {
  const std::vector<crypto::Bytes> leaves{encode(RunLeaf{{"a/b"}, {"c/d"}, {"x"}, 1}),
                                          encode(RunLeaf{{"a/b"}, {"c/d"}, {"x"}, 2})};
  const auto whole = Attachment::build(leaves);
  const auto some = RedactedAttachment::of(*whole, std::vector<Range>{{0, 1}});
  const crypto::Bytes good = crypto::to_bytes(some.bytes());
  for (std::size_t i = 0; i < good.size(); ++i) {
    crypto::Bytes bad = good;
    bad[i] ^= 1;
    const auto decoded = RedactedAttachment::decode(bad);
    // Only what it says that it had in bytes can be another.
    EXPECT_TRUE(!decoded || decoded->announced().bytes != whole->announced().bytes) << i;
    EXPECT_FALSE(RedactedAttachment::decode({good.begin(), good.begin() + long(i)})) << i;
  }
}

}  // namespace
}  // namespace treeproof::ledger
