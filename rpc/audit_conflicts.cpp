// I12: those who judged or lowered what others claim, and whether their owner is that of a party to
// it: when they did (a finding), or by now (a flag). A seconded dispute is not among them: whoever
// may second one could open it alone.
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/electorate.h"
#include "consensus/ledger/replace.h"
#include "consensus/ledger/rules_care.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObjectId;
using ledger::OrgId;
using ledger::PlotObject;
using ledger::Reason;
using ledger::Recorded;
using ledger::StateReader;

// Which party to what is judged has this conflict group.
using PartyOf = std::function<std::optional<OrgId>(const StateReader&, const OrgId& group)>;

struct Judged {
  std::string statement;
  std::string_view type;
  OrgId judge;
  std::string subject;  // what is judged
  std::uint64_t height = 0;
  Reason refusal{};  // that of the rule which keeps parties from it
};

std::optional<OrgId> party(const StateReader& state, const OrgId& judge, const PartyOf& party_of) {
  const auto org = ledger::get<ledger::OrgObject>(state, judge.text);
  return org ? party_of(state, org->conflict_group) : std::nullopt;
}

// Of a batch: planter, holder, platform and sponsor; of a plot: recorder and holder.
PartyOf party_of_object(const ObjectId& id) {
  return [id](const StateReader& state, const OrgId& group) -> std::optional<OrgId> {
    if (const auto batch = ledger::find<BatchObject>(state, id)) {
      return ledger::party_of_group(state, *batch, id, group);
    }
    const auto plot = ledger::find<PlotObject>(state, id);
    return plot ? ledger::party_of_group(state, *plot, id, group) : std::nullopt;
  };
}

// The accused; for an approver who is no regulator also opener and author of the report.
PartyOf party_of_dispute(const ObjectId& id, const OrgId& approver) {
  return [id, approver](const StateReader& state, const OrgId& group) -> std::optional<OrgId> {
    const auto dispute = ledger::find<ledger::DisputeObject>(state, id);
    const auto org = ledger::get<ledger::OrgObject>(state, approver.text);
    if (!dispute || !org) return std::nullopt;
    std::vector<OrgId> parties = ledger::accused_of(state, dispute->payload.target);
    if (!org->has(ledger::OrgRole::regulator)) {
      parties.push_back(id.org());
      if (dispute->payload.report) parties.push_back(dispute->payload.report->org());
    }
    const auto found = std::ranges::find_if(parties, [&](const OrgId& one) {
      const auto object = ledger::get<ledger::OrgObject>(state, one.text);
      return object && object->conflict_group == group;
    });
    return found == parties.end() ? std::nullopt : std::optional(*found);
  };
}

class ConflictsReport {
 public:
  ConflictsReport(const ChainView& view, Height at, const AuditScope& scope)
      : view_(view), at_(at), scope_(scope) {}

  AuditReport make() {
    each<ledger::VerifyObject>([this](const auto& id, const auto& verify) {
      add_batch(id, verify, verify.payload.plant);
    });
    each<ledger::ObservationObject>([this](const auto& id, const auto& visit) {
      if (visit.witness == ledger::Witness::verified) add_batch(id, visit, visit.payload.plant);
    });
    each<Recorded<ledger::Mortality>>([this](const auto& id, const auto& death) {
      if (!is_own_word(id, death)) add_batch(id, death, death.payload.plant);
    });
    each<Recorded<ledger::Revive>>([this](const auto& id, const auto& revival) {
      add_batch(id, revival, revival.payload.plant);
    });
    each<Recorded<ledger::Consent>>(
        [this](const auto& id, const auto& consent) { add_capacity(id, consent); });
    each<Recorded<ledger::Correct>>([this](const auto& id, const auto& correction) {
      const ledger::Correct& payload = correction.payload;
      add_object(id, correction, payload.verifier, payload.target, Reason::verifier_conflict);
    });
    each<ledger::ReplacementObject>(
        [this](const auto& id, const auto& replacement) { add_sides(id, replacement); });
    each<Recorded<ledger::Approve>>(
        [this](const auto& id, const auto& approval) { add_approval(id, approval); });
    report_.checked = {{"judgements", judgements_}, {"conflicts", report_.rows.size()}};
    return std::move(report_);
  }

 private:
  template <class T, class Take>
  void each(Take take) {
    each_object<T>(view_, at_, std::move(take));
  }

  // The state before and after a height: what is judged there is judged somewhere in between.
  // Nothing where this node begins later.
  std::optional<std::pair<PastState, PastState>> around(std::uint64_t height) const {
    if (Height{height} <= view_.base()) return std::nullopt;
    return std::pair(PastState(view_, Height{height - 1}), PastState(view_, Height{height}));
  }

  // Who holds the trees may tell of any death: that is no judgement.
  bool is_own_word(const ObjectId& id, const Recorded<ledger::Mortality>& death) const {
    const auto holds = [&](const StateReader& state) {
      const auto batch = ledger::find<BatchObject>(state, death.payload.plant);
      return batch && batch->holder == id.org();
    };
    const auto then = around(death.record.height);
    return then ? holds(then->first) || holds(then->second) : holds(PastState(view_, at_));
  }

  template <class T>
  void add_object(const ObjectId& id, const T& object, const OrgId& judge, const ObjectId& subject,
                  Reason refusal) {
    add({id.text, T::kType, judge, subject.text, object.record.height, refusal},
        party_of_object(subject));
  }
  template <class T>
  void add_batch(const ObjectId& id, const T& object, const ObjectId& batch) {
    add_object(id, object, id.org(), batch, Reason::verifier_conflict);
  }

  // A consent to a plot confirms its capacity; the others judge nothing by themselves.
  void add_capacity(const ObjectId& id, const Recorded<ledger::Consent>& consent) {
    const std::string statement = crypto::to_hex(consent.payload.statement);
    const auto plot = ledger::get<ledger::PlotById>(PastState(view_, at_), statement);
    if (plot) add_object(id, consent, id.org(), plot->plot, Reason::consent_conflict);
  }

  // Both batches of each run, as far as the runs are held.
  void add_sides(const ObjectId& id, const ledger::ReplacementObject& replacement) {
    const ledger::State state = ledger::State::over(view_);
    const auto runs = state.attachment(replacement.payload.runs.root);
    if (!runs) return;
    std::set<ObjectId> batches;
    for (std::size_t i = 0; i < runs->leaf_count(); ++i) {
      const auto run = ledger::decode<ledger::ReplaceLeaf>(runs->leaf(i));
      if (run) batches.insert({run->from, run->to});
    }
    for (const ObjectId& batch : batches) {
      add_object(id, replacement, replacement.payload.verifier, batch, Reason::verifier_conflict);
    }
  }

  void add_approval(const ObjectId& id, const Recorded<ledger::Approve>& approval) {
    const PastState state(view_, at_);
    const auto proposal = ledger::find<ledger::ProposalObject>(state, approval.payload.proposal);
    const auto* resolve =
        proposal ? std::get_if<ledger::Resolve>(&proposal->payload.change) : nullptr;
    if (resolve == nullptr) return;
    add({id.text, Recorded<ledger::Approve>::kType, id.org(), resolve->dispute.text,
         approval.record.height, Reason::approver_not_eligible},
        party_of_dispute(resolve->dispute, id.org()));
  }

  void add(const Judged& judged, const PartyOf& party_of) {
    if (scope_.org && judged.judge.text != *scope_.org) return;
    ++judgements_;
    std::optional<OrgId> then;
    if (const auto states = around(judged.height)) {
      const auto before = party(states->first, judged.judge, party_of);
      then = before ? party(states->second, judged.judge, party_of) : std::nullopt;
    }
    const auto now = party(PastState(view_, at_), judged.judge, party_of);
    if (!then && !now) return;
    AuditCheck check(report_, judged.statement);
    if (then) check.fail(ledger::name(judged.refusal), {{"party", then->text}});
    report_.rows.push_back({{"statement", judged.statement},
                            {"type", std::string(judged.type)},
                            {"judge", judged.judge.text},
                            {"subject", judged.subject},
                            {"height", std::to_string(judged.height)},
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
