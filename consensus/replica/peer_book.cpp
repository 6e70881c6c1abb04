#include "consensus/replica/peer_book.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace treeproof::replica {

void PeerBook::disconnect(const std::string& org) {
  connected_.erase(org);
  early_.erase(org);
}

Height PeerBook::highest(const ValidatorSet& validators) const {
  std::vector<std::pair<Height, std::uint64_t>> claims;
  for (const auto& [org, height] : decided_) {
    if (const Validator* validator = validators.find(org)) {
      claims.emplace_back(height, validator->power);
    }
  }
  std::ranges::sort(claims, std::greater{});
  std::uint64_t power = 0;
  for (const auto& [height, more] : claims) {
    power += more;
    if (validators.is_honest(power)) return height;
  }
  return {};
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

void PeerBook::keep_early(EarlyBody body) {
  const bool has_room = early_bodies_.contains(body.from) || early_bodies_.size() < kEarlyBodiesMax;
  if (has_room) early_bodies_.insert_or_assign(body.from, body);
}

std::vector<EarlyBody> PeerBook::take_early_bodies() {
  std::vector<EarlyBody> bodies;
  for (auto& [org, body] : std::exchange(early_bodies_, {})) bodies.push_back(std::move(body));
  return bodies;
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

VerifyAgreement PeerBook::begin_check(VerifyAgreement job) {
  job.check = ++checks_begun_;
  checks_.insert(job.check);
  return job;
}

std::vector<std::string> PeerBook::take_askers() {
  std::vector<std::string> due;
  const auto is_due = [&](const auto& asker) {
    if (!checks_.empty() && *checks_.begin() <= asker.second) return false;
    due.push_back(asker.first);
    return true;
  };
  std::erase_if(askers_, is_due);
  return due;
}

std::optional<SignedMessage> PeerBook::signed_by(const std::string& org) const {
  const auto found = signed_.find(org);
  if (found == signed_.end()) return std::nullopt;
  return found->second;
}

}  // namespace treeproof::replica
