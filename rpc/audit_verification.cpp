// How much of what each planter planted was verified and visited, and in how few hands that lay.
#include <map>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using geometry::UInt128;
using ledger::BatchObject;

// Of a planter, or of what one verifier judged of a planter.
struct Coverage {
  std::uint64_t batches = 0;
  std::uint64_t trees = 0;
  std::uint64_t judged = 0;   // of batches that were verified: those that wait for no verification
  std::uint64_t visited = 0;  // by the last verification

  Coverage& operator+=(const Coverage& other) {
    batches += other.batches;
    trees += other.trees;
    judged += other.judged;
    visited += other.visited;
    return *this;
  }
};

struct Planter {
  Coverage all;
  std::map<std::string, Coverage> by_verifier;
};

// Rounded down. Requires: part <= whole.
std::string share(std::uint64_t part, std::uint64_t whole, std::uint64_t of) {
  return whole == 0 ? "0" : std::to_string(static_cast<std::uint64_t>(UInt128{part} * of / whole));
}

// The Herfindahl index of the verifiers' shares of what was judged, 10,000: one judged all.
AuditCell concentration(const Planter& planter) {
  if (planter.all.judged == 0) return std::nullopt;
  UInt128 squares = 0;
  for (const auto& [verifier, part] : planter.by_verifier) {
    squares += UInt128{part.judged} * part.judged;
  }
  const UInt128 whole = UInt128{planter.all.judged} * planter.all.judged;
  return std::to_string(static_cast<std::uint64_t>(squares * 10'000 / whole));
}

AuditRow row_of(const std::string& planter, const std::string& verifier, const Coverage& of,
                const Planter& all) {
  const bool is_total = verifier == "*";
  const std::uint64_t judged = all.all.judged;
  return {
      {"planter", planter},
      {"verifier", verifier},
      {"batches", std::to_string(of.batches)},
      {"trees", std::to_string(of.trees)},
      {"judged", std::to_string(of.judged)},
      {"judged_permille", share(of.judged, of.trees, 1'000)},
      {"visited", std::to_string(of.visited)},
      {"visited_permille", share(of.visited, of.trees, 1'000)},
      {"verifiers", is_total ? AuditCell(std::to_string(all.by_verifier.size())) : std::nullopt},
      {"share_permille",
       is_total || judged == 0 ? std::nullopt : AuditCell(share(of.judged, judged, 1'000))},
      {"concentration", is_total ? concentration(all) : std::nullopt}};
}

}  // namespace

AuditReport audit_verification(const ChainView& view, Height at, const AuditScope& scope) {
  const PastState state(view, at);
  std::map<std::string, Planter> planters;
  AuditReport report{"verification", {}, {}, {}};
  std::uint64_t batches = 0;
  each_object<BatchObject>(view, at, [&](const ledger::ObjectId& id, const auto& batch) {
    if (scope.campaign && batch.campaign != *scope.campaign) return;
    if (scope.org && batch.holder.text != *scope.org) return;
    ++batches;
    Coverage coverage{1, batch.size(), 0, 0};
    Planter& planter = planters[batch.holder.text];
    if (batch.verification) {
      const auto verify = ledger::find<ledger::VerifyObject>(state, *batch.verification);
      if (!verify) {
        AuditCheck(report, id.text)
            .fail("verification_missing", {{"verify", batch.verification->text}});
      }
      coverage.judged = batch.size() - batch.trees().open();
      coverage.visited = verify ? ledger::members_in(verify->payload.visited) : 0;
      planter.by_verifier[batch.verification->org().text] += coverage;
    }
    planter.all += coverage;
  });
  for (const auto& [id, planter] : planters) {
    report.rows.push_back(row_of(id, "*", planter.all, planter));
    for (const auto& [verifier, part] : planter.by_verifier) {
      report.rows.push_back(row_of(id, verifier, part, planter));
    }
  }
  report.checked = {{"batches", batches}, {"planters", planters.size()}};
  return report;
}

}  // namespace treeproof::rpc
