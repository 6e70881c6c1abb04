// One statement being judged: every rule is asked through require(), in order, and its effect goes
// to a scratch overlay that is merged only when all held. Judging and carrying out are one pass,
// so what is included is exactly what was checked ("inclusion is effect").
// Owns the report of one judgement. Callers: the rules_*.cpp units, check_statement. Pure.
// Source: docs/ledger.md; docs/protocol.md section 3.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/judges.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/reason.h"
#include "consensus/ledger/state.h"
#include "consensus/ledger/statement.h"
#include "consensus/types/height.h"
#include "consensus/types/validator_set.h"

namespace treeproof::ledger {

// The block that a statement is judged for.
struct BlockContext {
  std::string chain_id;
  Height height;
  TimeMs time;
  crypto::Hash previous_header_hash{};  // of height - 1; SHA-256(genesis file) at height 1
  std::uint64_t log_index = 0;          // where this statement would stand
  // Who certifies this block; null: those that the state names, as before a block's first
  // statement.
  std::shared_ptr<const ValidatorSet> validators;

  std::int32_t day() const noexcept { return time.day(); }
};

enum class RuleState : std::uint8_t { passed, failed, not_reached };
struct RuleResult {
  Reason reason{};
  RuleState state{};
  Numbers numbers;
};

// explain: keep numbers of rules that hold too (record_dryRun); verdict: only of the one that
// failed.
enum class Detail : std::uint8_t { verdict, explain };

class Judgement {
 public:
  Judgement(const VerifiedStatement& statement, State& scratch, const BlockContext& block,
            Detail detail)
      : statement_(statement), state_(scratch), block_(block), detail_(detail) {}

  // Asks one rule. `numbers` is called only when they are wanted. False: stop judging.
  template <std::invocable Explain>
  [[nodiscard]] bool require(bool holds, Reason reason, Explain numbers) {
    if (holds && detail_ == Detail::verdict) return true;
    return record(holds, reason, numbers());
  }
  [[nodiscard]] bool require(bool holds, Reason reason) {
    return require(holds, reason, [] { return Numbers{}; });
  }

  State& state() noexcept { return state_; }
  const BlockContext& block() const noexcept { return block_; }
  const SignedStatement& statement() const noexcept { return *statement_; }
  const VerifiedStatement& verified() const noexcept { return statement_; }
  const OrgId& issuer() const noexcept { return statement_->issuer; }
  // The issuer as the state holds it, and the parameters; decoded once, by judge_envelope.
  // Requires: judge_envelope held.
  const OrgObject& org() const noexcept { return *org_; }
  const Parameters& parameters() const noexcept { return *parameters_; }
  // "issuer/ref": the id of the object that this statement creates.
  std::string object_id() const { return statement_->object().text; }
  // What every object keeps of the statement that made it.
  RecordInfo record_info() const;
  // Writes the object that this statement creates. T is an object of namespace "object".
  template <class T>
  void create(const T& object) {
    static_assert(T::kNamespace == "object");
    state_.put(object_id(), object);
  }
  // What an allocate derived, beside the state.
  void add_links(AllocationLinks links) { links_.push_back(std::move(links)); }
  std::vector<AllocationLinks> take_links() noexcept { return std::move(links_); }

  const std::optional<Refusal>& refusal() const noexcept { return refusal_; }
  const std::vector<RuleResult>& results() const noexcept { return results_; }

 private:
  friend bool judge_envelope(Judgement& judgement);
  bool record(bool holds, Reason reason, Numbers numbers);

  const VerifiedStatement& statement_;
  State& state_;
  const BlockContext& block_;
  Detail detail_;
  std::optional<Refusal> refusal_;
  std::vector<RuleResult> results_;  // one per reason, in the order asked
  std::optional<OrgObject> org_;
  std::optional<Parameters> parameters_;
  std::vector<AllocationLinks> links_;
};

// Asked before every payload's own rules: chain, issuer known and not suspended, key known, live
// and of the trade's role, organisation role, iat window, ref unused (ref_reused names both ids),
// attachment held.
bool judge_envelope(Judgement& judgement);
// Asked last, so that a statement that only waits for consents is otherwise fully checked.
bool judge_consents(Judgement& judgement);
// All of it: envelope, payload, consents.
bool judge_statement(Judgement& judgement);

// The id of a ConsentObject: statement id in hex, "/", organisation.
std::string consent_id(const crypto::Hash& statement, const OrgId& org);
// The organisations whose consent a statement still needs, ascending; empty when complete.
std::vector<OrgId> missing_consents(const SignedStatement& statement, const StateReader& state);

}  // namespace treeproof::ledger
