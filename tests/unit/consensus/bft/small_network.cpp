#include "tests/unit/consensus/bft/small_network.h"

#include <algorithm>

namespace treeproof::bft::testing {

SmallNetwork::SmallNetwork(std::uint64_t seed) : engine_(seed) {
  liar_ = four().at(random(4)).org;
  favours_ = engine_();
  blocks_ = {block("lie one"), block("lie two")};
  for (const Validator& validator : four().all()) {
    if (validator.org == liar_) continue;
    nodes_.push_back({Agreement({kHeight, four(), validator.org}), {}});
  }
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    perform(node, nodes_[node].machine.start({0}));
  }
}

std::uint64_t SmallNetwork::random(std::uint64_t below) { return engine_() % below; }

Round SmallNetwork::highest_round() const {
  Round highest;
  for (const Node& node : nodes_) highest = std::max(highest, node.machine.round());
  return highest;
}

bool SmallNetwork::all_decided() const {
  return std::ranges::all_of(nodes_,
                             [](const Node& node) { return node.machine.decision().has_value(); });
}

std::vector<std::optional<BlockId>> SmallNetwork::decisions() const {
  std::vector<std::optional<BlockId>> all;
  for (const Node& node : nodes_) {
    const auto& decision = node.machine.decision();
    all.push_back(decision ? std::optional(decision->block) : std::nullopt);
  }
  return all;
}

void SmallNetwork::perform(std::size_t node, const Outputs& outputs) {
  for (const Output& output : outputs) perform_one(node, output);
}

void SmallNetwork::perform_one(std::size_t node, const Output& output) {
  Agreement& machine = nodes_[node].machine;
  if (const auto* asked = std::get_if<GetValue>(&output)) {
    blocks_.push_back(block(machine.own_org() + std::to_string(asked->round.value)));
    perform(node, machine.value_to_propose(asked->round, blocks_.back()));
  } else if (const auto* proposal = std::get_if<SendProposal>(&output)) {
    broadcast(node, proposal->proposal);
    perform(node, machine.receive(proposal->proposal));
  } else if (const auto* vote = std::get_if<SendVote>(&output)) {
    broadcast(node, vote->vote);
    perform(node, machine.receive(vote->vote));
    if (const auto polka = machine.polka_certificate(vote->vote.round)) broadcast(node, *polka);
  } else if (const auto* timer = std::get_if<ScheduleTimeout>(&output)) {
    const std::uint64_t due = now_ms_ + timeout_ms(timer->kind, timer->round, {});
    nodes_[node].timers.push_back({due, timer->kind, timer->round});
  } else if (const auto* cancelled = std::get_if<CancelTimeouts>(&output)) {
    std::erase_if(nodes_[node].timers,
                  [&](const Timer& old) { return old.round <= cancelled->round; });
  } else if (const auto* wanted = std::get_if<FetchBlock>(&output)) {
    learn(node, wanted->header_hash);
  } else if (const auto* reported = std::get_if<ReportEvidence>(&output)) {
    correct_one_accused_ = correct_one_accused_ || offence_of(reported->evidence).org != liar_;
  } else if (std::holds_alternative<Alarm>(output)) {
    alarmed_ = true;
  }
}

void SmallNetwork::broadcast(std::size_t from, const NetworkMessage& message) {
  for (std::size_t to = 0; to < nodes_.size(); ++to) {
    if (to != from) post(to, message);
  }
}

void SmallNetwork::post(std::size_t to, const NetworkMessage& message) {
  parcels_.push_back({to, now_ms_ + 1 + random(10), message});
}

void SmallNetwork::learn(std::size_t node, const crypto::Hash& header_hash) {
  const auto found = std::ranges::find(blocks_, header_hash, &BlockId::header_hash);
  perform(node, nodes_[node].machine.set_validity(*found, Validity::valid));
}

void SmallNetwork::deliver(std::size_t parcel) {
  const Parcel taken = std::move(parcels_[parcel]);
  parcels_.erase(parcels_.begin() + static_cast<std::ptrdiff_t>(parcel));
  Agreement& machine = nodes_[taken.to].machine;
  perform(taken.to,
          std::visit([&](const auto& message) { return machine.receive(message); }, taken.message));
  if (const auto* proposal = std::get_if<Proposal>(&taken.message)) {
    learn(taken.to, proposal->header_hash);
  }
}

void SmallNetwork::fire(std::size_t node, std::size_t timer) {
  std::vector<Timer>& timers = nodes_[node].timers;
  const Timer fired = timers[timer];
  timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(timer));
  perform(node, nodes_[node].machine.timeout(fired.kind, fired.round));
}

// Mostly one of the blocks proposed last, which others are about to vote for.
BlockId SmallNetwork::some_block() {
  const std::size_t recent = std::min<std::size_t>(3, blocks_.size());
  if (random(4) == 0) return blocks_[random(blocks_.size())];
  return blocks_[blocks_.size() - 1 - random(recent)];
}

// Mostly the round that the node is in.
std::int32_t SmallNetwork::some_round(std::size_t node) {
  const std::int32_t current = std::max(0, nodes_[node].machine.round().value);
  if (random(4) != 0) return current;
  return static_cast<std::int32_t>(random(static_cast<std::uint64_t>(current) + 3));
}

// Whom the liar shows agreement in this round; the others see it vote nil.
bool SmallNetwork::favours(std::size_t node, std::int32_t round) const {
  const std::uint64_t bit = 3 * static_cast<std::uint64_t>(round % 20) + node;
  return (favours_ >> bit & 1) != 0;
}

// One vote of the liar, mostly what the node voted itself or nil, so that some see quorums which
// others do not; or a proposal where the liar is the proposer.
void SmallNetwork::lie() {
  const std::size_t to = random(nodes_.size());
  const std::int32_t round = some_round(to);
  const auto valid_round =
      static_cast<std::int32_t>(random(static_cast<std::uint64_t>(round) + 1)) - 1;
  if (random(4) == 0 && four().proposer(kHeight, {round}).org == liar_) {
    return post(to, proposal(round, some_block(), random(2) == 0 ? -1 : valid_round));
  }
  if (random(8) == 0) {
    return post(to, random(2) == 0 ? prevote(liar_, round, some_block(), valid_round)
                                   : precommit(liar_, round, some_block()));
  }
  const std::vector<Vote> held = nodes_[to].machine.own_votes();
  if (held.empty()) return;
  Vote vote = held[random(held.size())];
  vote.org = liar_;
  vote.kid = key_of(liar_).public_key().kid();
  if (!favours(to, vote.round.value)) {
    vote.value.reset();
    vote.valid_round = kNoRound;
  }
  post(to, vote);
}

// How often each kind of trouble comes is drawn for each run, from a good network to one in which
// most messages are lost and most timers fire early; and now and then one node hears nothing.
void SmallNetwork::run_hostile(std::size_t actions) {
  const std::uint64_t lies = 1 + random(5);
  const std::uint64_t haste = lies + 1 + random(6);
  const std::uint64_t losses = haste + random(12);
  const std::uint64_t copies = losses + 1;
  for (std::size_t i = 0; i < actions; ++i) {
    if (i % 50 == 0) deaf_ = random(2 * nodes_.size());
    const std::uint64_t action = random(copies + 12);
    const std::size_t node = random(nodes_.size());
    if (action < lies) {
      lie();
    } else if (action < haste) {
      if (!nodes_[node].timers.empty()) fire(node, random(nodes_[node].timers.size()));
    } else if (parcels_.empty()) {
      send_again();
    } else if (action < losses) {
      parcels_.erase(parcels_.begin() + static_cast<std::ptrdiff_t>(random(parcels_.size())));
    } else if (action < copies) {
      parcels_.push_back(Parcel(parcels_[random(parcels_.size())]));
    } else {
      const std::size_t parcel = random(parcels_.size());
      if (parcels_[parcel].to != deaf_) deliver(parcel);
    }
  }
}

// What a node that is stuck sends again. [rule 17]
void SmallNetwork::send_again() {
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    const Agreement& machine = nodes_[node].machine;
    for (const Vote& vote : machine.own_votes()) broadcast(node, vote);
    if (const Proposal* own = machine.own_proposal()) broadcast(node, *own);
    if (machine.round_certificate()) broadcast(node, *machine.round_certificate());
    const Round valid_round = machine.valid().round;
    if (const auto polka = machine.polka_certificate(valid_round)) broadcast(node, *polka);
    if (machine.decision()) broadcast(node, machine.decision()->certificate);
  }
}

void SmallNetwork::tick() {
  ++now_ms_;
  for (std::size_t at = 0; at < parcels_.size();) {
    if (parcels_[at].due_ms > now_ms_) {
      ++at;
    } else {
      deliver(at);
    }
  }
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    const auto due = [this](const Timer& timer) { return timer.due_ms <= now_ms_; };
    std::vector<Timer>& timers = nodes_[node].timers;
    for (auto at = std::ranges::find_if(timers, due); at != timers.end();
         at = std::ranges::find_if(timers, due)) {
      fire(node, static_cast<std::size_t>(at - timers.begin()));
    }
  }
}

void SmallNetwork::run_synchronous(std::uint64_t until_ms) {
  for (std::uint64_t end = now_ms_ + until_ms; now_ms_ < end && !all_decided();) {
    if (now_ms_ % 200 == 0) send_again();
    if (now_ms_ % 20 == 0) lie();
    tick();
  }
}

}  // namespace treeproof::bft::testing
