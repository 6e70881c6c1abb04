// `treeproof audit`: recomputes a whole chain from its public log and believes nobody but the
// trust file. Own no rule: replayed_chain executes, rpc/audit_reports.h sums up. Called by main;
// tests. Source: docs/running.md "Audit"; docs/ledger.md "Invariants".
#pragma once

#include <optional>
#include <string>

#include "node/cli/chain_source.h"
#include "node/cli/console.h"
#include "rpc/audit_reports.h"

namespace treeproof::cli {

struct AuditOptions {
  std::string trust;
  std::string rpc;
  std::string home;                   // instead of rpc: a node's folder
  std::string genesis;                // with home
  std::string at;                     // the last height or day; empty: all of the log
  std::string report = "all";         // or the name of one of rpc::audit_kinds()
  std::optional<std::uint64_t> year;  // of survival and issuance
  bool csv = false;                   // the rows of the one report only
};
// 0: clean; 1: findings; 2: could not be done.
ExitCode audit(const AuditOptions& options, Console& console);

struct NamedReport {
  std::string name;  // "points", "campaign platform/one"
  rpc::AuditReport report;
};
struct AuditResult {
  std::string chain_id;
  Height height;  // the last that holds
  TimeMs time;
  crypto::Hash header_hash{};
  std::uint64_t statements = 0;
  std::optional<std::string> chain_finding;  // the first height that does not hold, and why
  std::vector<NamedReport> reports;          // none after a chain finding

  std::size_t findings() const noexcept;
};
// A failure where the source cannot be read, or is of another chain than is trusted.
Result<AuditResult> run_audit(ChainSource& source, const proofs::Trust& trust,
                              const AuditOptions& options, Console& console);
// The text that people read: days are dates there, and numbers in JSON and CSV.
void print_result(const AuditResult& result, Console& console);

}  // namespace treeproof::cli
