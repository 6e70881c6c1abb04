#include "consensus/ledger/conviction.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

crypto::Hash evidence(std::string_view text) { return crypto::sha256(crypto::as_bytes(text)); }

class Convictions : public testing::Test {
 protected:
  explicit Convictions(const Genesis& genesis = consortium_genesis()) : consortium_(genesis) {
    consortium_.empty_block();
  }

  // A double prevote of height 1.
  static Conviction of(std::string_view org, std::int32_t round = 0) {
    return {{std::string(org), {1}, {round}, SignedStep::prevote},
            OffenceKind::double_vote,
            evidence(std::string(org) + std::to_string(round))};
  }
  std::optional<ConvictionObject> recorded(const Conviction& conviction) const {
    return consortium_.get<ConvictionObject>(crypto::to_hex(offence_id(conviction.offence)));
  }
  void convict(std::vector<Conviction> convictions) {
    const auto convicted = consortium_.convict(convictions);
    ASSERT_TRUE(convicted.has_value()) << to_string(convicted.error());
  }
  Reason refused(const std::vector<Conviction>& convictions) {
    const auto convicted = consortium_.convict(convictions);
    EXPECT_FALSE(convicted.has_value());
    return convicted ? Reason{} : convicted.error().reason;
  }
  std::vector<std::string> validators() const {
    std::vector<std::string> orgs;
    const ValidatorSet set = validators_of(consortium_.state);
    for (const Validator& validator : set.all()) orgs.push_back(validator.org);
    return orgs;
  }
  bool sits(std::string_view org) const {
    return validators_of(consortium_.state).find(org) != nullptr;
  }
  bool marked(std::string_view org) const {
    return is_convicted(consortium_.state, {std::string(org)});
  }
  SentenceObject sentence(std::string_view org, std::uint64_t number = 0) const {
    return consortium_.get<SentenceObject>(sentence_id({std::string(org)}, number)).value();
  }
  ValidatorsSet with(std::string_view org) const {
    ValidatorsSet all;
    const ValidatorSet set = validators_of(consortium_.state);
    for (const Validator& validator : set.all()) {
      all.validators.push_back({{validator.org}, 1, validator.key.bytes()});
    }
    const auto key = secret_key(std::string(org) + "/node").public_key().bytes();
    all.validators.push_back({{std::string(org)}, 1, key});
    std::ranges::sort(all.validators, {}, &ValidatorSeat::org);
    return all;
  }

  Consortium consortium_;
};

class ConvictionsOfSeven : public Convictions {
 protected:
  ConvictionsOfSeven() : Convictions(seven_genesis()) {}
};

TEST_F(ConvictionsOfSeven, TakeAValidatorOutOfTheNextSet) {
  const std::uint64_t height = consortium_.block().height.value;
  convict({of(kCoast)});
  EXPECT_FALSE(sits(kCoast));
  EXPECT_EQ(validators().size(), 6u);
  EXPECT_TRUE(marked(kCoast));
  ConvictionObject expected;
  expected.org = {std::string(kCoast)};
  expected.step = SignedStep::prevote;
  expected.height = 1;
  expected.evidence = of(kCoast).evidence;
  expected.recorded_height = height;
  EXPECT_EQ(recorded(of(kCoast)), expected);
  EXPECT_EQ(sentence(kCoast), (SentenceObject{height, height, std::nullopt}));
  EXPECT_FALSE(recorded(of(kDesert)).has_value());
}

TEST_F(Convictions, MarkAValidatorThatCannotBeSpared) {
  const std::uint64_t height = consortium_.block().height.value;
  convict({of(kCoast)});
  EXPECT_TRUE(sits(kCoast));
  EXPECT_TRUE(marked(kCoast));
  EXPECT_EQ(sentence(kCoast), (SentenceObject{height, std::nullopt, std::nullopt}));
}

TEST_F(ConvictionsOfSeven, LetTheFirstInOrderLeaveWhileTheMinimumRemains) {
  convict({of(kVerifier), of(kRegulator), of(kPlatform), of(kCoast)});
  EXPECT_EQ(validators(),
            (std::vector<std::string>{"desert-ngo", "desert-verifier", "partner", "verifier"}));
  EXPECT_TRUE(marked(kVerifier));
  EXPECT_EQ(sentence(kVerifier).suspended_height, std::nullopt);
  EXPECT_TRUE(sentence(kRegulator).suspended_height.has_value());
}

TEST_F(ConvictionsOfSeven, AreRecordedOnce) {
  convict({of(kCoast)});
  EXPECT_EQ(refused({of(kCoast)}), Reason::evidence_recorded);
  EXPECT_EQ(refused({of(kDesert), of(kCoast)}), Reason::evidence_recorded);
  EXPECT_FALSE(marked(kDesert));  // all or none
  EXPECT_EQ(refused({of(kDesert), of(kDesert)}), Reason::evidence_recorded);
}

// The same two votes in another order, another pair of them, a signature made anew, a proof of
// another kind: one slot was abused, once.
TEST_F(ConvictionsOfSeven, AreOfOneOffenceWhateverShowsIt) {
  convict({of(kCoast)});
  Conviction otherwise = of(kCoast);
  otherwise.evidence = evidence("other bytes");
  EXPECT_EQ(refused({otherwise}), Reason::evidence_recorded);
  otherwise.kind = OffenceKind::forged_root;
  EXPECT_EQ(refused({otherwise}), Reason::evidence_recorded);
  otherwise.offence.step = SignedStep::precommit;
  convict({otherwise});
}

TEST_F(Convictions, NameAnOrganisationAndAHeightThatCanBe) {
  EXPECT_EQ(refused({of("nobody")}), Reason::org_unknown);
  Conviction conviction = of(kCoast);
  conviction.offence.height = {0};
  EXPECT_EQ(refused({conviction}), Reason::evidence_height_invalid);
  conviction.offence.height = consortium_.block().height.next();
  EXPECT_EQ(refused({conviction}), Reason::evidence_height_invalid);
  conviction.offence.height = consortium_.block().height;
  convict({conviction});
}

TEST_F(Convictions, ExpireByHeightsAndByDaysBoth) {
  consortium_.govern(
      ParamsSet{{{{"evidence_max_age_days"}, 2}, {{"evidence_max_age_heights"}, 20}}});
  const std::vector<Conviction> one = {of(kCoast)};
  const auto judged = [&] {
    BlockExecution block(consortium_.state, consortium_.block());
    return block.convict(one);
  };
  while (consortium_.block().height.value < 40) consortium_.empty_block();  // all on one day
  EXPECT_TRUE(judged().has_value());
  consortium_.advance_days(2);
  EXPECT_TRUE(judged().has_value());
  consortium_.advance_days(1);
  const auto late = judged();
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().reason, Reason::evidence_expired);
  EXPECT_EQ(number(late.error(), "offence_height"), "1");
  EXPECT_EQ(number(late.error(), "block_height"), "40");
}

TEST_F(Convictions, DoNotExpireWhileTheChainStandsStill) {
  consortium_.govern(ParamsSet{{{{"evidence_max_age_days"}, 2}}});
  consortium_.advance_days(300);
  convict({of(kCoast)});
}

TEST_F(ConvictionsOfSeven, OfOneWhoLeftBarItFromComingBack) {
  ValidatorsSet rest;
  for (const ValidatorSeat& seat : with(kVillage).validators) {
    const bool stays = seat.org.text != kVillage && seat.org.text != kCoast;
    if (stays) rest.validators.push_back(seat);
  }
  consortium_.govern(rest);
  const std::uint64_t height = consortium_.block().height.value;
  convict({of(kCoast)});
  EXPECT_EQ(sentence(kCoast).suspended_height, height);
  const Refusal refusal = consortium_.refusal(kVillage, Propose{{"p"}, with(kCoast)});
  EXPECT_EQ(refusal.reason, Reason::validator_convicted);
  EXPECT_EQ(number(refusal, "org"), kCoast);
}

TEST_F(Convictions, KeepAMarkedValidatorOutOfASetThatGovernanceDecides) {
  convict({of(kCoast)});
  consortium_.must(kVillage,
                   KeyPut{{"n"}, secret_key("village/node").public_key().bytes(), {KeyRole::node}});
  EXPECT_EQ(consortium_.refusal(kVillage, Propose{{"p"}, with(kVillage)}).reason,
            Reason::validator_convicted);
  ValidatorsSet successor = with(kVillage);
  std::erase_if(successor.validators, [](const auto& seat) { return seat.org.text == kCoast; });
  const std::uint64_t before = consortium_.block().height.value;
  consortium_.govern(successor);
  EXPECT_FALSE(sits(kCoast));
  EXPECT_GT(sentence(kCoast).suspended_height.value_or(0), before);
}

TEST_F(ConvictionsOfSeven, OfOneSentenceEndTogether) {
  convict({of(kCoast, 1), of(kCoast, 2)});
  convict({of(kCoast, 3)});
  for (const int round : {1, 2, 3}) EXPECT_EQ(recorded(of(kCoast, round))->sentence, 0u);
  consortium_.govern(ReinstateOrg{{std::string(kCoast)}});
  const std::uint64_t reinstated = consortium_.block().height.value - 1;
  EXPECT_EQ(sentence(kCoast).reinstated_height, reinstated);
  EXPECT_FALSE(marked(kCoast));
  EXPECT_EQ(consortium_.get<OffenderObject>(kCoast), (OffenderObject{1, std::nullopt}));
}

TEST_F(ConvictionsOfSeven, AreOverOnceReinstatedAndASeatTakesADecision) {
  convict({of(kCoast)});
  consortium_.govern(ReinstateOrg{{std::string(kCoast)}});
  EXPECT_FALSE(sits(kCoast));
  consortium_.govern(with(kCoast));
  EXPECT_TRUE(sits(kCoast));
  EXPECT_EQ(refused({of(kCoast)}), Reason::evidence_recorded);
  convict({of(kCoast, 1)});
  EXPECT_FALSE(sits(kCoast));
  EXPECT_EQ(recorded(of(kCoast, 1))->sentence, 1u);
  EXPECT_EQ(sentence(kCoast, 1).reinstated_height, std::nullopt);
}

TEST_F(Convictions, LeaveAMarkedValidatorItsSeatOnceReinstated) {
  convict({of(kCoast)});
  consortium_.govern(ReinstateOrg{{std::string(kCoast)}});
  EXPECT_TRUE(sits(kCoast));
  EXPECT_FALSE(marked(kCoast));
  EXPECT_EQ(sentence(kCoast).suspended_height, std::nullopt);
}

TEST_F(ConvictionsOfSeven, LeaveTheOtherTradesOfAnOrganisationAlone) {
  convict({of(kCoast)});
  consortium_.must(kCoast, Consent{{"c"}, {}});
  EXPECT_FALSE(consortium_.get<OrgObject>(kCoast)->suspended);
  EXPECT_EQ(consortium_.refusal(kCoast, Approve{{"a"}, {"coast-ngo/none"}}).reason,
            Reason::proposal_unknown);
}

TEST_F(Convictions, TakeEffectOnceALowerMinimumSparesTheMarked) {
  convict({of(kVerifier), of(kCoast)});
  EXPECT_EQ(validators().size(), 4u);
  consortium_.govern(ParamsSet{{{{"validators_min"}, 3}}});
  EXPECT_FALSE(sits(kCoast));
  EXPECT_TRUE(sits(kVerifier));
  EXPECT_EQ(sentence(kCoast).suspended_height, consortium_.block().height.value - 1);
}

TEST_F(ConvictionsOfSeven, StandAfterTheStatementsOfTheirBlock) {
  const std::vector<Conviction> convictions = {of(kCoast)};
  BlockExecution block(consortium_.state, consortium_.block());
  EXPECT_TRUE(block.add(consortium_.sign(kCoast, Consent{{"c"}, {}})).has_value());
  EXPECT_TRUE(block.convict(convictions).has_value());
  EXPECT_EQ(validators_of(block.state()).size(), 6u);
  const StateChanges changes = block.finish().changes;
  EXPECT_TRUE(
      changes.objects.contains({"conviction", crypto::to_hex(offence_id(of(kCoast).offence))}));
  EXPECT_TRUE(changes.objects.contains({"object", "coast-ngo/c"}));
}

TEST_F(ConvictionsOfSeven, LeaveABlockWithoutThemAsItWas) {
  BlockExecution with_none(consortium_.state, consortium_.block());
  EXPECT_TRUE(with_none.convict({}).has_value());
  BlockExecution without(consortium_.state, consortium_.block());
  EXPECT_TRUE(with_none.finish().changes == without.finish().changes);
}

}  // namespace
}  // namespace treeproof::ledger
