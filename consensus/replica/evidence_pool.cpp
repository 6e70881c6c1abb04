#include "consensus/replica/evidence_pool.h"

#include <algorithm>
#include <cassert>

#include "consensus/types/limits.h"

namespace treeproof::replica {

bool EvidencePool::wants(const Offence& offence, const ledger::StateReader& state,
                         Height next) const {
  if (entries_.size() >= kTotalMax || entries_.contains(offence_id(offence))) return false;
  const auto held = std::ranges::count_if(
      entries_, [&](const auto& entry) { return entry.second.offence.org == offence.org; });
  return static_cast<std::size_t>(held) < kPerAccusedMax &&
         ledger::check_offence(state, next, offence).has_value();
}

void EvidencePool::add(const bft::VerifiedEvidence& evidence, const ledger::StateReader& state) {
  const Offence offence = bft::offence_of(evidence.evidence());
  const bool anew = !ledger::is_convicted(state, {offence.org});
  const bool is_new =
      entries_.try_emplace(offence_id(offence), Entry{evidence, offence, anew}).second;
  assert(is_new);
}

const bft::VerifiedEvidence* EvidencePool::find(const Offence& offence) const {
  const auto found = entries_.find(offence_id(offence));
  return found == entries_.end() ? nullptr : &found->second.evidence;
}

std::vector<bft::VerifiedEvidence> EvidencePool::select() const {
  std::map<crypto::Hash, bft::VerifiedEvidence> chosen;
  std::size_t bytes = 0;
  for (const bool anew : {true, false}) {
    for (const auto& [id, entry] : entries_) {
      const std::size_t after = bytes + entry.evidence.bytes().size();
      const bool fits = chosen.size() < kBlockEvidenceMax && after <= kBlockEvidenceBytesMax;
      if (entry.convicts_anew != anew || !fits) continue;
      chosen.emplace(id, entry.evidence);
      bytes = after;
    }
  }
  std::vector<bft::VerifiedEvidence> selected;
  for (auto& [id, evidence] : chosen) selected.push_back(std::move(evidence));
  return selected;
}

bool EvidencePool::is_due() const {
  return std::ranges::any_of(entries_,
                             [](const auto& entry) { return entry.second.convicts_anew; });
}

std::vector<crypto::Hash> EvidencePool::settle(const ledger::StateReader& state, Height next) {
  std::vector<crypto::Hash> dropped;
  for (auto& [id, entry] : entries_) {
    if (!ledger::check_offence(state, next, entry.offence)) dropped.push_back(id);
    entry.convicts_anew = !ledger::is_convicted(state, {entry.offence.org});
  }
  for (const crypto::Hash& id : dropped) entries_.erase(id);
  return dropped;
}

std::vector<bft::VerifiedEvidence> EvidencePool::all() const {
  std::vector<bft::VerifiedEvidence> all;
  for (const auto& [id, entry] : entries_) all.push_back(entry.evidence);
  return all;
}

}  // namespace treeproof::replica
