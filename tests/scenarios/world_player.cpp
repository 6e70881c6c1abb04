#include "tests/scenarios/world_player.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <vector>

#include "consensus/ledger/statement.h"
#include "tests/simulation/world.h"

namespace treeproof::scenarios {

namespace {

using simulation::World;
using simulation::WorldOptions;
using Words = std::vector<std::string>;

struct Sentence {
  std::size_t line = 0;
  Words words;
};

std::vector<Sentence> sentences_of(std::string_view text) {
  std::vector<Sentence> sentences;
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream stream(line.substr(0, line.find('#')));
    Sentence sentence{++number, {}};
    for (std::string word; stream >> word;) sentence.words.push_back(word);
    if (!sentence.words.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

// Whether the words are those of a pattern, in which `#` stands for a number, `@` for an
// organisation and a last `*` for one organisation or more.
struct Match {
  std::vector<std::uint64_t> numbers;
  Words orgs;
};

bool is_number(const std::string& word) {
  return word.size() <= 9 && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Match> match(const Words& words, std::string_view pattern) {
  Match found;
  std::istringstream stream{std::string(pattern)};
  std::size_t at = 0;
  for (std::string expected; stream >> expected; ++at) {
    if (at >= words.size()) return std::nullopt;
    if (expected == "#") {
      if (!is_number(words[at])) return std::nullopt;
      found.numbers.push_back(std::stoull(words[at]));
    } else if (expected == "@") {
      found.orgs.push_back(words[at]);
    } else if (expected == "*") {
      found.orgs.insert(found.orgs.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
                        words.end());
      at = words.size() - 1;
    } else if (expected != words[at]) {
      return std::nullopt;
    }
  }
  return at == words.size() ? std::optional(found) : std::nullopt;
}

class WorldPlayer {
 public:
  WorldPlayer() { options_.events_kept = kEventsDrawn; }

  std::optional<WorldFailure> play(const std::vector<Sentence>& sentences) {
    for (const Sentence& sentence : sentences) {
      const bool known = std::ranges::any_of(
          acts(), [&](const Act& act) { return match(sentence.words, act.pattern).has_value(); });
      if (!known) return WorldFailure{sentence.line, "unknown sentence", {}};
    }
    for (const Sentence& sentence : sentences) {
      for (const Act& act : acts()) {
        const auto found = match(sentence.words, act.pattern);
        if (!found) continue;
        if (act.needs_world && !world_) world_.emplace(options_);
        if (auto complaint = act.perform(*this, *found)) {
          return WorldFailure{sentence.line, *complaint, drawn(*complaint)};
        }
        break;
      }
      const auto violation = world_ ? world_->violation() : std::nullopt;
      if (violation) return WorldFailure{sentence.line, *violation, drawn(*violation)};
    }
    return std::nullopt;
  }

 private:
  using Complaint = std::optional<std::string>;
  struct Act {
    const char* pattern;
    bool needs_world;
    std::function<Complaint(WorldPlayer&, const Match&)> perform;
  };

  static std::vector<Act> conditions() {
    const auto set = [](auto change) {
      return [change](WorldPlayer& player, const Match& found) -> Complaint {
        change(player.options_, found);
        return std::nullopt;
      };
    };
    const auto low = [](const Match& found, std::size_t at) {
      return static_cast<std::uint32_t>(found.numbers.at(at));
    };
    return {
        {"world of # nodes with seed #", false, set([](WorldOptions& o, const Match& m) {
           o.validators = m.numbers.at(0);
           o.seed = m.numbers.at(1);
         })},
        {"clocks differ by # ms", false,
         set([low](WorldOptions& o, const Match& m) { o.faults.skew_max_ms = low(m, 0); })},
        {"clocks jump by # ms", false, set([low](WorldOptions& o, const Match& m) {
           o.faults.jump_percent = 50;
           o.faults.jump_max_ms = low(m, 0);
         })},
        {"syncs take # ms", false,
         set([low](WorldOptions& o, const Match& m) { o.faults.sync_max_us = low(m, 0) * 1'000; })},
        {"commits take # ms", false,
         set([low](WorldOptions& o, const Match& m) { o.commit_max_us = low(m, 0) * 1'000; })},
        {"the network parts with # percent", false,
         set([low](WorldOptions& o, const Match& m) { o.faults.partition_percent = low(m, 0); })},
        {"# statements each second", false,
         set([low](WorldOptions& o, const Match& m) { o.statements_per_s = low(m, 0); })},
    };
  }

  static std::vector<Act> events() {
    using P = WorldPlayer&;
    using M = const Match&;
    return {
        {"run # s", true, [](P p, M m) { return p.run(m.numbers.at(0) * 1'000); }},
        {"run # s in trouble", true,
         [](P p, M m) { return p.run_in_trouble(m.numbers.at(0) * 1'000); }},
        {"crash @", true, [](P p, M m) { return p.crash(m.orgs.at(0)); }},
        {"restart @", true, [](P p, M m) { return p.restart(m.orgs.at(0)); }},
        {"in trouble @ proposes the seats *", false, [](P p, M m) { return p.plan_seats(m.orgs); }},
        {"expect # more heights within # s", true,
         [](P p, M m) { return p.expect_heights(m.numbers.at(0), m.numbers.at(1) * 1'000); }},
        {"expect # seats", true, [](P p, M m) { return p.expect_seats(m.numbers.at(0)); }},
        {"expect # statements acknowledged", true,
         [](P p, M m) { return p.expect_acknowledged(m.numbers.at(0)); }},
        {"expect nothing lost", true, [](P p, M) { return p.expect_nothing_lost(); }},
    };
  }

  static const std::vector<Act>& acts() {
    static const std::vector<Act> kAll = [] {
      std::vector<Act> all = conditions();
      for (Act& event : events()) all.push_back(std::move(event));
      return all;
    }();
    return kAll;
  }

  std::string drawn(const std::string& complaint) const {
    return world_ ? world_->diagram(complaint) : std::string();
  }

  Complaint run(std::uint64_t duration_ms) {
    world_->run_ms(duration_ms);
    return std::nullopt;
  }
  Complaint run_in_trouble(std::uint64_t duration_ms) {
    world_->run_safety_phase(duration_ms);
    return std::nullopt;
  }
  Complaint crash(const std::string& org) {
    world_->crash(org);
    return std::nullopt;
  }
  Complaint restart(const std::string& org) {
    world_->restart(org);
    return std::nullopt;
  }

  // The first proposes, and everyone approves at every second until the seats are these.
  Complaint plan_seats(const Words& orgs) {
    const std::string proposer = orgs.front();
    const Words seats(orgs.begin() + 1, orgs.end());
    options_.governance = [proposer, seats, second = 0](World& world) mutable {
      const ValidatorSet& now = *world.store_of(proposer).tip().validators;
      if (now.size() == seats.size()) return;
      if (second++ == 0) {
        ledger::ValidatorsSet change;
        for (const std::string& org : seats) {
          const Validator& seat = *now.find(org);
          change.validators.push_back({{org}, seat.power, seat.key.bytes()});
        }
        return submit(world, proposer, ledger::Propose{{"seats"}, std::move(change)});
      }
      for (const Validator& validator : now.all()) {
        const std::string ref = "yes-" + std::to_string(second);
        submit(world, validator.org, ledger::Approve{{ref}, {proposer + "/seats"}});
      }
    };
    return std::nullopt;
  }

  // A door that is down, or says that all is settled, is no violation.
  static void submit(World& world, const std::string& org, ledger::Payload payload) {
    const auto doors = world.doors();
    if (std::ranges::find(doors, org) == doors.end()) return;
    const auto statement =
        world.consortium().sign(org, std::move(payload), world.now().chain.seconds());
    world.submit(org, statement, nullptr, [](const replica::Answer&) {});
  }

  Complaint expect_heights(std::uint64_t heights, std::uint64_t limit_ms) {
    if (world_->run_liveness_phase(heights, limit_ms)) return std::nullopt;
    return "no such progress";
  }
  Complaint expect_seats(std::uint64_t seats) {
    for (const std::string& org : world_->doors()) {
      const std::size_t now = world_->store_of(org).tip().validators->size();
      if (now != seats) return org + " sees " + std::to_string(now) + " seats";
    }
    return std::nullopt;
  }
  Complaint expect_acknowledged(std::uint64_t number) {
    if (world_->acknowledged() >= number) return std::nullopt;
    return "only " + std::to_string(world_->acknowledged()) + " are acknowledged";
  }
  Complaint expect_nothing_lost() {
    world_->check_nothing_lost();
    return world_->violation();
  }

  static constexpr std::size_t kEventsDrawn = 80;
  WorldOptions options_;
  std::optional<World> world_;
};

}  // namespace

std::optional<WorldFailure> play_world(std::string_view text) {
  return WorldPlayer().play(sentences_of(text));
}

}  // namespace treeproof::scenarios
