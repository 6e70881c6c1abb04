#include "tests/fuzz/golden.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "crypto/hash.h"
#include "rpc/trust_json.h"

namespace treeproof::fuzz {

namespace {

using nlohmann::json;

std::string vector_text(const std::string& name) {
  std::ifstream file(std::string(TREEPROOF_GOLDEN_VECTORS) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

crypto::Bytes hex_at(const json& object, const char* key) {
  return crypto::from_hex(object.at(key).get<std::string>()).value();
}

StateProof proof_of(const json& object) {
  StateProof proof;
  const auto name_space = object.at("namespace").get<std::string>();
  const auto id = object.at("id").get<std::string>();
  proof.key = crypto::sha256(crypto::as_bytes(name_space + '\0' + id));  // protocol.md section 5
  if (object.contains("value_bytes")) proof.value = hex_at(object, "value_bytes");
  proof.proof = hex_at(object, "proof");
  return proof;
}

network::Exporter exporter_of(const json& hello) {
  const auto text = hello.at("payload").at(4).get<std::string>();  // h'...
  const auto bytes = crypto::from_hex(text.substr(2, 64)).value();
  network::Exporter exporter{};
  assert(bytes.size() == exporter.size());
  std::ranges::copy(bytes, exporter.begin());
  return exporter;
}

network::PeerDirectory directory_of(const ValidatorSet& validators) {
  network::PeerDirectory directory;
  for (const Validator& validator : validators.all()) {
    directory.emplace(validator.org, network::PeerEntry{validator.key});
  }
  return directory;
}

Golden read_golden() {
  const auto trust = rpc::parse_trust(vector_text("trust.json"));
  assert(trust.has_value());
  const json state = json::parse(vector_text("state.json"));
  const json hello = json::parse(vector_text("peers.json")).at("hello");
  return {trust->chain_id,
          *trust,
          crypto::hash_from_hex(state.at("root").get<std::string>()).value(),
          proof_of(state.at("existence")),
          proof_of(state.at("absence")),
          hex_at(hello, "bytes"),
          exporter_of(hello),
          directory_of(trust->validators)};
}

}  // namespace

const Golden& golden() {
  static const Golden kGolden = read_golden();
  return kGolden;
}

}  // namespace treeproof::fuzz
