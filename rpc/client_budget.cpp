#include "rpc/client_budget.h"

#include <algorithm>
#include <cassert>

namespace treeproof::rpc {

namespace {
constexpr std::uint64_t kBytesPerUnit = 256;
constexpr std::uint64_t kSavedSeconds = 2;
constexpr std::size_t kAccountsMax = 4'096;  // beyond it, idle ones are forgotten
}  // namespace

bool ClientBudget::open(const std::string& client, std::uint64_t now_ms) {
  if (connections_ >= limits_.connections_max) return false;
  if (accounts_.size() >= kAccountsMax) forget_idle(now_ms);
  const auto [place, is_new] = accounts_.try_emplace(client);
  Account& account = place->second;
  if (account.connections >= limits_.connections_per_client_max) return false;
  if (is_new) account = {0, limits_.units_per_s * kSavedSeconds, now_ms};
  ++account.connections;
  ++connections_;
  return true;
}

void ClientBudget::close(const std::string& client) {
  Account& account = accounts_.at(client);
  assert(account.connections > 0 && connections_ > 0);
  --account.connections;
  --connections_;
}

// Whoever is not connected and has saved up again all that one can save.
void ClientBudget::forget_idle(std::uint64_t now_ms) {
  std::erase_if(accounts_, [now_ms](const auto& entry) {
    const Account& account = entry.second;
    return account.connections == 0 && now_ms - account.filled_ms >= kSavedSeconds * 1'000;
  });
}

bool ClientBudget::spend(const std::string& client, std::size_t body_bytes, std::uint64_t now_ms) {
  Account& account = accounts_.at(client);
  const std::uint64_t elapsed_ms = std::min(now_ms - account.filled_ms, kSavedSeconds * 1'000);
  const std::uint64_t gained = limits_.units_per_s * elapsed_ms / 1'000;
  if (gained > 0) {
    account.units = std::min(limits_.units_per_s * kSavedSeconds, account.units + gained);
    account.filled_ms = now_ms;
  }
  const std::uint64_t cost = 1 + body_bytes / kBytesPerUnit;
  if (cost > account.units) return false;
  account.units -= cost;
  return true;
}

}  // namespace treeproof::rpc
