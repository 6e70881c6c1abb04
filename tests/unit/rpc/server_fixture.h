// A server on a real socket over a test chain, a client that behaves and clients that do not.
// Shared by the tests of the server.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rpc/http_server.h"
#include "rpc/json.h"
#include "tests/unit/rpc/raw_client.h"
#include "tests/unit/rpc/test_chain.h"

namespace httplib {
class Client;
}

namespace treeproof::rpc {

inline constexpr std::string_view kStatusCall =
    R"({"jsonrpc":"2.0","id":1,"method":"chain_status","params":{}})";

// The bytes of a request that posts a body to /rpc.
std::string post(std::string_view body, std::string_view more_headers = {});

// A call by name; its id is 1.
Json call_of(std::string_view method, const Json& params);

class Server : public testing::Test {
 protected:
  Server();
  ~Server() override;
  void SetUp() override { start({}); }

  // Starts anew with other limits.
  void start(const ServerLimits& limits);
  RawClient raw() const { return RawClient(server_->port()); }
  // What comes back, until the server closes, on a connection of its own.
  std::string exchange(std::string_view request) const;
  // The status of that; 0 where the server answers nothing.
  unsigned status_of(std::string_view request) const;
  // What comes back for a body posted to /rpc, over the connection that is kept.
  std::string answer_of(const std::string& body);
  // The code of the error that comes back; 0 where there is a result.
  int code_of(const std::string& body);

  TestChain chain_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace treeproof::rpc
