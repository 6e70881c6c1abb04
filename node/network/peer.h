// What is said about peers: which end of a connection, where they are, who may connect.
// Owns no connection. The directory is a plain value that the host renews at every change of
// validators; mesh, hello and handshake read it. Immutable once shared; safe from any thread.
// Source: docs/protocol.md section 10.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "crypto/signature.h"

namespace treeproof::network {

// Which end of the TCP connection: the client dialled.
enum class Side : std::uint8_t { client, server };
constexpr Side other(Side side) noexcept {
  return side == Side::client ? Side::server : Side::client;
}

struct PeerAddress {
  std::string host;  // a name, or a numeric IPv4 or IPv6 address
  std::uint16_t port = 0;
};

// Organisations of the current or next set and configured observers are full peers. All others of
// the ledger get in to catch up only, and so does who answers at a configured address with a key
// that is not known yet: what is caught up with proves itself.
enum class PeerLevel : std::uint8_t { catch_up_only, full };

struct PeerEntry {
  crypto::PublicKey key;
  PeerLevel level = PeerLevel::full;
  bool operator==(const PeerEntry&) const = default;
};

// By organisation.
using PeerDirectory = std::map<std::string, PeerEntry, std::less<>>;

}  // namespace treeproof::network
