#include "consensus/replica/jobs.h"

namespace treeproof::replica {

namespace {

JobResult run_one(const VerifyStatement& job, std::string_view /*chain_id*/) {
  auto verified = ledger::VerifiedStatement::verify(job.statement, job.key);
  if (!verified) return {job, false, std::nullopt};
  return {job, true, *std::move(verified)};
}

JobResult run_one(const VerifyAgreement& job, std::string_view chain_id) {
  const bool valid = std::visit(
      [&](const auto& message) {
        return bft::verify(message, chain_id, *job.validators).has_value();
      },
      job.message);
  return {job, valid, std::nullopt};
}

JobResult run_one(const VerifyPreviousCommit& job, std::string_view chain_id) {
  return {job, bft::verify(job.commit, chain_id, *job.validators).has_value(), std::nullopt};
}

JobResult run_one(const VerifyOwn& job, std::string_view chain_id) {
  const auto holds = [&](const auto& message) {
    return job.key.verify(bft::sign_digest(message, chain_id), message.signature);
  };
  return {job, std::visit(holds, *job.answer.message), std::nullopt};
}

}  // namespace

JobResult run(const Job& job, std::string_view chain_id) {
  return std::visit([&](const auto& chosen) { return run_one(chosen, chain_id); }, job);
}

}  // namespace treeproof::replica
