#include "node/cli/key_file.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "rpc/json_reader.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::size_t kKeyFileBytesMax = 4'096;

std::unexpected<Failure> no_key_file(const std::filesystem::path& file, const std::string& why) {
  return fail("\"" + file.string() + "\" is no key file: " + why + ".",
              "Give a file that `treeproof keys new` wrote.");
}

}  // namespace

bool KeyFile::has(ledger::KeyRole role) const noexcept {
  return std::ranges::find(roles, role) != roles.end();
}

crypto::SecretKey random_key() {
  std::array<std::uint8_t, 32> bytes{};
  for (;;) {
    randombytes_buf(bytes.data(), bytes.size());
    auto key = crypto::SecretKey::from_bytes(bytes);
    sodium_memzero(bytes.data(), bytes.size());
    if (key) return *std::move(key);
  }
}

Result<void> write_key_file(const std::filesystem::path& file, const KeyFile& key) {
  Json roles = Json::array();
  for (const ledger::KeyRole role : key.roles) roles.push_back(ledger::name(role));
  std::string secret = crypto::to_hex(key.key.reveal());
  std::string text =
      rpc::to_pretty_text({{"org", key.org},
                           {"roles", roles},
                           {"public_key", crypto::to_hex(key.key.public_key().bytes())},
                           {"secret_key", secret}}) +
      "\n";
  auto written = write_file(file, crypto::as_bytes(text), Replace::never, Privacy::owner);
  sodium_memzero(secret.data(), secret.size());
  sodium_memzero(text.data(), text.size());
  return written;
}

Result<KeyFile> read_key_file(const std::filesystem::path& file) {
  auto text = read_text(file, kKeyFileBytesMax);
  if (!text) return std::unexpected(text.error());
  const auto read = rpc::parse_json(*text);
  sodium_memzero(text->data(), text->size());
  if (!read) return no_key_file(file, rpc::to_string(read.error()));
  const Json& parsed = *read;
  const auto text_at = [&](const char* name) -> std::string {
    const auto found = parsed.find(name);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : "";
  };
  if (!parsed.is_object() || parsed.size() != 4 || !parsed.contains("roles") ||
      !parsed.at("roles").is_array()) {
    return no_key_file(file, "it must be an object of org, roles, public_key and secret_key");
  }
  const std::string org = text_at("org");
  if (!ledger::OrgId::check(org)) return no_key_file(file, "its org is not [a-z0-9-]{1,16}");
  std::vector<std::string> names;
  for (const auto& name : parsed.at("roles")) names.push_back(name.is_string() ? name : "");
  auto roles = parse_roles(names);
  if (!roles) return no_key_file(file, "its roles are not known");
  std::string hex = text_at("secret_key");
  auto bytes = crypto::from_hex(hex);
  sodium_memzero(hex.data(), hex.size());
  auto key = bytes ? crypto::SecretKey::from_bytes(*bytes) : std::nullopt;
  if (bytes) sodium_memzero(bytes->data(), bytes->size());
  if (!key) return no_key_file(file, "its secret_key is not a key of secp256k1 in hex");
  if (text_at("public_key") != crypto::to_hex(key->public_key().bytes())) {
    return no_key_file(file, "its public_key is not that of its secret_key");
  }
  return KeyFile{org, *std::move(roles), *std::move(key)};
}

std::filesystem::path guard_path(const std::filesystem::path& key_file) {
  std::filesystem::path guard = key_file;
  return guard += ".guard";
}

Result<std::vector<ledger::KeyRole>> parse_roles(const std::vector<std::string>& names) {
  const ledger::Names known = names_of(ledger::KeyRole{});
  std::vector<ledger::KeyRole> roles;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) {
      return fail("\"" + name + "\" is no role of a key.",
                  "Choose among admin, issue, redeem, plant, verify, observe, dispute and node.");
    }
    roles.push_back(static_cast<ledger::KeyRole>(found - known.begin()));
  }
  std::ranges::sort(roles);
  const auto repeated = std::ranges::unique(roles);
  roles.erase(repeated.begin(), repeated.end());
  if (roles.empty()) {
    return fail("A key needs at least one role.",
                "Choose among admin, issue, redeem, plant, verify, observe, dispute and node.");
  }
  return roles;
}

std::string roles_text(const std::vector<ledger::KeyRole>& roles) {
  std::string text;
  for (const ledger::KeyRole role : roles) {
    if (!text.empty()) text += ", ";
    text += ledger::name(role);
  }
  return text;
}

}  // namespace treeproof::cli
