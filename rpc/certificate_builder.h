// Puts a tree's certificate together from what this node holds, as of the view's height.
// Owns no judgement (proofs::verify) and no encoding. Callers: tree_certificate, the certificate
// route. Safe from any thread. Source: docs/protocol.md section 8.
#pragma once

#include "consensus/proofs/certificate.h"
#include "consensus/proofs/verify.h"
#include "rpc/rpc_error.h"
#include "rpc/services.h"

namespace treeproof::rpc {

enum class StatusPart : std::uint8_t { left_out, included };

struct CertificateRequest {
  ledger::MemberId tree;
  StatusPart status = StatusPart::left_out;
  Height from_height{1};  // of the trust file: changes of validators since then are carried along
};

// Refuses: not found (no such tree, or it belongs to no unit), pruned (leaves or state proofs that
// this node does not hold), limit exceeded (too many changes of validators).
std::expected<proofs::TreeCertificate, RpcError> build_certificate(
    Services& services, const ChainView& view, const CertificateRequest& request);

// The changes by which a trust of `from` reaches the validators of the view's height; each header
// is certified by the set before it. Sets that came and went between may be skipped.
// Requires: from >= 1.
std::expected<std::vector<proofs::SetChange>, RpcError> set_changes(const ChainView& view,
                                                                    Height from);

// The trust file of this chain, from its first height on: a convenience, nobody's proof.
proofs::Trust own_trust(const Services& services, const ChainView& view);

}  // namespace treeproof::rpc
