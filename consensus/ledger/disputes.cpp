#include "consensus/ledger/disputes.h"

#include "consensus/ledger/lookups.h"
#include "consensus/ledger/plot_objects.h"

namespace treeproof::ledger {

namespace {

std::optional<OrgId> key_owner(const StateReader& state, const crypto::PublicKeyBytes& key) {
  const auto owner = get<KeyOwner>(state, crypto::to_hex(key));
  return owner ? std::optional(owner->org) : std::nullopt;
}

std::optional<Freeze> freeze_by(const StateReader& state, std::uint64_t time_s,
                                const std::string& target, std::uint64_t height) {
  const auto disputed = get<TargetObject>(state, target);
  if (!disputed) return std::nullopt;
  for (const DisputeMark& mark : disputed->disputes) {
    if (time_s <= mark.frozen_until_s && height >= mark.from_height) {
      return Freeze{target, mark.dispute};
    }
  }
  return std::nullopt;
}

// A verification judges the trees that are open: most of what the batch has may rest on an earlier
// one, unless a later one saw every tree.
std::optional<Freeze> freeze_of_verifications(const StateReader& state, std::uint64_t time_s,
                                              const BatchObject& batch) {
  auto id = batch.verification;
  while (id) {
    const auto verification = find<VerifyObject>(state, *id);
    assert(verification.has_value());
    if (auto freeze = freeze_of_record(state, time_s, *id, verification->record)) return freeze;
    if (verification->payload.method == VerifyMethod::full) break;
    id = verification->previous;
  }
  return std::nullopt;
}

}  // namespace

std::string key_target_id(const OrgId& org, const crypto::Kid& kid) {
  return org.text + "#" + crypto::to_hex(kid);
}

std::optional<OrgId> org_of_target(const StateReader& state, const DisputeTarget& target) {
  if (const auto* record = std::get_if<DisputedRecord>(&target)) {
    return record_of(state, record->id) ? std::optional(record->id.org()) : std::nullopt;
  }
  if (const auto* org = std::get_if<DisputedOrg>(&target)) {
    return get<OrgObject>(state, org->org.text) ? std::optional(org->org) : std::nullopt;
  }
  return key_owner(state, std::get<DisputedKey>(target).public_key);
}

std::string target_id(const StateReader& state, const DisputeTarget& target) {
  if (const auto* record = std::get_if<DisputedRecord>(&target)) return record->id.text;
  if (const auto* org = std::get_if<DisputedOrg>(&target)) return org->org.text;
  const auto& key = std::get<DisputedKey>(target).public_key;
  return key_target_id(key_owner(state, key).value_or(OrgId{}), crypto::kid_of(key));
}

std::uint64_t from_height_of(const DisputeTarget& target) {
  if (const auto* org = std::get_if<DisputedOrg>(&target)) return org->from_height;
  if (const auto* key = std::get_if<DisputedKey>(&target)) return key->from_height;
  return 0;
}

std::array<std::string, 3> targets_of_record(const ObjectId& id, const RecordInfo& record) {
  const OrgId org = id.org();
  return {id.text, org.text, key_target_id(org, record.kid)};
}

std::optional<Freeze> freeze_of_record(const StateReader& state, std::uint64_t time_s,
                                       const ObjectId& id, const RecordInfo& record) {
  for (const std::string& target : targets_of_record(id, record)) {
    if (auto freeze = freeze_by(state, time_s, target, record.height)) return freeze;
  }
  return std::nullopt;
}

std::optional<Freeze> freeze_of_batch(const StateReader& state, std::uint64_t time_s,
                                      const ObjectId& id, const BatchObject& batch) {
  if (auto freeze = freeze_of_record(state, time_s, id, batch.record)) return freeze;
  for (const auto& other : {batch.plot, batch.campaign}) {
    if (!other) continue;
    const auto record = record_of(state, *other);
    assert(record.has_value());
    if (auto freeze = freeze_of_record(state, time_s, *other, *record)) return freeze;
  }
  return freeze_of_verifications(state, time_s, batch);
}

bool judge_unfrozen(Judgement& judgement, const ObjectId& id, const std::optional<Freeze>& freeze) {
  return judgement.require(!freeze, Reason::target_frozen, [&] {
    if (!freeze) return Numbers{{"object", id.text}};
    return Numbers{
        {"object", id.text}, {"target", freeze->target}, {"dispute", freeze->dispute.text}};
  });
}

}  // namespace treeproof::ledger
