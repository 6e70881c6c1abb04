#include "rpc/client_budget.h"

#include <algorithm>
#include <cassert>

namespace treeproof::rpc {

namespace {
constexpr std::uint64_t kBytesPerUnit = 256;
constexpr std::uint64_t kSavedSeconds = 2;
}  // namespace

bool ClientBudget::open(const std::string& client) {
  if (connections_ >= limits_.connections_max) return false;
  const auto found = accounts_.find(client);
  const bool is_full =
      found != accounts_.end() && found->second.connections >= limits_.connections_per_client_max;
  if (is_full) return false;
  ++accounts_[client].connections;
  ++connections_;
  return true;
}

// A client without a connection is forgotten: reconnecting costs it more than it saves.
void ClientBudget::close(const std::string& client) {
  const auto found = accounts_.find(client);
  assert(found != accounts_.end() && connections_ > 0);
  --connections_;
  if (--found->second.connections == 0) accounts_.erase(found);
}

bool ClientBudget::spend(const std::string& client, std::size_t body_bytes, std::uint64_t now_ms) {
  Account& account = accounts_.at(client);
  const std::uint64_t most = limits_.units_per_s * kSavedSeconds;
  if (account.is_new) {
    account.units = most;
    account.filled_ms = now_ms;
    account.is_new = false;
  }
  const std::uint64_t elapsed_ms =
      std::min(now_ms - account.filled_ms, kSavedSeconds * std::uint64_t{1'000});
  const std::uint64_t gained = limits_.units_per_s * elapsed_ms / 1'000;
  if (gained > 0) {
    account.units = std::min(most, account.units + gained);
    account.filled_ms = now_ms;
  }
  const std::uint64_t cost = 1 + body_bytes / kBytesPerUnit;
  if (cost > account.units) return false;
  account.units -= cost;
  return true;
}

}  // namespace treeproof::rpc
