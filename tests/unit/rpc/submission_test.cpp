#include <gtest/gtest.h>

#include <thread>

#include "consensus/bft/messages.h"
#include "crypto/merkle.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

class Submissions : public testing::Test {
 protected:
  Submissions() : caller_(chain_) {}

  ledger::StatementPtr photo_of(std::string_view org, const std::string& ref) {
    return chain_.sign(org, photo(ref, chain_.day()));
  }
  static std::string base64url(const ledger::StatementPtr& statement) {
    return crypto::to_base64url(statement->bytes);
  }
  Json submit(const ledger::StatementPtr& statement, std::uint32_t wait_ms = 5'000) {
    return caller_.result("record_submit",
                          {{"statement", base64url(statement)}, {"wait_ms", wait_ms}});
  }
  ledger::StatementPtr campaign() {
    return chain_.sign("platform",
                       campaign_terms("spring", ledger::Mode::plant_first, chain_.day()));
  }

  TestChain chain_;
  Caller caller_;
};

TEST_F(Submissions, WaitForTheReceiptsOfTheCommit) {
  const auto statement = photo_of("desert-ngo", "one");
  const Json answer = submit(statement);
  EXPECT_EQ(answer["status"], "committed");
  EXPECT_EQ(answer["id"], "desert-ngo/one");
  EXPECT_EQ(answer["statement"], crypto::to_hex(statement->id));
  EXPECT_EQ(answer["height"], "1");
  EXPECT_EQ(answer["log_index"], "2");
  const Json& receipts = answer["receipts"];
  EXPECT_EQ(receipts["bind"]["log_size"], "3");
  ASSERT_EQ(receipts["signatures"].size(), 3u);

  // A receipt is a validator's signature over the log root with this very bind.
  bft::Vote vote;
  vote.type = bft::VoteType::precommit;
  vote.height = {1};
  vote.value = bft::BlockId{
      crypto::hash_from_hex(receipts["bind"]["header_hash"].get<std::string>()).value(), 3,
      crypto::hash_from_hex(receipts["log_root"].get<std::string>()).value()};
  vote.org = receipts["signatures"][0]["org"].get<std::string>();
  const auto validators = chain_.latest()->validators(Height{1});
  vote.kid = validators->find(vote.org)->key.kid();
  const auto signature =
      crypto::from_hex(receipts["signatures"][0]["signature"].get<std::string>()).value();
  std::ranges::copy(signature, vote.signature.begin());
  EXPECT_TRUE(bft::verify(vote, chain_.chain_id(), *validators).has_value());
}

TEST_F(Submissions, TakeHexAndBase64urlAlike) {
  const auto statement = photo_of("desert-ngo", "one");
  const Json first =
      caller_.result("record_submit", {{"statement", crypto::to_hex(statement->bytes)}});
  EXPECT_EQ(submit(statement), first);
}

TEST_F(Submissions, GiveTheSameReceiptsAgain) {
  const auto statement = photo_of("desert-ngo", "one");
  const Json first = submit(statement);
  submit(photo_of("desert-ngo", "two"));
  EXPECT_EQ(submit(statement), first);
  EXPECT_EQ(chain_.latest()->header().log_size, 4u);
}

TEST_F(Submissions, AreRefusedWithReasonAndNumbers) {
  const auto bad = chain_.sign("regulator", photo("one", chain_.day() + 9));
  const Json error = caller_.error("record_submit", {{"statement", base64url(bad)}});
  EXPECT_EQ(error["code"], -32002);
  EXPECT_EQ(error["data"]["reason"], "evidence_in_future");
  EXPECT_FALSE(error["data"]["sentence"].get<std::string>().empty());
  EXPECT_TRUE(error["data"]["numbers"].is_array());
}

TEST_F(Submissions, AreRefusedForTheirForm) {
  EXPECT_EQ(caller_.error("record_submit", {{"statement", "!"}})["code"], -32602);
  EXPECT_EQ(caller_.error("record_submit", {{"statement", std::string(131'072, 'A')}})["code"],
            -32602);
  auto bytes = photo_of("desert-ngo", "one")->bytes;
  bytes.pop_back();
  const Json cut = caller_.error("record_submit", {{"statement", crypto::to_hex(bytes)}});
  EXPECT_EQ(cut["data"]["reason"], "cbor_truncated");
  bytes = photo_of("desert-ngo", "one")->bytes;
  bytes.back() ^= 1;
  const Json forged = caller_.error("record_submit", {{"statement", crypto::to_hex(bytes)}});
  EXPECT_EQ(forged["data"]["reason"], "signature_invalid");
}

TEST_F(Submissions, StayPendingWhileNothingIsDecided) {
  chain_.is_idle = true;
  const auto statement = photo_of("desert-ngo", "one");
  const Json answer = submit(statement, 100);  // answered, though the replica never does
  EXPECT_EQ(answer["status"], "pending");
  EXPECT_EQ(chain_.waited_ms, 100u);  // after which nobody listens to an answer
  EXPECT_EQ(answer["statement"], crypto::to_hex(statement->id));
  EXPECT_EQ(answer["missing_consents"], Json::array());
  EXPECT_EQ(answer["attachment_missing"], false);
  const Json status = caller_.result("record_status", {{"id", crypto::to_hex(statement->id)}});
  EXPECT_EQ(status["status"], "pending");
}

TEST_F(Submissions, ReturnAtOnceWhereConsentsAreMissing) {
  const Json answer = submit(campaign(), 60'000);
  EXPECT_EQ(answer["status"], "pending");  // who waited to the end would be told of none missing
  EXPECT_EQ(answer["missing_consents"], Json::array({"desert-ngo"}));
}

TEST_F(Submissions, ShowInTheInboxOfThoseWhoseConsentTheyNeed) {
  const auto statement = campaign();
  submit(statement);
  const Json asked = caller_.result("inbox", {{"org", "desert-ngo"}});
  ASSERT_EQ(asked["waits_for_org"].size(), 1u);
  EXPECT_EQ(asked["sent_by_org"].size(), 0u);
  const Json& row = asked["waits_for_org"][0];
  EXPECT_EQ(row["type"], "campaign");
  EXPECT_EQ(row["id"], "platform/spring");
  EXPECT_EQ(row["payload"]["target"], "1000000");
  EXPECT_EQ(row["statement_bytes"], base64url(statement));
  EXPECT_EQ(caller_.result("inbox", {{"org", "platform"}})["sent_by_org"].size(), 1u);
  EXPECT_EQ(caller_.result("inbox", {{"org", "verifier"}})["waits_for_org"].size(), 0u);
}

TEST_F(Submissions, AskForTheAttachmentThatTheyAnnounce) {
  const auto attachment =
      ledger::Attachment::build(std::vector<crypto::Bytes>{crypto::Bytes{0x80}});
  ledger::Plot plot;
  plot.ref = {"field"};
  plot.country = {"CN"};
  plot.area = 1;
  plot.capacity = 1;
  plot.geometry = attachment->announced();
  const auto statement = chain_.sign("desert-ngo", plot);
  EXPECT_EQ(submit(statement, 60'000)["attachment_missing"], true);

  const std::string root = crypto::to_hex(attachment->announced().root);
  const std::string bytes(crypto::as_text(attachment->bytes()));
  EXPECT_EQ(caller_.request("PUT", "/attachment/" + root, bytes + "x").status, 422u);
  EXPECT_EQ(caller_.request("PUT", "/attachment/" + std::string(64, '0'), bytes).status, 404u);
  EXPECT_EQ(caller_.request("PUT", "/attachment/none", bytes).status, 404u);
  EXPECT_EQ(caller_.request("GET", "/attachment/" + root).status, 404u);
  EXPECT_EQ(caller_.request("PUT", "/attachment/" + root, bytes).status, 204u);
  EXPECT_EQ(caller_.request("GET", "/attachment/" + root).body, bytes);
}

TEST_F(Submissions, OfABatchAreAnsweredTogether) {
  Json batch = Json::array();
  for (int i = 0; i < 100; ++i) {
    const auto statement = photo_of("desert-ngo", "photo-" + std::to_string(i));
    batch.push_back({{"jsonrpc", "2.0"},
                     {"id", i},
                     {"method", "record_submit"},
                     {"params", {{"statement", base64url(statement)}}}});
  }
  const Json answers = Json::parse(caller_.post(to_text(batch)));
  ASSERT_EQ(answers.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(answers[i]["result"]["status"], "committed");
    EXPECT_EQ(answers[i]["result"]["id"], "desert-ngo/photo-" + std::to_string(i));
  }
}

TEST_F(Submissions, TellTheirStatusWithAProof) {
  const auto statement = photo_of("desert-ngo", "one");
  const Json submitted = submit(statement);
  submit(photo_of("desert-ngo", "two"));
  const Json status = caller_.result("record_status", {{"id", "desert-ngo/one"}});
  EXPECT_EQ(status["receipts"], submitted["receipts"]);
  std::vector<crypto::Hash> path;
  for (const Json& hash : status["proof"]["path"]) {
    path.push_back(crypto::hash_from_hex(hash.get<std::string>()).value());
  }
  const auto& header = chain_.latest()->header();
  EXPECT_TRUE(crypto::verify_inclusion(crypto::leaf_hash(statement->bytes), 2, header.log_size,
                                       path, header.log_root));
  EXPECT_EQ(caller_.error("record_status", {{"id", "desert-ngo/none"}})["code"], -32001);
}

TEST_F(Submissions, AreKnownWhileTheyLeaveThePoolForTheLedger) {
  const auto statement = photo_of("desert-ngo", "one");
  chain_.before_pending = [&] { ASSERT_TRUE(chain_.record(statement).has_value()); };
  EXPECT_EQ(caller_.result("record_status", {{"id", "desert-ngo/one"}})["status"], "committed");
}

TEST_F(Submissions, CanBeTriedDry) {
  const auto statement = photo_of("desert-ngo", "one");
  const Json good = caller_.result("record_dryRun", {{"statement", base64url(statement)}});
  EXPECT_EQ(good["would_be"], "included");
  EXPECT_EQ(good["refusal"], nullptr);
  EXPECT_GT(good["rules"].size(), 5u);
  EXPECT_EQ(chain_.latest()->header().log_size, 2u);

  const auto bad = chain_.sign("regulator", photo("one", chain_.day() + 9));
  const Json refused = caller_.result("record_dryRun", {{"statement", base64url(bad)}});
  EXPECT_EQ(refused["would_be"], "refused");
  EXPECT_EQ(refused["refusal"]["reason"], "evidence_in_future");
  const Json waits = caller_.result("record_dryRun", {{"statement", base64url(campaign())}});
  EXPECT_EQ(waits["would_be"], "waiting");
  auto forged = statement->bytes;
  forged.back() ^= 1;
  const Json unsigned_run =
      caller_.result("record_dryRun", {{"statement", crypto::to_hex(forged)}});
  EXPECT_EQ(unsigned_run["refusal"]["reason"], "signature_invalid");
}

TEST_F(Submissions, AreNotHeldUpBySlowCalls) {
  std::thread slow([this] {
    for (int i = 0; i < 20; ++i) caller_.result("audit_allocations");
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(submit(photo_of("desert-ngo", "p" + std::to_string(i)))["status"], "committed");
  }
  slow.join();
}

}  // namespace
}  // namespace treeproof::rpc
