#include "tests/unit/rpc/call.h"

#include <gtest/gtest.h>

#include <future>

namespace treeproof::rpc {

ServerConfig test_config(const TestChain& chain) {
  ServerConfig config;
  config.port = 0;
  config.chain_id = chain.chain_id();
  config.genesis_json = chain.genesis_text();
  config.is_test_clock = true;
  return config;
}

HttpResponse Caller::request(std::string method, std::string target, std::string body) {
  auto answered = std::make_shared<std::promise<HttpResponse>>();
  auto waits = std::make_shared<std::promise<std::uint32_t>>();
  auto response = answered->get_future();
  auto wait_ms = waits->get_future();
  const auto exchange =
      site_.handle({std::move(method), std::move(target), {}, std::move(body)},
                   {[answered](HttpResponse given) { answered->set_value(std::move(given)); },
                    [waits](std::uint32_t given) { waits->set_value(given); }});
  while (response.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    if (wait_ms.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) continue;
    const auto patience = std::chrono::milliseconds(wait_ms.get());
    wait_ms = {};
    if (response.wait_for(patience) != std::future_status::ready) site_.expire(exchange);
    break;
  }
  return response.get();
}

std::string Caller::post(std::string body) {
  const HttpResponse response = request("POST", "/rpc", std::move(body));
  EXPECT_EQ(response.status, response.body.empty() ? 204u : 200u);
  return response.body;
}

Json Caller::answer(const std::string& method, const Json& params) {
  const Json call{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params}};
  Json answer = Json::parse(post(to_text(call)));
  EXPECT_EQ(answer.at("id"), 7);
  EXPECT_EQ(answer.at("jsonrpc"), "2.0");
  return answer;
}

Json Caller::result(const std::string& method, const Json& params) {
  Json given = answer(method, params);
  EXPECT_TRUE(given.contains("result")) << method << ": " << given;
  return given.contains("result") ? given["result"] : Json::object();
}

Json Caller::error(const std::string& method, const Json& params) {
  Json given = answer(method, params);
  EXPECT_TRUE(given.contains("error")) << method << ": " << given;
  return given.contains("error") ? given["error"] : Json::object();
}

}  // namespace treeproof::rpc
