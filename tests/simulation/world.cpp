#include "tests/simulation/world.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/simulation/clients.h"
#include "tests/simulation/season.h"
#include "tests/simulation/submission.h"

namespace treeproof::simulation {

namespace {

std::set<std::string> names_of(const std::map<std::string, Behaviour>& byzantine) {
  const auto names = std::views::keys(byzantine);
  return {names.begin(), names.end()};
}

void tell(replica::SnapshotSeeker& seeker, const replica::Event& event) {
  if (const auto* here = std::get_if<replica::PeerConnected>(&event)) seeker.connect(here->org);
  if (const auto* gone = std::get_if<replica::PeerDisconnected>(&event)) {
    seeker.disconnect(gone->org);
  }
}

}  // namespace

World::World(const WorldOptions& options)
    : options_(options),
      consortium_(Consortium::of(options.validators)),
      random_(options.seed),
      torn_(options.seed),
      invariants_(consortium_, names_of(options.byzantine)),
      trace_(options.events_kept),
      clients_(std::make_unique<Clients>(*this, options_)),
      season_(std::make_unique<Season>(*this)) {
  for (const auto& org : consortium_.validators()) {
    const crypto::SecretKey& key = consortium_.member(org).node_key;
    Node& node = nodes_.try_emplace(org, consortium_.empty_store(), key).first->second;
    const auto lies = options_.byzantine.find(org);
    if (lies == options_.byzantine.end()) continue;
    node.actor = std::make_unique<ByzantineActor>(org, lies->second, consortium_, node.disk.store,
                                                  conspiracy_, random_());
  }
  for (const auto& org : consortium_.validators()) restart(org);
  for (const auto& [org, behaviour] : options_.byzantine) make_mischief(org);
}

World::~World() = default;

replica::Now World::now() const {
  const TimeMs time{consortium_.genesis().time.value + now_us_ / 1'000};
  return {time, time, 1};
}

replica::Now World::now_of(const Node& node) const {
  const auto skewed = static_cast<std::int64_t>(now().real.value) + node.skew_ms;
  const TimeMs time{static_cast<std::uint64_t>(skewed)};
  return {time, time, 1};
}

void World::run_until(std::uint64_t end_us, const std::function<bool()>& reached) {
  while (!agenda_.empty() && agenda_.next_time_us() <= end_us) {
    if (invariants_.violation() || reached()) return;
    now_us_ = std::max(now_us_, agenda_.next_time_us());
    agenda_.take_next()();
  }
  now_us_ = std::max(now_us_, end_us);
}

void World::run_ms(std::uint64_t duration_ms) {
  with_clients_ = true;
  clients_->start();
  if (options_.season) season_->start();
  run_until(now_us_ + duration_ms * 1'000, [] { return false; });
  with_clients_ = false;
}

void World::run_safety_phase(std::uint64_t duration_ms) {
  faulty_ = true;
  start_faults();
  run_ms(duration_ms);
  faulty_ = false;
}

bool World::run_liveness_phase(std::uint64_t heights, std::uint64_t limit_ms) {
  heal();
  Height goal;
  for (auto& [org, node] : nodes_) {
    if (!node.replica) restart(org);
    if (invariants_.is_correct(org)) goal = std::max(goal, node.disk.store.tip().height);
  }
  goal.value += heights;
  const auto reached = [&] {
    std::optional<Height> first;
    for (const auto& [org, node] : nodes_) {
      if (!invariants_.is_correct(org)) continue;
      const Height height = node.disk.store.tip().height;
      if (height < goal || (first && *first != height)) return false;
      first = height;
    }
    return true;
  };
  run_until(now_us_ + limit_ms * 1'000, reached);
  return reached();
}

void World::crash(const std::string& org) {
  Node& node = nodes_.at(org);
  if (!node.replica) return;
  ++counts_.crashes;
  ++node.life;
  node.replica.reset();
  node.seeker.reset();
  node.due.reset();
  node.inbox.clear();
  node.attended = false;
  settle_disk(org, node);
  invariants_.forgets(org, node.disk.store.tip().height);
  trace_.note(Happening::crashed, now_us_, org);
  for (auto& [other, peer] : nodes_) {
    if (peer.replica && network_.connected(org, other)) {
      post(other, replica::PeerDisconnected{org}, 100);
    }
  }
}

void World::restart(const std::string& org) {
  Node& node = nodes_.at(org);
  if (node.replica) return;
  come_back(org, node);
  open_restored(org, node);
  ++node.life;
  node.timers.clear();
  node.checked.clear();
  node.ready_at_us = now_us_;
  replica::ReplicaConfig config;
  config.org = org;
  const MemoryStore& store = node.disk.store;
  // A Byzantine one signs without its guard, which therefore never holds it back.
  const Height guard = node.actor ? store.tip().height : node.disk.guard.state().height();
  config.node_key = replica::NodeKey{node.disk.key->public_key(), guard};
  config.fork = node.disk.fork;
  config.past = [&store](Height height) { return store.past(height); };
  config.unclaimed_attachments = store.unclaimed_attachments();
  node.replica.emplace(
      config, replica::Chain(consortium_.chain_id(), store, store.build_state_map(), store.tip()));
  trace_.note(Happening::restarted, now_us_, org);
  if (!execute(org, node.replica->start(node.disk.journal, now_of(node)))) return;
  replica::EvidenceKept kept;
  for (const auto& [offence, evidence] : node.disk.evidence) kept.evidence.push_back(evidence);
  if (!execute(org, node.replica->step(std::move(kept), now_of(node)))) return;
  for (auto& [other, peer] : nodes_) {
    if (other != org && peer.replica && network_.connected(org, other)) introduce(org, other);
  }
}

void World::introduce(const std::string& left, const std::string& right) {
  post(left, replica::PeerConnected{right}, 200);
  post(right, replica::PeerConnected{left}, 200);
}

void World::post(const std::string& org, replica::Event event, std::uint64_t delay_us) {
  const std::uint64_t life = nodes_.at(org).life;
  at(now_us_ + delay_us, [this, org, life, event = std::move(event)]() mutable {
    const Node& node = nodes_.at(org);
    if (!node.replica || node.life != life) return;
    trace_.note(Happening::stepped, now_us_, org, event.index());
    deliver(org, std::move(event));
  });
}

void World::deliver(const std::string& org, replica::Event event) {
  Node& node = nodes_.at(org);
  if (node.seeker) tell(*node.seeker, event);
  node.inbox.push_back(std::move(event));
  if (!node.attended) attend(org);
}

void World::note_verified(const std::string& org, const Node& node, const replica::JobsDone& done) {
  for (const replica::JobResult& result : done.results) {
    const auto* checked = std::get_if<replica::VerifyAgreement>(&result.job);
    if (checked == nullptr || !result.valid) continue;
    invariants_.received(org, node.disk.store.tip().height, checked->message);
  }
}

// One event after the other, as soon as the node has time for them.
void World::attend(const std::string& org) {
  Node& node = nodes_.at(org);
  node.attended = true;
  const std::uint64_t life = node.life;
  while (!node.inbox.empty() && node.ready_at_us <= now_us_) {
    replica::Event event = std::move(node.inbox.front());
    node.inbox.pop_front();
    if (const auto* done = std::get_if<replica::JobsDone>(&event)) note_verified(org, node, *done);
    if (!execute(org, node.replica->step(std::move(event), now_of(node)))) return;
  }
  node.attended = !node.inbox.empty();
  if (!node.attended) return;
  at(node.ready_at_us, [this, org, life] {
    const Node& later = nodes_.at(org);
    if (later.replica && later.life == life) attend(org);
  });
}

// False: the node died on the way, and another life will come.
bool World::execute(const std::string& org, replica::Effects effects) {
  Node& node = nodes_.at(org);
  const bool dies = faulty_ && chance(options_.faults.crash_per_10k_steps, 10'000);
  const std::size_t done = dies ? random(effects.size() + 1) : effects.size();
  for (std::size_t i = 0; i < done; ++i) {
    if (!perform(org, node, effects[i])) return false;
  }
  if (!dies) return true;
  if (done < effects.size()) interrupt(node, effects[done]);
  die(org);
  return false;
}

std::vector<std::string> World::doors() const {
  std::vector<std::string> orgs;
  for (const auto& [org, node] : nodes_) {
    if (node.replica && invariants_.is_correct(org)) orgs.push_back(org);
  }
  return orgs;
}

Height World::answers_by(const std::string& org) const {
  return nodes_.at(org).replica->chain().tip().height;
}

void World::submit(const std::string& org, ledger::StatementPtr statement,
                   ledger::AttachmentPtr attachment, OnAnswer on_answer) {
  const std::uint64_t ticket = submitted_.size() + 1;
  submitted_.emplace(
      ticket, Submission{statement->id, now_us_, std::move(attachment), std::move(on_answer)});
  post(org, replica::Submitted{std::move(statement), {ticket}}, 0);
}

void World::check_nothing_lost() {
  for (const auto& [org, node] : nodes_) {
    if (invariants_.is_correct(org)) invariants_.check_nothing_lost(org, node.disk.store);
  }
}

void World::violate(std::string what) { invariants_.violate(std::move(what)); }

std::optional<std::string> World::violation() const {
  const auto& what = invariants_.violation();
  if (!what) return std::nullopt;
  return "at " + std::to_string(now_us_) + " us: " + *what;
}

crypto::Hash World::trace_hash() const {
  crypto::Bytes bytes;
  crypto::append_u64be(bytes, trace_.hash());
  crypto::append_u64be(bytes, trace_.count());
  return crypto::sha256(bytes);
}

std::string World::diagram(const std::string& last_line) const {
  return trace_.diagram(consortium_.validators(), consortium_.chain_id(), last_line);
}

}  // namespace treeproof::simulation
