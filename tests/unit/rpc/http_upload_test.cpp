// Attachments over a real socket: only what a pending statement announces is taken, byte for byte.
#include <httplib.h>

#include <future>

#include "rpc/site.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"
#include "tests/unit/rpc/server_fixture.h"

namespace treeproof::rpc {
namespace {

ledger::AttachmentPtr leaves(std::uint32_t count) {
  std::vector<crypto::Bytes> encoded;
  for (std::uint32_t i = 0; i < count; ++i) {
    const crypto::Hash hash{static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                            static_cast<std::uint8_t>(i)};
    encoded.push_back(ledger::encode(ledger::RedeemLeaf{{hash, 1}}));
  }
  return ledger::Attachment::build(encoded);
}

class Uploads : public Server {
 protected:
  // Submits a redemption whose units are these leaves.
  void announce(const ledger::AttachmentPtr& attachment) {
    ledger::Redeem redeem;
    redeem.ref = {"many"};
    redeem.campaign = redeem.programme = {"platform/none"};
    redeem.units = redeem.grams = attachment->announced().count;
    redeem.leaves = attachment->announced();
    const auto statement = chain_.sign("platform", redeem);
    const Json call = call_of("record_submit", {{"statement", crypto::to_hex(statement->bytes)}});
    EXPECT_EQ(Json::parse(answer_of(to_text(call)))["result"]["attachment_missing"], true);
  }
  static std::string path_of(const ledger::AttachmentPtr& attachment) {
    return "/attachment/" + crypto::to_hex(attachment->announced().root);
  }
  static std::string bytes_of(const ledger::AttachmentPtr& attachment) {
    return std::string(crypto::as_text(attachment->bytes()));
  }
  int status_of_put(const std::string& path, const std::string& bytes) {
    const auto answer = client_->Put(path, bytes, "application/octet-stream");
    EXPECT_TRUE(answer) << path;
    return answer ? answer->status : 0;
  }
};

TEST_F(Uploads, MayBeAboveTheLimitOfCalls) {
  const auto attachment = leaves(100'000);
  ASSERT_GT(attachment->bytes().size(), 2u << 20);
  announce(attachment);
  EXPECT_EQ(status_of_put(path_of(attachment), bytes_of(attachment)), 204);
  EXPECT_EQ(client_->Get(path_of(attachment))->body, bytes_of(attachment));
}

TEST_F(Uploads, AreRefusedWhereNobodyAwaitsTheirRoot) {
  const auto attachment = leaves(3);
  const auto unknown =
      client_->Put(path_of(attachment), bytes_of(attachment), "application/octet-stream");
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->status, 404);
  EXPECT_EQ(Json::parse(unknown->body)["reason"], "attachment_not_awaited");
  announce(attachment);
  const std::string root = path_of(attachment).substr(12);
  std::string upper = root;
  std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' ? c - 'a' + 'A' : c; });
  ASSERT_NE(upper, root);
  for (const std::string& other :
       {std::string(64, '0'), std::string(), std::string("none"), upper, root + "0", root + "/",
        root.substr(1), "%" + root, "../" + root}) {
    EXPECT_EQ(status_of_put("/attachment/" + other, bytes_of(attachment)), 404) << other;
  }
  EXPECT_EQ(client_->Get(path_of(attachment))->status, 404);
}

TEST_F(Uploads, AreRefusedWhereTheyDoNotMatchTheirRoot) {
  const auto attachment = leaves(3);
  announce(attachment);
  const std::string bytes = bytes_of(attachment);
  std::string changed = bytes;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  for (const std::string& wrong :
       {std::string(), bytes.substr(1), bytes.substr(0, bytes.size() - 1), bytes + "x", changed,
        bytes + bytes, std::string(bytes.size(), '\0'), bytes_of(leaves(4)),
        std::string(1u << 20, '\x81')}) {
    const auto refused = client_->Put(path_of(attachment), wrong, "application/octet-stream");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 422) << wrong.size();
    EXPECT_FALSE(Json::parse(refused->body)["reason"].get<std::string>().empty());
    EXPECT_EQ(client_->Get(path_of(attachment))->status, 404);
  }
  EXPECT_EQ(status_of_put(path_of(attachment), bytes), 204);
  EXPECT_EQ(client_->Get(path_of(attachment))->body, bytes);
}

TEST_F(Uploads, AreBoundedBeforeTheyAreRead) {
  const std::string put = "PUT /attachment/" + std::string(64, '0') + " HTTP/1.1\r\nHost: n\r\n";
  EXPECT_EQ(status_of(put + "Content-Length: 16777217\r\n\r\n"), 413u);
  EXPECT_EQ(status_of(put + "Content-Length: 9223372036854775807\r\n\r\n"), 413u);
  EXPECT_EQ(status_of(put + "Transfer-Encoding: chunked\r\n\r\n1000001\r\nx"), 413u);
  const std::string post = "POST" + put.substr(3);
  EXPECT_EQ(status_of(post + "Content-Length: 1048577\r\n\r\n"), 413u);
}

// A node that takes no attachment, always for the same reason.
class Refuser final : public RecordSink {
 public:
  explicit Refuser(ledger::Reason reason) : reason_(reason) {}
  void submit(ledger::StatementPtr, std::uint32_t,
              std::function<void(const replica::Answer&)> answer) override {
    answer(ledger::Refusal{reason_, {}});
  }
  void pending(std::function<void(const std::vector<replica::PendingStatement>&)> answer) override {
    answer({});
  }
  void upload(const crypto::Hash&, crypto::Bytes,
              std::function<void(std::expected<void, ledger::Refusal>)> answer) override {
    answer(std::unexpected(ledger::Refusal{reason_, {}}));
  }

 private:
  ledger::Reason reason_;
};

TEST(UploadAnswers, SayByTheirStatusWhatToDo) {
  TestChain chain;
  const auto status_for = [&](ledger::Reason reason) {
    Refuser refuser(reason);
    Site site(test_config(chain), refuser, chain);
    std::promise<HttpResponse> done;
    site.handle({"PUT", "/attachment/" + std::string(64, '0'), "", "x"},
                {[&](HttpResponse given) { done.set_value(std::move(given)); }, {}});
    const HttpResponse response = done.get_future().get();
    EXPECT_EQ(Json::parse(response.body)["reason"], ledger::name(reason));
    return response.status;
  };
  EXPECT_EQ(status_for(ledger::Reason::attachment_not_awaited), 404u);
  EXPECT_EQ(status_for(ledger::Reason::attachment_in_progress), 409u);
  EXPECT_EQ(status_for(ledger::Reason::attachment_root_mismatch), 422u);
}

}  // namespace
}  // namespace treeproof::rpc
