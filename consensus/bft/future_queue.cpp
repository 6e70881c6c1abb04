#include "consensus/bft/future_queue.h"

#include <algorithm>
#include <utility>

namespace treeproof::bft {

namespace {

const std::string& org_of(const HeightMessage& message) {
  return std::visit([](const auto& held) -> const std::string& { return held.org; }, message);
}

}  // namespace

void FutureQueue::add(HeightMessage message) {
  const Height height = std::visit([](const auto& held) { return held.height; }, message);
  std::vector<HeightMessage>& held = heights_[height];
  const auto same_org = [&](const HeightMessage& other) {
    return org_of(other) == org_of(message);
  };
  const bool duplicate = std::ranges::find(held, message) != held.end();
  const auto of_org = static_cast<std::size_t>(std::ranges::count_if(held, same_org));
  const bool full = of_org >= kFutureMessagesPerOrgMax;
  if (!duplicate && !full) held.push_back(std::move(message));
  if (heights_.size() > kFutureHeightsMax) heights_.erase(std::prev(heights_.end()));
}

std::vector<HeightMessage> FutureQueue::take(Height height) {
  heights_.erase(heights_.begin(), heights_.lower_bound(height));
  auto taken = heights_.extract(height);
  return taken.empty() ? std::vector<HeightMessage>{} : std::move(taken.mapped());
}

std::size_t FutureQueue::size() const noexcept {
  std::size_t size = 0;
  for (const auto& [height, messages] : heights_) size += messages.size();
  return size;
}

}  // namespace treeproof::bft
