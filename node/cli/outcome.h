// How a command ends: the documented exit codes, and failures as two sentences.
// Owns nothing. Used by every command, and by main. Pure.
// Source: docs/running.md "Exit codes".
#pragma once

#include <expected>
#include <string>

namespace treeproof::cli {

enum class ExitCode : int {
  ok = 0,
  negative = 1,  // done, and the answer is no: refused, not valid, not found, findings
  failed = 2,    // could not be done: usage, file, network
};

// What is wrong, and what to do about it: one sentence each.
struct Failure {
  std::string what;
  std::string remedy;
  ExitCode code = ExitCode::failed;
  // The stable name, where a rule of the ledger refused; kReasonNotFound where a node knows no
  // such thing.
  std::string reason = {};
};

inline constexpr const char* kReasonNotFound = "not_found";

template <class T>
using Result = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(std::string what, std::string remedy) {
  return std::unexpected(Failure{std::move(what), std::move(remedy), ExitCode::failed});
}
// For answers that are no.
inline std::unexpected<Failure> deny(std::string what, std::string remedy) {
  return std::unexpected(Failure{std::move(what), std::move(remedy), ExitCode::negative});
}

}  // namespace treeproof::cli
