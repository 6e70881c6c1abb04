// What is owed: units that lost their tree, by batch, what is planted for them, and corrections.
#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/rules.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::TreeCode;

std::string text_of(const ledger::Correction& change) {
  return std::visit([](const auto& chosen) { return std::string(chosen.kName); }, change);
}

}  // namespace

AuditReport audit_owed(const ChainView& view, Height at,
                       const std::optional<ledger::ObjectId>& campaign) {
  AuditReport report{"owed", {}, {}, {}};
  std::uint64_t owed = 0;
  std::uint64_t replaced = 0;
  each_object<BatchObject>(view, at, [&](const ledger::ObjectId& id, const auto& batch) {
    const ledger::TreeTally trees = batch.trees();
    const std::uint64_t done = trees[TreeCode::dead_replaced] + trees[TreeCode::voided_replaced];
    const bool is_reserve = batch.purpose == ledger::Purpose::replacement;
    const bool is_concerned = trees.owed() > 0 || done > 0 || is_reserve;
    if (!is_concerned || (campaign && batch.campaign != campaign)) return;
    owed += trees.owed();
    replaced += done;
    report.rows.push_back({{"batch", id.text},
                           {"campaign", batch.campaign ? batch.campaign->text : "none"},
                           {"holder", batch.holder.text},
                           {"purpose", std::string(ledger::name(batch.purpose))},
                           {"dead_owed", std::to_string(trees[TreeCode::dead_owed])},
                           {"voided_owed", std::to_string(trees[TreeCode::voided_owed])},
                           {"replaced", std::to_string(done)},
                           {"reserved", std::to_string(trees[TreeCode::reserved])},
                           {"holds", "true"}});
  });
  report.checked = {{"batches", report.rows.size()}, {"owed", owed}, {"replaced", replaced}};
  return report;
}

AuditReport audit_corrections(const ChainView& view, Height at,
                              const std::optional<std::string>& org) {
  using Corrected = ledger::Recorded<ledger::Correct>;
  AuditReport report{"I14", {}, {}, {}};
  each_object<Corrected>(view, at, [&](const ledger::ObjectId& id, const auto& correction) {
    const ledger::Correct& payload = correction.payload;
    if (org && id.org().text != *org) return;
    AuditCheck check(report, id.text);
    const auto consent = ledger::get<ledger::ConsentObject>(
        view, ledger::consent_id(correction.record.statement, payload.verifier));
    if (!consent) check.fail("consent_missing", {{"verifier", payload.verifier.text}});
    report.rows.push_back({{"correction", id.text},
                           {"target", payload.target.text},
                           {"change", text_of(payload.change)},
                           {"reason", std::string(ledger::name(payload.reason))},
                           {"verifier", payload.verifier.text},
                           {"height", std::to_string(correction.record.height)},
                           {"holds", check.holds_text()}});
  });
  report.checked = {{"corrections", report.rows.size()}};
  return report;
}

}  // namespace treeproof::rpc
