#include "node/answer_queue.h"

#include <algorithm>
#include <utility>

#include "consensus/types/limits.h"

namespace treeproof::node {

namespace {

constexpr std::int64_t kBudgetMax = 2 * static_cast<std::int64_t>(kAnswerBytesPerSecond);

bool same(const AnswerQueue::Wanted& left, const AnswerQueue::Wanted& right) {
  const auto* snapshot = std::get_if<replica::SnapshotWanted>(&left);
  const auto* another = std::get_if<replica::SnapshotWanted>(&right);
  if (snapshot && another) return snapshot->part == another->part;
  const auto* one = std::get_if<replica::AttachmentWanted>(&left);
  const auto* other = std::get_if<replica::AttachmentWanted>(&right);
  return one && other && one->root == other->root && one->offset == other->offset;
}

}  // namespace

// The same part again is the question of a peer that lost its patience, not another one.
void AnswerQueue::ask(const std::string& org, const Wanted& wanted) {
  const auto* blocks = std::get_if<replica::DecidedWanted>(&wanted);
  if (blocks != nullptr && blocks->count == 0) return;
  Peer& peer = waiting_[org];
  const bool is_known =
      std::ranges::any_of(peer.wanted, [&](const Wanted& held) { return same(held, wanted); });
  if (!is_known && peer.wanted.size() < kAnswersWaitingMax) peer.wanted.push_back(wanted);
}

void AnswerQueue::forget(const std::string& org) {
  waiting_.erase(org);
  if (under_way_ == org) under_way_ = std::string();
}

bool AnswerQueue::may_spend(const std::string& org, std::uint64_t now_ms) {
  const auto [entry, is_new] = budgets_.try_emplace(org, Budget{kBudgetMax, now_ms});
  Budget& budget = entry->second;
  const std::uint64_t passed_ms = now_ms - std::min(now_ms, budget.filled_ms);
  const auto gained = static_cast<std::int64_t>(std::min<std::uint64_t>(passed_ms, 10'000) *
                                                kAnswerBytesPerSecond / 1'000);
  budget = {std::min(budget.bytes + gained, kBudgetMax), now_ms};
  return budget.bytes > 0;
}

// The first after the one whose turn was last.
std::optional<AnswerQueue::Piece> AnswerQueue::next(std::uint64_t now_ms, const HasRoom& has_room) {
  if (under_way_) return std::nullopt;
  auto at = waiting_.upper_bound(last_);
  for (std::size_t i = 0; i < waiting_.size(); ++i, ++at) {
    if (at == waiting_.end()) at = waiting_.begin();
    const auto& [org, peer] = *at;
    if (!may_spend(org, now_ms) || !has_room(org)) continue;
    under_way_ = last_ = org;
    const Wanted& first = peer.wanted.front();
    if (const auto* part = std::get_if<replica::AttachmentWanted>(&first)) return Piece{org, *part};
    if (const auto* part = std::get_if<replica::SnapshotWanted>(&first)) return Piece{org, *part};
    return Piece{org, std::get<replica::DecidedWanted>(first).from};
  }
  return std::nullopt;
}

void AnswerQueue::finish(const std::optional<Made>& made) {
  const std::string org = *std::exchange(under_way_, std::nullopt);
  const auto found = waiting_.find(org);
  if (found == waiting_.end()) return;  // the peer left
  budgets_[org].bytes -= static_cast<std::int64_t>(std::max(kCostMin, made ? made->read_bytes : 0));
  Peer& peer = found->second;
  auto* blocks = std::get_if<replica::DecidedWanted>(&peer.wanted.front());
  bool is_over = blocks == nullptr || !made;
  if (!is_over) {
    blocks->from = blocks->from.next();
    peer.sent += made->content_bytes;
    is_over = --blocks->count == 0 || peer.sent >= kDecidedAnswerBytes;
  }
  if (!is_over) return;
  peer.sent = 0;
  peer.wanted.pop_front();
  if (peer.wanted.empty()) waiting_.erase(found);
}

}  // namespace treeproof::node
