#include "consensus/replica/catch_up.h"

#include <algorithm>

#include "consensus/types/limits.h"

namespace treeproof::replica {

bool CatchUp::is_asked(Height height) const {
  return std::ranges::any_of(running_, [&](const Running& r) { return r.open.contains(height); });
}

std::optional<Height> CatchUp::first_missing(Height own) const {
  for (std::uint64_t i = 1; i <= kWindowHeights; ++i) {
    const Height height{own.value + i};
    if (!held_.contains(height) && !is_asked(height)) return height;
  }
  return std::nullopt;
}

// The very next height is always asked for: nothing else frees what is held.
bool CatchUp::has_room(Height from, Height own) const {
  const std::size_t coming = (running_.size() + 1) * (kDecidedAnswerBytes + kFrameBytesMax);
  return from == own.next() || held_bytes_ + coming <= kCatchUpBytesMax;
}

// Of those who can, who has the fewest requests; they take turns.
std::optional<std::string> CatchUp::choose(Height from, const PeerBook& peers, TimeMs now) {
  std::vector<std::string> able;
  std::ptrdiff_t fewest = kRequestsPerPeerMax;
  for (const auto& [org, decided] : peers.decided()) {
    const auto conduct = conduct_.find(org);
    const bool excluded = conduct != conduct_.end() && now < conduct->second.excluded_until;
    if (decided < from || excluded || !peers.connected().contains(org)) continue;
    const std::ptrdiff_t requests = std::ranges::count(running_, org, &Running::org);
    if (requests >= static_cast<std::ptrdiff_t>(kRequestsPerPeerMax) || requests > fewest) continue;
    if (requests < fewest) able.clear();
    fewest = requests;
    able.push_back(org);
  }
  if (able.empty()) return std::nullopt;
  return able[choices_++ % able.size()];
}

std::vector<CatchUp::Request> CatchUp::next_requests(Height own, const PeerBook& peers,
                                                     TimeMs now) {
  std::vector<Request> requests;
  while (running_.size() < kRequestsMax) {
    const auto from = first_missing(own);
    if (!from || !has_room(*from, own)) break;
    const auto org = choose(*from, peers, now);
    if (!org) break;
    Running running{*org, {}, 0, deadline_of(*org, now)};
    const Height claimed = peers.decided().at(*org);
    const Height window_end{own.value + kWindowHeights};
    Height at = *from;
    for (; at <= std::min(claimed, window_end); at = at.next()) {
      if (running.open.size() == kDecidedWantedMax || held_.contains(at) || is_asked(at)) break;
      running.open.insert(at);
    }
    // The window moves by one with each height: wait until it shows enough to ask for.
    const bool is_cut = at > window_end && claimed > window_end;
    if (is_cut && running.open.size() < kDecidedWantedMax && *from != own.next()) break;
    requests.push_back({*org, {*from, running.open.size()}});
    running_.push_back(std::move(running));
  }
  return requests;
}

// An answer ends early by its bytes (docs/protocol.md section 10): what it leaves open is asked
// for anew.
bool CatchUp::take(const std::string& org, Decided&& decided, TimeMs now) {
  const Height height = decided.certificate.height;
  const auto asked = std::ranges::find_if(
      running_, [&](const Running& r) { return r.org == org && r.open.contains(height); });
  if (asked == running_.end()) return false;
  const std::size_t bytes = ledger::content_bytes(*decided.block);
  const bool in_order = height == *asked->open.begin();  // only those are worth more patience
  asked->open.erase(height);
  asked->bytes += bytes;
  const bool is_over = asked->open.empty() || asked->bytes >= kDecidedAnswerBytes;
  if (is_over) running_.erase(asked);
  for (Running& running : running_) {
    if (running.org == org && in_order) running.deadline = deadline_of(org, now);
  }
  held_bytes_ += bytes;
  held_.emplace(height, Held{std::move(decided), org});
  return true;
}

CatchUp::Held* CatchUp::find(Height height) {
  const auto found = held_.find(height);
  return found == held_.end() ? nullptr : &found->second;
}

void CatchUp::move_to(Height own) {
  while (!held_.empty() && held_.begin()->first <= own) {
    const Held& held = held_.begin()->second;
    held_bytes_ -= ledger::content_bytes(*held.decided.block);
    const auto conduct = conduct_.find(held.from);
    if (conduct != conduct_.end() && conduct->second.failures-- <= 1) conduct_.erase(conduct);
    held_.erase(held_.begin());
  }
  for (Running& running : running_) {
    running.open.erase(running.open.begin(), running.open.upper_bound(own));
  }
  std::erase_if(running_, [](const Running& running) { return running.open.empty(); });
}

void CatchUp::fail(const std::string& org, TimeMs now) {
  std::erase_if(running_, [&](const Running& running) { return running.org == org; });
  std::erase_if(held_, [&](const auto& entry) {
    const bool is_its = entry.second.from == org;
    if (is_its) held_bytes_ -= ledger::content_bytes(*entry.second.decided.block);
    return is_its;
  });
  blame(org, now);
}

void CatchUp::leave(const std::string& org) {
  std::erase_if(running_, [&](const Running& running) { return running.org == org; });
}

void CatchUp::expire(TimeMs now) {
  std::set<std::string> late;
  for (const Running& running : running_) {
    if (running.deadline <= now) late.insert(running.org);
  }
  for (const std::string& org : late) {
    leave(org);
    blame(org, now);
  }
}

bool CatchUp::is_starved(Height own, const PeerBook& peers) const {
  bool is_behind = false;
  for (const auto& [org, decided] : peers.decided()) {
    if (decided <= own || !peers.connected().contains(org)) continue;
    const auto conduct = conduct_.find(org);
    if (conduct == conduct_.end() || conduct->second.failures < kFailuresToStarve) return false;
    is_behind = true;
  }
  return is_behind;
}

TimeMs CatchUp::deadline_of(const std::string& org, TimeMs now) const {
  const auto conduct = conduct_.find(org);
  const std::uint32_t failures = conduct == conduct_.end() ? 0 : conduct->second.failures;
  return {now.value + (kPatienceMs << failures)};
}

void CatchUp::blame(const std::string& org, TimeMs now) {
  Conduct& conduct = conduct_[org];
  conduct.excluded_until.value = now.value + (kPatienceMs << conduct.failures);
  conduct.failures = std::min(conduct.failures + 1, kFailuresMax);
}

}  // namespace treeproof::replica
