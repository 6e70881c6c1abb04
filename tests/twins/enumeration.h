// Every scenario of one twin among four validators, each once, by number: for each round a leader
// and a partition of the five instances, and what the twins do afterwards. Scenarios that only
// rename correct instances, or exchange the two twins, are one.
// Owns no machine. Used by the executor, the program and the tests. Pure.
// Source: "Twins: BFT systems made robust" (OPODIS 2021), sections 3 and 4.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace treeproof::twins {

inline constexpr std::size_t kInstances = 5;   // a, b, c, and d twice
inline constexpr std::size_t kIdentities = 4;  // a, b, c, d
inline constexpr std::size_t kRoundsMax = 4;

// The name of an instance: a, b, c, d, d2.
std::string instance_name(std::size_t instance);

struct RoundPlan {
  std::size_t leader = 0;                              // an identity; both twins lead where it is d
  std::array<std::uint8_t, kInstances> side{};         // instances of equal number hear each other
  std::array<std::uint8_t, kInstances> reach() const;  // for each instance, a mask of its side
  bool operator==(const RoundPlan&) const = default;
};

enum class Finale : std::uint8_t { twins_talk, twins_silent };

struct Scenario {
  std::vector<RoundPlan> rounds;
  Finale finale = Finale::twins_talk;
  bool operator==(const Scenario&) const = default;
};

std::string to_text(const RoundPlan& plan);
// Such as "0: a leads, a b d | c d2; 1: d leads, ...; then the twins fall silent".
std::string to_text(const Scenario& scenario);

class Enumeration {
 public:
  // Requires: 1 <= rounds <= kRoundsMax.
  explicit Enumeration(std::size_t rounds);

  // After merging, and before.
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t size_before_merging() const noexcept;
  // Numbers that are close share their first rounds. Requires: index < size().
  Scenario at(std::uint64_t index) const;

 private:
  using Group = std::uint16_t;  // a set of the twelve renamings
  struct Choice {               // the first plan of its orbit, and what leaves it as it is
    std::uint16_t plan = 0;
    Group stabilizer = 0;
  };

  std::uint64_t count(Group group, std::size_t rounds);
  const std::vector<Choice>& choices(Group group);

  std::size_t rounds_;
  std::vector<RoundPlan> plans_;
  std::vector<std::vector<std::uint16_t>> renamed_;  // [renaming][plan]
  std::map<Group, std::vector<Choice>> choices_;
  std::map<std::pair<Group, std::size_t>, std::uint64_t> counts_;
  std::uint64_t size_ = 0;
};

}  // namespace treeproof::twins
