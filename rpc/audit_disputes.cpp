// I15 and what governance decided: every dispute with its standing, and what it freezes.
#include "consensus/ledger/block.h"
#include "consensus/ledger/disputes.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::DisputeObject;

std::uint64_t time_of(const ChainView& view, Height at) {
  if (at == view.height()) return view.header().time.seconds();
  const auto block = view.block(at);
  const auto header = block ? ledger::decode_header(block->header_bytes)
                            : std::unexpected(crypto::CborError::truncated);
  return header ? header->time.seconds() : 0;
}

std::string_view standing_of(const DisputeObject& dispute, std::uint64_t now_s) {
  if (dispute.resolution) return ledger::name(dispute.resolution->outcome);
  if (dispute.renewed_by) return "renewed";
  return dispute.is_open(now_s) ? "open" : "lapsed";
}

bool does_freeze(const DisputeObject& dispute, std::uint64_t now_s) {
  const std::uint64_t until_s = dispute.renewed_by ? 0 : dispute.freezes_until_s();
  return until_s > 0 && now_s <= until_s;
}

template <class T>
std::string text_or_none(const std::optional<T>& value) {
  return value ? value->text : "none";
}

// The mark on the target says what the dispute says.
void check_mark(AuditCheck& check, const ledger::StateReader& state, const ledger::ObjectId& id,
                const DisputeObject& dispute, const std::string& target_id) {
  const auto target = ledger::get<ledger::TargetObject>(state, target_id);
  const ledger::DisputeMark* mark = nullptr;
  if (target) {
    const auto found = std::ranges::find(target->disputes, id, &ledger::DisputeMark::dispute);
    if (found != target->disputes.end()) mark = &*found;
  }
  if (mark == nullptr) return check.fail("mark_missing", {{"target", target_id}});
  const bool ended_with_renewal = dispute.renewed_by && mark->frozen_until_s == 0;
  if (!ended_with_renewal) {
    check.expect_equal("freeze_differs", mark->frozen_until_s, dispute.freezes_until_s());
  }
}

}  // namespace

AuditReport audit_disputes(const ChainView& view, Height at,
                           const std::optional<std::string>& org) {
  const PastState state(view, at);
  const std::uint64_t now_s = time_of(view, at);
  AuditReport report{"I15", {}, {}, {}};
  std::uint64_t open = 0;
  each_object<DisputeObject>(view, at, [&](const ledger::ObjectId& id, const auto& dispute) {
    const auto accused = ledger::org_of_target(state, dispute.payload.target);
    if (org && (!accused || accused->text != *org)) return;
    const std::string target = ledger::target_id(state, dispute.payload.target);
    AuditCheck check(report, id.text);
    check_mark(check, state, id, dispute, target);
    open += dispute.is_open(now_s) ? 1 : 0;
    const auto& resolution = dispute.resolution;
    report.rows.push_back(
        {{"dispute", id.text},
         {"target", target},
         {"org", text_or_none(accused)},
         {"ground", std::string(ledger::name(dispute.payload.ground))},
         {"standing", std::string(standing_of(dispute, now_s))},
         {"freezes", does_freeze(dispute, now_s) ? "true" : "false"},
         {"seconded_by", text_or_none(dispute.seconded_by)},
         {"report", text_or_none(dispute.payload.report)},
         {"lapses_at_s", std::to_string(dispute.lapses_at_s())},
         {"remedy", resolution ? std::string(ledger::name(resolution->remedy)) : "none"},
         {"proposal", resolution ? resolution->proposal.text : "none"},
         {"holds", check.holds_text()}});
  });
  report.checked = {{"disputes", report.rows.size()}, {"open", open}};
  return report;
}

}  // namespace treeproof::rpc
