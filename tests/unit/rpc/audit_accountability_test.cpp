#include <gtest/gtest.h>

#include "consensus/ledger/conviction.h"
#include "crypto/hash.h"
#include "rpc/audit.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {
namespace {

using ledger::OffenceKind;

// Four validators, so that nobody can be spared; the regulator is none of them.
class Accountability : public testing::Test {
 protected:
  Accountability() {
    for (int i = 0; i < 5; ++i) chain_.empty_block();
  }

  static crypto::Hash evidence(std::string_view text) {
    return crypto::sha256(crypto::as_bytes(text));
  }
  // What a block with this evidence leaves in the state.
  void convict(std::string_view org, OffenceKind kind, std::uint64_t height,
               std::string_view text) {
    const ledger::Conviction conviction{{std::string(org)}, kind, {height}, evidence(text)};
    const ChainViewPtr view = chain_.latest();
    ledger::State state(*view);
    ASSERT_TRUE(ledger::convict(state, view->height(), {&conviction, 1}).has_value());
    forge(state);
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
  convict("verifier", OffenceKind::double_vote, 2, "z");
  convict("regulator", OffenceKind::amnesia, 1, "y");
  chain_.empty_block();
  convict("desert-ngo", OffenceKind::forged_root, 6, "a");
  reinstate("desert-ngo");
  const AuditReport report = audit();
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.rows.size(), 3u);
  const AuditRow regulator{{"org", "regulator"},
                           {"kind", "amnesia"},
                           {"height", "1"},
                           {"recorded_height", "5"},
                           {"evidence", crypto::to_hex(evidence("y"))},
                           {"standing", "suspended"},
                           {"suspended_height", "5"},
                           {"reinstated_height", "none"},
                           {"holds", "true"}};
  EXPECT_EQ(report.rows[0], regulator);
  EXPECT_EQ(report.rows[1][0].second, "verifier");
  EXPECT_EQ(report.rows[1][5].second, "marked");
  EXPECT_EQ(report.rows[1][6].second, "none");
  EXPECT_EQ(report.rows[2][1].second, "forged_root");
  EXPECT_EQ(report.rows[2][5].second, "reinstated");
  EXPECT_EQ(report.rows[2][7].second, "6");
}

TEST_F(Accountability, TellsWhatWasKnownAtAHeight) {
  convict("verifier", OffenceKind::double_vote, 2, "z");
  const Height at = chain_.latest()->height();
  chain_.empty_block();
  reinstate("verifier");
  const ChainViewPtr view = chain_.latest();
  EXPECT_EQ(audit_accountability(*view, at, std::nullopt).rows[0][5].second, "marked");
  EXPECT_TRUE(audit_accountability(*view, {1}, std::nullopt).rows.empty());
  EXPECT_EQ(audit().rows[0][5].second, "reinstated");
}

TEST_F(Accountability, IsPagedAndAskedForOneOrganisation) {
  convict("verifier", OffenceKind::double_vote, 2, "z");
  convict("verifier", OffenceKind::double_proposal, 3, "x");
  convict("coast-ngo", OffenceKind::wrong_proposer, 3, "w");
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
  convict("verifier", OffenceKind::double_vote, 2, "z");
  change<ledger::Parameters>(ledger::kParametersId, [](auto& p) { p.validators_min = 3; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"convicted_could_be_spared"}));
  EXPECT_EQ(audit().rows[0].back().second, "false");
}

TEST_F(Accountability, FindsASentenceThatIsNotServed) {
  convict("verifier", OffenceKind::double_vote, 2, "z");
  change<ledger::SentenceObject>("verifier/0", [](auto& s) { s.suspended_height = 5; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"sentence_differs"}));
}

TEST_F(Accountability, FindsAConvictionWithoutASentence) {
  convict("verifier", OffenceKind::double_vote, 2, "z");
  change<ledger::ConvictionObject>(crypto::to_hex(evidence("z")), [](auto& c) { c.sentence = 7; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"sentence_missing"}));
}

TEST_F(Accountability, FindsAnOffenceOfTheFuture) {
  convict("verifier", OffenceKind::double_vote, 2, "z");
  change<ledger::ConvictionObject>(crypto::to_hex(evidence("z")), [](auto& c) { c.height = 77; });
  EXPECT_EQ(findings(), (std::vector<std::string>{"offence_after_record"}));
}

}  // namespace
}  // namespace treeproof::rpc
