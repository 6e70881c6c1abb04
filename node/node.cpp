#include "node/node.h"

#include <malloc.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "explorer/assets.h"
#include "node/cli/key_file.h"
#include "node/cli/trust_file.h"
#include "node/config.h"
#include "node/host.h"
#include "node/signal_watch.h"
#include "rpc/http_server.h"

namespace treeproof::node {

namespace {

using cli::fail;
using cli::Result;

// A new page costs a call into the kernel, which a virtual machine makes dear: a tenth of all that
// a busy node costs. So the heap grows in large steps, also for large buffers, and is kept.
// docs/performance.md "What was tried".
void let_heap_grow_in_large_steps() {
  mallopt(M_TOP_PAD, 32 << 20);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // no more is taken
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

Result<void> start_log(const std::string& level) {
  const auto parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off && level != "off") {
    return fail("\"" + level + "\" is no log level.",
                "Set node.log_level to trace, debug, info, warning, error, critical or off.");
  }
  spdlog::set_default_logger(spdlog::stderr_color_mt("treeproof"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(parsed);
  return {};
}

Result<cli::KeyFile> read_node_key(const NodeConfig& config) {
  auto key = cli::read_key_file(config.node_key);
  if (!key) return key;
  if (key->org != config.org) {
    return fail("The key \"" + config.node_key.string() + "\" belongs to " + key->org +
                    ", not to " + config.org + ".",
                "Set node.org and node.key to those of one organisation.");
  }
  if (!key->has(ledger::KeyRole::node)) {
    return fail("The key \"" + config.node_key.string() + "\" is no node key.",
                "Make one with `treeproof keys new --role node`.");
  }
  return key;
}

// [rule 23] A node never makes a guard: without one it only follows.
Result<std::unique_ptr<store::GuardFile>> open_guard(const NodeConfig& config) {
  const std::filesystem::path file = cli::guard_path(config.node_key);
  if (!std::filesystem::exists(file)) {
    spdlog::warn("no sign guard at {}: this node follows and never votes", file.string());
    return nullptr;
  }
  auto guard = store::GuardFile::open(file);
  if (guard) return *std::move(guard);
  return fail("The sign guard " + file.string() + " does not open: " + guard.error(),
              "Stop any other node that uses it; a damaged guard means a new node key.");
}

// What stands on disk, opened in the order in which it is needed.
struct Disk {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::JournalFile> journal;
  std::unique_ptr<store::GuardFile> guard;
};

Result<Disk> open_disk(const NodeConfig& config, const ledger::Genesis& genesis) {
  const std::string remedy = "docs/running.md \"Store\" says how a store is checked and replaced.";
  Disk disk;
  auto store = store::Store::open(config.home, genesis);
  if (!store) return fail("The store does not open: " + store.error(), remedy);
  disk.store = *std::move(store);
  auto journal = store::JournalFile::open(config.home / "journal");
  if (!journal) return fail("The journal does not open: " + journal.error(), remedy);
  disk.journal = *std::move(journal);
  auto guard = open_guard(config);
  if (!guard) return std::unexpected(guard.error());
  disk.guard = *std::move(guard);
  return disk;
}

HostConfig host_config(const NodeConfig& config, const std::string& chain_id) {
  HostConfig host;
  host.org = config.org;
  host.mesh.chain_id = chain_id;
  host.mesh.own_org = config.org;
  host.mesh.listen = config.peer_listen;
  host.mesh.peers = config.peers;
  host.observers = config.observers;
  host.workers = config.workers;
  host.snapshots = {config.home, config.snapshot_every, config.snapshot_ahead};
  return host;
}

const std::vector<rpc::Asset>& explorer_assets() {
  static const std::vector<rpc::Asset> kAssets = [] {
    std::vector<rpc::Asset> assets;
    for (const explorer::Asset& asset : explorer::assets()) {
      assets.push_back({asset.path, asset.content_type, asset.gzip_bytes});
    }
    return assets;
  }();
  return kAssets;
}

rpc::ServerConfig server_config(const NodeConfig& config, const cli::GenesisFile& genesis) {
  rpc::ServerConfig server;
  server.host = config.rpc_listen.host;
  server.port = config.rpc_listen.port;
  server.threads = config.rpc_threads;
  server.chain_id = ledger::chain_id(genesis.genesis);
  server.genesis_json = genesis.text;
  server.explorer = explorer_assets();
  server.is_test_clock = genesis.genesis.clock.has_value();
  return server;
}

// What lies in each part of the home. Files come and go while it is counted.
std::vector<rpc::NamedCount> store_bytes(const std::filesystem::path& home) {
  std::vector<rpc::NamedCount> parts{{"ledger", 0},  {"blocks", 0},    {"attachments", 0},
                                     {"lookups", 0}, {"snapshots", 0}, {"other", 0}};
  std::error_code error;
  auto entry = std::filesystem::recursive_directory_iterator(home, error);
  for (const auto end = decltype(entry)(); !error && entry != end; entry.increment(error)) {
    std::error_code vanished;
    if (!entry->is_regular_file(vanished)) continue;
    const std::uintmax_t bytes = entry->file_size(vanished);
    if (vanished) continue;
    const std::string part = entry->path().lexically_relative(home).begin()->string();
    const auto found = std::ranges::find(parts, part, &rpc::NamedCount::name);
    (found == parts.end() ? parts.back() : *found).count += bytes;
  }
  return parts;
}

// Stops whichever host runs, now or later.
class StopButton {
 public:
  void press() {
    const std::lock_guard hold(lock_);
    pressed_ = true;
    if (host_ != nullptr) host_->stop();
  }
  // False: it was pressed before. The host stays until it is null again.
  bool connect(Host* host) {
    const std::lock_guard hold(lock_);
    host_ = host;
    return !pressed_;
  }

 private:
  std::mutex lock_;  // guards both
  Host* host_ = nullptr;
  bool pressed_ = false;
};

struct ChainFiles {
  cli::GenesisFile genesis;
  cli::KeyFile key;
};

enum class Ended : std::uint8_t { stopped, restored };

rpc::ServerConfig server_of(const NodeConfig& config, const cli::GenesisFile& genesis, Host& host) {
  rpc::ServerConfig server = server_config(config, genesis);
  server.measure = [&host, home = config.home](auto answer) {
    host.measure([parts = store_bytes(home), answer](rpc::NodeMeasures measures) {
      measures.store_bytes = parts;
      answer(measures);
    });
  };
  return server;
}

// From the opening of the store to its closing.
Result<Ended> run_once(const NodeConfig& config, const ChainFiles& files, StopButton& button) {
  const ledger::Genesis& genesis = files.genesis.genesis;
  auto disk = open_disk(config, genesis);
  if (!disk) return std::unexpected(disk.error());
  const std::string chain_id = ledger::chain_id(genesis);
  spdlog::info("{} of chain {} at height {}", config.org, chain_id,
               disk->store->tip().height.value);
  Host host(host_config(config, chain_id), genesis, files.key.key, *disk->store, *disk->journal,
            disk->guard.get());
  rpc::HttpServer server(server_of(config, files.genesis, host), host, host);
  if (auto started = server.start(); !started) {
    return fail("The HTTP port does not open: " + started.error(),
                "Set rpc.listen to an address of this machine that is free.");
  }
  spdlog::info("http://{}:{} serves the API and the explorer", config.rpc_listen.host,
               server.port());
  const std::string failure = button.connect(&host) ? host.run() : std::string();
  button.connect(nullptr);
  server.stop();
  if (failure.empty() && host.has_restored()) return Ended::restored;
  if (failure.empty()) {
    spdlog::info("stopped at height {}", disk->store->tip().height.value);
    return Ended::stopped;
  }
  return fail("The node had to stop: " + failure,
              "Everything it answered for is on disk; see docs/running.md \"When a node stops\".");
}

Result<void> run_parts(const NodeConfig& config, SignalWatch& signals) {
  auto genesis = cli::read_genesis_file(config.genesis);
  if (!genesis) return std::unexpected(genesis.error());
  auto key = read_node_key(config);
  if (!key) return std::unexpected(key.error());
  const ChainFiles files{*std::move(genesis), *std::move(key)};
  const auto button = std::make_shared<StopButton>();
  signals.watch([button](const char* name) {
    spdlog::info("{}: stopping", name);
    button->press();
  });
  while (true) {
    const auto ended = run_once(config, files, *button);
    if (!ended) return std::unexpected(ended.error());
    if (*ended == Ended::stopped) return {};
    spdlog::info("a snapshot of peers holds: the node opens its store again");  // [rule 28]
  }
}

}  // namespace

cli::ExitCode run_node(const NodeOptions& options, cli::Console& console) {
  let_heap_grow_in_large_steps();
  SignalWatch signals;
  const auto config = read_config(options.config);
  if (!config) {
    return console.report({config.error() + ".", "See docs/running.md \"Configuration\"."});
  }
  if (auto started = start_log(config->log_level); !started) {
    return console.report(started.error());
  }
  if (auto ran = run_parts(*config, signals); !ran) return console.report(ran.error());
  return cli::ExitCode::ok;
}

}  // namespace treeproof::node
