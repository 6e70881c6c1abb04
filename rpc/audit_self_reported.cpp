// What rests on the planter's word alone: batches that nobody verified, and those of which the
// planter's last visit is not matched by one of an independent verifier.
#include "rpc/audit_reports.h"
#include "rpc/reading.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObservationObject;
using ledger::TreeCode;
using ledger::Witness;

// All species of a visit together; null without one.
struct Told {
  AuditCell day, alive, dead, unknown;
};

Told told(const std::optional<ObservationObject>& visit) {
  if (!visit) return {};
  std::uint64_t alive = 0;
  std::uint64_t dead = 0;
  std::uint64_t unknown = 0;
  for (const ledger::ObservedSpecies& part : visit->payload.species) {
    alive += part.alive;
    dead += part.dead;
    unknown += part.unknown;
  }
  return {std::to_string(visit->payload.day), std::to_string(alive), std::to_string(dead),
          std::to_string(unknown)};
}

std::string_view standing_of(const BatchObject& batch, const LastVisits& visits) {
  const auto& own = visits.of(Witness::self_reported);
  const auto& verified = visits.of(Witness::verified);
  if (own && !verified) return "never_observed_by_a_verifier";
  if (own && verified && verified->payload.day < own->payload.day) return "newer_than_verified";
  return batch.verification ? "matched" : "unverified";
}

}  // namespace

AuditReport audit_self_reported(const ChainView& view, Height at, const AuditScope& scope) {
  AuditReport report{"selfReported", {}, {}, {}};
  const auto visits = last_visits(view, at, {});
  std::uint64_t batches = 0;
  each_object<BatchObject>(view, at, [&](const ledger::ObjectId& id, const auto& batch) {
    if (scope.campaign && batch.campaign != *scope.campaign) return;
    if (scope.org && batch.holder.text != *scope.org) return;
    ++batches;
    const auto found = visits.find(id.text);
    const LastVisits of_batch = found == visits.end() ? LastVisits{} : found->second;
    const std::string_view standing = standing_of(batch, of_batch);
    if (standing == "matched") return;
    const Told own = told(of_batch.of(Witness::self_reported));
    const Told verified = told(of_batch.of(Witness::verified));
    report.rows.push_back({{"batch", id.text},
                           {"campaign", batch.campaign ? batch.campaign->text : "none"},
                           {"holder", batch.holder.text},
                           {"standing", std::string(standing)},
                           {"trees", std::to_string(batch.size())},
                           {"unverified", std::to_string(batch.trees()[TreeCode::unverified])},
                           {"self_day", own.day},
                           {"self_alive", own.alive},
                           {"self_dead", own.dead},
                           {"self_unknown", own.unknown},
                           {"verified_day", verified.day},
                           {"verified_alive", verified.alive},
                           {"verified_dead", verified.dead},
                           {"verified_unknown", verified.unknown}});
  });
  report.checked = {{"batches", batches}, {"self_reported", report.rows.size()}};
  return report;
}

}  // namespace treeproof::rpc
