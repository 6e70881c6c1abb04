#include "tests/bench/load_statements.h"

#include "crypto/hash.h"
#include "node/cli/attachment_build.h"

namespace treeproof::load {

namespace {

constexpr std::uint64_t kIssuedAt_s = 1'488'600'000;  // 2017-03-04

Prepared prepare(const Network& network, const char* org, const ledger::Payload& payload,
                 ledger::AttachmentPtr attachment) {
  const auto bytes =
      ledger::sign_statement(payload, {org}, network.chain_id(), kIssuedAt_s, network.key(org));
  return {crypto::to_base64url(bytes), std::move(attachment)};
}

Prepared evidence(const Network& network, const std::string& ref) {
  ledger::Evidence photo;
  photo.ref = {ref};
  photo.sha256 = crypto::sha256(crypto::as_bytes(ref));
  photo.day = kDay;
  photo.bytes = 2'000'000;
  return prepare(network, demo::kRiverNgo, photo, nullptr);
}

Prepared pledge(const Network& network, const std::string& ref) {
  const ledger::Pledge one{{ref}, Network::campaign(), Network::plot(), Network::species(), 1,
                           2017};
  return prepare(network, demo::kDesertNgo, one, nullptr);
}

Prepared redeem(const Network& network, const std::string& ref, std::size_t units) {
  const std::vector<cli::UserShare> unit{{"user", kGramsPerUnit}};
  const auto leaves = demand(cli::redeem_for_users({units, unit}));
  ledger::Redeem made;
  made.ref = {ref};
  made.campaign = Network::campaign();
  made.programme = Network::programme();
  made.species = Network::species();
  made.draws = {{Network::pledge(), units}};
  made.units = units;
  made.grams = units * kGramsPerUnit;
  made.leaves = leaves.attachment->announced();
  return prepare(network, demo::kPlatform, made, leaves.attachment);
}

}  // namespace

Statements make_mix(const Network& network, const std::string& part, std::size_t count,
                    std::size_t units) {
  Statements all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string ref = part + "-" + std::to_string(i);
    const bool is_redeem = i % 10 == 9;
    all.push_back(is_redeem    ? redeem(network, ref, units)
                  : i % 2 == 0 ? evidence(network, ref)
                               : pledge(network, ref));
  }
  return all;
}

Statements make_redeems(const Network& network, const std::string& part, std::size_t count,
                        std::size_t units) {
  Statements all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(redeem(network, part + "-" + std::to_string(i), units));
  }
  return all;
}

}  // namespace treeproof::load
