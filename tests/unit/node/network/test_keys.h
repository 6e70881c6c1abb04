// Node keys and directories for the tests of the network: one fixed secret key per letter.
// Owns nothing else. Called by the tests in this folder.
// Source: docs/protocol.md section 2.
#pragma once

#include <initializer_list>
#include <string>

#include "node/network/peer.h"

namespace treeproof::network {

inline constexpr const char* kTestChain = "test-00000000000000000000000000000000";

// The same letter gives the same key. Requires: a letter, not zero.
inline crypto::SecretKey test_key(char letter) {
  const crypto::Bytes bytes(32, static_cast<std::uint8_t>(letter));
  return *crypto::SecretKey::from_bytes(bytes);
}

// Full peers whose names are their letters.
inline PeerDirectory test_directory(std::string_view letters) {
  PeerDirectory directory;
  for (const char letter : letters) {
    directory.emplace(std::string(1, letter),
                      PeerEntry{test_key(letter).public_key(), PeerLevel::full});
  }
  return directory;
}

}  // namespace treeproof::network
