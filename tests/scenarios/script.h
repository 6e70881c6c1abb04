// A scenario as text, read strictly: one sentence to a line, each becomes one step.
// Owns no machine; knows the words, not whether a story is possible. Callers: the runner, tests.
// Source: tests/scenarios/README.md, which is the reference of the language.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace treeproof::scenarios {

using Names = std::vector<std::string>;

enum class Verb : std::uint8_t {
  // who is there, and what is known of blocks
  validators,
  byzantine,
  invalid,
  untimely,
  withhold,
  body,
  // correct validators and the network
  propose,
  deliver,
  drop,
  hold,
  release,
  timeout,
  partition,
  heal,
  resend,
  crash,
  crash_at_vote,
  restart,
  restart_without_journal,
  pass_rounds,
  pass_until_decided,
  // a Byzantine validator signs what it likes
  lie_proposal,
  lie_prevote,
  lie_precommit,
  lie_forged_root,
  show_commit,
  show_polka,
  // expectations
  expect_locked,
  expect_not_locked,
  expect_valid,
  expect_no_valid,
  expect_decided,
  expect_undecided,
  expect_round,
  expect_proposed,
  expect_prevoted,
  expect_precommitted,
  expect_not_proposed,
  expect_not_prevoted,
  expect_not_precommitted,
  expect_waiting,
  expect_not_waiting,
  expect_accuses,
  expect_accuses_nobody,
  expect_refused,
  expect_alarm,
  expect_fetch,
  expect_guard_refusal
};

struct Step {
  std::size_t line = 0;
  Verb verb = Verb::heal;
  Names who;          // the subject
  Names from;         // empty: everyone
  Names to;           // empty: everyone
  Names signers;      // of a certificate
  std::string value;  // a block, or "nil"
  std::string word;   // a kind of message, a timer, a step, evidence, a refusal, an alarm
  std::optional<std::int32_t> round;
  std::optional<std::int32_t> valid_round;
  std::string as;            // whom a forger claims to be
  std::vector<Names> sides;  // of a partition
  std::size_t number = 0;    // of validators
};

struct Script {
  std::vector<Step> steps;  // the first is `validators`
};

struct ScriptError {
  std::size_t line = 0;
  std::string what;
};

// Refuses unknown words, missing and surplus ones, names that are no validators, and scenarios
// without any expectation. Comments begin with '#'.
std::expected<Script, ScriptError> parse_script(std::string_view text);

}  // namespace treeproof::scenarios
