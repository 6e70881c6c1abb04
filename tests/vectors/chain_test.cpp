// Golden bytes of what a chain begins with: genesis file, chain id, keys, first log entries; and of
// every statement.
#include <gtest/gtest.h>

#include <set>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "rpc/trust_json.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

Json key_json(const std::string& name) {
  const crypto::SecretKey secret = secret_of(name);
  return {{"secret", crypto::to_hex(secret.reveal())},
          {"public_key", crypto::to_hex(secret.public_key().bytes())},
          {"kid", crypto::to_hex(secret.public_key().kid())}};
}

Json keys_json() {
  Json keys = Json::object();
  for (const auto& validator : Story::told().validators().all()) {
    keys[validator.org] = key_json(validator.org);
    keys[node_key_of(validator.org)] = key_json(node_key_of(validator.org));
  }
  const std::string renewed = vote_key_of(*Story::told().blocks().back().validators.find(kCoast));
  keys[renewed] = key_json(renewed);
  return keys;
}

TEST(Golden, GenesisFile) { expect_golden("genesis.json", Story::told().genesis_text()); }

TEST(Golden, Chain) {
  const Story& story = Story::told();
  const auto entries = ledger::genesis_log_entries(story.genesis());
  Json log = Json::array();
  for (const crypto::Bytes& entry : entries) {
    log.push_back({{"value", readable(entry)},
                   {"bytes", crypto::to_hex(entry)},
                   {"leaf_hash", crypto::to_hex(crypto::leaf_hash(entry))}});
  }
  const crypto::Bytes validators = story.validators().encode();
  expect_golden(
      "chain.json",
      Json{{"genesis_file", "genesis.json"},
           {"genesis_hash", crypto::to_hex(crypto::sha256(crypto::as_bytes(story.genesis_text())))},
           {"chain_id", story.chain_id()},
           {"keys", keys_json()},
           {"validators", readable(validators)},
           {"validators_bytes", crypto::to_hex(validators)},
           {"validators_hash", crypto::to_hex(story.validators().hash())},
           {"log_entries", log}});
}

TEST(Golden, Statements) {
  const Story& story = Story::told();
  Json list = Json::array();
  std::set<std::string_view> types;
  std::set<std::size_t> changes;
  std::uint64_t log_index = 2;
  for (const SignedBy& said : story.statements()) {
    const ledger::SignedStatement& statement = *said.statement;
    const std::string_view type = ledger::type_of(statement.payload);
    types.insert(type);
    if (const auto* propose = std::get_if<ledger::Propose>(&statement.payload)) {
      changes.insert(propose->change.index());
    }
    Json entry = {{"type", type}, {"object", statement.object().text}};
    entry.update(signed_item(said.key_name, statement.bytes));
    EXPECT_EQ(entry["sig_structure_hash"], crypto::to_hex(statement.id));
    entry["statement_id"] = crypto::to_hex(statement.id);
    entry["log_index"] = log_index++;
    entry["leaf_hash"] = crypto::to_hex(crypto::leaf_hash(statement.bytes));
    list.push_back(std::move(entry));
  }
  EXPECT_EQ(types.size(), std::variant_size_v<ledger::Payload>) << "a type is missing";
  EXPECT_EQ(changes.size(), std::variant_size_v<ledger::Change>) << "a change is missing";
  expect_golden("statements.json",
                Json{{"chain_id", story.chain_id()}, {"statements", std::move(list)}});
}

}  // namespace
}  // namespace treeproof::vectors
