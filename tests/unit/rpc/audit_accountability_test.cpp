#include <gtest/gtest.h>

#include "consensus/ledger/conviction.h"
#include "crypto/hash.h"
#include "rpc/audit.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {
namespace {

// Four validators, so that nobody can be spared.
class Accountability : public testing::Test {
 protected:
  Accountability() {
    for (int i = 0; i < 5; ++i) chain_.empty_block();
  }

  // In a block of its own; the id of the offence.
  std::string convict(const bft::Evidence& evidence) {
    chain_.convict(evidence);
    return crypto::to_hex(offence_id(bft::offence_of(evidence)));
  }
  std::string convict(std::string_view org, std::uint64_t height = 2) {
    return convict(chain_.double_vote(org, {height}, {0}));
  }
  void reinstate(std::string_view org) {
    const ChainViewPtr view = chain_.latest();
    ledger::State state(*view);
    ledger::end_sentence(state, {std::string(org)}, view->height());
    forge(state);
  }
  template <class T>
  void change(std::string_view id, std::function<void(T&)> how) {
    const ChainViewPtr view = chain_.latest();
    ledger::State state(*view);
    T object = state.get<T>(id).value();
    how(object);
    state.put(id, object);
    forge(state);
  }
  AuditReport audit(std::optional<std::string> org = std::nullopt) {
    const ChainViewPtr view = chain_.latest();
    return audit_accountability(*view, view->height(), org);
  }
  std::vector<std::string> findings() {
    std::vector<std::string> names;
    const AuditReport report = audit();
    for (const AuditFinding& finding : report.findings) names.push_back(finding.finding);
    return names;
  }

  TestChain chain_;

 private:
  void forge(const ledger::State& state) {
    for (const auto& [key, value] : state.changes().objects) chain_.forge(key, *value);
  }
};

TEST_F(Accountability, OfAnHonestChainListsNothing) {
  const AuditReport report = audit();
  EXPECT_TRUE(report.rows.empty() && report.findings.empty());
  EXPECT_EQ(report.checked[0], (std::pair<std::string, std::uint64_t>{"convictions", 0}));
  EXPECT_EQ(report.checked[1], (std::pair<std::string, std::uint64_t>{"validators", 4}));
}

TEST_F(Accountability, ListsConvictionsWithWhatBecameOfThem) {
  const auto evidence = chain_.wrong_proposer("verifier", {2});
  const std::string offence = convict(evidence);
  convict("desert-ngo");
  reinstate("desert-ngo");
  change<ledger::Parameters>(ledger::kParametersId, [](auto& p) { p.validators_min = 3; });
  convict("coast-ngo");  // one can be spared now: the first in order
  const AuditReport report = audit();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().finding;
  ASSERT_EQ(report.rows.size(), 3u);
  const crypto::Bytes bytes = bft::encode(evidence, chain_.chain_id());
  const std::int32_t round = bft::offence_of(evidence).round.value;
  const AuditRow verifier{{"org", "verifier"},
                          {"kind", "wrong_proposer"},
                          {"height", "2"},
                          {"round", std::to_string(round)},
                          {"step", "proposal"},
                          {"offence", offence},
                          {"recorded_height", "6"},
                          {"evidence", crypto::to_hex(crypto::sha256(bytes))},
                          {"standing", "marked"},
                          {"suspended_height", "none"},
                          {"reinstated_height", "none"},
                          {"holds", "true"}};
  EXPECT_EQ(report.rows[0], verifier);
  EXPECT_EQ(report.rows[1][0].second, "desert-ngo");
  EXPECT_EQ(report.rows[1][1].second, "double_vote");
  EXPECT_EQ(report.rows[1][8].second, "reinstated");
  EXPECT_EQ(report.rows[1][10].second, "7");
  EXPECT_EQ(report.rows[2][0].second, "coast-ngo");
  EXPECT_EQ(report.rows[2][8].second, "suspended");
  EXPECT_EQ(report.rows[2][9].second, "8");
}

TEST_F(Accountability, TheBlockOfAConvictionShowsWhatProvesIt) {
  const auto evidence = chain_.double_vote("verifier", {2}, {3});
  const std::string offence = convict(evidence);
  Caller caller(chain_);
  const Json block = caller.result("chain_getBlock");
  const Json expected = {{"offence", offence},
                         {"org", "verifier"},
                         {"kind", "double_vote"},
                         {"height", "2"},
                         {"round", 3},
                         {"step", "prevote"},
                         {"bytes", crypto::to_base64url(bft::encode(evidence, chain_.chain_id()))}};
  EXPECT_EQ(block["offences"], Json::array({expected}));
  EXPECT_EQ(caller.result("chain_getBlock", {{"height", "5"}})["offences"], Json::array());
}

TEST_F(Accountability, TellsWhatWasKnownAtAHeight) {
  convict("verifier");
  const Height at = chain_.latest()->height();
  chain_.empty_block();
  reinstate("verifier");
  const ChainViewPtr view = chain_.latest();
  EXPECT_EQ(audit_accountability(*view, at, std::nullopt).rows[0][8].second, "marked");
  EXPECT_TRUE(audit_accountability(*view, {1}, std::nullopt).rows.empty());
  EXPECT_EQ(audit().rows[0][8].second, "reinstated");
}

TEST_F(Accountability, IsPagedAndAskedForOneOrganisation) {
  convict("coast-ngo");
  convict("verifier");
  convict("verifier", 3);
  Caller caller(chain_);
  const Json first = caller.result("audit_accountability", {{"limit", 2}});
  EXPECT_EQ(first["rows"].size(), 2u);
  EXPECT_EQ(first["cursor"], "2");
  EXPECT_EQ(first["rows"][0]["org"], "coast-ngo");
  EXPECT_EQ(first["rows"][0]["holds"], true);
  const Json rest = caller.result("audit_accountability", {{"limit", 2}, {"cursor", "2"}});
  EXPECT_EQ(rest["rows"].size(), 1u);
  EXPECT_EQ(rest["cursor"], nullptr);
  const Json own = caller.result("audit_accountability", {{"org", "verifier"}});
  EXPECT_EQ(own["rows"].size(), 2u);
  EXPECT_EQ(own["checked"]["convictions"], "2");
}

TEST_F(Accountability, FindsAConvictedValidatorThatCouldBeSpared) {
  convict("verifier");
  change<ledger::Parameters>(ledger::kParametersId, [](auto& p) { p.validators_min = 3; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"convicted_could_be_spared"}));
  EXPECT_EQ(audit().rows[0].back().second, "false");
}

TEST_F(Accountability, FindsASentenceThatIsNotServed) {
  convict("verifier");
  change<ledger::SentenceObject>("verifier/0", [](auto& s) { s.suspended_height = 5; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"sentence_differs"}));
}

TEST_F(Accountability, FindsAConvictionWithoutASentence) {
  const std::string offence = convict("verifier");
  change<ledger::ConvictionObject>(offence, [](auto& c) { c.sentence = 7; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"sentence_missing"}));
}

TEST_F(Accountability, FindsAnOffenceOfTheFuture) {
  const std::string offence = convict("verifier");
  change<ledger::ConvictionObject>(offence, [](auto& c) { c.height = 77; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"offence_after_record"}));
}

TEST_F(Accountability, FindsAConvictionThatNoBlockProves) {
  const std::string offence = convict("verifier");
  chain_.empty_block();
  change<ledger::ConvictionObject>(offence, [](auto& c) { ++c.recorded_height; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"evidence_missing"}));
  change<ledger::ConvictionObject>(offence, [](auto& c) { --c.recorded_height; });
  EXPECT_TRUE(findings().empty());
  change<ledger::ConvictionObject>(offence, [](auto& c) { c.evidence[0] ^= 1; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"evidence_missing"}));
}

}  // namespace
}  // namespace treeproof::rpc
