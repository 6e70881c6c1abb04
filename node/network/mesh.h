// The mesh: one authenticated TLS 1.3 connection to every organisation that the directory admits.
// Owns listening, dialling, handshakes, sessions and their queues; not the meaning of frames, nor
// who is a validator. The host calls it, and is called, on the thread that runs `main`; TLS
// handshakes and signatures of hellos run on `pool`.
// Whatever a peer does costs that peer its connection, never the node.
// Source: docs/protocol.md section 10; docs/consensus.md rule 30.
#pragma once

#include <array>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consensus/types/limits.h"
#include "node/network/event_loop.h"
#include "node/network/frame.h"
#include "node/network/peer.h"
#include "node/network/reason.h"

namespace boost::asio {
class io_context;
class thread_pool;
}  // namespace boost::asio

namespace treeproof::network {

struct MeshLimits {
  std::size_t half_open_max = 16;  // handshakes that others began
  std::uint32_t handshake_timeout_ms = 5'000;
  std::uint32_t write_timeout_ms = 10'000;           // for one write of at most 64 KiB
  std::size_t queue_bytes_max = kPeerQueueBytesMax;  // per peer
  std::size_t queue_frames_max = 16'384;             // per peer
  std::uint32_t accept_burst = 32;                   // per address
  std::uint32_t accepts_per_second = 2;              // per address, once the burst is spent
  std::uint32_t redial_first_ms = 50;
  std::uint32_t redial_last_ms = 5'000;
  std::uint32_t head_start_ms = 500;  // the smaller name of a pair dials this much earlier
};

struct MeshConfig {
  std::string chain_id;
  std::string own_org;
  PeerAddress listen;  // a numeric address; port 0 takes any; an empty host does not listen
  std::vector<std::pair<std::string, PeerAddress>> peers;  // organisations to dial
  FrameRules frames;                                       // every kind that may travel
  MeshLimits limits;
};

// The host's side. Never called from within a call of the mesh, and not after stop(). Must not
// throw.
class MeshHandler {
 public:
  virtual ~MeshHandler() = default;
  // The organisation's frames follow. Frames of an earlier connection may have been lost.
  virtual void on_connected(const std::string& org) = 0;
  virtual void on_disconnected(const std::string& org, Reason reason) = 0;
  // `peer` is the organisation that was dialled, else the address that connected. A stranger can
  // cause any number of these.
  virtual void on_refused(const std::string& peer, const Refusal& refusal) = 0;
  // In the order in which they were sent. Kinds above the peer's level never arrive.
  virtual void on_frame(const std::string& org, std::uint8_t kind, crypto::Bytes payload) = 0;
};

struct PeerStats {
  std::string org;
  PeerLevel level = PeerLevel::full;
  Side own_side = Side::client;
  Traffic sent;
  Traffic received;
  std::size_t queue_bytes = 0;
  std::size_t queue_frames = 0;
};
struct MeshStats {
  std::vector<PeerStats> peers;  // ascending by organisation
  std::size_t half_open = 0;
  std::uint64_t accepted = 0;        // connections that others began, refused ones included
  std::uint64_t frames_ignored = 0;  // of kinds above their sender's level
  std::array<std::uint64_t, kReasonCount> refused{};           // by reason
  std::array<std::uint64_t, kReasonCount> connections_lost{};  // by reason
};

class Mesh {
 public:
  // Requires: key, executors and handler outlive the mesh; the key and both executors also outlive
  // the work that it leaves behind in them, so the pool is joined before `main` goes; `main` is run
  // by one thread; no rule names a kind of the handshake.
  Mesh(MeshConfig config, const crypto::SecretKey& node_key, boost::asio::io_context& main,
       boost::asio::thread_pool& pool, MeshHandler& handler);
  // On the loop's thread and its workers.
  Mesh(MeshConfig config, const crypto::SecretKey& node_key, EventLoop& loop, MeshHandler& handler);
  ~Mesh();  // stops
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  // Listens and dials. The error is one line for the operator: which address, what the system said.
  std::expected<void, std::string> start();
  // Closes every socket at once and drops queued frames. No handler is called afterwards; what is
  // under way on the executors ends within their next turns.
  void stop();

  // Who gets in from now on. Peers that it no longer names, or names with another key, are dropped.
  void set_directory(PeerDirectory directory);

  // Queues a frame. False when the organisation is not connected or not of the kind's level.
  // A peer whose queue is full is dropped. Requires: a kind with a rule, a payload within it.
  bool send(std::string_view org, std::uint8_t kind, SharedBytes payload);
  // To every connected peer of the kind's level; the payload is shared, not copied.
  void broadcast(std::uint8_t kind, SharedBytes payload);

  // Of frames that wait for this peer; 0 where it is not connected.
  std::size_t queue_bytes(std::string_view org) const;

  // Closes the connection of an organisation that the host found faulty.
  void drop(std::string_view org);

  // Ascending.
  std::vector<std::string> connected() const;
  MeshStats stats() const;
  // The port that is listened on; 0 before start().
  std::uint16_t port() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace treeproof::network
