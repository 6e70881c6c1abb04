// What handlers share: the ports, what is known of the chain from its genesis, small caches and the
// metrics. Owns the caches and the metrics, not the ports. Made once by the server. Every member is
// safe from any thread. Source: docs/architecture.md; docs/api.md.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "consensus/ledger/genesis.h"
#include "rpc/link_trees.h"
#include "rpc/metrics.h"
#include "rpc/ports.h"
#include "rpc/receipts.h"

namespace treeproof::rpc {

struct Services {
  RecordSink& records;
  ChainReader& chain;
  std::string chain_id{};
  crypto::Hash genesis_hash{};  // SHA-256 of the genesis file
  std::optional<ledger::GenesisClock> clock{};
  bool is_test_clock = false;
  std::uint32_t wait_ms_max = 60'000;
  // Runs a job on a worker; drops it when the server stops.
  std::function<void(std::function<void()>)> post{};
  LinkTrees link_trees{};
  ReceiptTexts receipts{};
  Metrics metrics{};
};
// Answers of the replica may come when the server is gone: who waits for them shares this.
using ServicesPtr = std::shared_ptr<Services>;

}  // namespace treeproof::rpc
