// A dry run tells every rule of the statement's type with passed, failed or not reached and its
// numbers, and touches nothing: for each type that there is, of the list of types in the code.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/trades.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

struct Sample {
  std::string_view org;
  Payload payload;
  std::vector<std::string_view> consenting = {};
};

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kHome = {"desert-ngo/home"};
const ObjectId kPlanted = {"platform/planted"};
const ObjectId kEnergy = {"platform/energy"};

class DryRun : public testing::Test {
 protected:
  // A field in which a statement of every type would be accepted.
  DryRun() {
    const OrgId second{std::string(kPartner)};
    field_.govern(OrgPut{second, {"Second"}, {OrgRole::verifier}, second});
    field_.advance_days(400);  // the first points have grown old
    field_.grow("grown", 20, 0);
    field_.must(kDesert, field_.plant("new", tree_grid(field_.home, 20, 500, field_.day())));
    Plant apart = field_.plant("apart", tree_grid(field_.home, 5, 600, field_.day()));
    apart.campaign.reset();
    field_.must(kDesert, apart);
    field_.must(kPlatform, field_.redeem("units", 10));
    const std::vector<RunLeaf> runs{{{"platform/units"}, kGrown, kHaloxylon, 4}};
    field_.must(kPlatform, field_.allocate("given", runs));
    field_.must(kDesert, Mortality{{"deaths"}, kGrown, {{0, 1}}, Cause::fire, field_.day()});
    field_.grow_reserve("reserve", 1, 900);
    field_.must(kDesert, field_.pledge("promise", kHome.text, 40));
    field_.must(kDesert, Propose{{"open"}, ParamsSet{{{{"sample_minimum"}, 30}}}});
    field_.must(kDesert, KeyPut{{"key"}, key_of("spare"), {KeyRole::plant}});
    field_.settle(kDesert, field_.plot("spare", field_.home.shifted(0, 20'000)));
  }

  static crypto::PublicKeyBytes key_of(std::string_view text) {
    return secret_key(text).public_key().bytes();
  }

  void add_points(std::vector<Sample>& samples) {
    Programme programme;
    programme.ref = {"x"};
    programme.actions = {{{"walking"}, 1}};
    programme.yearly_cap = programme.expiry_days = 1;
    programme.platforms = {{std::string(kPlatform)}};
    samples.push_back({kPlatform, programme});
    IssuePoints issue;
    issue.ref = {"x"};
    issue.programme = kEnergy;
    issue.series = {"daily"};
    issue.from_day = issue.to_day = field_.day();
    issue.accounts = issue.grams = 1;
    samples.push_back({kPlatform, issue});
    samples.push_back({kPlatform, ExpirePoints{{"x"}, kEnergy, 1}});
    samples.push_back({kPlatform, field_.campaign("x", Mode::plant_first), {kDesert, kCoast}});
    const CampaignRevise revision{{"x"}, kPlanted, {}, 500, {}, {}};
    samples.push_back({kPlatform, revision, {kDesert, kCoast}});
    samples.push_back({kPlatform, CloseCampaign{{"x"}, {"platform/pledged"}}});
    samples.push_back({kPlatform, field_.redeem("x", 2)});
    samples.push_back(
        {kPlatform, Refund{{"x"}, {"platform/units"}, {{9, 1}}, RefundReason::error}});
    const std::vector<RunLeaf> runs{{{"platform/units"}, kGrown, kHaloxylon, 2}};
    samples.push_back({kPlatform, field_.allocate("x", runs)});
  }

  void add_governance(std::vector<Sample>& samples) {
    samples.push_back({kCoast, Propose{{"x"}, ParamsSet{{{{"sample_minimum"}, 20}}}}});
    samples.push_back({kCoast, Approve{{"x"}, {"desert-ngo/open"}}});
    samples.push_back({kCoast, Consent{{"x"}, {}}});
    samples.push_back({kDesert, KeyPut{{"x"}, key_of("fresh"), {KeyRole::plant}}});
    samples.push_back({kDesert, KeyRevoke{{"x"}, key_of("spare")}});
    Dispute dispute;
    dispute.ref = {"x"};
    dispute.target = DisputedRecord{kGrown};
    samples.push_back({kRegulator, dispute});
  }

  void add_land(std::vector<Sample>& samples) {
    samples.push_back({kCoast, field_.plot("x", field_.home.shifted(0, 40'000))});
    const Plot again = field_.plot("x", field_.home);
    samples.push_back({kDesert, PlotRevision{{"x"}, kHome, again.area, again.geometry}});
    samples.push_back({kDesert, PlotClose{{"x"}, {"desert-ngo/spare"}}});
    samples.push_back(
        {kDesert, Handover{{"x"}, {"coast-ngo"}, {{"desert-ngo/spare"}}, {}, {}}, {kCoast}});
    samples.push_back({kDesert, field_.pledge("x", kHome.text, 5)});
    samples.push_back({kDesert, PledgeRelease{{"x"}, {"desert-ngo/promise"}, 1}});
    Evidence evidence;
    evidence.ref = {"x"};
    evidence.bytes = 1;
    samples.push_back({kDesert, evidence});
  }

  void add_trees(std::vector<Sample>& samples) {
    const auto leaves = tree_grid(field_.home, 5, 1'000, field_.day());
    samples.push_back({kDesert, field_.plant("x", leaves)});
    samples.push_back({kDesert, field_.inventory("x", leaves)});
    samples.push_back({kVerifier, field_.full("x", "desert-ngo/new")});
    samples.push_back({kDesert, Mortality{{"x"}, kGrown, {{10, 1}}, Cause::fire, field_.day()}});
    Observe observe;
    observe.ref = {"x"};
    observe.plant = kGrown;
    observe.day = field_.day();
    observe.species = {{kHaloxylon, 19, 1, 0}};
    samples.push_back({kVillage, observe});
    samples.push_back({kPartner, Revive{{"x"}, kGrown, {{0, 1}}, field_.day()}});
    const std::vector<ReplaceLeaf> runs{{kGrown, 0, {"desert-ngo/reserve"}, 0, 1}};
    samples.push_back({kDesert, field_.replace("x", runs), {kVerifier}});
    const Correct correct{{"x"}, kGrown, CorrectVoid{{{15, 1}}}, {}, {std::string(kVerifier)}};
    samples.push_back({kDesert, correct, {kVerifier}});
    samples.push_back({kDesert, Assign{{"x"}, {"desert-ngo/apart"}, kPlanted}});
  }

  std::vector<Sample> samples() {
    std::vector<Sample> samples;
    add_points(samples);
    add_governance(samples);
    add_land(samples);
    add_trees(samples);
    return samples;
  }

  // With the consents that it needs.
  VerifiedStatement signed_by_all(const Sample& sample) {
    VerifiedStatement statement = field_.sign(sample.org, sample.payload);
    for (const std::string_view other : sample.consenting) {
      const std::string ref = "agree-" + std::to_string(agreed_++);
      field_.must(other, Consent{{ref}, statement->id});
    }
    return statement;
  }

  crypto::Hash root() const {
    crypto::StateMap map;
    map.apply(map_changes(field_.state.all));
    return map.root();
  }

  // Asked without a change: of the state's root, its pages and its attachments.
  std::vector<RuleResult> ask(const VerifiedStatement& statement) {
    const crypto::Hash before = root();
    const StateChanges all = field_.state.all;
    const std::size_t attachments = field_.state.attachments.size();
    auto results = explain_statement(statement, field_.state, field_.block());
    EXPECT_EQ(root(), before);
    EXPECT_TRUE(field_.state.all == all);
    EXPECT_EQ(field_.state.attachments.size(), attachments);
    return results;
  }

  Field field_;
  std::uint64_t agreed_ = 0;
};

std::vector<Reason> reasons_of(std::vector<RuleResult> results) {
  std::vector<Reason> reasons;
  for (const RuleResult& result : results) reasons.push_back(result.reason);
  std::ranges::sort(reasons);
  return reasons;
}

std::vector<Reason> once(std::vector<Reason> reasons) {
  std::ranges::sort(reasons);
  const auto repeated = std::ranges::unique(reasons);
  reasons.erase(repeated.begin(), repeated.end());
  return reasons;
}

TEST_F(DryRun, KnowsASampleOfEveryType) {
  std::vector<std::string_view> sampled;
  const std::vector<Sample> all = samples();
  for (const Sample& sample : all) sampled.push_back(type_of(sample.payload));
  for (const Trade& trade : trades()) {
    EXPECT_EQ(std::ranges::count(sampled, trade.type), 1) << trade.type;
  }
}

TEST_F(DryRun, TellsEveryRuleOfAStatementThatWouldBeAccepted) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(type_of(sample.payload));
    const VerifiedStatement statement = signed_by_all(sample);
    const auto results = ask(statement);
    EXPECT_EQ(reasons_of(results), once(rules_of(sample.payload)));
    for (const RuleResult& result : results) {
      std::string numbers;
      for (const Number& number : result.numbers) numbers += " " + number.value;
      EXPECT_NE(result.state, RuleState::failed) << name(result.reason) << numbers;
    }
    const auto passed = std::ranges::count(results, RuleState::passed, &RuleResult::state);
    EXPECT_GE(passed, 11) << "the envelope's rules at least";
    const bool with_numbers = std::ranges::any_of(results, [](const RuleResult& result) {
      return result.state == RuleState::passed && !result.numbers.empty();
    });
    EXPECT_TRUE(with_numbers);
    EXPECT_TRUE(check_statement(statement, field_.state, field_.block()).has_value());
  }
}

TEST_F(DryRun, TellsTheRuleThatFailsAndWhatWasNotReachedBehindIt) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(type_of(sample.payload));
    const std::int64_t too_early = -31 * 86'400;
    const auto statement = field_.sign(sample.org, sample.payload, sample.org, too_early);
    const auto results = ask(statement);
    EXPECT_EQ(reasons_of(results), once(rules_of(sample.payload)));
    const auto failed = std::ranges::find(results, RuleState::failed, &RuleResult::state);
    ASSERT_NE(failed, results.end());
    EXPECT_EQ(failed->reason, Reason::iat_too_old);
    EXPECT_FALSE(failed->numbers.empty());
    for (auto before = results.begin(); before != failed; ++before) {
      EXPECT_EQ(before->state, RuleState::passed) << name(before->reason);
    }
    for (auto behind = std::next(failed); behind != results.end(); ++behind) {
      EXPECT_EQ(behind->state, RuleState::not_reached) << name(behind->reason);
    }
  }
}

}  // namespace
}  // namespace treeproof::ledger
