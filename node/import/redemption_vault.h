// What the platform alone knows of its redemptions: whose they were and the salts of their
// commitments. One sealed file for each statement, written before that is sent, so that an import
// that stopped goes on with the same commitments, and a user can be told how to open theirs.
// Owns what these files say, not the folder (sealed_folder.h). Callers: redemptions and vault
// commands. One thread. Source: docs/importing.md "The vault"; docs/protocol.md section 8.
// A file: "treeproof vault 1\n", then a sealed JSON document.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/proofs/certificate.h"
#include "node/import/sealed_folder.h"

namespace treeproof::import {

// One row of the platform's books.
struct SealedRow {
  std::string id;
  std::string reference;             // of the user
  std::vector<crypto::Bytes> salts;  // one for each unit
  bool operator==(const SealedRow&) const = default;
};

// One redeem statement, and what opens its commitments.
struct SealedBatch {
  std::string ref;
  std::string campaign;  // org/ref, as the next three
  std::string programme;
  std::optional<std::string> species;
  std::optional<std::string> pledge;
  std::uint64_t price = 0;  // grams of a unit
  std::vector<SealedRow> rows;

  std::uint64_t unit_count() const noexcept;
  bool operator==(const SealedBatch&) const = default;
};

// Where a row lies.
struct SealedPlace {
  const SealedBatch* batch = nullptr;
  const SealedRow* row = nullptr;
};

class RedemptionVault {
 public:
  // Makes the folder where there is none, and holds its lock: one command at a time. Fails where
  // the key does not open every file of it, or an id stands in two.
  static cli::Result<RedemptionVault> open(const std::filesystem::path& folder, VaultKey key);

  const std::map<std::string, SealedBatch>& batches() const noexcept { return batches_; }  // by ref
  // By the row's id; null where there is none.
  SealedPlace find(const std::string& id) const;
  // Synced when it returns, file and name; a ref is written once. Requires: no id of it is kept.
  cli::Result<void> put(SealedBatch batch);

 private:
  explicit RedemptionVault(SealedFolder folder) : folder_(std::move(folder)) {}
  cli::Result<void> read_all();
  cli::Result<SealedBatch> read(const std::string& ref) const;
  // False where one of its ids is kept already.
  bool keep(SealedBatch batch);

  SealedFolder folder_;
  std::map<std::string, SealedBatch> batches_;
  std::map<std::string, SealedPlace> places_;  // by id of a row; into batches_
};

}  // namespace treeproof::import
