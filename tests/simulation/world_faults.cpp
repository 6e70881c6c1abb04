// What goes wrong, and how it is put right again.
#include <algorithm>
#include <utility>

#include "crypto/hash.h"
#include "tests/simulation/submission.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

constexpr std::uint64_t kSecondUs = 1'000'000;
constexpr std::uint64_t kRestartDelayUs = 300'000;
constexpr std::int64_t kHealedSkewMs = 100;

}  // namespace

void World::start_faults() {
  std::vector<std::string> correct;
  for (auto& [org, node] : nodes_) {
    if (!node.actor) correct.push_back(org);
    if (options_.faults.skew_max_ms > 0) {
      node.skew_ms = static_cast<std::int64_t>(random(2 * options_.faults.skew_max_ms + 1)) -
                     options_.faults.skew_max_ms;
    }
  }
  while (fragile_.size() + options_.byzantine.size() < options_.faulty_max) {
    const auto chosen = correct.begin() + static_cast<std::ptrdiff_t>(random(correct.size()));
    fragile_.push_back(*chosen);
    correct.erase(chosen);
  }
  at(now_us_ + kSecondUs, [this] { maybe_part(); });
  at(now_us_ + kSecondUs / 2, [this] { maybe_ail(); });
}

void World::maybe_part() {
  if (!faulty_) return;
  at(now_us_ + 2 * kSecondUs, [this] { maybe_part(); });
  if (!chance(options_.faults.partition_percent, 100)) return;
  const auto any = [&] {
    return std::next(nodes_.begin(), static_cast<std::ptrdiff_t>(random(nodes_.size())))->first;
  };
  const std::string victim = any();
  switch (random(4)) {
    case 0:
      part([&] { network_.part({{victim, 1}}); });
      break;
    case 1: {  // halves
      Network::Groups groups;
      for (const auto& [org, node] : nodes_) groups[org] = static_cast<int>(random(2));
      part([&] { network_.part(groups); });
      break;
    }
    case 2:  // it hears and is not heard, or is heard and does not hear
      for (const auto& [org, node] : nodes_) {
        if (org != victim)
          victim < org ? network_.lose_all(victim, org) : network_.lose_all(org, victim);
      }
      break;
    default:
      network_.lose_all(victim, any());
      break;
  }
  at(now_us_ + kSecondUs / 2 + random(kSecondUs), [this] { part([&] { network_.heal(); }); });
}

// Changes the network; whoever is cut off or reached again notices.
void World::part(const std::function<void()>& change) {
  const auto connections = [&] {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (auto left = nodes_.begin(); left != nodes_.end(); ++left) {
      for (auto right = std::next(left); right != nodes_.end(); ++right) {
        if (network_.connected(left->first, right->first)) {
          pairs.emplace_back(left->first, right->first);
        }
      }
    }
    return pairs;
  };
  const auto before = connections();
  change();
  const auto after = connections();
  for (const auto& [left, right] : before) {
    if (std::ranges::binary_search(after, std::pair{left, right})) continue;
    if (nodes_.at(left).replica) post(left, replica::PeerDisconnected{right}, 10);
    if (nodes_.at(right).replica) post(right, replica::PeerDisconnected{left}, 10);
  }
  for (const auto& [left, right] : after) {
    if (std::ranges::binary_search(before, std::pair{left, right})) continue;
    if (nodes_.at(left).replica && nodes_.at(right).replica) introduce(left, right);
  }
}

void World::maybe_ail() {
  if (!faulty_) return;
  at(now_us_ + kSecondUs, [this] { maybe_ail(); });
  const Faults& faults = options_.faults;
  for (auto& [org, node] : nodes_) {
    if (chance(faults.pause_percent, 100)) {
      node.ready_at_us = std::max(node.ready_at_us, now_us_ + random(faults.pause_max_ms) * 1'000);
      trace_.note(Happening::paused, now_us_, org);
    }
    maybe_wipe(org, node);
    if (chance(faults.jump_percent, 100)) {
      node.skew_ms +=
          static_cast<std::int64_t>(random(2 * faults.jump_max_ms + 1)) - faults.jump_max_ms;
      trace_.note_text(now_us_, org, "clock is off by " + std::to_string(node.skew_ms) + " ms");
    }
    const bool copies = faults.backup_percent > 0 && std::ranges::count(fragile_, org) > 0;
    if (copies && node.replica && (!node.backup || chance(1, 4))) {
      node.backup = node.disk;
      node.backup->unsynced.clear();
    }
  }
  if (options_.governance) options_.governance(*this);
}

// The operator empties the folder of a node: the disk was exchanged.
void World::maybe_wipe(const std::string& org, const Node& node) {
  const bool may_wipe = options_.faults.wipe_percent > 0 && std::ranges::count(fragile_, org) > 0;
  if (!may_wipe || !node.replica || !chance(options_.faults.wipe_percent, 100)) return;
  trace_.note_text(now_us_, org, "gets an empty disk");
  die(org);
  wipe(org);
}

void World::die(const std::string& org) {
  crash(org);
  at(now_us_ + kRestartDelayUs + random(kSecondUs), [this, org] { restart(org); });
}

// What the crash leaves. A journal damaged in the middle stops the node with a message that names
// the tool; the operator does what the manual says: an empty folder, key and guard as they are.
void World::settle_disk(const std::string& org, Node& node) {
  const Faults& faults = options_.faults;
  JournalFault fault = JournalFault::none;
  if (faulty_ && chance(faults.torn_percent, 100)) fault = JournalFault::torn;
  const bool may_break = std::ranges::count(fragile_, org) > 0;
  if (faulty_ && may_break && chance(faults.misdirected_percent, 100)) {
    fault = JournalFault::misdirected;
  }
  if (node.disk.crash(fault, [this](std::uint64_t below) { return random(below); })) return;
  trace_.note_text(now_us_, org, "journal damaged: the operator empties its folder");
  node.disk.wipe(consortium_.empty_store());
}

void World::come_back(const std::string& org, Node& node) {
  if (!faulty_ || !node.backup || !chance(options_.faults.backup_percent, 100)) return;
  node.disk = *node.backup;
  invariants_.restored(org);
  trace_.note_text(now_us_, org, "comes back from an older copy of its disk");
}

crypto::PublicKey World::make_key(const std::string& org) {
  const std::string name = "new key " + std::to_string(new_keys_.size()) + " " + org;
  new_keys_.push_back(*crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(name))));
  nodes_.at(org).new_key = &new_keys_.back();
  return new_keys_.back().public_key();
}

void World::change_key(const std::string& org, Node& node) {
  if (node.new_key == nullptr) return;
  const auto object = ledger::get<ledger::OrgObject>(node.disk.store, org);
  if (object->key(node.new_key->public_key().bytes()) == nullptr) return;
  at(now_us_ + random(kSecondUs), [this, org, key = std::exchange(node.new_key, nullptr)] {
    crash(org);
    Node& later = nodes_.at(org);
    later.disk.key = key;
    later.disk.guard = Guard();
    trace_.note_text(now_us_, org, "gets a new node key");
    restart(org);
  });
}

void World::make_mischief(const std::string& org) {
  Node& node = nodes_.at(org);
  if (node.replica) {
    for (const Letter& letter : node.actor->mischief()) carry(org, letter, now_us_);
  }
  at(now_us_ + 100'000 + random(400'000), [this, org] { make_mischief(org); });
}

void World::heal() {
  part([&] { network_.heal(); });
  for (auto& [org, node] : nodes_) {
    node.ready_at_us = std::min(node.ready_at_us, now_us_);
    node.skew_ms = std::clamp(node.skew_ms, -kHealedSkewMs, kHealedSkewMs);
    const bool waits = node.replica && !node.inbox.empty();
    if (waits) attend(org);
  }
}

}  // namespace treeproof::simulation
