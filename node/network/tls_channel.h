// TLS 1.3 as a machine: bytes of the wire in and out, plaintext out and in, no socket.
// Owns one TLS session and its buffers. It authenticates nobody: any certificate passes, the hello
// binds an organisation to the session by its exporter. No resumption, no tickets, no early data.
// Callers: handshake, then session; one thread at a time. Source: docs/protocol.md section 10;
// RFC 8446, RFC 8032 (Ed25519), RFC 9266.
#pragma once

#include <expected>
#include <memory>
#include <optional>

#include "crypto/bytes.h"
#include "node/network/hello.h"
#include "node/network/reason.h"

struct ssl_ctx_st;
struct ssl_st;

namespace treeproof::network {

// A throw-away Ed25519 key and certificate, made anew by every process, with the TLS settings.
// Channels may be made from it on any thread.
class TlsIdentity {
 public:
  // Nothing when OpenSSL refuses: no randomness, no Ed25519.
  static std::optional<TlsIdentity> make();

  ssl_ctx_st* context() const noexcept { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  explicit TlsIdentity(ssl_ctx_st* context) noexcept : context_(context) {}
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

class TlsChannel {
 public:
  TlsChannel(const TlsIdentity& identity, Side side);

  enum class Progress : std::uint8_t { complete, needs_input, failed };
  // One step of the handshake with what was fed so far. Send output() after every call, also after
  // a failure: it may hold an alert.
  Progress handshake();

  // Bytes that came from the wire.
  void feed(crypto::ByteSpan ciphertext);
  // Encrypts. Requires: the handshake is complete. False when the session is broken.
  bool write(crypto::ByteSpan plaintext);
  // Decrypts at most buffer.size() bytes; 0 says that more input is needed.
  // Errors: closed_by_peer, tls_failed.
  std::expected<std::size_t, Reason> read(std::span<std::uint8_t> buffer);

  // Moves all bytes for the wire to the end of `out`.
  void take_output(crypto::Bytes& out);
  std::size_t output_bytes() const noexcept;

  // Requires: the handshake is complete. Nothing when OpenSSL fails.
  std::optional<Exporter> exporter() const;

 private:
  struct Free {
    void operator()(ssl_st* session) const noexcept;
  };
  std::unique_ptr<ssl_st, Free> session_;
};

}  // namespace treeproof::network
