#include "consensus/replica/snapshot_desk.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"

namespace treeproof::replica {

std::uint64_t snapshot_parts(std::uint64_t bytes) {
  return (bytes + kSnapshotPartBytes - 1) / kSnapshotPartBytes;
}

// More than 1/3 of the power says so: one of them is correct.
bool SnapshotDesk::is_far_behind() const {
  std::uint64_t power = 0;
  for (const auto& [org, height] : decided_) {
    const Validator* validator = validators_->find(org);
    if (validator != nullptr && height.value > ahead_) power += validator->power;
  }
  return validators_->is_honest(power);
}

SnapshotDesk::OfferKey SnapshotDesk::key_of(const SnapshotOffer& offer) {
  return {offer.root, offer.height, offer.bytes};
}

bool SnapshotDesk::is_trusted(const std::string& org) const {
  const auto failed = failures_.find(org);
  const bool is_deaf = failed != failures_.end() && failed->second >= kFailuresMax;
  return connected_.contains(org) && !liars_.contains(org) && !is_deaf;
}

SnapshotDesk::Steps SnapshotDesk::hear(const std::string& org, Height decided, TimeMs now) {
  const bool was_enough = is_far_behind();
  decided_[org] = decided;
  if (phase_ == Phase::asking && !was_enough && is_far_behind()) begun_ = now;
  const bool begins = phase_ == Phase::idle && ahead_ > 0 && decided.value > ahead_;
  if (!begins) return {};
  phase_ = Phase::asking;
  begun_ = moved_ = now;
  Steps steps;
  for (const std::string& peer : connected_) steps.requests.push_back({peer, {}});
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::connect(const std::string& org, TimeMs now) {
  connected_.insert(org);
  if (!is_active()) return {};
  Steps steps = fetch(now);
  if (!liars_.contains(org)) steps.requests.push_back({org, {}});
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::disconnect(const std::string& org, TimeMs now) {
  connected_.erase(org);
  offers_.erase(org);
  end_flights(org);
  return fetch(now);
}

void SnapshotDesk::end_flights(const std::string& org) {
  std::erase_if(flights_, [&](const auto& flight) { return flight.second.org == org; });
}

SnapshotDesk::Steps SnapshotDesk::take(const std::string& org, const SnapshotOffered& offered,
                                       TimeMs now) {
  if (!is_active() || !is_trusted(org)) return {};
  end_flights(org);  // it may say so in place of a part
  offers_.erase(org);
  if (offered.offer) offers_.emplace(org, *offered.offer);
  return fetch(now);
}

// What more than 1/3 of the power offers, since one of them is correct; of those, and else of all,
// the newest. One that leaves the node as far behind as it is, is none.
std::optional<SnapshotOffer> SnapshotDesk::best_offer() const {
  std::map<OfferKey, std::pair<std::uint64_t, SnapshotOffer>> weighed;
  for (const auto& [org, offer] : offers_) {
    const bool is_open =
        is_trusted(org) && !refused_.contains(key_of(offer)) && offer.height.value > ahead_;
    if (!is_open) continue;
    const auto entry = weighed.try_emplace(key_of(offer), 0, offer).first;
    const Validator* validator = validators_->find(org);
    if (validator != nullptr) entry->second.first += validator->power;
  }
  const auto weight = [&](const auto& entry) {
    const auto& [power, offer] = entry.second;
    return std::pair(validators_->is_honest(power), offer.height);
  };
  const auto best = std::ranges::max_element(weighed, {}, weight);
  return best == weighed.end() ? std::nullopt : std::optional(best->second.second);
}

SnapshotDesk::Steps SnapshotDesk::choose(TimeMs now) {
  const bool goes_on = is_far_behind() && choices_++ < kChoicesMax;
  chosen_ = goes_on ? best_offer() : std::nullopt;
  given_ = read_ = 0;
  flights_.clear();
  waiting_.clear();
  phase_ = chosen_ ? Phase::fetching : Phase::over;
  begun_ = moved_ = now;
  return fetch(now);
}

std::set<std::string> SnapshotDesk::holders() const {
  std::set<std::string> orgs;
  for (const auto& [org, offer] : offers_) {
    if (offer == chosen_ && is_trusted(org)) orgs.insert(org);
  }
  return orgs;
}

// They take turns.
std::optional<std::string> SnapshotDesk::free_holder() {
  std::set<std::string> able = holders();
  for (const auto& [index, flight] : flights_) able.erase(flight.org);
  if (able.empty()) return std::nullopt;
  const auto after = able.upper_bound(last_asked_);
  last_asked_ = after == able.end() ? *able.begin() : *after;
  return last_asked_;
}

// Asks for what has a place, and gives the host the next part once it has read the one before.
SnapshotDesk::Steps SnapshotDesk::fetch(TimeMs now) {
  if (phase_ != Phase::fetching) return {};
  if (holders().empty()) return choose(now);
  Steps steps;
  const std::uint64_t end = std::min(snapshot_parts(chosen_->bytes), read_ + kPartsAtOnce);
  for (std::uint64_t index = given_; index < end; ++index) {
    if (waiting_.contains(index) || flights_.contains(index)) continue;
    const auto org = free_holder();
    if (!org) break;
    flights_.emplace(index, Flight{*org, {now.value + kLateMs}});
    steps.requests.push_back({*org, {SnapshotPartId{chosen_->root, index}}});
  }
  if (given_ == read_ && waiting_.contains(given_)) {
    steps.next = std::move(waiting_.extract(given_++).mapped());
  }
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::take(const std::string& org, SnapshotPart&& part, TimeMs now) {
  const std::uint64_t index = part.id.index;
  // Of another snapshot, unasked or too late: it is passed over.
  const auto flight = flights_.find(index);
  const bool is_asked = phase_ == Phase::fetching && part.id.root == chosen_->root &&
                        flight != flights_.end() && flight->second.org == org;
  if (!is_asked) return {};
  const std::uint64_t parts = snapshot_parts(chosen_->bytes);
  const std::uint64_t rest = chosen_->bytes - index * kSnapshotPartBytes;
  const bool is_proven = part.bytes.size() == std::min<std::uint64_t>(kSnapshotPartBytes, rest) &&
                         crypto::verify_inclusion(crypto::leaf_hash(part.bytes), index, parts,
                                                  part.path, chosen_->root);
  if (!is_proven) return blame(org, now);
  failures_.erase(org);
  flights_.erase(flight);
  waiting_.emplace(index, std::move(part));
  return fetch(now);
}

SnapshotDesk::Steps SnapshotDesk::read(std::uint64_t index, TimeMs now) {
  assert(phase_ == Phase::fetching && index == read_ && read_ < given_);
  ++read_;
  note_progress(now);
  if (read_ < snapshot_parts(chosen_->bytes)) return fetch(now);
  phase_ = Phase::complete;
  Steps steps;
  steps.is_complete = true;
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::blame(const std::string& org, TimeMs now) {
  liars_.insert(org);
  end_flights(org);
  Steps steps = fetch(now);
  steps.liars.push_back(org);
  return steps;
}

SnapshotDesk::Steps SnapshotDesk::refuse(TimeMs now) {
  assert(is_active() && chosen_);
  refused_.insert(key_of(*chosen_));
  const auto who = holders();
  liars_.insert(who.begin(), who.end());
  Steps steps = choose(now);
  steps.liars.assign(who.begin(), who.end());
  return steps;
}

// Who connects late is waited for, since one claim is not enough, but not for ever. A part that is
// late is asked of another. What does not come forward for long, or takes longer
// than any honest peer would, makes place for another snapshot.
SnapshotDesk::Steps SnapshotDesk::tick(TimeMs now) {
  if (!is_active()) return {};
  if (phase_ == Phase::asking) {
    const bool is_heard = is_far_behind() && now.value >= begun_.value + kAskMs;
    return is_heard || now.value >= moved_.value + kIdleMs ? choose(now) : Steps{};
  }
  for (const auto& [index, flight] : flights_) {
    if (flight.deadline <= now) ++failures_[flight.org];
  }
  std::erase_if(flights_, [&](const auto& flight) { return flight.second.deadline <= now; });
  const std::uint64_t allowed_ms = kIdleMs + kMsPerPart * snapshot_parts(chosen_->bytes);
  const bool is_too_slow = phase_ == Phase::fetching && now.value >= begun_.value + allowed_ms;
  if (!is_too_slow && now.value < moved_.value + kIdleMs) return fetch(now);
  refused_.insert(key_of(*chosen_));
  return choose(now);
}

void SnapshotDesk::give_up() {
  phase_ = Phase::over;
  chosen_.reset();
  flights_.clear();
  waiting_.clear();
}

}  // namespace treeproof::replica
