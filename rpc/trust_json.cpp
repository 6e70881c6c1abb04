#include "rpc/trust_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rpc/json_decoder.h"

namespace treeproof::rpc {

namespace {

constexpr std::uint64_t kHeightMax = INT64_MAX;
constexpr std::size_t kHashDigits = 32;  // of the genesis hash in a chain id
constexpr std::size_t kChainNameCharsMax = 63;

bool is_name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// A name, "-", and the first 32 digits of this hash.
bool bears_hash(std::string_view chain_id, const crypto::Hash& genesis) {
  const std::string end = "-" + crypto::to_hex(genesis).substr(0, kHashDigits);
  if (!chain_id.ends_with(end)) return false;
  const std::string_view name = chain_id.substr(0, chain_id.size() - end.size());
  return !name.empty() && name.size() <= kChainNameCharsMax &&
         std::ranges::all_of(name, is_name_char);
}

std::uint64_t number_member(JsonInput& in, std::string_view key) {
  if (!in.ok() || !in.require(key)) return 0;
  const std::uint64_t value = in.uint(kHeightMax);
  in.leave();
  return value;
}

template <class T>
void member(JsonInput& in, std::string_view key, T& item) {
  if (!in.ok() || !in.require(key)) return;
  JsonDecoder(in).value(item);
  in.leave();
}

std::optional<Validator> read_validator(JsonInput& in) {
  ledger::OrgId org;
  crypto::PublicKeyBytes key{};
  in.object();
  member(in, "org", org);
  member(in, "public_key", key);
  const std::uint64_t power = number_member(in, "power");
  in.no_other_keys();
  const auto point = crypto::PublicKey::parse(key);
  if (in.ok() && !point) in.fail("the public key is not a point of the curve");
  if (!in.ok()) return std::nullopt;
  return Validator{org.text, power, *point};
}

std::optional<ValidatorSet> read_validators(JsonInput& in) {
  if (!in.ok() || !in.require("validators")) return std::nullopt;
  std::vector<Validator> validators;
  const std::size_t count = in.array(1, kValidatorsMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.enter(i);
    if (auto validator = read_validator(in)) validators.push_back(*std::move(validator));
    in.leave();
  }
  auto set = in.ok() ? ValidatorSet::make(std::move(validators)) : std::nullopt;
  if (in.ok() && !set) in.fail("organisations and keys are distinct, powers above zero");
  in.leave();
  return set;
}

void read_policy(JsonInput& in, std::optional<proofs::Policy>& policy) {
  if (!in.ok() || !in.require("policy")) return;
  if (!in.is_null()) {
    policy.emplace();
    in.object();
    ledger::List<ledger::OrgId, kValidatorsMax> orgs;
    member(in, "required_orgs", orgs);
    for (const auto& org : orgs) policy->required_orgs.push_back(org.text);
    policy->minimum_signers = number_member(in, "minimum_signers");
    in.no_other_keys();
  }
  in.leave();
}

void read_to_height(JsonInput& in, std::optional<Height>& height) {
  if (!in.ok() || !in.require("to_height")) return;
  if (!in.is_null()) height = Height{in.uint(kHeightMax)};
  in.leave();
}

void judge_whole(JsonInput& in, const proofs::Trust& trust) {
  if (!bears_hash(trust.chain_id, trust.genesis)) {
    in.fail("the chain id does not bear the genesis hash");
  }
  if (trust.to_height && *trust.to_height < trust.from_height) {
    in.fail("from_height is above to_height");
  }
}

}  // namespace

std::expected<proofs::Trust, JsonFault> trust_from_json(const Json& json, std::string name) {
  JsonInput in(json, std::move(name));
  std::string chain_id;
  crypto::Hash genesis{};
  in.object();
  member(in, "chain", chain_id);
  member(in, "genesis", genesis);
  const Height from_height{number_member(in, "from_height")};
  std::optional<Height> to_height;
  read_to_height(in, to_height);
  auto validators = read_validators(in);
  std::optional<proofs::Policy> policy;
  read_policy(in, policy);
  in.no_other_keys();
  if (!in.ok()) return std::unexpected(in.fault());
  proofs::Trust trust{std::move(chain_id),    genesis,          from_height, to_height,
                      *std::move(validators), std::move(policy)};
  judge_whole(in, trust);
  if (!in.ok()) return std::unexpected(in.fault());
  return trust;
}

std::expected<proofs::Trust, JsonFault> parse_trust(std::string_view text) {
  if (text.size() > kTrustBytesMax) {
    return std::unexpected(JsonFault{"", "a trust file has at most 65,536 bytes"});
  }
  const auto tree = parse_json(text, {.depth_max = 16});
  if (!tree) return std::unexpected(tree.error());
  return trust_from_json(*tree);
}

std::string trust_to_text(const proofs::Trust& trust) {
  Json validators = Json::array();
  for (const Validator& validator : trust.validators.all()) {
    validators.push_back({{"org", validator.org},
                          {"public_key", crypto::to_hex(validator.key.bytes())},
                          {"power", validator.power}});
  }
  Json policy = nullptr;
  if (trust.policy) {
    policy = {{"required_orgs", trust.policy->required_orgs},
              {"minimum_signers", trust.policy->minimum_signers}};
  }
  return to_pretty_text({{"chain", trust.chain_id},
                         {"genesis", crypto::to_hex(trust.genesis)},
                         {"from_height", trust.from_height.value},
                         {"to_height", trust.to_height ? Json(trust.to_height->value) : Json()},
                         {"validators", std::move(validators)},
                         {"policy", std::move(policy)}}) +
         "\n";
}

proofs::Trust trust_of(const ledger::Genesis& genesis) {
  return {ledger::chain_id(genesis),           genesis.file_hash, Height{1}, std::nullopt,
          ledger::genesis_validators(genesis), std::nullopt};
}

}  // namespace treeproof::rpc
