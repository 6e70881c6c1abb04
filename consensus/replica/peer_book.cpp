#include "consensus/replica/peer_book.h"

#include <algorithm>

namespace treeproof::replica {

void PeerBook::disconnect(const std::string& org) {
  connected_.erase(org);
  early_.erase(org);
}

void PeerBook::note_decided(const std::string& org, Height height) {
  Height& known = decided_[org];
  known = std::max(known, height);
}

Height PeerBook::highest() const {
  Height highest;
  for (const auto& [org, height] : decided_) highest = std::max(highest, height);
  return highest;
}

std::optional<std::string> PeerBook::ahead_of(Height height) {
  std::vector<std::string> able;
  for (const auto& [org, decided] : decided_) {
    if (decided > height && connected_.contains(org)) able.push_back(org);
  }
  if (able.empty()) return std::nullopt;
  return able[attempts_++ % able.size()];
}

void PeerBook::keep_early(const std::string& org, Height height, VerifyAgreement::Message message) {
  auto& messages = early_[org];
  messages.emplace(height, std::move(message));
  if (messages.size() > kEarlyPerPeerMax) messages.erase(std::prev(messages.end()));
}

std::vector<std::pair<std::string, VerifyAgreement::Message>> PeerBook::take_early(Height height) {
  std::vector<std::pair<std::string, VerifyAgreement::Message>> taken;
  for (auto& [org, messages] : early_) {
    messages.erase(messages.begin(), messages.lower_bound(height));
    const auto end = messages.upper_bound(height);
    for (auto at = messages.begin(); at != end; ++at) {
      taken.emplace_back(org, std::move(at->second));
    }
    messages.erase(messages.begin(), end);
  }
  return taken;
}

void PeerBook::note_vote(const std::string& org, const VotePosition& position) {
  VotePosition& known = votes_[org];
  known = std::max(known, position);
}

VotePosition PeerBook::vote_of(const std::string& org) const {
  const auto found = votes_.find(org);
  return found == votes_.end() ? VotePosition{} : found->second;
}

void PeerBook::note_own(const std::string& org, const VotePosition& position) {
  own_.insert_or_assign(org, position);
}

}  // namespace treeproof::replica
