// What decoders are told beside the bytes: the chain, the trust and the peers of the golden story,
// so that its bytes are good ones here. Read once from tests/vectors.
// Owns the values. Callers: fuzz targets. Immutable.
// Source: tests/vectors/README.md.
#pragma once

#include "consensus/proofs/verify.h"
#include "node/network/hello.h"

namespace treeproof::fuzz {

struct StateProof {
  crypto::Hash key{};
  crypto::Bytes value;  // empty: absence
  crypto::Bytes proof;
};

struct Golden {
  std::string chain_id;
  proofs::Trust trust;
  crypto::Hash state_root{};
  StateProof existence;
  StateProof absence;
  crypto::Bytes hello;
  network::Exporter hello_exporter{};
  network::PeerDirectory directory;
};
const Golden& golden();

}  // namespace treeproof::fuzz
