#include "rpc/http_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "consensus/proofs/verify.h"
#include "rpc/trust_json.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"
#include "tests/unit/rpc/server_fixture.h"

namespace treeproof::rpc {
namespace {

using namespace std::chrono_literals;

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

TEST_F(Server, AnswersHeadWithoutABody) {
  const auto answer = client_->Head("/genesis.json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->get_header_value("Content-Length"),
            std::to_string(chain_.genesis_text().size()));
}

// The order of events says it: while the submits wait, and only they could end that, others are
// answered.
TEST_F(Server, SubmitsWaitWithoutHoldingUpOthers) {
  chain_.is_idle = true;
  const auto statement = chain_.sign("desert-ngo", photo("one", chain_.day()));
  const std::string submit = post(to_text(call_of(
      "record_submit", {{"statement", crypto::to_hex(statement->bytes)}, {"wait_ms", 60'000}})));
  std::vector<RawClient> waiting;
  for (int i = 0; i < 16; ++i) {
    waiting.push_back(raw());
    EXPECT_TRUE(waiting.back().send(submit));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(code_of(std::string(kStatusCall)), 0);
  for (auto& client : waiting) EXPECT_FALSE(client.has_something());
  for (std::size_t answered = 0; answered < waiting.size(); std::this_thread::yield()) {
    answered += chain_.answer_late();
  }
  for (auto& client : waiting) {
    EXPECT_NE(client.receive("pool_full").find("pool_full"), std::string::npos);
  }
}

// Each stalls at another byte of its request; each is served when it goes on, after the others.
TEST_F(Server, ServesOthersWhileSixtyFourClientsStall) {
  start({.idle_timeout_ms = 600'000});
  const std::string request = post(kStatusCall);
  const auto place = [&](std::size_t i) { return i * (request.size() - 1) / 63; };
  std::vector<RawClient> stalled;
  for (std::size_t i = 0; i < 64; ++i) {
    stalled.push_back(raw());
    EXPECT_TRUE(stalled.back().send(std::string_view(request).substr(0, place(i))));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(code_of(std::string(kStatusCall)), 0);
  const auto metrics = client_->Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->body.find("treeproof_http_connections 65\n"), std::string::npos);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_FALSE(stalled[i].has_something()) << i;
    EXPECT_TRUE(stalled[i].send(std::string_view(request).substr(place(i))));
    EXPECT_NE(stalled[i].receive("\"result\"").find("\"result\""), std::string::npos) << i;
  }
}

TEST_F(Server, ClosesClientsThatSendTooSlowly) {
  start({.idle_timeout_ms = 300});
  auto silent = raw();
  auto slow = raw();
  slow.send("GET /healthz HTTP/1.1\r\nX-Slow: ");
  bool is_closed = false;  // though something comes all the time
  for (int i = 0; i < 500 && !is_closed; ++i) is_closed = !slow.send("s") || slow.is_closed(20);
  EXPECT_TRUE(is_closed);
  EXPECT_TRUE(silent.is_closed(60'000));
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

// The file is sent whole: many ranges of one file would multiply the bytes that are held.
TEST_F(Server, AnswersRangesWithTheWholeTile) {
  play_season(chain_);
  const std::string width = std::to_string(chain_.latest()->header().log_size);
  std::string overlapping = "bytes=0-";
  for (int i = 0; i < 1'000; ++i) overlapping += ",0-";
  for (const std::string tile : {"/tile/0/000.p/", "/tile/entries/000.p/"}) {
    const auto whole = client_->Get(tile + width);
    ASSERT_TRUE(whole);
    ASSERT_EQ(whole->status, 200);
    for (const std::string& range :
         {std::string("bytes=0-0"), std::string("bytes=-1"), std::string("bytes=999999-"),
          std::string("bytes=5-2"), std::string("bytes=0-18446744073709551616"), overlapping}) {
      const std::string answer =
          exchange("GET " + tile + width +
                   " HTTP/1.1\r\nHost: n\r\nConnection: close\r\nRange: " + range + "\r\n\r\n");
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << range;
      EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), whole->body) << range;
    }
  }
}

TEST_F(Server, BoundsTheConnectionsOfAClient) {
  start({.connections_per_client_max = 4, .idle_timeout_ms = 600'000});
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(raw());
    clients.back().send("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n");
    EXPECT_NE(clients.back().receive("alive").find("alive"), std::string::npos);
  }
  EXPECT_TRUE(raw().is_closed(60'000));
  clients.pop_back();
  unsigned status = 0;  // until the server has noticed
  for (int i = 0; i < 10'000 && status == 0; ++i) {
    status = status_of("GET /healthz HTTP/1.1\r\nHost: n\r\n\r\n");
  }
  EXPECT_EQ(status, 200u);
}

TEST_F(Server, BoundsTheRequestsOfAClient) {
  start({.client_units_per_s = 1'000});  // and 1,000 saved: 512,000 bytes at most, ever
  EXPECT_EQ(code_of(std::string(kStatusCall)), 0);
  const std::string answer = exchange(post(std::string(600'000, ' ')));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 429")) << answer;
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
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
  std::string next;  // nobody knows from which height on it listens, but it is not from before
  for (int i = 0; i < 100 && next.find("id: ") == std::string::npos; ++i) {
    chain_.empty_block();
    next += fresh.receive("id: ", 200);
  }
  if (next.find("proposer") == std::string::npos) next += fresh.receive("proposer");
  EXPECT_NE(next.find("id: "), std::string::npos);
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
  const std::string bytes = crypto::to_hex(statement->bytes);
  auto waiting = raw();
  waiting.send(
      post(to_text(call_of("record_submit", {{"statement", bytes}, {"wait_ms", 60'000}}))));
  const auto status = call_of("record_status", {{"id", crypto::to_hex(statement->id)}});
  while (code_of(to_text(status)) != 0) std::this_thread::yield();  // until it has arrived
  auto events = raw();
  events.send("GET /events HTTP/1.1\r\nHost: n\r\n\r\n");
  events.receive("retry: 2000\n\n");
  server_->stop();
  server_.reset();
  EXPECT_TRUE(waiting.is_closed(60'000));
  EXPECT_TRUE(events.is_closed(60'000));
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
