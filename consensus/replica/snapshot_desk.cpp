#include "consensus/replica/snapshot_desk.h"

#include <algorithm>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"

namespace treeproof::replica {

SnapshotDesk::Steps SnapshotDesk::begin(const std::set<std::string>& connected) {
  if (phase_ != Phase::idle) return {};
  phase_ = Phase::asking;
  connected_ = connected;
  Steps steps;
  for (const std::string& org : connected_) steps.requests.push_back({org, {}});
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::connected(const std::string& org) {
  if (!is_active()) return {};
  connected_.insert(org);
  Steps steps = fetch();
  if (!offers_.contains(org)) steps.requests.push_back({org, {}});
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::disconnected(const std::string& org) {
  if (!is_active()) return {};
  connected_.erase(org);
  std::erase_if(flights_, [&](const auto& flight) { return flight.second.org == org; });
  return fetch();
}

SnapshotDesk::Steps SnapshotDesk::take(const std::string& org, const SnapshotOffered& offered) {
  const bool is_asked = is_active() && connected_.contains(org) && !liars_.contains(org);
  if (!is_asked) return {};
  offers_.insert_or_assign(org, offered);
  return fetch();
}

// What most peers offer, the newest of those: a single liar never outweighs two who agree.
SnapshotDesk::Steps SnapshotDesk::choose() {
  std::map<crypto::Hash, std::pair<std::size_t, SnapshotOffer>> counted;
  for (const auto& [org, offered] : offers_) {
    const bool is_open = offered.offer && !liars_.contains(org) && connected_.contains(org) &&
                         !refused_.contains(offered.offer->root);
    if (!is_open) continue;
    auto& [count, offer] = counted.try_emplace(offered.offer->root, 0, *offered.offer).first->second;
    ++count;
  }
  const auto weight = [](const auto& entry) {
    return std::pair(entry.second.first, entry.second.second.height);
  };
  const auto best = std::ranges::max_element(counted, {}, weight);
  chosen_.reset();
  given_ = read_ = 0;
  flights_.clear();
  waiting_.clear();
  silent_.clear();
  if (best == counted.end()) {
    phase_ = Phase::over;
    return {};
  }
  chosen_ = best->second.second;
  phase_ = Phase::fetching;
  return fetch();
}

std::set<std::string> SnapshotDesk::holders() const {
  std::set<std::string> orgs;
  for (const auto& [org, offered] : offers_) {
    const bool holds = chosen_ && offered.offer == chosen_ && !liars_.contains(org);
    if (holds && connected_.contains(org)) orgs.insert(org);
  }
  return orgs;
}

// In turn, whoever was silent last of all.
std::optional<std::string> SnapshotDesk::next_holder() {
  const auto all = holders();
  std::vector<std::string> able;
  std::ranges::set_difference(all, silent_, std::back_inserter(able));
  if (able.empty()) able.assign(all.begin(), all.end());
  if (able.empty()) return std::nullopt;
  return able[turns_++ % able.size()];
}

std::uint64_t SnapshotDesk::size_of(std::uint64_t index) const {
  return std::min<std::uint64_t>(kSnapshotPartBytes, chosen_->bytes - index * kSnapshotPartBytes);
}

// Asks for what has a place, and gives the host the next part once it has read the one before.
SnapshotDesk::Steps SnapshotDesk::fetch() {
  if (phase_ != Phase::fetching) return {};
  Steps steps;
  const std::uint64_t parts = snapshot_parts(chosen_->bytes);
  for (std::uint64_t index = read_; index < std::min(parts, read_ + kPartsAtOnce); ++index) {
    const bool is_there = index < given_ || waiting_.contains(index) || flights_.contains(index);
    if (is_there) continue;
    const auto org = next_holder();
    if (!org) return choose();
    flights_.emplace(index, Flight{*org});
    steps.requests.push_back({*org, {SnapshotPartId{chosen_->root, index}}});
  }
  if (given_ == read_ && waiting_.contains(given_)) {
    steps.next = std::move(waiting_.extract(given_++).mapped());
  }
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::take(const std::string& org, SnapshotPart&& part) {
  const std::uint64_t index = part.id.index;
  const bool is_of_chosen = phase_ == Phase::fetching && part.id.root == chosen_->root;
  // Of another snapshot, or too late: nobody lied by that.
  const bool has_place = is_of_chosen && index >= given_ && !waiting_.contains(index) &&
                         index < std::min(snapshot_parts(chosen_->bytes), read_ + kPartsAtOnce);
  if (!has_place) return {};
  const bool is_proven =
      part.bytes.size() == size_of(index) &&
      crypto::verify_inclusion(crypto::leaf_hash(part.bytes), index, snapshot_parts(chosen_->bytes),
                               part.path, chosen_->root);
  if (!is_proven) return lied(org);
  silent_.erase(org);
  flights_.erase(index);
  waiting_.emplace(index, std::move(part));
  return fetch();
}

SnapshotDesk::Steps SnapshotDesk::lied(const std::string& org) {
  liars_.insert(org);
  std::erase_if(flights_, [&](const auto& flight) { return flight.second.org == org; });
  Steps steps = fetch();
  steps.liar = org;
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::taken(const crypto::Hash& root, std::uint64_t index) {
  const bool is_awaited = phase_ == Phase::fetching && root == chosen_->root && index == read_;
  if (!is_awaited) return {};
  ++read_;
  note_progress();
  if (read_ < snapshot_parts(chosen_->bytes)) return fetch();
  phase_ = Phase::complete;
  Steps steps;
  steps.is_complete = true;
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::refused(const crypto::Hash& root) {
  if (this->root() != root) return {};
  refused_.insert(chosen_->root);
  for (const std::string& org : holders()) liars_.insert(org);
  note_progress();
  if (refused_.size() < kRootsRefusedMax) return choose();
  phase_ = Phase::over;
  return {};
}

// A part that is late is asked of another; too long without any progress ends it.
SnapshotDesk::Steps SnapshotDesk::tick() {
  if (!is_active()) return {};
  ++ticks_;
  if (phase_ == Phase::asking) return ticks_ >= kAskTicks ? choose() : Steps{};
  if (++idle_ticks_ > kGiveUpTicks) {
    phase_ = Phase::over;
    return {};
  }
  for (auto at = flights_.begin(); at != flights_.end();) {
    const bool is_late = ++at->second.ticks > kLateTicks;
    if (is_late) silent_.insert(at->second.org);
    is_late ? at = flights_.erase(at) : ++at;
  }
  return fetch();
}

}  // namespace treeproof::replica
