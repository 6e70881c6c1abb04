// The sign guard's file: two preallocated slots, one fdatasync before a signature leaves.
// Owns the file; the rules are bft::GuardState's. `keys new` creates it together with the node
// key, a node never does. One thread.
// Source: docs/consensus.md rule 23.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "consensus/bft/guard.h"
#include "crypto/signature.h"

namespace treeproof::store {

class GuardFile {
 public:
  static std::expected<void, std::string> create(const std::filesystem::path& file);
  static std::expected<std::unique_ptr<GuardFile>, std::string> open(
      const std::filesystem::path& file);
  virtual ~GuardFile() = default;

  // The signature, durable as signed; nothing where the guard refuses. An error is final.
  virtual std::expected<std::optional<crypto::Signature>, std::string> sign(
      const bft::SignRequest& request, const crypto::SecretKey& key) = 0;
  virtual std::expected<void, std::string> raise_floor(Height height, Round round,
                                                       bft::SignStep step) = 0;
  virtual Height height() const = 0;
};

}  // namespace treeproof::store
