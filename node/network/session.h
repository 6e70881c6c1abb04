// One authenticated connection: frames in, frames out.
// Owns its socket, its TLS session and its bounded queue; not the decision whom to keep, nor the
// meaning of frames. Called by mesh. Everything happens on the main thread.
// Source: docs/protocol.md section 10.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/network/frame.h"
#include "node/network/handshake.h"

namespace treeproof::network {

struct SessionLimits {
  std::size_t queue_bytes_max = 0;
  std::size_t queue_frames_max = 0;
};

class Session {
 public:
  // What it tells its owner; never after close(). Failed is told at most once; the owner then
  // calls close().
  struct Events {
    std::function<void(Session&, std::uint8_t kind, crypto::Bytes payload)> frame;
    std::function<void(Session&, Reason)> failed;
  };
  // Requires: the rules outlive the session.
  Session(boost::asio::io_context& main, Established established, const FrameRules& rules,
          const SessionLimits& limits, Events events);
  ~Session();

  // Starts reading and writing; the work holds the session until it is closed.
  static void run(const std::shared_ptr<Session>& session);
  // Queues a frame; all frames queued in one turn of the main thread leave together. False when
  // the queue is full: the peer is too slow.
  bool send(std::uint8_t kind, SharedBytes payload);
  // Closes the socket at once; queued frames are lost.
  void close();

  bool is_open() const noexcept { return is_open_; }
  const Admitted& peer() const noexcept { return peer_; }
  Side own_side() const noexcept { return own_side_; }
  const FrameQueue& queue() const noexcept { return queue_; }
  const Traffic& sent() const noexcept { return sent_; }
  const Traffic& received() const noexcept { return received_; }
  // How long the write under way has been waiting for the peer; 0 when there is none.
  std::uint64_t write_pending_ms() const;

 private:
  struct Wire;
  struct Loops;
  bool receive(crypto::ByteSpan ciphertext);
  bool deliver(crypto::ByteSpan plaintext);
  void encrypt_queued();
  void wake_writer();
  void fail(Reason reason);

  std::unique_ptr<Wire> wire_;
  TlsChannel tls_;
  Side own_side_;
  Admitted peer_;
  FrameAssembler assembler_;
  FrameQueue queue_;
  Events events_;
  Traffic sent_;
  Traffic received_;
  crypto::Bytes plaintext_;   // being encrypted
  crypto::Bytes ciphertext_;  // being written
  bool is_open_ = true;
  bool has_failed_ = false;
};

}  // namespace treeproof::network
