#include "tests/unit/rpc/server_fixture.h"

#include <httplib.h>

#include "tests/unit/rpc/call.h"

namespace treeproof::rpc {

std::string post(std::string_view body, std::string_view more_headers) {
  return "POST /rpc HTTP/1.1\r\nHost: node\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(more_headers) + "\r\n" + std::string(body);
}

Json call_of(std::string_view method, const Json& params) {
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
}

Server::Server() = default;
Server::~Server() = default;

void Server::start(const ServerLimits& limits) {
  ServerConfig config = test_config(chain_);
  config.limits = limits;
  server_ = std::make_unique<HttpServer>(config, chain_, chain_);
  const auto started = server_->start();
  ASSERT_TRUE(started.has_value()) << started.error();
  client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
  client_->set_read_timeout(std::chrono::seconds(60));
  client_->set_keep_alive(true);
  client_->set_tcp_nodelay(true);  // it sends head and body apart
}

std::string Server::exchange(std::string_view request) const {
  auto client = raw();
  client.send(request);  // a refusal may come before all of it is taken
  return client.receive();
}

unsigned Server::status_of(std::string_view request) const {
  auto client = raw();
  client.send(request);
  const std::string answer = client.receive("\r\n\r\n");
  return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoi(answer.substr(9))) : 0;
}

std::string Server::answer_of(const std::string& body) {
  const auto answer = client_->Post("/rpc", body, "application/json");
  if (!answer) {
    ADD_FAILURE() << httplib::to_string(answer.error());
    return "";
  }
  EXPECT_EQ(answer->status, answer->body.empty() ? 204 : 200);
  return answer->body;
}

int Server::code_of(const std::string& body) {
  const Json answer = Json::parse(answer_of(body));
  EXPECT_EQ(answer.at("jsonrpc"), "2.0");
  if (answer.contains("result")) return 0;
  EXPECT_FALSE(answer.at("error").at("message").get<std::string>().empty());
  return answer["error"]["code"].get<int>();
}

}  // namespace treeproof::rpc
