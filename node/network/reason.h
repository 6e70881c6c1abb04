// Why a connection was refused or lost: one stable name per reason, for logs, metrics and peers.
// Owns no behaviour. Made by hello, tls_channel, frame, session and mesh; read by the host.
// Safe from any thread. Source: docs/protocol.md section 10.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace treeproof::network {

enum class Reason : std::uint8_t {
  // While a connection is made
  unreachable,       // no address, nothing listens, no route
  timed_out,         // TLS and hello took longer than the handshake may
  tls_failed,        // not TLS 1.3 with a certificate of its own, or damaged records
  malformed_hello,   // not the one CBOR and COSE form of a hello
  wrong_chain,       // a hello for another chain
  own_identity,      // a peer that names our own organisation
  wrong_role,        // a client's hello from a server, or the reverse
  unknown_version,   // no version in common
  unknown_org,       // not in the directory
  unexpected_org,    // the dialled address answers as another organisation
  unknown_key,       // signed by a key other than the directory's
  bad_exporter,      // the hello belongs to another TLS session
  bad_signature,     // the signature does not match
  half_open_limit,   // too many handshakes under way
  address_too_busy,  // one address connects too often
  duplicate,         // a better connection to the same organisation is kept
  // While it stands
  closed_by_peer,
  connection_lost,  // the socket failed
  unknown_kind,     // a frame of a kind that no rule names
  oversize_frame,   // longer than its kind may be
  queue_full,       // the peer takes frames more slowly than we make them
  too_slow,         // a write made no progress for too long
  left_directory,   // the peer's organisation or key is no longer admitted
  replaced,         // by another connection to the same organisation
  misbehaved,       // the host found a message that does not verify
  stopped,          // our own mesh stops
  internal_error,   // memory or the system refused; the log says more
};
inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::internal_error) + 1;

// Why there is no connection, and which end says so.
enum class RefusedBy : std::uint8_t { us, peer };
struct Refusal {
  Reason reason = Reason::internal_error;
  RefusedBy by = RefusedBy::us;
};

// The stable name, such as "bad_exporter".
std::string_view to_string(Reason reason) noexcept;
// The reason of that name, or nothing.
std::optional<Reason> reason_from(std::string_view name) noexcept;

}  // namespace treeproof::network
