#include "tests/simulation/faults.h"

#include <algorithm>
#include <array>
#include <random>

namespace treeproof::simulation {

namespace {

constexpr std::array<std::string_view, 13> kProfiles{
    "calm",    "lossy",     "parted",    "crashing", "pausing",   "clocks", "disks",
    "backups", "byzantine", "elections", "punish",   "snapshots", "mixed"};

// Draws ranges for the faults that the profile names, and for each of all every other time.
class Drawing {
 public:
  Drawing(std::uint64_t seed, Profile profile) : random_(seed), profile_(profile) {}

  bool has(Profile group) {
    const bool chosen = random_() % 2 == 0;
    const bool draws_all = profile_ == Profile::mixed || profile_ == Profile::punish;
    return profile_ == group || (draws_all && chosen);
  }
  std::uint32_t upto(std::uint32_t most) {
    return static_cast<std::uint32_t>(random_() % (most + 1));
  }

 private:
  std::mt19937_64 random_;
  Profile profile_;
};

}  // namespace

std::span<const std::string_view> profile_names() noexcept { return kProfiles; }

std::string_view name_of(Profile profile) noexcept {
  return kProfiles[static_cast<std::size_t>(profile)];
}

std::optional<Profile> profile_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kProfiles, name);
  if (found == kProfiles.end()) return std::nullopt;
  return static_cast<Profile>(found - kProfiles.begin());
}

Faults draw_faults(std::uint64_t seed, Profile profile) {
  Drawing draw(seed, profile);
  Faults faults;
  if (draw.has(Profile::lossy)) {
    faults.loss_percent = draw.upto(30);
    faults.repeat_percent = draw.upto(50);
    faults.delay_max_us = 1'000 + draw.upto(200'000);
  }
  if (draw.has(Profile::parted)) faults.partition_percent = 30 + draw.upto(70);
  const bool crashes = draw.has(Profile::crashing);
  if (crashes) faults.crash_per_10k_steps = 10 + draw.upto(90);
  if (draw.has(Profile::pausing)) faults.pause_percent = 10 + draw.upto(50);
  if (draw.has(Profile::clocks)) {
    faults.skew_max_ms = draw.upto(1'000);
    faults.jump_percent = draw.upto(30);
  }
  if (draw.has(Profile::disks)) {
    faults.sync_max_us = draw.upto(30'000);
    faults.torn_percent = draw.upto(10);
    faults.misdirected_percent = draw.upto(10);
    faults.crash_per_10k_steps = std::max(faults.crash_per_10k_steps, 20u);
  }
  if (draw.has(Profile::backups)) {
    faults.backup_percent = 10 + draw.upto(50);
    faults.crash_per_10k_steps = std::max(faults.crash_per_10k_steps, 20u);
  }
  if (profile == Profile::snapshots) {
    faults.loss_percent = draw.upto(10);
    faults.delay_max_us = 1'000 + draw.upto(100'000);
    faults.partition_percent = draw.upto(40);
    faults.crash_per_10k_steps = draw.upto(20);
    faults.torn_percent = draw.upto(10);
    faults.wipe_percent = 20 + draw.upto(30);
  }
  return faults;
}

}  // namespace treeproof::simulation
