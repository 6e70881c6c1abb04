// The table of audit reports: one name, one pure function of a view's objects, served as
// audit_<method> and computed by `treeproof audit --report NAME` alike. What stands here beside
// the sums of audit.h tells of the state of things; its rows are no findings by themselves.
// Owns nothing. Callers: audit_handlers, export_handlers, node/cli. Safe from any thread; slow.
// Source: docs/api.md "Regulators"; docs/ledger.md I5 to I12.
#pragma once

#include <expected>
#include <span>

#include "rpc/audit.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

// Which part of the chain a report is about; what is not given does not narrow it. Each report
// says in its Method which of these it looks at.
struct AuditScope {
  std::optional<ledger::ObjectId> programme = {};
  std::optional<ledger::ObjectId> campaign = {};
  std::optional<ledger::ObjectId> plot = {};
  std::optional<std::string> species = {};
  std::optional<std::string> org = {};
  std::optional<std::uint64_t> year = {};
  // Trees whose distances a report compares before it says of the rest that it did not look.
  std::uint64_t trees_compared_max = 1'000'000;
  // Pairs of plots whose outlines it measures, likewise.
  std::uint64_t pairs_measured_max = 20'000;
};

// I5: alive, dead and unknown of what was planted, by year of planting and species, as visits of
// one year saw it. Pruned where this view begins later than that year.
std::expected<AuditReport, RpcError> audit_survival(const ChainView& view, Height at,
                                                    const AuditScope& scope);
// Units, pledges and visits that are late.
AuditReport audit_overdue(const ChainView& view, Height at, const AuditScope& scope);
// I7: the ground that plots share, measured again.
AuditReport audit_overlaps(const ChainView& view, Height at, const AuditScope& scope);
// I8: what stands on each plot, counted again, and trees closer than a metre.
AuditReport audit_density(const ChainView& view, Height at, const AuditScope& scope);
// Batches of which their planter told more, or later, than an independent verifier.
AuditReport audit_self_reported(const ChainView& view, Height at, const AuditScope& scope);
// How much of what a planter planted was verified and visited, and by how many verifiers.
AuditReport audit_verification(const ChainView& view, Height at, const AuditScope& scope);
// I1: points by year against the yearly cap, and days for which two series issued.
AuditReport audit_issuance(const ChainView& view, Height at, const AuditScope& scope);
// I12: those who judged what others claim, of the same owner as a party to it, then or now.
AuditReport audit_conflicts(const ChainView& view, Height at, const AuditScope& scope);
// Every key, from when until when it was good, and what it signed.
AuditReport audit_key_history(const ChainView& view, Height at, const AuditScope& scope);
// I10: photos that prove two plantings, photos that look alike, plantings without a photo.
AuditReport audit_evidence(const ChainView& view, Height at, const AuditScope& scope);

struct AuditKind {
  std::string_view name;  // as of --report
  std::expected<AuditReport, RpcError> (*make)(const ChainView& view, Height at,
                                               const AuditScope& scope);
  bool needs_campaign = false;
  bool latest_only = false;  // is about states of single trees, kept for the latest height
};
std::span<const AuditKind> audit_kinds();
const AuditKind* find_audit_kind(std::string_view name);

}  // namespace treeproof::rpc
