// Every key that an organisation has or had, from when until when it was good, and what was signed
// with it: nothing outside of that time.
#include <map>

#include "consensus/ledger/objects.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::KeyEntry;
using ledger::OrgObject;

struct Signed {
  std::uint64_t statements = 0;
  std::uint64_t first_height = 0;
  std::uint64_t last_height = 0;
};
using SignedByKey = std::map<crypto::Kid, Signed>;

std::map<std::string, SignedByKey> signed_by_org(const ChainView& view, Height at) {
  std::map<std::string, SignedByKey> orgs;
  each_of_namespace(view, at, "object", [&](const std::string& id, const crypto::Bytes& bytes) {
    const ledger::RecordInfo record = ledger::record_of(crypto::ByteSpan(bytes));
    Signed& sum = orgs[ledger::ObjectId{id}.org().text][record.kid];
    const bool is_first = sum.statements == 0;
    sum.first_height = is_first ? record.height : std::min(sum.first_height, record.height);
    sum.last_height = std::max(sum.last_height, record.height);
    ++sum.statements;
    return true;
  });
  return orgs;
}

std::string roles_of(const KeyEntry& key) {
  std::string roles;
  for (std::size_t i = 0; i < names_of(ledger::KeyRole{}).size(); ++i) {
    const auto role = static_cast<ledger::KeyRole>(i);
    if (key.has(role)) roles += (roles.empty() ? "" : " ") + std::string(ledger::name(role));
  }
  return roles;
}

void add_key(AuditReport& report, const std::string& org, const KeyEntry& key, const Signed& used) {
  AuditCheck check(report, org + " " + crypto::to_hex(key.kid));
  if (used.statements > 0) {
    check.expect_at_most("signed_before_it_was_good", key.from_height, used.first_height);
    if (key.revoked_height) {
      check.expect_at_most("signed_after_it_was_revoked", used.last_height, *key.revoked_height);
    }
  }
  const bool was_used = used.statements > 0;
  const auto height = [](std::uint64_t value) { return AuditCell(std::to_string(value)); };
  report.rows.push_back(
      {{"org", org},
       {"kid", crypto::to_hex(key.kid)},
       {"public_key", crypto::to_hex(key.public_key)},
       {"roles", roles_of(key)},
       {"from_height", height(key.from_height)},
       {"revoked_height", key.revoked_height ? height(*key.revoked_height) : std::nullopt},
       {"statements", height(used.statements)},
       {"first_signed_height", was_used ? height(used.first_height) : std::nullopt},
       {"last_signed_height", was_used ? height(used.last_height) : std::nullopt},
       {"holds", check.holds_text()}});
}

}  // namespace

AuditReport audit_key_history(const ChainView& view, Height at, const AuditScope& scope) {
  auto orgs = signed_by_org(view, at);
  AuditReport report{"keyHistory", {}, {}, {}};
  std::uint64_t statements = 0;
  each_of_namespace(view, at, OrgObject::kNamespace, [&](const std::string& id, const auto& bytes) {
    if (scope.org && *scope.org != id) return true;
    SignedByKey& by_key = orgs[id];
    for (const KeyEntry& key : ledger::decode_stored<OrgObject>(bytes).keys) {
      const auto found = by_key.find(key.kid);
      const Signed used = found == by_key.end() ? Signed{} : found->second;
      if (found != by_key.end()) by_key.erase(found);
      statements += used.statements;
      add_key(report, id, key, used);
    }
    for (const auto& [kid, used] : by_key) {  // what is left is of no key of the organisation
      AuditCheck(report, id)
          .fail("key_unknown",
                {{"kid", crypto::to_hex(kid)}, {"statements", std::to_string(used.statements)}});
    }
    return true;
  });
  report.checked = {{"keys", report.rows.size()}, {"statements", statements}};
  return report;
}

}  // namespace treeproof::rpc
