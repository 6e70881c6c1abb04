#include "tests/simulation/consortium.h"

#include <cassert>

#include "crypto/hash.h"

namespace treeproof::simulation {

namespace {

crypto::SecretKey key_named(const std::string& name) {
  auto key = crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes("test key " + name)));
  assert(key.has_value());
  return *std::move(key);
}

std::string org_name(std::size_t index) {
  static const std::vector<std::string> kNames{"platform", "desert-ngo", "river-ngo", "verifier",
                                               "regulator"};
  return index < kNames.size() ? kNames[index] : "ngo-" + std::to_string(index);
}

ledger::OrgRole role_of(std::size_t index) {
  using enum ledger::OrgRole;
  static const std::vector<ledger::OrgRole> kRoles{platform, planter, planter, verifier, regulator};
  return index < kRoles.size() ? kRoles[index] : planter;
}

}  // namespace

Consortium::Consortium(std::size_t validators) {
  using ledger::KeyRole;
  genesis_.chain_name = "test-simulation";
  genesis_.time = TimeMs{1'700'000'000'000};
  genesis_.file_hash = crypto::sha256(crypto::as_bytes("simulated genesis"));
  genesis_.parameters.heartbeat_ms = 2'000;
  genesis_.species = {
      {{"haloxylon"}, {"Haloxylon ammodendron"}, {}, {}, ledger::Habit::shrub, 2'505}};
  for (std::size_t i = 0; i < validators; ++i) {
    const std::string org = org_name(i);
    members_.emplace(org, Member{org, key_named(org + " node"), key_named(org + " work")});
    ledger::GenesisOrg entry;
    entry.org.org = {org};
    entry.org.name = {org};
    entry.org.roles = {role_of(i)};
    if (role_of(i) == ledger::OrgRole::platform) {
      entry.org.roles.push_back(ledger::OrgRole::programme);
    }
    entry.org.conflict_group = {org};
    const Member& member = members_.at(org);
    entry.keys.push_back({member.node_key.public_key().bytes(), {KeyRole::node}});
    entry.keys.push_back({member.work_key.public_key().bytes(),
                          {KeyRole::admin, KeyRole::issue, KeyRole::redeem, KeyRole::plant,
                           KeyRole::verify, KeyRole::observe, KeyRole::dispute}});
    genesis_.orgs.push_back(std::move(entry));
    genesis_.validators.push_back({org});
  }
  assert(ledger::check_genesis(genesis_).has_value());
  chain_id_ = ledger::chain_id(genesis_);
  empty_store_.emplace(genesis_);
}

const Consortium& Consortium::of(std::size_t validators) {
  thread_local std::map<std::size_t, Consortium> known;
  return known.try_emplace(validators, validators).first->second;
}

std::vector<std::string> Consortium::validators() const {
  std::vector<std::string> orgs;
  for (const auto& [org, member] : members_) orgs.push_back(org);
  return orgs;
}

ledger::StatementPtr Consortium::sign(const std::string& org, const ledger::Payload& payload,
                                      std::uint64_t issued_at_s) const {
  auto bytes = ledger::sign_statement(payload, ledger::OrgId{org}, chain_id_, issued_at_s,
                                      member(org).work_key);
  auto parsed = ledger::parse_statement(std::move(bytes), chain_id_);
  assert(parsed.has_value());
  return *std::move(parsed);
}

}  // namespace treeproof::simulation
