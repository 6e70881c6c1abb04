// A season that is played once, asked through a caller; every answer is held against what the
// table of methods promises. Shared by the tests of the methods.
#pragma once

#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {

// The members that the table promises, each of its type, and none else.
void expect_promised(const std::string& method, const Json& result);

class Methods : public testing::Test {
 protected:
  Methods() : chain_(season_chain()), caller_(chain_) {}

  Json ask(const std::string& method, const Json& params = Json::object()) {
    Json result = caller_.result(method, params);
    expect_promised(method, result);
    return result;
  }
  ChainViewPtr view() { return chain_.latest(); }
  // The root of the log when it had this many entries.
  crypto::Hash root_of_size(std::uint64_t size) {
    std::vector<crypto::Hash> leaves;
    for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(view()->log_subtree(0, i));
    return crypto::merkle_root(leaves);
  }

  TestChain& chain_;
  Caller caller_;
};

}  // namespace treeproof::rpc
