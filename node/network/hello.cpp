#include "node/network/hello.h"

#include <algorithm>

#include "consensus/types/limits.h"
#include "crypto/cose.h"

namespace treeproof::network {
namespace {

constexpr std::string_view role_text(Side side) noexcept {
  return side == Side::client ? "client" : "server";
}

std::expected<Hello, Reason> decode_payload(crypto::ByteSpan payload) {
  crypto::CborReader reader(payload);
  Hello hello;
  reader.array_exact(5);
  hello.chain_id = reader.text(kChainIdCharsMax);
  hello.org = reader.text(kOrgIdCharsMax);
  const std::string_view role = reader.text(role_text(Side::client).size());
  hello.versions.resize(reader.array(kHelloVersionsMax));
  for (auto& version : hello.versions) version = reader.uint();
  const auto exporter = reader.bytes_exact(hello.exporter.size());
  if (!reader.finish()) return std::unexpected(Reason::malformed_hello);
  std::ranges::copy(exporter, hello.exporter.begin());
  if (role != role_text(Side::client) && role != role_text(Side::server)) {
    return std::unexpected(Reason::malformed_hello);
  }
  hello.side = role == role_text(Side::client) ? Side::client : Side::server;
  return hello;
}

}  // namespace

crypto::Bytes sign_hello(const Hello& hello, const crypto::SecretKey& node_key) {
  crypto::CborWriter writer;
  writer.array(5).text(hello.chain_id).text(hello.org).text(role_text(hello.side));
  writer.array(hello.versions.size());
  for (const auto version : hello.versions) writer.uint(version);
  const crypto::Bytes payload = writer.bytes(hello.exporter).finish();

  crypto::ProtectedHeader header;
  header.kid = node_key.public_key().kid();
  header.typ = kHelloTyp;
  const crypto::Bytes protected_header = crypto::encode(header);
  const auto signature = node_key.sign(crypto::sig_structure_hash(protected_header, payload));
  return crypto::encode_sign1(protected_header, payload, signature);
}

std::expected<Admitted, Reason> check_hello(crypto::ByteSpan bytes, const HelloTerms& terms,
                                            const PeerDirectory& directory) {
  if (bytes.size() > kHelloBytesMax) return std::unexpected(Reason::malformed_hello);
  const auto sign1 =
      crypto::decode_sign1(bytes, kHelloBytesMax, crypto::Unprotected::must_be_empty);
  if (!sign1 || !sign1->payload) return std::unexpected(Reason::malformed_hello);
  const auto header = crypto::decode_protected(sign1->protected_header);
  crypto::ProtectedHeader expected;
  expected.typ = kHelloTyp;
  if (header) expected.kid = header->kid;
  if (!header || *header != expected) return std::unexpected(Reason::malformed_hello);
  const auto hello = decode_payload(*sign1->payload);
  if (!hello) return std::unexpected(hello.error());

  if (hello->chain_id != terms.chain_id) return std::unexpected(Reason::wrong_chain);
  if (hello->org == terms.own_org) return std::unexpected(Reason::own_identity);
  if (hello->side != terms.peer_side) return std::unexpected(Reason::wrong_role);
  if (std::ranges::find(hello->versions, kPeerVersion) == hello->versions.end()) {
    return std::unexpected(Reason::unknown_version);
  }
  const auto entry = directory.find(hello->org);
  const bool is_listed = entry != directory.end();
  const bool is_known = is_listed && header->kid == entry->second.key.kid();
  if (!is_known && hello->org != terms.dialled_org) {
    return std::unexpected(is_listed ? Reason::unknown_key : Reason::unknown_org);
  }
  if (hello->exporter != terms.exporter) return std::unexpected(Reason::bad_exporter);
  if (!is_known) return Admitted{hello->org, std::nullopt};
  const crypto::PublicKey& key = entry->second.key;
  const auto digest = crypto::sig_structure_hash(sign1->protected_header, *sign1->payload);
  if (!key.verify(digest, sign1->signature)) return std::unexpected(Reason::bad_signature);
  return Admitted{hello->org, key};
}

}  // namespace treeproof::network
