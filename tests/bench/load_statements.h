// The statements of a load, signed beforehand: the fixed mix, and redemptions alone.
// Owns nothing. Caller: load_driver. One thread. Source: docs/performance.md "End to end".
#pragma once

#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "tests/bench/load_network.h"

namespace treeproof::load {

struct Prepared {
  std::string text;  // base64url
  ledger::AttachmentPtr attachment;
};
using Statements = std::vector<Prepared>;

// Of ten, five evidence and four pledges, 300 to 400 bytes that create one object each, and one
// redeem of `units`. `part` tells the refs of several mixes of one chain apart.
Statements make_mix(const Network& network, const std::string& part, std::size_t count,
                    std::size_t units);
Statements make_redeems(const Network& network, const std::string& part, std::size_t count,
                        std::size_t units);

}  // namespace treeproof::load
