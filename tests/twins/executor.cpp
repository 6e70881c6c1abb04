#include "tests/twins/executor.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "crypto/hash.h"

namespace treeproof::twins {

namespace {

constexpr Height kHeight{kIdentities};
constexpr std::size_t kTwin = 3;  // d is instance 3, d2 is 4
// How many rounds the synchronous phase may take: locks at each of the correct ones, then a turn
// of each.
constexpr std::int32_t kFinaleRoundsMax = 8;

std::size_t identity_of(std::size_t instance) { return std::min(instance, kTwin); }
std::uint8_t bit(std::size_t at) { return static_cast<std::uint8_t>(1U << at); }

const ValidatorSet& validators() {
  static const ValidatorSet set = [] {
    std::vector<Validator> members;
    for (std::size_t identity = 0; identity < kIdentities; ++identity) {
      const std::string org = instance_name(identity);
      const auto key = crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(org)));
      members.push_back({org, 1, key->public_key()});
    }
    return *ValidatorSet::make(std::move(members));
  }();
  return set;
}

// The block that an instance proposes in a round; its hash says so.
bft::BlockId block_of(std::size_t instance, Round round) {
  bft::BlockId block{{}, 2, {}};
  block.header_hash[0] = static_cast<std::uint8_t>(instance + 1);
  block.header_hash[1] = static_cast<std::uint8_t>(round.value);
  return block;
}

std::string block_name(const crypto::Hash& header_hash) {
  return "block-" + instance_name(header_hash[0] - 1U) + "-" + std::to_string(header_hash[1]);
}

std::string timer_name(bft::TimeoutKind kind) {
  if (kind == bft::TimeoutKind::propose) return "timeout propose";
  return kind == bft::TimeoutKind::prevote ? "timeout prevote" : "timeout precommit";
}

}  // namespace

Executor::Executor() {
  for (std::size_t at = 0; at < kInstances; ++at) names_[at] = instance_name(at);
}

std::string Executor::leader(Round round) const {
  const auto number = static_cast<std::size_t>(round.value);
  return names_[number < plans_.size() ? plans_[number].leader : number % kIdentities];
}

std::optional<std::string> Executor::run(const Scenario& scenario) {
  std::size_t shared = 0;
  const std::size_t known = std::min(plans_.size(), scenario.rounds.size());
  while (shared < known && plans_[shared] == scenario.rounds[shared]) ++shared;
  plans_ = scenario.rounds;
  if (before_.empty()) {
    State& start = before_.emplace_back();
    const auto lead = [this](Round round) { return leader(round); };
    for (std::size_t at = 0; at < kInstances; ++at) {
      bft::AgreementConfig config{kHeight, validators(), names_[identity_of(at)], lead};
      start.instances.push_back({bft::Agreement(std::move(config)), 0, Round{0}});
    }
    shared = 0;
  }
  before_.resize(shared + 1);
  state_ = before_.back();
  for (std::size_t round = shared; round < plans_.size(); ++round) {
    play_round(round);
    before_.push_back(state_);
  }
  const auto has_lock = [](const Instance& it) { return it.machine.locked().block.has_value(); };
  someone_locked_ = std::ranges::any_of(state_.instances, has_lock);
  decided_early_ = state_.decided_in.exists();
  play_finale(scenario.finale);
  return state_.violation;
}

std::string Executor::draw(const Scenario& scenario) {
  std::vector<std::string> participants(names_.begin(), names_.end());
  scenarios::SequenceDiagram diagram(participants);
  plans_.clear();
  before_.clear();
  diagram_ = &diagram;
  const auto violation = run(scenario);
  diagram_ = nullptr;
  diagram.heading(violation.value_or("no violation"));
  return diagram.text();
}

void Executor::play_round(std::size_t round) {
  if (diagram_ != nullptr) diagram_->heading(std::to_string(round) + ": " + to_text(plans_[round]));
  reach_ = plans_[round].reach();
  held_from_ = highest_round().next();
  holding_ = true;
  if (round == 0) {
    held_from_ = Round{0};
    for (std::size_t at = 0; at < kInstances; ++at) {
      perform(at, state_.instances[at].machine.start(Round{0}));
    }
  } else {
    for (Parcel& parcel : std::exchange(state_.held, {})) {
      parcel.to = static_cast<std::uint8_t>(reach_[parcel.from] & ~bit(parcel.from));
      queue_.push_back(std::move(parcel));
    }
    send_again();
  }
  run_until_quiet();
}

void Executor::play_finale(Finale finale) {
  if (diagram_ != nullptr) diagram_->heading("synchronous from here on");
  const bool silent = finale == Finale::twins_silent;
  reach_ = {7, 7, 7, 0, 0};
  if (!silent) reach_.fill(31);
  if (silent) state_.instances[kTwin].timers = state_.instances[kTwin + 1].timers = 0;
  state_.held.clear();
  holding_ = false;
  const std::int32_t last = highest_round().value + kFinaleRoundsMax;
  std::size_t idle = 0;  // turns in which nothing but the resend timer fired
  while (idle < 3 && !all_correct_decided() && highest_round().value <= last) {
    send_again();  // its timer is the shortest [rule 17]
    deliver_all();
    if (all_correct_decided()) break;
    idle = fire_earliest_timers() ? 0 : idle + 1;
    deliver_all();
  }
  if (!all_correct_decided()) violate("a correct instance does not decide");
}

// What a node sends on a reconnect. [rule 17]
void Executor::send_again() {
  for (std::size_t at = 0; at < kInstances; ++at) {
    if ((reach_[at] & ~bit(at)) == 0) continue;
    const bft::Agreement& machine = state_.instances[at].machine;
    if (machine.decision()) {
      send(at, machine.decision()->certificate, kNoRound);
      continue;
    }
    const auto& certificate = machine.round_certificate();
    if (certificate) send(at, *certificate, kNoRound);
    if (const bft::Proposal* own = machine.own_proposal()) send(at, *own, kNoRound);
    const Round valid_round = machine.valid().round;
    if (valid_round.exists()) {
      if (auto polka = machine.polka_certificate(valid_round)) {
        send(at, *std::move(polka), kNoRound);
      }
    }
    for (const bft::Vote& vote : machine.own_votes()) send(at, vote, kNoRound);
  }
}

void Executor::run_until_quiet() {
  do {
    deliver_all();
  } while (fire_earliest_timers());
}

void Executor::deliver_all() {
  for (; next_ < queue_.size(); ++next_) {
    const Parcel parcel = std::move(queue_[next_]);
    for (std::size_t to = 0; to < kInstances; ++to) {
      if ((parcel.to & bit(to)) == 0) continue;
      if (diagram_ != nullptr) {
        diagram_->arrow(names_[parcel.from], names_[to],
                        scenarios::describe(parcel.message, block_name));
      }
      std::visit([&](const auto& message) { give(to, message); }, parcel.message);
    }
  }
  queue_.clear();
  next_ = 0;
}

template <typename Received>
void Executor::give(std::size_t to, const Received& message) {
  bft::Agreement& machine = state_.instances[to].machine;
  if constexpr (std::same_as<Received, bft::Vote> || std::same_as<Received, bft::Proposal>) {
    if (machine.holds(message)) return;
  }
  perform(to, machine.receive(message));
  if constexpr (std::same_as<Received, bft::Proposal>) learn(to, message.header_hash);
}

// Of the timers that run, those of the lowest round and, in it, of the first step.
bool Executor::fire_earliest_timers() {
  constexpr auto kNone = std::pair(INT32_MAX, 3);
  const auto first_of = [](const Instance& instance) {
    if (instance.timers == 0) return kNone;
    return std::pair(instance.machine.round().value, std::countr_zero(instance.timers));
  };
  auto earliest = kNone;
  for (const Instance& instance : state_.instances) {
    earliest = std::min(earliest, first_of(instance));
  }
  if (earliest == kNone) return false;
  for (std::size_t at = 0; at < kInstances; ++at) {
    Instance& instance = state_.instances[at];
    if (first_of(instance) != earliest) continue;
    instance.timers = static_cast<std::uint8_t>(instance.timers & (instance.timers - 1U));
    const auto kind = static_cast<bft::TimeoutKind>(earliest.second);
    if (diagram_ != nullptr) diagram_->note(names_[at], timer_name(kind));
    perform(at, instance.machine.timeout(kind, Round{earliest.first}));
  }
  return true;
}

void Executor::perform(std::size_t at, const bft::Outputs& outputs) {
  for (const bft::Output& output : outputs) {
    std::visit([&](const auto& chosen) { perform_one(at, chosen); }, output);
  }
  Instance& instance = state_.instances[at];
  if (instance.machine.round() <= instance.announced) return;
  instance.announced = instance.machine.round();
  if (const auto& certificate = instance.machine.round_certificate()) {
    send(at, *certificate, kNoRound);
  }
}

void Executor::perform_one(std::size_t at, const bft::GetValue& output) {
  bft::Agreement& machine = state_.instances[at].machine;
  perform(at, machine.value_to_propose(output.round, block_of(at, output.round)));
}

void Executor::perform_one(std::size_t at, const bft::SendProposal& output) {
  send(at, output.proposal, kNoRound);
  perform(at, state_.instances[at].machine.receive(output.proposal));
}

void Executor::perform_one(std::size_t at, const bft::SendVote& output) {
  const bft::Vote& vote = output.vote;
  const bool precommit = vote.type == bft::VoteType::precommit;
  const Round hold_as = precommit ? vote.round : kNoRound;
  if (precommit) note_precommit(at, vote);
  bft::Agreement& machine = state_.instances[at].machine;
  if (precommit && vote.value && vote.round > Round{0}) {
    if (auto polka = machine.polka_certificate(vote.round)) send(at, *std::move(polka), hold_as);
  }
  send(at, vote, hold_as);
  perform(at, machine.receive(vote));
}

void Executor::perform_one(std::size_t at, const bft::ScheduleTimeout& output) {
  std::uint8_t& timers = state_.instances[at].timers;
  timers = static_cast<std::uint8_t>(timers | 1U << static_cast<unsigned>(output.kind));
}

void Executor::perform_one(std::size_t at, const bft::CancelTimeouts&) {
  state_.instances[at].timers = 0;
}

void Executor::perform_one(std::size_t at, const bft::Decide& output) {
  if (identity_of(at) == kTwin) return;
  state_.decided_in = std::max(state_.decided_in, output.round);
  if (diagram_ != nullptr)
    diagram_->note(names_[at], "decides " + block_name(output.block.header_hash));
  note_committed(output.block.header_hash);
}

void Executor::perform_one(std::size_t at, const bft::FetchBlock& output) {
  learn(at, output.header_hash);
}

void Executor::perform_one(std::size_t, const bft::ReportEvidence& output) {
  const std::string accused = bft::offence_of(output.evidence).org;
  if (accused != names_[kTwin]) violate("the correct " + accused + " is accused");
}

void Executor::perform_one(std::size_t at, const bft::Alarm&) {
  violate(names_[at] + " raises an alarm");
}

void Executor::send(std::size_t from, scenarios::Message message, Round round) {
  const auto to = static_cast<std::uint8_t>(reach_[from] & ~bit(from));
  const auto sender = static_cast<std::uint8_t>(from);
  if (holding_ && round.exists() && round >= held_from_) {
    state_.held.push_back({std::move(message), sender, 0});
  } else if (to != 0) {
    queue_.push_back({std::move(message), sender, to});
  }
}

// Every block is valid and its body at hand: bodies travel with proposals or are fetched by hash.
void Executor::learn(std::size_t at, const crypto::Hash& header_hash) {
  bft::Agreement& machine = state_.instances[at].machine;
  if (machine.validity(header_hash) != bft::Validity::unknown) return;
  perform(at, machine.set_validity({header_hash, 2, {}}, bft::Validity::valid));
}

void Executor::note_precommit(std::size_t at, const bft::Vote& vote) {
  if (!vote.value) return;
  const crypto::Hash& hash = vote.value->header_hash;
  const auto same = [&](const Precommits& it) {
    return it.round == vote.round && it.header_hash == hash;
  };
  auto found = std::ranges::find_if(state_.precommits, same);
  if (found == state_.precommits.end()) {
    state_.precommits.push_back({vote.round, hash, 0});
    found = std::prev(state_.precommits.end());
  }
  found->identities = static_cast<std::uint8_t>(found->identities | bit(identity_of(at)));
  if (std::popcount(found->identities) >= 3) note_committed(hash);
}

void Executor::note_committed(const crypto::Hash& header_hash) {
  if (state_.committed && *state_.committed != header_hash) {
    violate(block_name(*state_.committed) + " and " + block_name(header_hash) +
            " are both committed");
  }
  state_.committed = header_hash;
}

void Executor::violate(std::string what) {
  if (!state_.violation) state_.violation = std::move(what);
}

Round Executor::highest_round() const {
  Round highest = kNoRound;
  for (const Instance& instance : state_.instances) {
    highest = std::max(highest, instance.machine.round());
  }
  return highest;
}

bool Executor::all_correct_decided() const {
  return std::ranges::all_of(state_.instances.begin(), state_.instances.begin() + kTwin,
                             [](const Instance& it) { return it.machine.decision().has_value(); });
}

}  // namespace treeproof::twins
