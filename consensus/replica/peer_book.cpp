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

bool PeerBook::answers_behind(const std::string& org, Height height, TimeMs now,
                              std::uint64_t pause_ms) {
  const auto decided = decided_.find(org);
  if (decided != decided_.end() && decided->second >= height) return false;
  const auto [last, first_time] = answered_.try_emplace(org, now);
  if (!first_time && now.value < last->second.value + pause_ms) return false;
  last->second = now;
  return true;
}

void PeerBook::note_signed(const VerifyAgreement::Message& verified) {
  const auto note = [this](const auto& message) {
    using T = std::decay_t<decltype(message)>;
    if constexpr (std::same_as<T, bft::Proposal> || std::same_as<T, bft::Vote>) {
      keep_highest(message);
    } else if constexpr (std::same_as<T, bft::RoundCertificate>) {
      for (const bft::Vote& vote : message.votes) keep_highest(vote);
    } else {
      for (const bft::Vote& vote : bft::votes_of(message)) keep_highest(vote);
    }
  };
  std::visit(note, verified);
}

void PeerBook::keep_highest(const SignedMessage& message) {
  const std::string& org =
      std::visit([](const auto& chosen) -> const std::string& { return chosen.org; }, message);
  const auto [known, is_first] = signed_.try_emplace(org, message);
  if (!is_first && position_of(message) > position_of(known->second)) known->second = message;
}

std::optional<SignedMessage> PeerBook::signed_by(const std::string& org) const {
  const auto found = signed_.find(org);
  if (found == signed_.end()) return std::nullopt;
  return found->second;
}

}  // namespace treeproof::replica
