#include "consensus/types/validator_set.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof {

namespace {

bool has_duplicate_key(const std::vector<Validator>& validators) {
  std::vector<crypto::PublicKeyBytes> keys;
  keys.reserve(validators.size());
  for (const Validator& validator : validators) keys.push_back(validator.key.bytes());
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) != keys.end();
}

}  // namespace

std::optional<ValidatorSet> ValidatorSet::make(std::vector<Validator> validators) {
  if (validators.empty() || validators.size() > kValidatorsMax) return std::nullopt;
  std::ranges::sort(validators, {}, &Validator::org);
  std::uint64_t total = 0;
  for (const Validator& validator : validators) {
    const bool sums = validator.power > 0 && validator.power <= UINT64_MAX / 3 - total;
    if (!sums || validator.org.empty() || validator.org.size() > kOrgIdCharsMax) {
      return std::nullopt;
    }
    total += validator.power;
  }
  const bool doubled_org =
      std::ranges::adjacent_find(validators, {}, &Validator::org) != validators.end();
  if (doubled_org || has_duplicate_key(validators)) return std::nullopt;

  ValidatorSet set;
  set.validators_ = std::move(validators);
  set.total_power_ = total;
  constexpr std::string_view kDomain{"treeproof/validators/v1\0", 24};
  set.hash_ = crypto::sha256({crypto::as_bytes(kDomain), set.encode()});
  return set;
}

crypto::Bytes ValidatorSet::encode() const {
  crypto::CborWriter out;
  out.array(validators_.size());
  for (const Validator& validator : validators_) {
    out.array(3).text(validator.org).uint(validator.power).bytes(validator.key.bytes());
  }
  return out.finish();
}

std::expected<ValidatorSet, crypto::CborError> ValidatorSet::decode(crypto::ByteSpan bytes) {
  using crypto::CborError;
  crypto::CborReader in(bytes);
  const std::size_t count = in.array(kValidatorsMax);
  std::vector<Validator> validators;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.array_exact(3);
    const std::string_view org = in.text(kOrgIdCharsMax);
    const std::uint64_t power = in.uint();
    const auto key = crypto::PublicKey::parse(in.bytes_exact(33));
    if (!in.ok()) break;
    const bool ascending = validators.empty() || validators.back().org < org;
    if (!key || !ascending) return std::unexpected(CborError::out_of_range);
    validators.push_back({std::string(org), power, *key});
  }
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  auto set = make(std::move(validators));
  if (!set) return std::unexpected(CborError::out_of_range);
  return *std::move(set);
}

std::optional<std::size_t> ValidatorSet::index_of(std::string_view org) const noexcept {
  const auto found = std::ranges::lower_bound(validators_, org, {}, &Validator::org);
  if (found == validators_.end() || found->org != org) return std::nullopt;
  return static_cast<std::size_t>(found - validators_.begin());
}

const Validator* ValidatorSet::find(std::string_view org) const noexcept {
  const auto index = index_of(org);
  return index ? &validators_[*index] : nullptr;
}

bool ValidatorSet::is_quorum(std::uint64_t power) const noexcept {
  assert(power <= total_power_);
  return 3 * power > 2 * total_power_;
}

bool ValidatorSet::is_honest(std::uint64_t power) const noexcept {
  assert(power <= total_power_);
  return 3 * power > total_power_;
}

const Validator& ValidatorSet::proposer(Height height, Round round) const {
  assert(round.exists());
  const std::uint64_t turn = height.value % validators_.size() +
                             static_cast<std::uint64_t>(round.value) % validators_.size();
  return validators_[turn % validators_.size()];
}

}  // namespace treeproof
