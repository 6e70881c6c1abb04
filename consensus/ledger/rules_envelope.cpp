#include <algorithm>

#include "consensus/ledger/chunked_list.h"
#include "consensus/ledger/redaction.h"
#include "consensus/ledger/rules.h"
#include "consensus/ledger/trades.h"

namespace treeproof::ledger {

namespace {

Numbers org_numbers(const OrgId& org) { return {{"org", org.text}}; }

// "plant verify".
template <class Enum>
std::string list_of(std::span<const Enum> values) {
  std::string text;
  for (const Enum value : values) {
    if (!text.empty()) text += ' ';
    text += name(value);
  }
  return text;
}

bool judge_key(Judgement& judgement, const Trade& trade) {
  const SignedStatement& statement = judgement.statement();
  const KeyEntry* key = judgement.org().key(judgement.verified().key());
  const auto kid = [&] { return Numbers{{"kid", crypto::to_hex(statement.kid)}}; };
  if (!judgement.require(key != nullptr, Reason::key_unknown, kid)) return false;
  if (!judgement.require(key->live(), Reason::key_revoked, [&] {
        const std::string height = key->live() ? "none" : std::to_string(*key->revoked_height);
        return Numbers{{"kid", crypto::to_hex(key->kid)}, {"revoked_height", height}};
      })) {
    return false;
  }
  const bool has_role =
      std::ranges::any_of(trade.key_roles, [&](KeyRole r) { return key->has(r); });
  return judgement.require(has_role, Reason::key_role_missing, [&] {
    return Numbers{{"has", list_of(std::span<const KeyRole>(key->roles))},
                   {"needs_one_of", list_of(trade.key_roles)}};
  });
}

bool judge_org_role(Judgement& judgement, const Trade& trade) {
  const OrgObject& org = judgement.org();
  const bool has_role =
      trade.org_roles.empty() ||
      std::ranges::any_of(trade.org_roles, [&](OrgRole role) { return org.has(role); });
  return judgement.require(has_role, Reason::org_role_missing, [&] {
    return Numbers{{"has", list_of(std::span<const OrgRole>(org.roles))},
                   {"needs_one_of", list_of(trade.org_roles)}};
  });
}

bool judge_issued_at(Judgement& judgement) {
  const std::uint64_t iat = judgement.statement().issued_at_s;
  const std::uint64_t now = judgement.block().time.seconds();
  const Parameters& parameters = judgement.parameters();
  const auto numbers = [&](std::uint64_t limit) {
    return Numbers{{"iat", std::to_string(iat)},
                   {"block_time", std::to_string(now)},
                   {"limit_s", std::to_string(limit)}};
  };
  return judgement.require(iat >= now || now - iat <= parameters.iat_max_age_s, Reason::iat_too_old,
                           [&] { return numbers(parameters.iat_max_age_s); }) &&
         judgement.require(iat <= now || iat - now <= parameters.iat_max_ahead_s,
                           Reason::iat_in_future,
                           [&] { return numbers(parameters.iat_max_ahead_s); });
}

bool judge_ref(Judgement& judgement) {
  const SharedBytes taken = judgement.state().object({"object", judgement.object_id()});
  const crypto::Hash& id = judgement.statement().id;
  std::optional<RecordInfo> record;
  if (taken) record = record_of(*taken);
  if (!judgement.require(!record || record->statement != id, Reason::already_recorded, [&] {
        const std::string height = record ? std::to_string(record->height) : "none";
        return Numbers{{"statement", crypto::to_hex(id)}, {"height", height}};
      })) {
    return false;
  }
  return judgement.require(!record, Reason::ref_reused, [&] {
    const std::string other = record ? crypto::to_hex(record->statement) : "none";
    return Numbers{{"object", judgement.object_id()},
                   {"recorded_statement", other},
                   {"this_statement", crypto::to_hex(id)}};
  });
}

bool judge_attachment(Judgement& judgement) {
  const AttachmentRef* announced = attachment_of(judgement.statement().payload);
  if (announced == nullptr) return true;
  const AttachmentPtr held = judgement.state().attachment(announced->root);
  if (!judgement.require(held != nullptr, Reason::attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(announced->root)}}; })) {
    return false;
  }
  const auto numbers = [](std::uint64_t found, std::uint64_t stated) {
    return Numbers{{"found", std::to_string(found)}, {"announced", std::to_string(stated)}};
  };
  const AttachmentRef& found = held->announced();
  return judgement.require(found.count == announced->count, Reason::attachment_count_mismatch, [&] {
    return numbers(found.count, announced->count);
  }) && judgement.require(found.bytes == announced->bytes, Reason::attachment_bytes_mismatch, [&] {
    return numbers(found.bytes, announced->bytes);
  });
}

}  // namespace

bool judge_envelope(Judgement& judgement) {
  const SignedStatement& statement = judgement.statement();
  const Trade& trade = trade_of(statement.payload);
  if (!judgement.require(
          statement.chain_id == judgement.block().chain_id, Reason::wrong_chain, [&] {
            return Numbers{{"chain", statement.chain_id}, {"expected", judgement.block().chain_id}};
          })) {
    return false;
  }
  judgement.org_ = judgement.state().get<OrgObject>(statement.issuer.text);
  judgement.parameters_ = judgement.state().get<Parameters>(kParametersId);
  const auto org = [&] { return org_numbers(statement.issuer); };
  return judgement.require(judgement.org_.has_value(), Reason::org_unknown, org) &&
         judgement.require(!judgement.org().suspended, Reason::org_suspended, org) &&
         judge_key(judgement, trade) && judge_org_role(judgement, trade) &&
         judge_issued_at(judgement) && judge_ref(judgement) && judge_attachment(judgement);
}

bool judge_consents(Judgement& judgement) {
  const std::vector<OrgId> missing = missing_consents(judgement.statement(), judgement.state());
  return judgement.require(missing.empty(), Reason::consents_missing, [&] {
    Numbers numbers;
    for (const OrgId& org : missing) numbers.push_back({"org", org.text});
    return numbers;
  });
}

bool judge_statement(Judgement& judgement) {
  const Payload& payload = judgement.statement().payload;
  if (!judge_envelope(judgement) ||
      !std::visit([&](const auto& chosen) { return judge(judgement, chosen); }, payload) ||
      !judge_consents(judgement)) {
    return false;
  }
  if (const AttachmentRef* attachment = attachment_of(payload)) {
    const AttachmentUse use{ObjectId{judgement.object_id()}};
    append_items<AttachmentUse>(judgement.state(), kUsesNamespace, crypto::to_hex(attachment->root),
                                std::span(&use, 1));
  }
  return true;
}

RecordInfo Judgement::record_info() const {
  return {statement_->id, block_.height.value, block_.log_index, block_.time.seconds(),
          statement_->kid};
}

bool Judgement::record(bool holds, Reason reason, Numbers numbers) {
  if (!holds) refusal_ = Refusal{reason, numbers};
  if (detail_ == Detail::verdict) return holds;
  const RuleState state = holds ? RuleState::passed : RuleState::failed;
  const auto asked = std::ranges::find(results_, reason, &RuleResult::reason);
  if (asked == results_.end()) {
    results_.push_back({reason, state, std::move(numbers)});
  } else {
    *asked = {reason, state, std::move(numbers)};
  }
  return holds;
}

}  // namespace treeproof::ledger
