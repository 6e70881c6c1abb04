// A refused statement changes no byte of state, whatever its type and wherever it fails: neither
// the state root nor a page, and a block that met refusals ends like one that did not.
#include <gtest/gtest.h>

#include <set>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

struct Row {
  Reason reason{};
  std::string_view org;
  Payload payload;
};

class RefusedStatements : public testing::Test {
 protected:
  RefusedStatements() {
    field_.grow("grown", 20, 0);
    field_.must(kDesert, field_.plant("new", tree_grid(field_.home, 20, 500, field_.day())));
    field_.must(kPlatform, field_.redeem("units", 10));
    field_.must(kDesert, field_.pledge("promise", "desert-ngo/home", 40));
    field_.must(kPlatform, Refund{{"refund"}, {"platform/units"}, {{9, 1}}, RefundReason::error});
    field_.must(kDesert, Propose{{"open"}, ParamsSet{{{{"sample_minimum"}, 30}}}});
    map_.apply(map_changes(field_.state.all));
  }

  // The root if these changes were made.
  crypto::Hash root_with(const StateChanges& changes) {
    const auto undo = map_.apply(map_changes(changes));
    const crypto::Hash root = map_.root();
    map_.revert(undo);
    return root;
  }

  void add_governance(std::vector<Row>& rows) {
    const auto key = secret_key(kDesert).public_key().bytes();
    rows.push_back({Reason::key_taken, kDesert, KeyPut{{"x"}, key, {KeyRole::plant}}});
    rows.push_back({Reason::key_last_admin, kDesert, KeyRevoke{{"x"}, key}});
    rows.push_back({Reason::parameter_unknown, kDesert,
                    Propose{{"x"}, ParamsSet{{{{"no-such-parameter"}, 1}}}}});
    rows.push_back({Reason::validators_too_few, kDesert, Propose{{"x"}, ValidatorsSet{}}});
    rows.push_back({Reason::not_suspended, kDesert, Propose{{"x"}, ReinstateOrg{{"coast-ngo"}}}});
    rows.push_back({Reason::proposal_unknown, kCoast, Approve{{"x"}, {"coast-ngo/none"}}});
    rows.push_back({Reason::approver_not_validator, kVillage, Approve{{"x"}, {"desert-ngo/open"}}});
    rows.push_back({Reason::ref_reused, kDesert, Consent{{"open"}, {}}});
    rows.push_back({Reason::org_role_missing, kVillage, field_.full("x", "desert-ngo/new")});
  }
  void add_points(std::vector<Row>& rows) {
    Programme programme;
    programme.ref = {"x"};
    programme.actions = {{{"walking"}, 1}};
    programme.platforms = {{std::string(kPlatform)}};
    rows.push_back({Reason::empty, kPlatform, programme});
    IssuePoints issue;
    issue.ref = {"x"};
    issue.programme = {"platform/energy"};
    issue.series = {"daily"};
    issue.from_day = issue.to_day = kFirstDay;
    issue.accounts = issue.grams = 1;
    rows.push_back({Reason::period_overlaps, kPlatform, issue});
    Redeem redeem = field_.redeem("x", 12);
    rows.push_back({Reason::units_unavailable, kPlatform, redeem});
    redeem = field_.redeem("x", 5);
    redeem.grams -= 1;
    rows.push_back({Reason::grams_mismatch, kPlatform, redeem});
    rows.push_back({Reason::consents_missing, kPlatform, field_.campaign("x", Mode::plant_first)});
    CampaignRevise revision{{"x"}, {"platform/planted"}, {}, 5, {}, {}};
    rows.push_back({Reason::target_exceeded, kPlatform, revision});
    revision.target = 500;
    rows.push_back({Reason::consents_missing, kPlatform, revision});
    rows.push_back({Reason::unit_not_refundable, kPlatform,
                    Refund{{"x"}, {"platform/units"}, {{8, 2}}, RefundReason::error}});
    rows.push_back(
        {Reason::expiry_exceeded, kPlatform, ExpirePoints{{"x"}, {"platform/energy"}, 1}});
    rows.push_back({Reason::units_waiting, kPlatform, CloseCampaign{{"x"}, {"platform/planted"}}});
  }
  void add_land(std::vector<Row>& rows) {
    rows.push_back(
        {Reason::plot_overlaps, kCoast, field_.plot("x", field_.home.shifted(0, 5'000))});
    Plot plot = field_.plot("x", field_.home.shifted(0, 20'000));
    plot.area *= 2;
    rows.push_back({Reason::plot_area_mismatch, kCoast, plot});
    rows.push_back({Reason::pledge_exceeds_capacity, kDesert,
                    field_.pledge("x", "desert-ngo/home", 2'000'000)});
    rows.push_back(
        {Reason::pledge_exceeded, kDesert, PledgeRelease{{"x"}, {"desert-ngo/promise"}, 41}});
    Evidence evidence;
    evidence.ref = {"x"};
    evidence.bytes = 1;
    evidence.position = LatLon{1, 1};
    rows.push_back({Reason::evidence_position_not_rounded, kDesert, evidence});
  }
  void add_trees(std::vector<Row>& rows) {
    const auto standing = tree_grid(field_.home, 5, 0, field_.day());
    rows.push_back({Reason::position_taken, kDesert, field_.plant("x", standing)});
    rows.push_back({Reason::position_taken, kDesert, field_.inventory("x", standing)});
    Plant plant = field_.plant("x", tree_grid(field_.home, 5, 100, field_.day()));
    plant.evidence = {{"desert-ngo/none"}};
    rows.push_back({Reason::evidence_unknown, kDesert, plant});
    const Verify early = field_.full("x", "desert-ngo/new", {{0, 21}});
    rows.push_back({Reason::ranges_invalid, kVerifier, early});
    rows.push_back({Reason::verifier_conflict, kSister, field_.full("x", "desert-ngo/new")});
    rows.push_back({Reason::nothing_unverified, kVerifier, field_.full("x", "desert-ngo/grown")});
    const Mortality mortality{{"x"}, {"desert-ngo/grown"}, {{19, 2}}, Cause::fire, field_.day()};
    rows.push_back({Reason::ranges_invalid, kDesert, mortality});
    Observe observe;
    observe.ref = {"x"};
    observe.plant = {"desert-ngo/grown"};
    observe.day = field_.day();
    observe.species = {{kHaloxylon, 18, 2, 0}};
    rows.push_back({Reason::deaths_mismatch, kVerifier, observe});
    const RunLeaf run{{"platform/units"}, {"desert-ngo/grown"}, kHaloxylon, 5};
    Allocate allocate = field_.allocate("x", std::vector<RunLeaf>{run});
    allocate.links.count = 4;
    rows.push_back({Reason::links_stale, kPlatform, allocate});
    RunLeaf too_many = run;
    too_many.count = 11;
    rows.push_back({Reason::units_insufficient, kPlatform,
                    field_.allocate("x", std::vector<RunLeaf>{too_many})});
  }
  void add_doubts(std::vector<Row>& rows) {
    const ObjectId grown{"desert-ngo/grown"};
    Dispute dispute;
    dispute.ref = {"x"};
    dispute.target = DisputedRecord{grown};
    dispute.report = grown;
    rows.push_back({Reason::report_unknown, kRegulator, dispute});
    const Resolve resolve{grown, Outcome::upheld, Remedy::void_ranges, {{0, 1}}};
    rows.push_back({Reason::dispute_unknown, kCoast, Propose{{"x"}, resolve}});
    rows.push_back({Reason::redaction_needed, kCoast,
                    Propose{{"x"}, Redact{field_.batch(grown.text).leaves.root, {{0, 1}}}}});
    const ReplaceLeaf run{grown, 0, {"desert-ngo/new"}, 0, 1};
    rows.push_back({Reason::tree_not_replaceable, kDesert,
                    field_.replace("x", std::vector<ReplaceLeaf>{run})});
    rows.push_back(
        {Reason::tree_not_revivable, kVerifier, Revive{{"x"}, grown, {{0, 1}}, field_.day()}});
    rows.push_back({Reason::consents_missing, kDesert,
                    Correct{{"x"}, grown, CorrectVoid{{{0, 1}}}, {}, {"verifier"}}});
    rows.push_back({Reason::consents_missing, kDesert,
                    Correct{{"x"}, grown, CorrectSpecies{0, kRhizophora}, {}, {"verifier"}}});
    rows.push_back({Reason::assigned_already, kDesert, Assign{{"x"}, grown, {"platform/planted"}}});
  }
  void add_changes_of_land(std::vector<Row>& rows) {
    const ObjectId home{"desert-ngo/home"};
    const Plot small = field_.plot("y", Rectangle{400'000'000, 1'000'000'000, 300, 300});
    rows.push_back(
        {Reason::density_exceeded, kDesert, PlotRevision{{"x"}, home, small.area, small.geometry}});
    rows.push_back({Reason::plot_pledged, kDesert, PlotClose{{"x"}, home}});
    rows.push_back(
        {Reason::consents_missing, kDesert, Handover{{"x"}, {"coast-ngo"}, {home}, {}, {}}});
    rows.push_back({Reason::holder_unfit, kCoast,
                    Propose{{"x"}, HandoverFor{{"desert-ngo"}, {"village"}, {home}, {}, {}}}});
  }
  std::vector<Row> table() {
    std::vector<Row> rows;
    add_governance(rows);
    add_points(rows);
    add_land(rows);
    add_trees(rows);
    add_doubts(rows);
    add_changes_of_land(rows);
    return rows;
  }

  Field field_;
  crypto::StateMap map_;
};

TEST_F(RefusedStatements, AreOfEveryType) {
  std::set<std::string_view> types;
  for (const Row& row : table()) types.insert(type_of(row.payload));
  EXPECT_EQ(types.size(), std::variant_size_v<Payload>);
}

TEST_F(RefusedStatements, ChangeNoByteOfTheState) {
  BlockExecution execution(field_.state, field_.block());
  for (const Row& row : table()) {
    const StateChanges before = execution.state().changes();
    const crypto::Hash root = root_with(before);
    const auto added = execution.add(field_.sign(row.org, row.payload));
    ASSERT_FALSE(added.has_value()) << name(row.reason);
    EXPECT_EQ(added.error().reason, row.reason) << to_string(added.error());
    EXPECT_EQ(root_with(execution.state().changes()), root) << name(row.reason);
    EXPECT_TRUE(execution.state().changes() == before) << name(row.reason);  // the pages, too
  }
}

TEST_F(RefusedStatements, LeaveABlockAsIfTheyHadNeverBeen) {
  const RunLeaf run{{"platform/units"}, {"desert-ngo/grown"}, kHaloxylon, 5};
  const auto good = field_.sign(kPlatform, field_.allocate("y", std::vector<RunLeaf>{run}));
  const std::vector<Row> rows = table();
  BlockExecution alone(field_.state, field_.block());
  ASSERT_TRUE(alone.add(good).has_value());
  BlockExecution among(field_.state, field_.block());
  for (const Row& row : rows) EXPECT_FALSE(among.add(field_.sign(row.org, row.payload)));
  ASSERT_TRUE(among.add(good).has_value());
  for (const Row& row : rows) EXPECT_FALSE(among.add(field_.sign(row.org, row.payload)));
  const BlockEffects expected = alone.finish();
  const BlockEffects found = among.finish();
  EXPECT_TRUE(found.changes == expected.changes);
  EXPECT_EQ(found.links, expected.links);
  EXPECT_EQ(root_with(found.changes), root_with(expected.changes));
  EXPECT_NE(root_with(expected.changes), map_.root());
}

}  // namespace
}  // namespace treeproof::ledger
