// Calls of the API without a socket: through the site, as the server does it.
// Shared by the tests of rpc/.
#pragma once

#include <nlohmann/json.hpp>

#include "rpc/site.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {

ServerConfig test_config(const TestChain& chain);

// A site over a chain, answered synchronously; a wait lasts as long as it was asked for.
class Caller {
 public:
  explicit Caller(TestChain& chain) : Caller(chain, test_config(chain)) {}
  Caller(TestChain& chain, const ServerConfig& config) : site_(config, chain, chain) {}

  HttpResponse request(std::string method, std::string target, std::string body = {});
  // The body of POST /rpc.
  std::string post(std::string body);
  Json answer(const std::string& method, const Json& params);
  // The result; fails the test where there is none.
  Json result(const std::string& method, const Json& params = Json::object());
  // The error object; fails the test where there is a result.
  Json error(const std::string& method, const Json& params = Json::object());
  Site& site() { return site_; }

 private:
  Site site_;
};

}  // namespace treeproof::rpc
