#include "node/peer_directory.h"

#include <algorithm>

#include "consensus/ledger/objects.h"

namespace treeproof::node {

namespace {

using ledger::OrgObject;
using network::PeerLevel;

constexpr std::size_t kPage = 500;

}  // namespace

network::PeerDirectory make_directory(const rpc::ChainView& view, const replica::Tip& tip,
                                      const std::vector<std::string>& observers,
                                      const std::string& own_org) {
  network::PeerDirectory directory;
  std::string cursor;
  for (std::size_t found = kPage; found == kPage;) {
    const auto page = view.objects(OrgObject::kNamespace, {}, cursor, kPage);
    found = page.size();
    for (const auto& [org, stored] : page) {
      cursor = org;
      const auto object = ledger::decode_stored<OrgObject>(*stored);
      const ledger::KeyEntry* newest = object.node_key();
      const auto key = newest ? crypto::PublicKey::parse(newest->public_key) : std::nullopt;
      if (!key) continue;
      const bool observes = std::ranges::count(observers, org) > 0;
      const auto level = observes ? PeerLevel::full : PeerLevel::catch_up_only;
      directory.insert_or_assign(org, network::PeerEntry{*key, level});
    }
  }
  for (const auto& set : {tip.previous_validators, tip.validators}) {
    if (!set) continue;
    for (const Validator& validator : set->all()) {
      directory.insert_or_assign(validator.org, network::PeerEntry{validator.key});
    }
  }
  directory.erase(own_org);
  return directory;
}

bool changes_directory(const replica::ExecutedBlock& block, const replica::Tip& below) {
  const auto& objects = block.effects.changes.objects;
  const auto org = objects.lower_bound({std::string(OrgObject::kNamespace), {}});
  const bool touches_orgs = org != objects.end() && org->first.name_space == OrgObject::kNamespace;
  const bool set_comes = *below.validators != *block.next_validators;
  const bool set_goes = *below.previous_validators != *below.validators;
  return touches_orgs || set_comes || set_goes;
}

}  // namespace treeproof::node
