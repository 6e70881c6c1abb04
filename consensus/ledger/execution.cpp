#include "consensus/ledger/execution.h"

#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/trades.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

// The header hash of height - 1 is known from the block of this height on: samples of batches
// planted at height - 2 are drawn from it.
void fill_beacon(State& state, const BlockContext& block) {
  if (block.height.value == 0) return;
  const std::string id = std::to_string(block.height.value - 1);
  const auto beacon = state.get<BeaconObject>(id);
  if (beacon && !beacon->header_hash) state.put(id, BeaconObject{block.previous_header_hash});
}

}  // namespace

std::expected<CheckedStatement, Refusal> check_statement(const VerifiedStatement& statement,
                                                         const StateReader& state,
                                                         const BlockContext& block) {
  State scratch(state);
  Judgement judgement(statement, scratch, block, Detail::verdict);
  if (!judge_statement(judgement)) return std::unexpected(*judgement.refusal());
  return CheckedStatement(statement, {scratch.take_changes(), judgement.take_links()});
}

std::vector<RuleResult> explain_statement(const VerifiedStatement& statement,
                                          const StateReader& state, const BlockContext& block) {
  State scratch(state);
  Judgement judgement(statement, scratch, block, Detail::explain);
  judge_statement(judgement);
  std::vector<RuleResult> results = judgement.results();
  for (const Reason reason : rules_of(statement->payload)) {
    const bool asked = std::ranges::find(results, reason, &RuleResult::reason) != results.end();
    if (!asked) results.push_back({reason, RuleState::not_reached, {}});
  }
  return results;
}

BlockExecution::BlockExecution(const StateReader& before, BlockContext block)
    : block_(std::move(block)), state_(before) {
  if (!block_.validators) {
    block_.validators = std::make_shared<const ValidatorSet>(validators_of(before));
  }
  fill_beacon(state_, block_);
  note_day(state_, block_.height, block_.time);
}

std::expected<void, Refusal> BlockExecution::add(const VerifiedStatement& statement) {
  State scratch = State::over(state_);
  Judgement judgement(statement, scratch, block_, Detail::verdict);
  if (!judge_statement(judgement)) return std::unexpected(*judgement.refusal());
  state_.merge(scratch.take_changes());
  std::ranges::move(judgement.take_links(), std::back_inserter(links_));
  ++block_.log_index;
  return {};
}

std::expected<void, Refusal> BlockExecution::convict(std::span<const Conviction> convictions) {
  if (convictions.empty()) return {};
  State scratch = State::over(state_);
  if (auto held = ledger::convict(scratch, block_.height, convictions); !held) return held;
  state_.merge(scratch.take_changes());
  return {};
}

BlockEffects BlockExecution::finish() { return {state_.take_changes(), std::move(links_)}; }

std::vector<crypto::StateMapChange> map_changes(const StateChanges& changes) {
  std::vector<crypto::StateMapChange> mapped;
  mapped.reserve(changes.objects.size());
  for (const auto& [key, value] : changes.objects) {
    crypto::StateMapChange& change = mapped.emplace_back();
    change.key = crypto::state_key(key.name_space, key.id);
    if (value) change.value_hash = crypto::sha256(*value);
  }
  return mapped;
}

}  // namespace treeproof::ledger
