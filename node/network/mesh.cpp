#include "node/network/mesh.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <chrono>
#include <map>
#include <optional>
#include <random>

#include "node/network/handshake.h"
#include "node/network/listener.h"
#include "node/network/session.h"

namespace treeproof::network {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSettledAfter{1'000};  // a connection this old resets the redial delay

std::optional<PeerEntry> entry_of(const PeerDirectory& directory, const std::string& org) {
  const auto found = directory.find(org);
  return found == directory.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

// Shared by the mesh and by what it has under way on `main`. Nothing on the pool holds it.
struct Mesh::State {
  using Self = std::shared_ptr<State>;

  // One organisation to dial, for as long as it is not connected.
  struct Dialler {
    Dialler(asio::io_context& main, std::string peer, PeerAddress at, std::uint32_t first_ms)
        : org(std::move(peer)), address(std::move(at)), timer(main), delay_ms(first_ms) {}
    std::string org;
    PeerAddress address;
    asio::steady_timer timer;
    std::uint32_t delay_ms;
    bool under_way = false;
  };
  struct Peer {
    std::shared_ptr<Session> session;
    PeerLevel level = PeerLevel::full;
    Clock::time_point since;
    bool announced = false;
  };
  struct UnderWay {
    Handshake handshake;
    Dialler* dialler;     // null when the peer dialled
    std::string address;  // of a peer that dialled
  };

  State(MeshConfig configured, const crypto::SecretKey& key, asio::io_context& main_context,
        asio::thread_pool& pool_threads, MeshHandler& host)
      : config(std::move(configured)),
        node_key(key),
        main(main_context),
        pool(pool_threads),
        handler(host),
        sweep_timer(main),
        random(std::random_device{}()) {}

  MeshConfig config;
  const crypto::SecretKey& node_key;
  asio::io_context& main;
  asio::thread_pool& pool;
  MeshHandler& handler;
  std::shared_ptr<const HandshakeTerms> terms;
  std::shared_ptr<const PeerDirectory> directory = std::make_shared<const PeerDirectory>();
  std::optional<Listener> listener;
  asio::steady_timer sweep_timer;
  std::minstd_rand random;
  std::vector<std::unique_ptr<Dialler>> diallers;
  std::map<std::string, std::shared_ptr<Peer>, std::less<>> peers;
  std::map<std::uint64_t, UnderWay> handshakes;
  std::uint64_t next_handshake = 0;
  MeshStats totals;
  bool stopped = false;

  static void schedule_sweep(const Self& self);
  static void accepted(const Self& self, SocketDescriptor socket, const std::string& address);
  static Listener::Events listener_events(const Self& self);
  static void schedule_dial(const Self& self, Dialler& dialler);
  static void dial(const Self& self, Dialler& dialler);
  static void finished(const Self& self, std::uint64_t id, HandshakeResult result);
  static void establish(const Self& self, const std::string& address, Established established);
  static void announce(const Self& self, const std::shared_ptr<Peer>& peer);
  static void drop(const Self& self, const std::string& org, Reason reason);

  static Handshake::Done on_finished(const Self& self, std::uint64_t id);
  static Session::Events session_events(const Self& self);
  std::optional<PeerLevel> level_of(const Admitted& peer) const;
  bool replaces(const Established& established, const Session& present) const;
  void refuse(const std::string& peer, const Refusal& refusal);
  void stop();
};

void Mesh::State::accepted(const Self& self, SocketDescriptor socket, const std::string& address) {
  ++self->totals.accepted;
  if (self->totals.half_open >= self->config.limits.half_open_max) {
    return self->refuse(address, {Reason::half_open_limit, RefusedBy::us});
  }
  const std::uint64_t id = self->next_handshake++;
  auto handshake = Handshake::answer({self->main, self->pool}, {self->terms, self->directory},
                                     std::move(socket), on_finished(self, id));
  self->handshakes.emplace(id, UnderWay{std::move(handshake), nullptr, address});
  ++self->totals.half_open;
}

void Mesh::State::schedule_dial(const Self& self, Dialler& dialler) {
  if (self->stopped) return;
  // A quarter of jitter either way, so that a restart does not make everyone dial in step.
  const std::uint32_t quarter = dialler.delay_ms / 4;
  std::uint32_t wait_ms = dialler.delay_ms - quarter;
  wait_ms += std::uniform_int_distribution<std::uint32_t>(0, 2 * quarter)(self->random);
  if (dialler.org < self->config.own_org) wait_ms += self->config.limits.head_start_ms;
  dialler.timer.expires_after(milliseconds(wait_ms));
  dialler.timer.async_wait([self, &dialler](error_code cancelled) {
    if (!cancelled) dial(self, dialler);
  });
}

void Mesh::State::dial(const Self& self, Dialler& dialler) {
  const bool wanted = !self->stopped && !dialler.under_way && !self->peers.contains(dialler.org);
  if (!wanted) return;
  dialler.under_way = true;
  const std::uint64_t id = self->next_handshake++;
  auto handshake = Handshake::dial({self->main, self->pool}, {self->terms, self->directory},
                                   dialler.address, dialler.org, on_finished(self, id));
  self->handshakes.emplace(id, UnderWay{std::move(handshake), &dialler, {}});
}

Handshake::Done Mesh::State::on_finished(const Self& self, std::uint64_t id) {
  return [weak = std::weak_ptr(self), id](HandshakeResult result) {
    if (const auto state = weak.lock()) finished(state, id, std::move(result));
  };
}

void Mesh::State::finished(const Self& self, std::uint64_t id, HandshakeResult result) {
  const auto node = self->handshakes.extract(id);
  if (self->stopped) return;
  assert(!node.empty());
  Dialler* const dialler = node.mapped().dialler;
  const std::string& name = dialler != nullptr ? dialler->org : node.mapped().address;
  if (dialler == nullptr) --self->totals.half_open;
  if (dialler != nullptr) {
    dialler->under_way = false;
    dialler->delay_ms = std::min(dialler->delay_ms * 2, self->config.limits.redial_last_ms);
  }
  if (result) {
    establish(self, name, std::move(*result));
  } else {
    self->refuse(name, result.error());
  }
  if (dialler != nullptr && !self->peers.contains(dialler->org)) schedule_dial(self, *dialler);
}

// Nothing where it does not get in.
std::optional<PeerLevel> Mesh::State::level_of(const Admitted& peer) const {
  if (!peer.key) return PeerLevel::catch_up_only;
  const auto entry = directory->find(peer.org);
  if (entry == directory->end() || entry->second.key != *peer.key) return std::nullopt;
  return entry->second.level;
}

// Whose key is known goes before a stranger. Else both ends keep the connection that the smaller
// name dialled; of two that the same end dialled, the newer one, because its dialler has lost the
// older.
bool Mesh::State::replaces(const Established& established, const Session& present) const {
  if (established.peer.key.has_value() != present.peer().key.has_value()) {
    return established.peer.key.has_value();
  }
  if (established.own_side == present.own_side()) return true;
  const bool own_is_smaller = config.own_org < present.peer().org;
  return (established.own_side == Side::client) == own_is_smaller;
}

void Mesh::State::establish(const Self& self, const std::string& address, Established established) {
  const std::string org = established.peer.org;
  const auto level = self->level_of(established.peer);
  if (!level) {
    return self->refuse(address, {Reason::left_directory, RefusedBy::us});
  }
  if (const auto present = self->peers.find(org); present != self->peers.end()) {
    if (!self->replaces(established, *present->second->session)) {
      return self->refuse(address, {Reason::duplicate, RefusedBy::us});
    }
    drop(self, org, Reason::replaced);
  }
  auto peer = std::make_shared<Peer>();
  const SessionLimits limits{self->config.limits.queue_bytes_max,
                             self->config.limits.queue_frames_max};
  peer->session = std::make_shared<Session>(self->main, std::move(established), self->config.frames,
                                            limits, session_events(self));
  peer->level = *level;
  peer->since = Clock::now();
  self->peers.emplace(org, peer);
  // Posted, as every loss is: the host hears of them in the order in which they happened.
  asio::post(self->main, [self, peer] { announce(self, peer); });
}

void Mesh::State::announce(const Self& self, const std::shared_ptr<Peer>& peer) {
  if (!peer->session->is_open()) return;
  peer->announced = true;
  self->handler.on_connected(peer->session->peer().org);
  if (peer->session->is_open()) Session::run(peer->session);
}

Listener::Events Mesh::State::listener_events(const Self& self) {
  const std::weak_ptr<State> weak = self;
  Listener::Events events;
  events.accepted = [weak](SocketDescriptor socket, const std::string& address) {
    if (const auto state = weak.lock()) accepted(state, std::move(socket), address);
  };
  events.too_busy = [weak](const std::string& address) {
    if (const auto state = weak.lock()) {
      ++state->totals.accepted;
      state->refuse(address, {Reason::address_too_busy, RefusedBy::us});
    }
  };
  return events;
}

Session::Events Mesh::State::session_events(const Self& self) {
  // Weak: the state holds the session. An open session always has a state that is not stopped.
  const std::weak_ptr<State> weak = self;
  Session::Events events;
  events.frame = [weak](Session& session, std::uint8_t kind, crypto::Bytes payload) noexcept {
    const auto state = weak.lock();
    const std::string& org = session.peer().org;
    if (state->config.frames.at(kind).level > state->peers.at(org)->level) {
      ++state->totals.frames_ignored;
      return;
    }
    state->handler.on_frame(org, kind, std::move(payload));
  };
  events.failed = [weak](Session& session, Reason reason) {
    drop(weak.lock(), session.peer().org, reason);
  };
  return events;
}

void Mesh::State::drop(const Self& self, const std::string& org, Reason reason) {
  const auto peer = self->peers.extract(org).mapped();
  peer->session->close();
  ++self->totals.connections_lost[static_cast<std::size_t>(reason)];
  asio::post(self->main, [self, peer, reason] {
    if (self->stopped || !peer->announced) return;
    self->handler.on_disconnected(peer->session->peer().org, reason);
  });
  if (reason == Reason::replaced) return;
  const bool settled = Clock::now() - peer->since >= kSettledAfter;
  for (const auto& dialler : self->diallers) {
    if (dialler->org != peer->session->peer().org || dialler->under_way) continue;
    if (settled) dialler->delay_ms = self->config.limits.redial_first_ms;
    schedule_dial(self, *dialler);
  }
}

// Drops the peers whose writes do not move.
void Mesh::State::schedule_sweep(const Self& self) {
  const std::uint32_t limit_ms = self->config.limits.write_timeout_ms;
  self->sweep_timer.expires_after(milliseconds(limit_ms / 4 + 1));
  self->sweep_timer.async_wait([self, limit_ms](error_code cancelled) {
    if (cancelled || self->stopped) return;
    std::vector<std::string> stuck;
    for (const auto& [org, peer] : self->peers) {
      if (peer->session->write_pending_ms() > limit_ms) stuck.push_back(org);
    }
    for (const auto& org : stuck) drop(self, org, Reason::too_slow);
    schedule_sweep(self);
  });
}

void Mesh::State::refuse(const std::string& peer, const Refusal& refusal) {
  ++totals.refused[static_cast<std::size_t>(refusal.reason)];
  handler.on_refused(peer, refusal);
}

void Mesh::State::stop() {
  if (std::exchange(stopped, true)) return;
  if (listener) listener->close();
  sweep_timer.cancel();
  for (const auto& dialler : diallers) dialler->timer.cancel();
  for (auto& [id, under_way] : std::exchange(handshakes, {})) under_way.handshake.cancel();
  for (const auto& [org, peer] : std::exchange(peers, {})) peer->session->close();
}

Mesh::Mesh(MeshConfig config, const crypto::SecretKey& node_key, asio::io_context& main,
           asio::thread_pool& pool, MeshHandler& handler)
    : state_(std::make_shared<State>(std::move(config), node_key, main, pool, handler)) {
  assert(!state_->config.frames.contains(kHelloKind));
  assert(!state_->config.frames.contains(kRefusalKind));
}

Mesh::Mesh(MeshConfig config, const crypto::SecretKey& node_key, EventLoop& loop,
           MeshHandler& handler)
    : Mesh(std::move(config), node_key, loop.main(), loop.workers(), handler) {}

Mesh::~Mesh() { state_->stop(); }

std::expected<void, std::string> Mesh::start() {
  auto identity = TlsIdentity::make();
  if (!identity) return std::unexpected("cannot make a TLS key: OpenSSL refused");
  const MeshConfig& config = state_->config;
  state_->terms = std::make_shared<const HandshakeTerms>(config.chain_id, config.own_org,
                                                         state_->node_key, std::move(*identity),
                                                         config.limits.handshake_timeout_ms);
  if (!config.listen.host.empty()) {
    state_->listener.emplace(
        state_->main, Listener::Rate{config.limits.accept_burst, config.limits.accepts_per_second},
        State::listener_events(state_));
    if (auto listening = state_->listener->listen(config.listen); !listening) return listening;
  }
  State::schedule_sweep(state_);
  for (const auto& [org, address] : config.peers) {
    state_->diallers.push_back(std::make_unique<State::Dialler>(state_->main, org, address,
                                                                config.limits.redial_first_ms));
    State::schedule_dial(state_, *state_->diallers.back());
  }
  return {};
}

void Mesh::stop() { state_->stop(); }

void Mesh::set_directory(PeerDirectory directory) {
  if (directory == *state_->directory) return;
  const auto before =
      std::exchange(state_->directory, std::make_shared<const PeerDirectory>(std::move(directory)));
  std::vector<std::string> gone;
  for (const auto& [org, peer] : state_->peers) {
    const Admitted& admitted = peer->session->peer();
    const auto level = state_->level_of(admitted);
    // A stranger shows its key again where there is news of it.
    const bool has_news =
        !admitted.key && entry_of(*before, org) != entry_of(*state_->directory, org);
    level && !has_news ? void(peer->level = *level) : gone.push_back(org);
  }
  for (const auto& org : gone) State::drop(state_, org, Reason::left_directory);
  for (const auto& dialler : state_->diallers) {
    if (before->contains(dialler->org) || !state_->directory->contains(dialler->org)) continue;
    dialler->delay_ms = state_->config.limits.redial_first_ms;
    State::schedule_dial(state_, *dialler);
  }
}

bool Mesh::send(std::string_view org, std::uint8_t kind, SharedBytes payload) {
  const auto rule = state_->config.frames.find(kind);
  assert(rule != state_->config.frames.end());
  assert(payload->size() <= rule->second.payload_bytes_max);
  const auto peer = state_->peers.find(org);
  if (peer == state_->peers.end() || rule->second.level > peer->second->level) return false;
  if (peer->second->session->send(kind, std::move(payload))) return true;
  State::drop(state_, std::string(org), Reason::queue_full);
  return false;
}

void Mesh::broadcast(std::uint8_t kind, SharedBytes payload) {
  for (const auto& org : connected()) send(org, kind, payload);
}

std::size_t Mesh::queue_bytes(std::string_view org) const {
  const auto peer = state_->peers.find(org);
  return peer == state_->peers.end() ? 0 : peer->second->session->queue().bytes();
}

void Mesh::drop(std::string_view org) {
  const auto peer = state_->peers.find(org);
  if (peer != state_->peers.end()) State::drop(state_, std::string(org), Reason::misbehaved);
}

std::vector<std::string> Mesh::connected() const {
  std::vector<std::string> orgs;
  for (const auto& [org, peer] : state_->peers) orgs.push_back(org);
  return orgs;
}

MeshStats Mesh::stats() const {
  MeshStats stats = state_->totals;
  for (const auto& [org, peer] : state_->peers) {
    const Session& session = *peer->session;
    stats.peers.push_back({org, peer->level, session.own_side(), session.sent(), session.received(),
                           session.queue().bytes(), session.queue().frames()});
  }
  return stats;
}

std::uint16_t Mesh::port() const {
  return state_->listener ? state_->listener->port() : std::uint16_t{0};
}

}  // namespace treeproof::network
