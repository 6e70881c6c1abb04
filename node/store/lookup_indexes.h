// Lookups by hash that stand beside LevelDB: a commitment's redemption, and the name of an object
// from its key in the state map (absence proofs show the neighbours' values).
// Owns two sets of sorted runs and the thread that feeds them behind the commits; what the runs
// lack after a crash is read again from LevelDB. push() on the replica's thread, the rest on any.
// Source: docs/ledger.md "Size"; docs/protocol.md section 5.
#pragma once

#include "node/store/attachment_files.h"
#include "node/store/follower.h"
#include "node/store/height_writer.h"
#include "node/store/sorted_runs.h"

namespace treeproof::store {

// Every commitment of a redemption, with its number, as far as the leaves are held.
void append_commitments(Entries& out, const ledger::SharedBytes& redemption,
                        const AttachmentFiles& attachments, std::uint32_t number);

class LookupIndexes {
 public:
  // Requires: the folder exists; database and attachments outlive it.
  LookupIndexes(const std::filesystem::path& folder, const Database& database,
                const AttachmentFiles& attachments, const TipRecord& tip);

  void push(Additions additions);
  // As of `view`, whose height is `height`: the unit that holds a commitment.
  std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const ledger::StateReader& view, Height height, const crypto::Hash& commitment) const;
  // The object behind a key of the state map that existed at this height.
  std::optional<ledger::ObjectKey> name_of(const crypto::Hash& state_key, Height height) const;

  const SortedRuns& names() const noexcept { return names_; }
  const SortedRuns& commitments() const noexcept { return commitments_; }

 private:
  void cover_missing(const TipRecord& tip);
  void take(const std::vector<Additions>& additions);

  const Database& database_;
  const AttachmentFiles& attachments_;
  SortedRuns names_;
  SortedRuns commitments_;
  Follower<Additions> follower_;  // last: stops first
};

}  // namespace treeproof::store
