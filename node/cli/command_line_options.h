// Options that many commands share.
// Owns nothing. Callers: the units that add commands. One thread.
// Source: docs/running.md "Commands".
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace treeproof::cli {

// --rpc URL, from $TREEPROOF_RPC, else the default port of this machine.
void add_rpc_option(CLI::App& command, std::string& url);
// --wait-ms, with the value that stands there as its default.
void add_wait_option(CLI::App& command, std::uint32_t& wait_ms);

}  // namespace treeproof::cli
