#include "tests/simulation/seed_run.h"

#include <array>
#include <sstream>

#include "tests/simulation/elections.h"

namespace treeproof::simulation {

namespace {

// What nobody can do for long without leaving two signatures that convict.
constexpr std::array kContradicting{Behaviour::equivocating_proposer, Behaviour::double_voter,
                                    Behaviour::proposes_out_of_turn};
constexpr std::uint64_t kSafetyMs = 8'000;
constexpr std::uint64_t kLivenessHeights = 3;
constexpr std::uint64_t kLivenessLimitMs = 240'000;

}  // namespace

WorldOptions plan_of(std::uint64_t seed, Profile profile) {
  std::mt19937_64 random(seed * 2 + 1);
  WorldOptions options;
  options.seed = seed;
  options.faults = draw_faults(seed, profile);
  const bool elects =
      profile == Profile::elections || (profile == Profile::mixed && random() % 8 == 0);
  if (elects) options.governance = Elections();
  const bool punishes = profile == Profile::punish;
  const bool rejoins = profile == Profile::snapshots;
  const bool is_large =
      elects || punishes || rejoins || (profile != Profile::calm && random() % 8 == 0);
  options.validators = is_large ? 7 : 4;
  options.faulty_max = is_large && !elects ? 2 : 1;  // elections go down to four seats
  options.statements_per_s = 1 + static_cast<std::uint32_t>(random() % 3);
  options.season = true;
  const bool lies =
      profile == Profile::byzantine || punishes || (profile == Profile::mixed && random() % 2 == 0);
  std::size_t liars = lies ? options.faulty_max : 0;
  if (rejoins) {
    liars = 1;  // and one disk that is exchanged
    options.snapshot_every = 2 + random() % 3;
    options.snapshot_ahead = options.snapshot_every + 1;
  }
  const auto orgs = Consortium::of(options.validators).validators();
  while (options.byzantine.size() < liars) {
    auto behaviour = static_cast<Behaviour>(random() % behaviour_names().size());
    if (punishes) behaviour = kContradicting[random() % kContradicting.size()];
    options.byzantine.emplace(orgs[random() % orgs.size()], behaviour);
  }
  return options;
}

std::string text_of(const WorldOptions& options) {
  const Faults& faults = options.faults;
  std::ostringstream out;
  const auto say = [&](const char* name, std::uint32_t value, const char* unit) {
    if (value > 0) out << name << " " << value << unit << ", ";
  };
  out << options.validators << " validators, ";
  say("loss", faults.loss_percent, " %");
  say("repeats", faults.repeat_percent, " %");
  say("delay up to", faults.delay_max_us, " us");
  say("partitions", faults.partition_percent, " %");
  say("crashes", faults.crash_per_10k_steps, " in 10,000 steps");
  say("pauses", faults.pause_percent, " %");
  say("clock skew up to", faults.skew_max_ms, " ms");
  say("clock jumps", faults.jump_percent, " %");
  say("syncs up to", faults.sync_max_us, " us");
  say("torn writes", faults.torn_percent, " %");
  say("misdirected writes", faults.misdirected_percent, " %");
  say("restored backups", faults.backup_percent, " %");
  say("exchanged disks", faults.wipe_percent, " %");
  if (options.snapshot_every > 0) out << "snapshots every " << options.snapshot_every << ", ";
  if (options.governance) out << "elections, ";
  for (const auto& [org, behaviour] : options.byzantine) {
    out << org << " is " << name_of(behaviour) << ", ";
  }
  std::string text = out.str();
  text.resize(text.size() - 2);
  return text;
}

SeedReport run_seed(const WorldOptions& options) {
  World world(options);
  world.run_safety_phase(kSafetyMs);
  const bool lives = world.run_liveness_phase(kLivenessHeights, kLivenessLimitMs);
  if (!world.violation() && !lives) {
    world.violate("liveness: a quorum of correct nodes does not decide once all is healed");
  }
  if (!world.violation()) world.check_nothing_lost();
  SeedReport report;
  report.violation = world.violation();
  report.trace_hash = world.trace_hash();
  if (report.violation) report.diagram = world.diagram(*report.violation);
  report.simulated_us = world.now_us();
  report.heights = world.invariants().reference().tip().height.value;
  report.crashes = world.counts().crashes;
  report.restored = world.counts().restored;
  report.acknowledged = world.acknowledged();
  report.units_with_trees = world.invariants().books().units_with_trees();
  report.evidence = world.invariants().evidence_count();
  return report;
}

}  // namespace treeproof::simulation
