// Evidence against validators on its way into a block: verified, kept, shown to all.
#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

// [rule 25] This node came upon it; it enters by the door of all evidence. A journal read again
// gives it again: what a crash kept from being verified and stored is not lost.
void ReplicaCore::obey_one(const bft::ReportEvidence& output) { claim(output.evidence, {}); }

void ReplicaCore::take(const std::string& org, EvidenceShown&& message) {
  claim(message.evidence, org);
}

void ReplicaCore::on(EvidenceKept&& event) {
  std::vector<crypto::Hash> settled;
  for (const bft::Evidence& evidence : event.evidence) {
    const Offence offence = bft::offence_of(evidence);
    const bool waits =
        ledger::check_offence(chain_.stored(), chain_.tip().height.next(), offence).has_value();
    waits ? claim(evidence, {}) : settled.push_back(offence_id(offence));
  }
  if (!settled.empty()) emit(ForgetEvidence{std::move(settled)});
}

// Has a piece verified that the pool lacks. What is of a height to come, expired or recorded is
// passed over: whoever shows it may be behind or ahead.
void ReplicaCore::claim(const bft::Evidence& evidence, const std::string& peer) {
  const Offence offence = bft::offence_of(evidence);
  if (!evidence_.wants(offence, chain_.stored(), chain_.tip().height.next())) return;
  auto validators = chain_.validators_at(offence.height);
  if (!validators) return;
  jobs_.push_back(VerifyEvidence{{{evidence, std::move(validators)}}, std::nullopt, peer});
}

void ReplicaCore::take_evidence(const VerifyEvidence& job, const JobResult& result) {
  if (job.header_hash) {
    ShelvedBody* body = shelf_.find(*job.header_hash);
    if (body == nullptr) return;
    if (!result.valid) return refuse_body(*job.header_hash);
    body->evidence = result.evidence;
    return advance(*job.header_hash);
  }
  if (!result.valid && !job.peer.empty()) {
    emit(DropPeer{job.peer, "evidence does not verify"});
  }
  for (const bft::VerifiedEvidence& evidence : result.evidence) admit_evidence(evidence);
}

// Everyone who learns of it tells everyone, once: a liar cannot show it to some only.
void ReplicaCore::admit_evidence(const bft::VerifiedEvidence& evidence) {
  const Offence offence = bft::offence_of(evidence.evidence());
  if (!evidence_.wants(offence, chain_.stored(), chain_.tip().height.next())) return;
  evidence_.add(evidence, chain_.stored());
  emit(RecordEvidence{evidence});
  send({}, EvidenceShown{evidence.evidence()});
  wake();
}

// False: the body can never be valid here.
bool ReplicaCore::check_evidence(ShelvedBody& body) {
  auto claims = chain_.claims_of(*body.block);
  if (!claims) return false;
  std::vector<bft::VerifiedEvidence> known;
  for (const EvidenceClaim& claim : *claims) {
    const auto* held = evidence_.find(bft::offence_of(claim.evidence));
    const bool is_held =
        held != nullptr && held->bytes() == bft::encode(claim.evidence, chain_.chain_id());
    if (is_held) known.push_back(*held);
  }
  if (known.size() == claims->size()) {
    body.evidence = std::move(known);
  } else {
    jobs_.push_back(VerifyEvidence{*std::move(claims), body.header_hash, {}});
  }
  return true;
}

}  // namespace treeproof::replica
