// A peer made of a bare socket: it says hello rightly or wrongly, sends any bytes, or says nothing.
// Owns one connection, closed when it goes. Called by mesh tests, in their one thread: while it
// waits for bytes it turns the main loop of the meshes.
// Source: docs/protocol.md section 10.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/network/hello.h"
#include "node/network/tls_channel.h"

namespace treeproof::network {

struct RawFrame {
  std::uint8_t kind = 0;
  crypto::Bytes payload;
};

class RawPeer {
 public:
  using Turn = std::function<void()>;
  // Dials 127.0.0.1.
  RawPeer(std::uint16_t port, Turn turn);
  // Takes over a connection that was accepted.
  RawPeer(int descriptor, Side side, Turn turn);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool shake_hands();
  Exporter exporter() const { return *tls_.exporter(); }
  // What this side would say honestly.
  Hello hello(std::string org) const;
  // As a client: TLS and an honest hello, until the server's hello.
  bool join_as(char letter);

  bool send(std::uint8_t kind, crypto::ByteSpan payload);
  bool send_plaintext(crypto::ByteSpan bytes);
  bool send_wire(crypto::ByteSpan bytes);
  // Nothing once the peer has closed, or within 20 s.
  std::optional<RawFrame> read_frame();
  // Waits for the peer to close; discards what comes before.
  bool is_closed_by_peer();
  // Takes little from the wire, for a peer that reads too slowly.
  void shrink_receive_buffer();

 private:
  bool flush();
  bool receive();  // false at the end

  int descriptor_;
  Side side_;
  TlsIdentity identity_;
  TlsChannel tls_;
  Turn turn_;
};

// Listens on 127.0.0.1.
class RawListener {
 public:
  RawListener();
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  std::uint16_t port() const;
  // The next connection. Null within 20 s.
  std::unique_ptr<RawPeer> accept(const RawPeer::Turn& turn);

 private:
  int descriptor_;
};

// A port of 127.0.0.1 that was free a moment ago and that the system gives to nobody by itself.
std::uint16_t free_port();

}  // namespace treeproof::network
