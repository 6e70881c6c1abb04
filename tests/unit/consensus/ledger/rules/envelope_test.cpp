#include <gtest/gtest.h>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/trades.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

Payload consent(std::string_view ref = "c-1") { return Consent{{std::string(ref)}, {}}; }

Payload programme() {
  Programme programme;
  programme.ref = {"p-1"};
  programme.actions.push_back({{"walk"}, 10});
  programme.yearly_cap = 1'000;
  programme.expiry_days = 365;
  programme.platforms.push_back({std::string(kPlatform)});
  return programme;
}

TEST(Envelope, RefusesAnotherChain) {
  Consortium consortium;
  const VerifiedStatement statement = consortium.sign(kDesert, consent());
  BlockContext block = consortium.block();
  block.chain_id = "another-chain";
  const auto checked = check_statement(statement, consortium.state, block);
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().reason, Reason::wrong_chain);
  EXPECT_EQ(number(checked.error(), "expected"), "another-chain");
}

TEST(Envelope, RefusesAnUnknownOrganisation) {
  Consortium consortium;
  const Refusal refusal = consortium.refusal("nobody", consent());
  EXPECT_EQ(refusal.reason, Reason::org_unknown);
  EXPECT_EQ(number(refusal, "org"), "nobody");
}

TEST(Envelope, RefusesASuspendedOrganisation) {
  Consortium consortium;
  State state(consortium.state);
  auto org = state.get<OrgObject>(kDesert);
  org->suspended = true;
  state.put(kDesert, *org);
  consortium.state.all.merge(state.take_changes());
  EXPECT_EQ(consortium.refusal(kDesert, consent()).reason, Reason::org_suspended);
}

TEST(Envelope, RefusesAForeignKey) {
  Consortium consortium;
  const Refusal refusal = consortium.refusal(consortium.sign(kDesert, consent(), kCoast));
  EXPECT_EQ(refusal.reason, Reason::key_unknown);
  EXPECT_EQ(number(refusal, "kid"), crypto::to_hex(secret_key(kCoast).public_key().kid()));
}

TEST(Envelope, RefusesARevokedKeyButKeepsWhatItSigned) {
  Consortium consortium;
  const auto second = secret_key("second").public_key().bytes();
  consortium.must(kDesert, KeyPut{{"k-1"}, second, {KeyRole::admin, KeyRole::plant}});
  consortium.must(consortium.sign(kDesert, consent("before"), "second"));
  consortium.must(kDesert, KeyRevoke{{"k-2"}, second});
  const Refusal refusal = consortium.refusal(consortium.sign(kDesert, consent(), "second"));
  EXPECT_EQ(refusal.reason, Reason::key_revoked);
  EXPECT_EQ(number(refusal, "revoked_height"), "3");
  EXPECT_TRUE(consortium.find<Recorded<Consent>>("desert-ngo/before").has_value());
}

TEST(Envelope, RefusesAKeyWithoutTheRoleOfTheTrade) {
  Consortium consortium;
  const Refusal refusal =
      consortium.refusal(consortium.sign(kDesert, consent(), "desert-ngo/node"));
  EXPECT_EQ(refusal.reason, Reason::key_role_missing);
  EXPECT_EQ(number(refusal, "has"), "node");
  EXPECT_EQ(number(refusal, "needs_one_of"), "admin redeem plant verify dispute");
}

TEST(Envelope, RefusesAnOrganisationWithoutTheRoleOfTheTrade) {
  Consortium consortium;
  const Refusal refusal = consortium.refusal(kDesert, programme());
  EXPECT_EQ(refusal.reason, Reason::org_role_missing);
  EXPECT_EQ(number(refusal, "has"), "planter");
  EXPECT_EQ(number(refusal, "needs_one_of"), "programme");
}

TEST(Envelope, AcceptsStatementsUpToTheEndsOfTheIatWindow) {
  const Parameters parameters;
  const auto oldest = -static_cast<std::int64_t>(parameters.iat_max_age_s);
  const auto newest = static_cast<std::int64_t>(parameters.iat_max_ahead_s);
  Consortium consortium;
  consortium.must(consortium.sign(kDesert, consent("old"), kDesert, oldest));
  Payload other = Consent{{"new"}, {1}};
  consortium.must(consortium.sign(kDesert, other, kDesert, newest));
}

TEST(Envelope, RefusesAStaleStatement) {
  Consortium consortium;
  const Refusal refusal =
      consortium.refusal(consortium.sign(kDesert, consent(), kDesert, -30 * 86'400 - 1));
  EXPECT_EQ(refusal.reason, Reason::iat_too_old);
  EXPECT_EQ(number(refusal, "limit_s"), "2592000");
}

TEST(Envelope, RefusesAStatementFromTheFuture) {
  Consortium consortium;
  const Refusal refusal = consortium.refusal(consortium.sign(kDesert, consent(), kDesert, 301));
  EXPECT_EQ(refusal.reason, Reason::iat_in_future);
  EXPECT_EQ(number(refusal, "limit_s"), "300");
}

TEST(Envelope, IatAtTheEndOfItsTypeIsRefusedWithoutOverflow) {
  Consortium consortium;
  const auto to_end = -static_cast<std::int64_t>(consortium.block().time.seconds()) - 1;
  EXPECT_EQ(consortium.refusal(consortium.sign(kDesert, consent(), kDesert, to_end)).reason,
            Reason::iat_in_future);
}

TEST(Envelope, KnowsTheVerySameStatementAgain) {
  Consortium consortium;
  const VerifiedStatement statement = consortium.sign(kDesert, consent());
  consortium.must(statement);
  const Refusal refusal = consortium.refusal(statement);
  EXPECT_EQ(refusal.reason, Reason::already_recorded);
  EXPECT_EQ(number(refusal, "height"), "1");
}

TEST(Envelope, RefusesAnotherStatementUnderAUsedRefWithBothIds) {
  Consortium consortium;
  const VerifiedStatement first = consortium.sign(kDesert, consent());
  consortium.must(first);
  const VerifiedStatement second = consortium.sign(kDesert, Consent{{"c-1"}, {1}});
  const Refusal refusal = consortium.refusal(second);
  EXPECT_EQ(refusal.reason, Reason::ref_reused);
  EXPECT_EQ(number(refusal, "recorded_statement"), crypto::to_hex(first->id));
  EXPECT_EQ(number(refusal, "this_statement"), crypto::to_hex(second->id));
}

TEST(Envelope, ARefIsUniqueWithinItsOrganisationOnly) {
  Consortium consortium;
  consortium.must(kDesert, consent());
  consortium.must(kCoast, consent());
}

class WithLeaves : public testing::Test {
 protected:
  Redeem redeem() {
    Redeem redeem;
    redeem.ref = {"r-1"};
    redeem.campaign = {"platform/none"};
    redeem.programme = {"platform/none"};
    redeem.units = 1;
    redeem.leaves = leaves_;
    return redeem;
  }
  Consortium consortium_;
  AttachmentRef leaves_ = consortium_.attach(std::vector<crypto::Bytes>{{0x00}, {0x01}});
};

TEST_F(WithLeaves, RefusesAnAttachmentThatIsNotHeld) {
  Redeem payload = redeem();
  payload.leaves.root[0] ^= 1;
  const Refusal refusal = consortium_.refusal(kPlatform, payload);
  EXPECT_EQ(refusal.reason, Reason::attachment_missing);
  EXPECT_EQ(number(refusal, "root"), crypto::to_hex(payload.leaves.root));
}

TEST_F(WithLeaves, RefusesAnotherCountOrSizeForAHeldRoot) {
  Redeem payload = redeem();
  payload.leaves.count = 1;
  EXPECT_EQ(consortium_.refusal(kPlatform, payload).reason, Reason::attachment_count_mismatch);
  payload = redeem();
  payload.leaves.bytes = 7;
  EXPECT_EQ(consortium_.refusal(kPlatform, payload).reason, Reason::attachment_bytes_mismatch);
}

TEST_F(WithLeaves, AreAskedForBeforeTheRulesOfTheTrade) {
  EXPECT_EQ(consortium_.refusal(kPlatform, redeem()).reason, Reason::campaign_unknown);
}

TEST(Record, TellsWhereTheStatementStands) {
  Consortium consortium;
  consortium.must(kCoast, consent());
  const BlockContext block = consortium.block();
  const VerifiedStatement statement = consortium.sign(kDesert, consent());
  consortium.must(statement);
  const auto object = consortium.find<Recorded<Consent>>("desert-ngo/c-1");
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->record,
            (RecordInfo{statement->id, 2, 3, block.time.seconds(), statement->kid}));
  EXPECT_EQ(Payload(object->payload), statement->payload);
}

TEST(Explanation, ListsPassedFailedAndNotReachedInOrder) {
  Consortium consortium;
  const auto results = explain_statement(consortium.sign(kDesert, programme()), consortium.state,
                                         consortium.block());
  std::vector<Reason> reasons;
  for (const RuleResult& result : results) reasons.push_back(result.reason);
  EXPECT_EQ(reasons, rules_of(programme()));
  EXPECT_EQ(results[5].state, RuleState::passed);
  EXPECT_EQ(results[6].reason, Reason::org_role_missing);
  EXPECT_EQ(results[6].state, RuleState::failed);
  EXPECT_EQ(results[7].state, RuleState::not_reached);
  EXPECT_EQ(results.back().reason, Reason::consents_missing);
}

TEST(Explanation, KeepsTheNumbersOfRulesThatHold) {
  Consortium consortium;
  const auto results = explain_statement(consortium.sign(kPlatform, programme()), consortium.state,
                                         consortium.block());
  const auto cap = std::ranges::find(results, Reason::quantity_too_large, &RuleResult::reason);
  ASSERT_NE(cap, results.end());
  EXPECT_EQ(cap->state, RuleState::passed);
  EXPECT_EQ(cap->numbers.front(), (Number{"yearly_cap", "1000"}));
}

TEST(Trades, HaveOneRowForEachTypeInItsPlace) {
  ASSERT_EQ(trades().size(), std::variant_size_v<Payload>);
  [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    const std::array names = {std::variant_alternative_t<kIndex, Payload>::kName...};
    for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(trades()[i].type, names[i]);
  }(std::make_index_sequence<std::variant_size_v<Payload>>());
}

TEST(Trades, ListNoRuleTwice) {
  for (const Trade& trade : trades()) {
    std::vector<Reason> rules(trade.rules.begin(), trade.rules.end());
    std::ranges::sort(rules);
    EXPECT_EQ(std::ranges::adjacent_find(rules), rules.end()) << trade.type;
  }
}

TEST(Reasons, HaveDistinctNamesAndASentence) {
  std::vector<std::string_view> names;
  for (const Reason reason : all_reasons()) {
    names.push_back(name(reason));
    EXPECT_TRUE(sentence(reason).ends_with('.')) << name(reason);
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Reasons, NameEveryErrorOfTheCodec) {
  using crypto::CborError;
  for (auto error = CborError::truncated; error <= CborError::out_of_range;
       error = static_cast<CborError>(static_cast<int>(error) + 1)) {
    EXPECT_EQ(name(reason_of(error)), crypto::to_string(error));
  }
}

TEST(Refusals, PrintTheirNumbers) {
  EXPECT_EQ(to_string(Refusal{Reason::empty, {}}), "empty");
  EXPECT_EQ(to_string(Refusal{Reason::org_unknown, {{"org", "a"}, {"height", "3"}}}),
            "org_unknown: org=a, height=3");
}

}  // namespace
}  // namespace treeproof::ledger
