#include "consensus/replica/jobs.h"

namespace treeproof::replica {

namespace {

JobResult run_one(const VerifyStatement& job, std::string_view /*chain_id*/) {
  auto verified = ledger::VerifiedStatement::verify(job.statement, job.key);
  if (!verified) return {job, false, std::nullopt, {}};
  return {job, true, *std::move(verified), {}};
}

// [rule 25] A proposal out of turn, truly signed, is evidence against its signer.
std::vector<bft::VerifiedEvidence> evidence_in(const VerifyAgreement& job,
                                               std::string_view chain_id) {
  const auto* proposal = std::get_if<bft::Proposal>(&job.message);
  if (proposal == nullptr) return {};
  auto verified =
      bft::VerifiedEvidence::verify(bft::WrongProposer{*proposal}, chain_id, *job.validators);
  if (!verified) return {};
  return {*std::move(verified)};
}

JobResult run_one(const VerifyAgreement& job, std::string_view chain_id) {
  const bool valid = std::visit(
      [&](const auto& message) {
        return bft::verify(message, chain_id, *job.validators).has_value();
      },
      job.message);
  if (valid) return {job, true, std::nullopt, {}};
  return {job, false, std::nullopt, evidence_in(job, chain_id)};
}

JobResult run_one(const VerifyPreviousCommit& job, std::string_view chain_id) {
  return {job, bft::verify(job.commit, chain_id, *job.validators).has_value(), std::nullopt, {}};
}

JobResult run_one(const VerifyEvidence& job, std::string_view chain_id) {
  auto verified = verify_all(job.claims, chain_id);
  if (!verified) return {job, false, std::nullopt, {}};
  return {job, true, std::nullopt, *std::move(verified)};
}

JobResult run_one(const VerifyOwn& job, std::string_view chain_id) {
  const auto holds = [&](const auto& message) {
    return job.key.verify(bft::sign_digest(message, chain_id), message.signature);
  };
  return {job, std::visit(holds, *job.answer.message), std::nullopt};
}

}  // namespace

std::optional<std::vector<bft::VerifiedEvidence>> verify_all(std::span<const EvidenceClaim> claims,
                                                             std::string_view chain_id) {
  std::vector<bft::VerifiedEvidence> all;
  for (const EvidenceClaim& claim : claims) {
    auto verified = bft::VerifiedEvidence::verify(claim.evidence, chain_id, *claim.validators);
    if (!verified) return std::nullopt;
    all.push_back(*std::move(verified));
  }
  return all;
}

JobResult run(const Job& job, std::string_view chain_id) {
  return std::visit([&](const auto& chosen) { return run_one(chosen, chain_id); }, job);
}

}  // namespace treeproof::replica
