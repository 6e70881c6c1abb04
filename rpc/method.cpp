#include "rpc/method.h"

#include <algorithm>
#include <vector>

namespace treeproof::rpc {

namespace {

std::vector<const Method*> sorted_methods() {
  std::vector<const Method*> all;
  for (const auto table :
       {tree_methods(), redemption_methods(), campaign_methods(), allocation_methods(),
        land_methods(), batch_methods(), record_methods(), submission_methods(), audit_methods(),
        export_methods(), dispute_methods(), chain_methods(), log_methods(), org_methods(),
        discovery_methods()}) {
    for (const Method& method : table) all.push_back(&method);
  }
  std::ranges::sort(all, {}, &Method::name);
  return all;
}

}  // namespace

std::span<const Method* const> methods() {
  static const std::vector<const Method*> kAll = sorted_methods();
  return kAll;
}

const Method* find_method(std::string_view name) {
  const auto all = methods();
  const auto found = std::ranges::lower_bound(all, name, {}, &Method::name);
  return found != all.end() && (*found)->name == name ? *found : nullptr;
}

}  // namespace treeproof::rpc
