// Where an audit reads a public log from: a node's HTTP port, or a node's own folder.
// Owns the connection or the opened store; judges nothing. Callers: audit. One thread.
// Source: docs/api.md "Chain"; docs/protocol.md section 4.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "node/cli/replayed_chain.h"
#include "node/cli/rpc_client.h"
#include "node/cli/trust_file.h"

namespace treeproof::cli {

class ChainSource {
 public:
  virtual ~ChainSource() = default;
  virtual Result<GenesisFile> genesis() = 0;
  virtual Result<Height> tip() = 0;
  // `count` blocks from this height on, all below or at the tip.
  virtual Result<std::vector<LoggedBlock>> blocks(Height from, std::size_t count) = 0;
  // Checked against what the statement announced.
  virtual Result<ledger::AttachmentPtr> attachment(const ledger::AttachmentRef& announced) = 0;
};

std::unique_ptr<ChainSource> rpc_source(RpcClient client);
// Opens the store; its node must not run.
Result<std::unique_ptr<ChainSource>> home_source(const std::filesystem::path& home,
                                                 GenesisFile genesis);

}  // namespace treeproof::cli
