#include "tests/twins/enumeration.h"

#include <algorithm>
#include <cassert>

namespace treeproof::twins {

namespace {

using Renaming = std::array<std::uint8_t, kInstances>;
constexpr std::size_t kTwin = 3;  // the identity with two instances, and the first of them

// Sides are numbered as they first occur, so that equal partitions are equal arrays.
std::array<std::uint8_t, kInstances> numbered(std::array<std::uint8_t, kInstances> side) {
  std::array<std::uint8_t, kInstances> name;
  name.fill(kInstances);
  std::uint8_t next = 0;
  for (std::uint8_t& own : side) {
    if (name[own] == kInstances) name[own] = next++;
    own = name[own];
  }
  return side;
}

void add_partitions(std::array<std::uint8_t, kInstances>& side, std::size_t at, std::uint8_t sides,
                    std::vector<RoundPlan>& plans) {
  if (at == kInstances) {
    for (std::size_t leader = 0; leader < kIdentities; ++leader) plans.push_back({leader, side});
    return;
  }
  for (std::uint8_t own = 0; own <= sides; ++own) {
    side[at] = own;
    add_partitions(side, at + 1, std::max<std::uint8_t>(sides, own + 1), plans);
  }
}

std::vector<Renaming> all_renamings() {
  std::vector<Renaming> all;
  std::array<std::uint8_t, kTwin> correct{0, 1, 2};
  do {
    all.push_back({correct[0], correct[1], correct[2], 3, 4});
    all.push_back({correct[0], correct[1], correct[2], 4, 3});
  } while (std::ranges::next_permutation(correct).found);
  return all;
}

RoundPlan rename(const RoundPlan& plan, const Renaming& renaming) {
  RoundPlan renamed{plan.leader < kTwin ? renaming[plan.leader] : kTwin, {}};
  for (std::size_t i = 0; i < kInstances; ++i) renamed.side[renaming[i]] = plan.side[i];
  renamed.side = numbered(renamed.side);
  return renamed;
}

}  // namespace

std::string instance_name(std::size_t instance) {
  static constexpr std::array<const char*, kInstances> kNames = {"a", "b", "c", "d", "d2"};
  return kNames.at(instance);
}

std::array<std::uint8_t, kInstances> RoundPlan::reach() const {
  std::array<std::uint8_t, kInstances> masks{};
  for (std::size_t i = 0; i < kInstances; ++i) {
    for (std::size_t j = 0; j < kInstances; ++j) {
      if (side[i] == side[j]) masks[i] = static_cast<std::uint8_t>(masks[i] | 1U << j);
    }
  }
  return masks;
}

std::string to_text(const RoundPlan& plan) {
  std::string text = instance_name(plan.leader) + " leads,";
  for (std::uint8_t side = 0; side < kInstances; ++side) {
    if (std::ranges::find(plan.side, side) == plan.side.end()) break;
    text += side == 0 ? "" : " |";
    for (std::size_t i = 0; i < kInstances; ++i) {
      if (plan.side[i] == side) text += " " + instance_name(i);
    }
  }
  return text;
}

std::string to_text(const Scenario& scenario) {
  std::string text;
  for (std::size_t round = 0; round < scenario.rounds.size(); ++round) {
    text += std::to_string(round) + ": " + to_text(scenario.rounds[round]) + "; ";
  }
  const bool silent = scenario.finale == Finale::twins_silent;
  return text + (silent ? "then the twins fall silent" : "then all hear each other");
}

Enumeration::Enumeration(std::size_t rounds) : rounds_(rounds) {
  assert(rounds >= 1 && rounds <= kRoundsMax);
  std::array<std::uint8_t, kInstances> side{};
  add_partitions(side, 0, 0, plans_);
  const std::vector<Renaming> renamings = all_renamings();
  for (const Renaming& renaming : renamings) {
    std::vector<std::uint16_t>& images = renamed_.emplace_back();
    for (const RoundPlan& plan : plans_) {
      const auto image = std::ranges::find(plans_, rename(plan, renaming));
      images.push_back(static_cast<std::uint16_t>(image - plans_.begin()));
    }
  }
  const auto all = static_cast<Group>((1U << renamings.size()) - 1);
  size_ = 2 * count(all, rounds_);
}

std::uint64_t Enumeration::size_before_merging() const noexcept {
  std::uint64_t product = 2;
  for (std::size_t round = 0; round < rounds_; ++round) product *= plans_.size();
  return product;
}

// Of each orbit of plans under the renamings that are still free, the first.
const std::vector<Enumeration::Choice>& Enumeration::choices(Group group) {
  const auto [entry, is_new] = choices_.try_emplace(group);
  if (!is_new) return entry->second;
  for (std::uint16_t plan = 0; plan < plans_.size(); ++plan) {
    bool first = true;
    Group stabilizer = 0;
    for (std::size_t renaming = 0; renaming < renamed_.size(); ++renaming) {
      if ((group >> renaming & 1U) == 0) continue;
      const std::uint16_t image = renamed_[renaming][plan];
      first = first && image >= plan;
      if (image == plan) stabilizer = static_cast<Group>(stabilizer | 1U << renaming);
    }
    if (first) entry->second.push_back({plan, stabilizer});
  }
  return entry->second;
}

std::uint64_t Enumeration::count(Group group, std::size_t rounds) {
  if (rounds == 0) return 1;
  if (const auto known = counts_.find({group, rounds}); known != counts_.end()) {
    return known->second;
  }
  std::uint64_t sum = 0;
  for (const Choice& choice : choices(group)) sum += count(choice.stabilizer, rounds - 1);
  counts_.emplace(std::pair(group, rounds), sum);
  return sum;
}

Scenario Enumeration::at(std::uint64_t index) const {
  assert(index < size_);
  Scenario scenario{{}, index % 2 == 0 ? Finale::twins_talk : Finale::twins_silent};
  std::uint64_t left = index / 2;
  auto group = static_cast<Group>((1U << renamed_.size()) - 1);
  for (std::size_t rounds = rounds_; rounds > 0; --rounds) {
    for (const Choice& choice : choices_.at(group)) {
      const std::uint64_t below = rounds == 1 ? 1 : counts_.at({choice.stabilizer, rounds - 1});
      if (left >= below) {
        left -= below;
        continue;
      }
      scenario.rounds.push_back(plans_[choice.plan]);
      group = choice.stabilizer;
      break;
    }
  }
  assert(scenario.rounds.size() == rounds_);
  return scenario;
}

}  // namespace treeproof::twins
