#include "node/cli/trust_file.h"

#include "node/cli/files.h"
#include "rpc/genesis_json.h"
#include "rpc/trust_json.h"

namespace treeproof::cli {

Result<GenesisFile> judge_genesis(std::string text, const std::string& source) {
  auto genesis = rpc::parse_genesis(text);
  if (!genesis) {
    return fail(source + " is no genesis file: " + rpc::to_string(genesis.error()) + ".",
                "Make one with `treeproof genesis new`, and never edit it afterwards.");
  }
  if (const auto held = ledger::check_genesis(*genesis); !held) {
    return deny(source + " breaks a rule: " + ledger::to_string(held.error()) + ".",
                std::string(ledger::sentence(held.error().reason)));
  }
  return GenesisFile{std::move(text), *std::move(genesis)};
}

Result<GenesisFile> read_genesis_file(const std::filesystem::path& file) {
  auto text = read_text(file, rpc::kGenesisBytesMax);
  if (!text) return std::unexpected(text.error());
  return judge_genesis(*std::move(text), "\"" + file.string() + "\"");
}

Result<proofs::Trust> read_trust_file(const std::filesystem::path& file) {
  const auto text = read_text(file, rpc::kTrustBytesMax);
  if (!text) return std::unexpected(text.error());
  auto trust = rpc::parse_trust(*text);
  if (trust) return *std::move(trust);
  return fail("\"" + file.string() + "\" is no trust file: " + rpc::to_string(trust.error()) + ".",
              "Get one from whoever you trust, or make it with `treeproof genesis trust`.");
}

}  // namespace treeproof::cli
