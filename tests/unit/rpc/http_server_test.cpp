#include "rpc/http_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "consensus/proofs/verify.h"
#include "rpc/trust_json.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/raw_client.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kStatusCall =
    R"({"jsonrpc":"2.0","id":1,"method":"chain_status","params":{}})";

std::string post(std::string_view body, std::string_view more_headers = {}) {
  return "POST /rpc HTTP/1.1\r\nHost: node\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more_headers) + "\r\n" + std::string(body);
}

class Server : public testing::Test {
 protected:
  // Starts anew with other limits.
  void start(const ServerLimits& limits) {
    ServerConfig config = test_config(chain_);
    config.limits = limits;
    server_ = std::make_unique<HttpServer>(config, chain_, chain_);
    const auto started = server_->start();
    ASSERT_TRUE(started.has_value()) << started.error();
    client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
    client_->set_read_timeout(20s);
    client_->set_keep_alive(true);
  }
  void SetUp() override { start({}); }
  void TearDown() override { server_.reset(); }

  RawClient raw() { return RawClient(server_->port()); }
  unsigned status_of(const std::string& request) {
    auto client = raw();
    client.send(request);
    const std::string answer = client.receive("\r\n\r\n");
    return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoi(answer.substr(9))) : 0;
  }

  TestChain chain_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(Server, AnswersCallsOverOneConnection) {
  chain_.empty_block();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client_->Post("/rpc", std::string(kStatusCall), "application/json");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
    EXPECT_EQ(answer->get_header_value("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(Json::parse(answer->body)["result"]["chain"], chain_.chain_id());
  }
}

TEST_F(Server, AnswersPipelinedRequestsInOrder) {
  auto client = raw();
  client.send("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n" + post(kStatusCall) +
              "GET /healthz HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
  const std::string answers = client.receive();
  const std::size_t first = answers.find("alive");
  const std::size_t second = answers.find("\"result\"");
  const std::size_t third = answers.rfind("alive");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST_F(Server, AnswersNotificationsWithoutABody) {
  const auto answer =
      client_->Post("/rpc", R"({"jsonrpc":"2.0","method":"chain_status"})", "application/json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_TRUE(answer->body.empty());
}

TEST_F(Server, AnswersHeadWithoutABody) {
  const auto answer = client_->Head("/genesis.json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->get_header_value("Content-Length"),
            std::to_string(chain_.genesis_text().size()));
}

TEST_F(Server, SubmitsWaitWithoutHoldingUpOthers) {
  chain_.is_idle = true;
  const auto statement = chain_.sign("desert-ngo", photo("one", chain_.day()));
  const Json call{
      {"jsonrpc", "2.0"},
      {"id", 1},
      {"method", "record_submit"},
      {"params", {{"statement", crypto::to_hex(statement->bytes)}, {"wait_ms", 1'500}}}};
  std::vector<RawClient> waiting;
  for (int i = 0; i < 16; ++i) {
    waiting.push_back(raw());
    waiting.back().send(post(to_text(call)));
  }
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client_->Get("/healthz")->status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1'200ms);
  for (auto& client : waiting) {
    EXPECT_NE(client.receive("pending", 10'000).find("pending"), std::string::npos);
  }
}

TEST_F(Server, ServesOthersWhileSixtyFourClientsStall) {
  std::vector<RawClient> stalled;
  for (int i = 0; i < 64; ++i) {
    stalled.push_back(raw());
    stalled.back().send(i % 2 == 0 ? "POST /rpc HTT" : post("x").substr(0, 60));
  }
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    const auto answer = client_->Post("/rpc", std::string(kStatusCall), "application/json");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(Server, ClosesClientsThatSendTooSlowly) {
  start({.idle_timeout_ms = 300});
  auto silent = raw();
  auto slow = raw();
  slow.send("GET /healthz HTTP/1.1\r\nHo");
  std::thread dripping([&] {
    for (int i = 0; i < 20 && slow.send("s"); ++i) std::this_thread::sleep_for(50ms);
  });
  EXPECT_TRUE(silent.is_closed(5'000));
  dripping.join();
  EXPECT_TRUE(slow.is_closed(5'000));
}

TEST_F(Server, RefusesBodiesThatAreTooLarge) {
  start({.body_bytes_max = 10'000});
  const std::string large(10'001, ' ');
  EXPECT_EQ(status_of(post(large)), 413u);
  EXPECT_EQ(status_of("POST /rpc HTTP/1.1\r\nHost: n\r\nContent-Length: 99999999999999\r\n\r\n"),
            413u);
  EXPECT_EQ(status_of("POST /rpc HTTP/1.1\r\nHost: n\r\nContent-Length: "
                      "18446744073709551616\r\n\r\n"),
            400u);
  std::string chunked = "POST /rpc HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "400\r\n" + std::string(1'024, ' ') + "\r\n";
  EXPECT_EQ(status_of(chunked + "0\r\n\r\n"), 413u);
  EXPECT_EQ(status_of("POST /rpc HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "7fffffffffffffff\r\nx"),
            413u);
}

TEST_F(Server, TakesChunkedBodiesWithinTheLimit) {
  const std::string body(kStatusCall);
  auto client = raw();
  client.send(
      "POST /rpc HTTP/1.1\r\nHost: n\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
      "\r\n5\r\n" +
      body.substr(0, 5) + "\r\n" + [&] {
        std::string rest = body.substr(5);
        char size[16];
        std::snprintf(size, sizeof size, "%zx", rest.size());
        return std::string(size) + "\r\n" + rest + "\r\n0\r\n\r\n";
      }());
  EXPECT_NE(client.receive().find("\"result\""), std::string::npos);
}

TEST_F(Server, RefusesWhatCouldSmuggleARequest) {
  const std::string body = "GET /metrics HTTP/1.1\r\nHost: n\r\n\r\n";
  const auto with = [&](const std::string& headers) {
    return "POST /rpc HTTP/1.1\r\nHost: n\r\n" + headers + "\r\n" + body;
  };
  EXPECT_EQ(status_of(with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")), 400u);
  EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")), 400u);
  EXPECT_EQ(status_of(with("Transfer-Encoding: gzip\r\n")), 400u);
  EXPECT_EQ(status_of(with("Transfer-Encoding: chunked, identity\r\n")), 400u);
  EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length: 4\r\nContent-Length: 5\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length: 4\r\nContent-Length: 4\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length: 4, 4\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length: +4\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length: -4\r\n")), 400u);
  EXPECT_EQ(status_of(with("Content-Length : 4\r\n")), 400u);
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("GET /healthz\r\n\r\n"), 400u);
  EXPECT_EQ(status_of("\x16\x03\x01 this is TLS\r\n\r\n"), 400u);
}

TEST_F(Server, RefusesHeadersThatAreTooLarge) {
  std::string headers;
  for (int i = 0; i < 2'000; ++i) headers += "X-Fill-" + std::to_string(i) + ": 0123456789\r\n";
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\nHost: n\r\n" + headers + "\r\n"), 431u);
  EXPECT_EQ(status_of("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: n\r\n\r\n"), 431u);
}

TEST_F(Server, BoundsTheConnectionsOfAClient) {
  start({.connections_per_client_max = 4});
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(raw());
    clients.back().send("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n");
    EXPECT_NE(clients.back().receive("alive").find("alive"), std::string::npos);
  }
  EXPECT_TRUE(raw().is_closed(5'000));
  clients.pop_back();
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(status_of("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n"), 200u);
}

TEST_F(Server, BoundsTheRequestsOfAClient) {
  start({.client_units_per_s = 2});
  int refused = 0;
  auto client = raw();
  for (int i = 0; i < 10; ++i) {
    client.send("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n");
    const std::string answer = client.receive("\r\n\r\n", 2'000);
    if (!answer.starts_with("HTTP/1.1 429")) continue;
    ++refused;
    EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
    break;
  }
  EXPECT_EQ(refused, 1);
}

TEST_F(Server, UploadsAttachmentsAboveTheLimitOfCalls) {
  std::vector<crypto::Bytes> leaves;
  for (int i = 0; i < 100'000; ++i) {
    const crypto::Hash hash{static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                            static_cast<std::uint8_t>(i)};
    leaves.push_back(ledger::encode(ledger::RedeemLeaf{{hash, 1}}));
  }
  const auto attachment = ledger::Attachment::build(leaves);
  ASSERT_GT(attachment->bytes().size(), 2u << 20);
  ledger::Redeem redeem;
  redeem.ref = {"many"};
  redeem.campaign = redeem.programme = {"platform/none"};
  redeem.units = redeem.grams = leaves.size();
  redeem.leaves = attachment->announced();
  const auto statement = chain_.sign("platform", redeem);
  const Json call{{"jsonrpc", "2.0"},
                  {"id", 1},
                  {"method", "record_submit"},
                  {"params", {{"statement", crypto::to_hex(statement->bytes)}}}};
  const auto submitted = client_->Post("/rpc", to_text(call), "application/json");
  EXPECT_EQ(Json::parse(submitted->body)["result"]["attachment_missing"], true);
  const std::string path = "/attachment/" + crypto::to_hex(attachment->announced().root);
  const std::string bytes(crypto::as_text(attachment->bytes()));
  const auto put = client_->Put(path, bytes, "application/octet-stream");
  ASSERT_TRUE(put);
  EXPECT_EQ(put->status, 204);
  EXPECT_EQ(client_->Get(path)->body, bytes);
}

TEST_F(Server, SaysContinueToThoseWhoAsk) {
  auto client = raw();
  const std::string request = post(kStatusCall, "Expect: 100-continue\r\nConnection: close\r\n");
  const std::size_t head = request.find("\r\n\r\n") + 4;
  client.send(request.substr(0, head));
  EXPECT_TRUE(client.receive("\r\n\r\n").starts_with("HTTP/1.1 100"));
  client.send(request.substr(head));
  EXPECT_NE(client.receive().find("\"result\""), std::string::npos);
}

TEST_F(Server, StreamsEventsFromTheLastIdOn) {
  for (int i = 0; i < 3; ++i) chain_.empty_block();
  auto client = raw();
  client.send("GET /events HTTP/1.1\r\nHost: n\r\nLast-Event-ID: 1\r\n\r\n");
  const std::string begin = client.receive("id: 3\n");
  EXPECT_NE(begin.find("text/event-stream"), std::string::npos);
  EXPECT_NE(begin.find("id: 2\n"), std::string::npos);
  EXPECT_EQ(begin.find("id: 1\n"), std::string::npos);
  chain_.empty_block();
  EXPECT_NE(client.receive("id: 4\n").find("id: 4\nevent: block\ndata: {\"height\":\"4\""),
            std::string::npos);
  auto fresh = raw();
  fresh.send("GET /events HTTP/1.1\r\nHost: n\r\n\r\n");
  fresh.receive("retry: 2000\n\n");
  std::this_thread::sleep_for(200ms);
  chain_.empty_block();
  const std::string next = fresh.receive("id: 5\n");
  EXPECT_NE(next.find("id: 5\n"), std::string::npos);
  EXPECT_EQ(next.find("id: 4\n"), std::string::npos);
}

TEST_F(Server, ServesACertificateOverHttp) {
  play_season(chain_);
  const auto certificate = client_->Get("/certificate/desert-ngo%2Fgrown%230.treecert");
  ASSERT_TRUE(certificate);
  ASSERT_EQ(certificate->status, 200);
  const auto trust = parse_trust(client_->Get("/trust.json")->body);
  EXPECT_TRUE(proofs::verify(crypto::as_bytes(certificate->body), trust.value()).valid);
}

TEST_F(Server, StopsWhileRequestsWait) {
  chain_.is_idle = true;
  const auto statement = chain_.sign("desert-ngo", photo("one", chain_.day()));
  const Json call{
      {"jsonrpc", "2.0"},
      {"id", 1},
      {"method", "record_submit"},
      {"params", {{"statement", crypto::to_hex(statement->bytes)}, {"wait_ms", 60'000}}}};
  auto waiting = raw();
  waiting.send(post(to_text(call)));
  auto events = raw();
  events.send("GET /events HTTP/1.1\r\nHost: n\r\n\r\n");
  events.receive("retry: 2000\n\n");
  server_->stop();
  server_.reset();
  EXPECT_TRUE(waiting.is_closed(5'000));
  EXPECT_TRUE(events.is_closed(5'000));
  chain_.empty_block();  // nobody listens any more
  EXPECT_EQ(chain_.answer_late(), 1u);
}

TEST_F(Server, SaysWhyItDoesNotStart) {
  ServerConfig config = test_config(chain_);
  config.port = server_->port();
  HttpServer second(config, chain_, chain_);
  EXPECT_FALSE(second.start().has_value());
  config.host = "not an address";
  HttpServer third(config, chain_, chain_);
  EXPECT_FALSE(third.start().has_value());
}

}  // namespace
}  // namespace treeproof::rpc
