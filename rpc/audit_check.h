// Comparisons of one object in an audit: each that fails becomes a finding.
// Owns nothing: the report outlives it. Callers: audit_*.cpp. One thread.
// Source: docs/ledger.md "Invariants".
#pragma once

#include "rpc/audit.h"

namespace treeproof::rpc {

class AuditCheck {
 public:
  AuditCheck(AuditReport& report, std::string object)
      : report_(report), object_(std::move(object)) {}

  void expect_equal(std::string_view finding, std::uint64_t stated, std::uint64_t recomputed) {
    if (stated == recomputed) return;
    fail(finding, {{"stated", std::to_string(stated)}, {"recomputed", std::to_string(recomputed)}});
  }
  void expect_at_most(std::string_view finding, std::uint64_t taken, std::uint64_t there) {
    if (taken <= there) return;
    fail(finding, {{"taken", std::to_string(taken)}, {"there", std::to_string(there)}});
  }
  void fail(std::string_view finding, ledger::Numbers numbers) {
    holds_ = false;
    report_.findings.push_back(
        {report_.invariant, object_, std::string(finding), std::move(numbers)});
  }
  bool holds() const noexcept { return holds_; }
  std::string holds_text() const { return holds_ ? "true" : "false"; }

 private:
  AuditReport& report_;
  std::string object_;
  bool holds_ = true;
};

}  // namespace treeproof::rpc
