#include <cassert>
#include <future>
#include <nlohmann/json.hpp>

#include "tests/fuzz/targets.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::fuzz {

namespace {

// The response to a body; whatever waits is answered at once with what is known.
rpc::HttpResponse answer(rpc::Site& site, std::string body) {
  auto answered = std::make_shared<std::promise<rpc::HttpResponse>>();
  auto waits = std::make_shared<std::promise<void>>();
  auto response = answered->get_future();
  auto is_waiting = waits->get_future();
  const auto exchange =
      site.handle({"POST", "/rpc", {}, std::move(body)},
                  {[answered](rpc::HttpResponse given) { answered->set_value(std::move(given)); },
                   [waits](std::uint32_t) { waits->set_value(); }});
  while (response.wait_for(std::chrono::microseconds(50)) != std::future_status::ready) {
    if (is_waiting.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
    site.expire(exchange);
    break;
  }
  return response.get();
}

bool is_response(const nlohmann::json& one) {
  return one.is_object() && one.at("jsonrpc") == "2.0" && one.contains("id") &&
         one.contains("result") != one.contains("error");
}

}  // namespace

int fuzz_request(crypto::ByteSpan input) {
  static rpc::Caller caller(rpc::season_chain());
  const rpc::HttpResponse response = answer(caller.site(), std::string(crypto::as_text(input)));
  if (response.body.empty()) {
    assert(response.status == 204);
    return kTaken;
  }
  assert(response.status == 200);
  const nlohmann::json json = nlohmann::json::parse(response.body);
  if (!json.is_array()) {
    assert(is_response(json));
    return json.contains("result") ? kTaken : kRefused;
  }
  for (const nlohmann::json& one : json) assert(is_response(one));
  return kTaken;
}

}  // namespace treeproof::fuzz
