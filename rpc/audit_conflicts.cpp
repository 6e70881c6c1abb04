// I12: those who judged trees as independent verifiers, and whether their owner is that of the
// planter, the holder, the platform or the sponsor: when they did (a finding), or by now (a flag).
#include "consensus/ledger/replace.h"
#include "consensus/ledger/rules_care.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::OrgId;

// Which organisation of the batch has the verifier's owner; nothing: none, or not known then.
std::optional<OrgId> party(const ChainView& view, Height at, const OrgId& verifier,
                           const ledger::ObjectId& batch_id) {
  const PastState state(view, at);
  const auto batch = ledger::find<BatchObject>(state, batch_id);
  const auto org = ledger::get<ledger::OrgObject>(state, verifier.text);
  if (!batch || !org) return std::nullopt;
  return ledger::party_of_group(state, *batch, batch_id, org->conflict_group);
}

// A judgement is made in the middle of a block: it conflicted if it did before and after that.
std::optional<OrgId> party_then(const ChainView& view, std::uint64_t height, const OrgId& verifier,
                                const ledger::ObjectId& batch) {
  if (Height{height} <= view.base()) return std::nullopt;
  const auto before = party(view, Height{height - 1}, verifier, batch);
  return before ? party(view, Height{height}, verifier, batch) : std::nullopt;
}

// Of observations only what an independent verifier says is meant.
bool is_judgement(const ledger::VerifyObject&) { return true; }
bool is_judgement(const ledger::Recorded<ledger::Revive>&) { return true; }
bool is_judgement(const ledger::ObservationObject& observation) {
  return observation.witness == ledger::Witness::verified;
}

class ConflictsReport {
 public:
  ConflictsReport(const ChainView& view, Height at, const AuditScope& scope)
      : view_(view), at_(at), scope_(scope) {}

  AuditReport make() {
    add_all<ledger::VerifyObject>();
    add_all<ledger::ObservationObject>();
    add_all<ledger::Recorded<ledger::Revive>>();
    report_.checked = {{"judgements", judgements_}, {"conflicts", report_.rows.size()}};
    return std::move(report_);
  }

 private:
  template <class T>
  void add_all() {
    each_of_type(view_, at_, T::kType, [this](const std::string& id, const crypto::Bytes& bytes) {
      const auto object = ledger::decode_stored<T>(bytes);
      const OrgId verifier = ledger::ObjectId{id}.org();
      if (scope_.org && verifier.text != *scope_.org) return true;
      if (is_judgement(object)) {
        add(id, T::kType, verifier, object.payload.plant, object.record.height);
      }
      return true;
    });
  }

  void add(const std::string& id, std::string_view type, const OrgId& verifier,
           const ledger::ObjectId& batch, std::uint64_t height) {
    ++judgements_;
    const auto then = party_then(view_, height, verifier, batch);
    const auto now = party(view_, at_, verifier, batch);
    if (!then && !now) return;
    AuditCheck check(report_, id);
    if (then) check.fail("verifier_conflict", {{"party", then->text}});
    report_.rows.push_back({{"statement", id},
                            {"type", std::string(type)},
                            {"verifier", verifier.text},
                            {"batch", batch.text},
                            {"height", std::to_string(height)},
                            {"party_then", then ? AuditCell(then->text) : std::nullopt},
                            {"party_now", now ? AuditCell(now->text) : std::nullopt},
                            {"holds", check.holds_text()}});
  }

  const ChainView& view_;
  Height at_;
  const AuditScope& scope_;
  std::uint64_t judgements_ = 0;
  AuditReport report_{"I12", {}, {}, {}};
};

}  // namespace

AuditReport audit_conflicts(const ChainView& view, Height at, const AuditScope& scope) {
  return ConflictsReport(view, at, scope).make();
}

}  // namespace treeproof::rpc
