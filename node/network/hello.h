// The hello: what each side signs over the TLS session, so that a connection has an organisation.
// Owns no socket and no key. Called by handshake on the pool's threads. Pure; safe from any thread.
// Source: docs/protocol.md section 10; RFC 9052 (COSE_Sign1), RFC 9266 (channel binding).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signature.h"
#include "node/network/peer.h"
#include "node/network/reason.h"

namespace treeproof::network {

// TLS exporter, label "EXPORTER-Channel-Binding", empty context.
using Exporter = std::array<std::uint8_t, 32>;

inline constexpr std::string_view kHelloTyp = "application/treeproof-hello+cose";
inline constexpr std::size_t kHelloBytesMax = 1'024;
inline constexpr std::size_t kHelloVersionsMax = 16;
inline constexpr std::uint64_t kPeerVersion = 1;

// Payload: CBOR [chain id, org, "client" | "server", [+ version], exporter].
struct Hello {
  std::string chain_id;
  std::string org;
  Side side = Side::client;
  std::vector<std::uint64_t> versions = {kPeerVersion};
  Exporter exporter{};
};
crypto::Bytes sign_hello(const Hello& hello, const crypto::SecretKey& node_key);

// What this side knows before it reads the peer's hello.
struct HelloTerms {
  std::string_view chain_id;
  std::string_view own_org;
  Side peer_side = Side::client;
  Exporter exporter{};
  std::string_view dialled_org = {};  // whom the operator's configuration says is there
};
struct Admitted {
  std::string org;
  std::optional<crypto::PublicKey> key;  // none: a stranger, who may help to catch up
  bool operator==(const Admitted&) const = default;
};
// Strict; the signature is checked last. Errors, in this order: malformed_hello, wrong_chain,
// own_identity, wrong_role, unknown_version, unknown_org, unknown_key, bad_exporter, bad_signature.
// The dialled organisation is admitted with a key that the directory does not know, as a stranger:
// a node that is far behind knows old keys only (docs/adr/0014).
std::expected<Admitted, Reason> check_hello(crypto::ByteSpan bytes, const HelloTerms& terms,
                                            const PeerDirectory& directory);

}  // namespace treeproof::network
