#include "node/config.h"

#include <toml++/toml.h>

#include <optional>
#include <set>
#include <sstream>
#include <string_view>

namespace treeproof::node {

namespace {

using Error = std::string;

constexpr std::int64_t kHeightsMax = 1'000'000'000;

std::optional<network::PeerAddress> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string digits(text.substr(colon + 1));
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  const int port = std::stoi(digits);
  if (port > 65'535) return std::nullopt;
  return network::PeerAddress{std::string(host), static_cast<std::uint16_t>(port)};
}

std::string address_text(const network::PeerAddress& address) {
  const bool is_ipv6 = address.host.contains(':');
  return (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

// Reads one table field by field; remembers the first error and which keys were asked for.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string name, Error& error)
      : table_(table), name_(std::move(name)), error_(error) {}

  void text(std::string_view key, std::string& value, bool required) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr) return required ? fail(key, "is missing") : void();
    const auto found = node->value_exact<std::string>();
    found ? void(value = *found) : fail(key, "must be a text");
  }
  void count(std::string_view key, std::size_t& value) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::int64_t>();
    const bool fits = found && *found >= 1 && *found <= 256;
    fits ? void(value = static_cast<std::size_t>(*found)) : fail(key, "must be 1 to 256");
  }
  void heights(std::string_view key, std::uint64_t& value) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::int64_t>();
    const bool fits = found && *found >= 0 && *found <= kHeightsMax;
    fits ? void(value = static_cast<std::uint64_t>(*found))
         : fail(key, "must be 0 to " + std::to_string(kHeightsMax));
  }
  void address(std::string_view key, network::PeerAddress& value) {
    std::string written = address_text(value);
    text(key, written, false);
    const auto parsed = parse_address(written);
    parsed ? void(value = *parsed) : fail(key, "must be \"host:port\"");
  }
  void texts(std::string_view key, std::vector<std::string>& values) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) return fail(key, "must be a list of texts");
    for (const toml::node& item : *array) {
      const auto found = item.value_exact<std::string>();
      if (!found) return fail(key, "must be a list of texts");
      values.push_back(*found);
    }
  }
  const toml::table* table(std::string_view key) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fail(key, "must be a table");
    return node->as_table();
  }
  void refuse_unknown() {
    for (const auto& [key, value] : table_) {
      if (!asked_.contains(std::string(key.str()))) fail(key.str(), "is not a known setting");
    }
  }

 private:
  void fail(std::string_view key, std::string_view what) {
    if (!error_.empty()) return;
    const toml::node* node = table_.get(key);
    error_ = name_ + "." + std::string(key) + " " + std::string(what);
    if (node != nullptr) error_ += " (line " + std::to_string(node->source().begin.line) + ")";
  }
  const toml::table& table_;
  std::string name_;
  Error& error_;
  std::set<std::string> asked_;
};

void read_peers(const toml::table& table, NodeConfig& config, Error& error) {
  for (const auto& [org, value] : table) {
    const auto written = value.value_exact<std::string>();
    const auto address = written ? parse_address(*written) : std::nullopt;
    if (!address) {
      if (error.empty()) error = "peers." + std::string(org.str()) + " must be \"host:port\"";
      return;
    }
    config.peers.emplace_back(std::string(org.str()), *address);
  }
}

}  // namespace

std::expected<NodeConfig, std::string> read_config(const std::filesystem::path& file) {
  NodeConfig config;
  Error error;
  try {
    const toml::table root = toml::parse_file(file.string());
    TableReader top(root, "configuration", error);
    const toml::table empty;
    const auto section = [&](std::string_view name) {
      const toml::table* table = top.table(name);
      return TableReader(table == nullptr ? empty : *table, std::string(name), error);
    };
    std::string genesis;
    std::string key;
    std::string home;
    TableReader node = section("node");
    node.text("org", config.org, true);
    node.text("genesis", genesis, true);
    node.text("key", key, true);
    node.text("home", home, true);
    node.text("log_level", config.log_level, false);
    node.count("workers", config.workers);
    TableReader mesh = section("mesh");
    mesh.address("listen", config.peer_listen);
    mesh.texts("observers", config.observers);
    TableReader rpc = section("rpc");
    rpc.address("listen", config.rpc_listen);
    rpc.count("threads", config.rpc_threads);
    TableReader snapshots = section("snapshots");
    snapshots.heights("every", config.snapshot_every);
    snapshots.heights("ask_beyond", config.snapshot_ahead);
    if (const toml::table* peers = top.table("peers")) read_peers(*peers, config, error);
    for (TableReader* reader : {&top, &node, &mesh, &rpc, &snapshots}) reader->refuse_unknown();
    const auto folder = std::filesystem::absolute(file).parent_path();
    config.genesis = folder / genesis;
    config.node_key = folder / key;
    config.home = folder / home;
  } catch (const toml::parse_error& failure) {
    std::ostringstream text;
    text << failure.description() << " (" << failure.source().begin << ")";
    error = text.str();
  }
  if (!error.empty()) return std::unexpected(file.string() + ": " + error);
  return config;
}

std::string write_config(const NodeConfig& config) {
  toml::array observers;
  for (const std::string& org : config.observers) observers.push_back(org);
  toml::table peers;
  for (const auto& [org, address] : config.peers) peers.insert(org, address_text(address));
  const toml::table root{
      {"node", toml::table{{"org", config.org},
                           {"genesis", config.genesis.string()},
                           {"key", config.node_key.string()},
                           {"home", config.home.string()},
                           {"log_level", config.log_level},
                           {"workers", static_cast<std::int64_t>(config.workers)}}},
      {"mesh", toml::table{{"listen", address_text(config.peer_listen)}, {"observers", observers}}},
      {"rpc", toml::table{{"listen", address_text(config.rpc_listen)},
                          {"threads", static_cast<std::int64_t>(config.rpc_threads)}}},
      {"snapshots", toml::table{{"every", static_cast<std::int64_t>(config.snapshot_every)},
                                {"ask_beyond", static_cast<std::int64_t>(config.snapshot_ahead)}}},
      {"peers", peers}};
  std::ostringstream text;
  text << root << "\n";
  return text.str();
}

}  // namespace treeproof::node
