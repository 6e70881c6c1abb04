#include "rpc/audit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/points_objects.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

using ledger::ObjectId;

std::vector<std::string> names_of(const std::vector<AuditFinding>& findings) {
  std::vector<std::string> names;
  for (const auto& finding : findings) names.push_back(finding.finding);
  return names;
}

bool has(const AuditReport& report, std::string_view finding) {
  return std::ranges::count(names_of(report.findings), finding) != 0;
}

class Audits : public testing::Test {
 protected:
  Audits() { play_season(chain_); }

  ChainViewPtr view() { return chain_.latest(); }
  // Changes an object of the state behind the rules' back.
  template <class T>
  void forge(std::string_view name_space, std::string_view id, std::function<void(T&)> change) {
    const ledger::ObjectKey key{std::string(name_space), std::string(id)};
    T object = ledger::decode_stored<T>(*view()->object(key));
    change(object);
    chain_.forge(key, ledger::encode(object));
  }
  AuditReport points() { return audit_points(*view(), view()->height(), std::nullopt); }
  AuditReport campaign() {
    return audit_campaign(*view(), view()->height(), {std::string(kPlanted)}).value();
  }
  AuditReport allocations() { return audit_allocations(*view(), std::nullopt); }

  TestChain chain_;
};

TEST_F(Audits, FindNothingInAnHonestSeason) {
  EXPECT_TRUE(points().findings.empty());
  EXPECT_TRUE(campaign().findings.empty());
  EXPECT_TRUE(allocations().findings.empty());
  const auto pledged = audit_campaign(*view(), view()->height(), {std::string(kPledged)});
  EXPECT_TRUE(pledged->findings.empty());
  EXPECT_EQ(audit_points(*view(), view()->height(), ObjectId{"platform/none"}).rows.size(), 0u);
}

TEST_F(Audits, HoldAtEveryHeight) {
  for (std::uint64_t h = 1; h <= view()->height().value; ++h) {
    EXPECT_TRUE(audit_points(*view(), {h}, std::nullopt).findings.empty()) << h;
    const auto report = audit_campaign(*view(), {h}, {std::string(kPlanted)});
    EXPECT_TRUE(!report || report->findings.empty()) << h;
  }
}

TEST_F(Audits, FindPointsOutOfNowhere) {
  forge<ledger::ProgrammeObject>("object", kEnergy, [](auto& p) { p.issued += 5; });
  EXPECT_TRUE(has(points(), "issued_differs"));
  EXPECT_TRUE(has(points(), "issued_by_years_differs"));
  EXPECT_EQ(points().rows[0].back().second, "false");
}

TEST_F(Audits, FindRedemptionsThatTheProgrammeForgot) {
  forge<ledger::ProgrammeObject>("object", kEnergy, [](auto& p) { p.redeemed -= 100; });
  const auto report = points();
  ASSERT_TRUE(has(report, "redeemed_differs"));
  EXPECT_EQ(report.findings[0].object, kEnergy);
  EXPECT_EQ(report.findings[0].numbers[1], (ledger::Number{"recomputed", "6000"}));
}

TEST_F(Audits, FindPointsThatWereSpentTwice) {
  forge<ledger::ProgrammeObject>("object", kEnergy, [](auto& p) { p.expired = p.issued; });
  EXPECT_TRUE(has(points(), "outstanding_negative"));
}

TEST_F(Audits, FindTalliesThatDoNotAddUp) {
  forge<ledger::CampaignTally>("campaign_tally", kPlanted, [](auto& t) { t.redeemed += 1; });
  EXPECT_TRUE(has(campaign(), "redeemed_differs"));
}

TEST_F(Audits, FindMoreAllocatedThanRedeemed) {
  forge<ledger::RedemptionObject>("object", kUnits,
                                  [](auto& r) { r.units[ledger::UnitCode::allocated] = 61; });
  EXPECT_TRUE(has(campaign(), "allocated_above_redeemed"));
}

TEST_F(Audits, FindUnitsThatWaitForTreesThatAreNotThere) {
  forge<ledger::BatchObject>("object", kGrown, [](auto& batch) {
    batch.species[0].trees.move(ledger::TreeCode::available, ledger::TreeCode::rejected, 60);
  });
  EXPECT_TRUE(has(campaign(), "waiting_above_backed"));
  EXPECT_TRUE(has(campaign(), "trees_available_differs"));
}

TEST_F(Audits, FindALinksRootThatDoesNotFollow) {
  forge<ledger::AllocationObject>("object", kGiven, [](auto& a) { a.payload.links.root[0] ^= 1; });
  const auto report = allocations();
  ASSERT_TRUE(has(report, "links_root_differs"));
  EXPECT_EQ(report.findings[0].object, kGiven);
}

TEST_F(Audits, FindPagesThatAreNotTheObjects) {
  forge<ledger::BatchObject>("object", kGrown, [](auto& batch) { batch.pages_root[0] ^= 1; });
  EXPECT_TRUE(has(allocations(), "pages_root_differs"));
}

// Answers as another view does, but says of every allocation that it took the first units.
class DoubledLinks final : public ChainView {
 public:
  explicit DoubledLinks(ChainViewPtr view) : view_(std::move(view)) {}
  std::vector<ledger::LinkRange> links(const ObjectId& allocation) const override {
    auto ranges = view_->links(allocation);
    ranges.push_back({{std::string(kUnits)}, 0, {std::string(kGrown)}, 0, 3});
    return ranges;
  }
  ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
    return view_->object(key);
  }
  ledger::SharedBytes page(const ledger::PageKey& key) const override { return view_->page(key); }
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    return view_->attachment(root);
  }
  Height height() const override { return view_->height(); }
  const ledger::Header& header() const override { return view_->header(); }
  const crypto::Hash& header_hash() const override { return view_->header_hash(); }
  ledger::SharedBytes object_at(const ledger::ObjectKey& key, Height at) const override {
    return view_->object_at(key, at);
  }
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects(
      std::string_view name_space, std::string_view prefix, std::string_view cursor,
      std::size_t limit) const override {
    return view_->objects(name_space, prefix, cursor, limit);
  }
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects_of_type(
      std::string_view type, std::string_view cursor, std::size_t limit) const override {
    return view_->objects_of_type(type, cursor, limit);
  }
  std::shared_ptr<const ledger::Block> block(Height height) const override {
    return view_->block(height);
  }
  std::optional<bft::CommitCertificate> certificate(Height height) const override {
    return view_->certificate(height);
  }
  replica::ValidatorsPtr validators(Height height) const override {
    return view_->validators(height);
  }
  std::optional<Height> height_of_log_index(std::uint64_t index) const override {
    return view_->height_of_log_index(index);
  }
  std::optional<crypto::Bytes> log_entry(std::uint64_t index) const override {
    return view_->log_entry(index);
  }
  crypto::Hash log_subtree(std::uint32_t level, std::uint64_t index) const override {
    return view_->log_subtree(level, index);
  }
  std::optional<LinkPosition> link_of_tree(const ObjectId& batch,
                                           std::uint64_t index) const override {
    return view_->link_of_tree(batch, index);
  }
  std::optional<LinkPosition> link_of_unit(const ObjectId& redeem,
                                           std::uint64_t index) const override {
    return view_->link_of_unit(redeem, index);
  }
  std::optional<std::pair<ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash& commitment) const override {
    return view_->find_commitment(commitment);
  }

 private:
  ChainViewPtr view_;
};

TEST_F(Audits, FindUnitsAndTreesThatWereLinkedTwice) {
  const auto report = audit_allocations(DoubledLinks(view()), std::nullopt);
  EXPECT_TRUE(has(report, "units_linked_twice"));
  EXPECT_TRUE(has(report, "trees_linked_twice"));
  EXPECT_TRUE(has(report, "links_differ"));
}

}  // namespace
}  // namespace treeproof::rpc
