#include "node/host.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "node/host_loop.h"
#include "node/peer_directory.h"

namespace treeproof::node {

namespace {

constexpr std::string_view kVersion = "0.1.0";
constexpr std::uint64_t kSubmitsLookMs = 1'000;

network::MeshConfig with_frame_rules(network::MeshConfig mesh) {
  for (std::uint8_t kind = replica::kKindFirst; kind <= replica::kKindLast; ++kind) {
    const auto level = replica::serves_catch_up(kind) ? network::PeerLevel::catch_up_only
                                                      : network::PeerLevel::full;
    mesh.frames[kind] = {replica::payload_bytes_max(kind), level};
  }
  return mesh;
}

replica::ReplicaConfig replica_config(const HostConfig& config, const store::Store& store,
                                      const crypto::PublicKey& key, const store::GuardFile* guard) {
  replica::ReplicaConfig result = config.replica;
  result.org = config.org;
  if (guard != nullptr) result.node_key = replica::NodeKey{key, guard->height()};
  result.fork = store.fork();
  result.past = [&store](Height height) { return store.past(height); };
  result.unclaimed_attachments = store.unclaimed_attachments();
  return result;
}

// The validators of genesis are all that a node begins with.
std::shared_ptr<const ValidatorSet> first_validators(const ledger::Genesis& genesis) {
  return std::make_shared<const ValidatorSet>(ledger::genesis_validators(genesis));
}

}  // namespace

Host::Loop::Loop(HostConfig given, const ledger::Genesis& genesis, const crypto::SecretKey& key,
                 store::Store& the_store, store::JournalFile& the_journal,
                 store::GuardFile* the_guard)
    : config(std::move(given)),
      chain_id(ledger::chain_id(genesis)),
      clock(genesis),
      store(the_store),
      journal(the_journal),
      guard(the_guard),
      node_key(key),
      loop(config.workers),
      mesh(with_frame_rules(config.mesh), node_key, loop, *this),
      replica(replica_config(config, store, node_key.public_key(), guard),
              replica::Chain(chain_id, store.state(), store.build_state_map(), store.tip())),
      maker(config.snapshots.home, config.snapshots.every, store),
      seeker(first_validators(genesis), store.tip().height.value == 0 ? config.snapshots.ahead : 0,
             seeker_ports(genesis)) {
  status.org = config.org;
  status.version = kVersion;
}

replica::Now Host::Loop::now() const {
  using std::chrono::milliseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<milliseconds>(since).count();
  return clock.at(TimeMs{static_cast<std::uint64_t>(ms)});
}

std::string Host::Loop::run() {
  update_directory();
  tell_voting();
  expire_submits();
  execute(replica.start(journal.found(), now()));
  handle(replica::EvidenceKept{store.evidence()});
  if (auto started = mesh.start(); !started) fail(started.error());
  publish_status();
  if (failure.empty()) loop.run();
  mesh.stop();
  timers.clear();
  answers_later.reset();
  submits_later.reset();
  loop.join_workers();
  return failure;
}

void Host::Loop::post(replica::Event event) {
  loop.post([this, event = std::move(event)]() mutable { handle(std::move(event)); });
}

void Host::Loop::handle(replica::Event event) {
  if (stopping || !failure.empty()) return;
  events.push_back(std::move(event));
  drain();
}

void Host::Loop::drain() {
  if (std::exchange(draining, true)) return;
  while (!events.empty() && failure.empty()) {
    replica::Event event = std::move(events.front());
    events.pop_front();
    execute(replica.step(std::move(event), now()));
  }
  draining = false;
  tell_starving();
}

void Host::Loop::fail(std::string why) {
  if (!failure.empty()) return;
  spdlog::critical("{}", why);
  failure = std::move(why);
  loop.stop();
}

void Host::Loop::update_directory() {
  const auto view = store.latest();
  mesh.set_directory(make_directory(*view, replica.chain().tip(), config.observers, config.org));
}

// Whoever waited is answered by its own clock; here nothing of it stays behind.
void Host::Loop::expire_submits() {
  const std::uint64_t now_ms = real_ms();
  while (!submits_end_ms.empty() && submits_end_ms.begin()->first <= now_ms) {
    auto expired = submits.extract(submits_end_ms.begin()->second);
    submits_end_ms.erase(submits_end_ms.begin());
    if (expired.empty()) continue;
    handle(replica::Withdrawn{std::move(expired.mapped().statement), expired.key()});
  }
  submits_later = loop.after(kSubmitsLookMs, [this] { expire_submits(); });
}

void Host::Loop::tell_voting() {
  const replica::Voting voting = replica.voting();
  if (voting == replica::Voting::yes || voting == replica::Voting::no_seat) return;
  spdlog::warn("this node follows and does not vote: {}", replica::to_string(voting));
}

// [rule 28] Its own blocks may be the last of their heights: what becomes of them is for people.
void Host::Loop::tell_starving() {
  if (std::exchange(is_starving, replica.is_starved()) == replica.is_starved()) return;
  if (!is_starving) return;
  spdlog::warn(
      "no connected peer gives block {}: they are slow, or began at snapshots above it. Connect a "
      "node that holds it under [peers]; where none is left, docs/running.md \"Falling behind\" "
      "says how to begin at a snapshot",
      replica.chain().tip().height.next().value);
}

void Host::Loop::publish_status() {
  const replica::Tip& tip = replica.chain().tip();
  const std::lock_guard hold(status_lock);
  status.validator = tip.validators->find(config.org) != nullptr;
  status.highest_seen = std::max(tip.height, replica.highest_seen());
  for (const auto& [org, height] : seeker.decided()) {
    if (seeker.is_seeking()) status.highest_seen = std::max(status.highest_seen, height);
  }
  status.connected.clear();
  for (const network::PeerStats& peer : mesh.stats().peers) {  // a stranger is no validator yet
    const bool is_stranger =
        peer.level != network::PeerLevel::full && tip.validators->find(peer.org) != nullptr;
    if (!is_stranger) status.connected.push_back(peer.org);
  }
  status.validators = tip.validators->size();
}

void Host::Loop::on_connected(const std::string& org) {
  spdlog::info("connected to {}", org);
  handle(replica::PeerConnected{org});
  seeker.connect(org);
  publish_status();
}

void Host::Loop::on_disconnected(const std::string& org, network::Reason reason) {
  spdlog::info("disconnected from {}: {}", org, network::to_string(reason));
  answers.forget(org);
  handle(replica::PeerDisconnected{org});
  seeker.disconnect(org);
  publish_status();
}

void Host::Loop::on_refused(const std::string& peer, const network::Refusal& refusal) {
  spdlog::debug("connection with {} refused: {}", peer, network::to_string(refusal.reason));
}

void Host::Loop::on_frame(const std::string& org, std::uint8_t kind, crypto::Bytes payload) {
  auto message = replica::decode(kind, payload, chain_id);
  if (!message) {
    spdlog::warn("{} misbehaves: a frame of kind {}: {}", org, kind, message.error());
    return mesh.drop(org);
  }
  if (!is_for_snapshots(org, *message)) handle(replica::Received{org, *std::move(message)});
}

Host::Host(HostConfig config, const ledger::Genesis& genesis, const crypto::SecretKey& node_key,
           store::Store& store, store::JournalFile& journal, store::GuardFile* guard)
    : loop_(std::make_unique<Loop>(std::move(config), genesis, node_key, store, journal, guard)) {}

Host::~Host() = default;

std::string Host::run() { return loop_->run(); }

void Host::stop() {
  loop_->stopping = true;
  loop_->loop.stop();
}

bool Host::has_restored() const { return loop_->restored; }

std::uint16_t Host::peer_port() const { return loop_->mesh.port(); }

void Host::submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
                  std::function<void(const replica::Answer&)> answer) {
  const replica::Ticket ticket{loop_->next_ticket++};
  loop_->loop.post([this, ticket, wait_ms, statement = std::move(statement),
                    answer = std::move(answer)]() mutable {
    loop_->submits_end_ms.emplace(loop_->real_ms() + wait_ms, ticket);
    loop_->submits.emplace(ticket, Loop::Submit{statement, std::move(answer)});
    loop_->handle(replica::Submitted{std::move(statement), ticket});
  });
}

void Host::pending(std::function<void(const std::vector<replica::PendingStatement>&)> answer) {
  const replica::Ticket ticket{loop_->next_ticket++};
  loop_->loop.post([this, ticket, answer = std::move(answer)]() mutable {
    loop_->pendings.emplace(ticket, std::move(answer));
    loop_->handle(replica::PendingAsked{ticket});
  });
}

void Host::upload(const crypto::Hash& root, crypto::Bytes bytes,
                  std::function<void(std::expected<void, ledger::Refusal>)> answer) {
  const replica::Ticket ticket{loop_->next_ticket++};
  auto shared = std::make_shared<const crypto::Bytes>(std::move(bytes));
  loop_->loop.post(
      [this, ticket, root, shared = std::move(shared), answer = std::move(answer)]() mutable {
        loop_->uploads.emplace(ticket, Loop::Upload{std::move(shared), std::move(answer)});
        loop_->handle(replica::AttachmentOffered{root, ticket});
      });
}

rpc::ChainViewPtr Host::latest() const { return loop_->store.latest(); }

std::optional<rpc::ChainReader::StateProof> Host::state_proof(const ledger::ObjectKey& key,
                                                              Height at) const {
  return loop_->store.state_proof(key, at);
}

rpc::NodeStatus Host::status() const {
  const std::lock_guard hold(loop_->status_lock);
  return loop_->status;
}

std::shared_ptr<void> Host::on_commit(std::function<void(Height)> notify) {
  const std::lock_guard hold(loop_->status_lock);
  const std::uint64_t id = loop_->next_listener++;
  loop_->listeners.emplace(id, std::move(notify));
  return {nullptr, [this, id](void*) {
            const std::lock_guard release(loop_->status_lock);
            loop_->listeners.erase(id);
          }};
}

}  // namespace treeproof::node
