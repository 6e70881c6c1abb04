// What a height leaves in LevelDB, as one batch: objects with their history, pages, the log's
// tiles, validators, links and lookups, and the tip.
// Owns the counters and the log's edge after the last height; not the database. Callers: the store
// on each commit, check_store on a database of its own. One thread.
// Source: docs/consensus.md rule 24; the keys are drawn in key_layout.h.
#pragma once

#include "consensus/ledger/genesis.h"
#include "consensus/replica/effects.h"
#include "node/store/block_files.h"
#include "node/store/log_tiles.h"
#include "node/store/stored_state.h"
#include "node/store/tip_record.h"

namespace treeproof::store {

// What is new to the lookups that LevelDB does not hold: each has the next numbers.
struct Additions {
  Height height;
  std::uint32_t first_name = 0;
  std::vector<ledger::ObjectKey> names;  // objects created
  std::uint32_t first_redemption = 0;
  std::vector<ledger::ObjectId> redemptions;
};

crypto::Bytes encode_names(const std::vector<ledger::ObjectKey>& names);
// Requires: encode_names made it.
std::vector<ledger::ObjectKey> decode_names(std::string_view stored);

// Puts what lists a new object, and gives it the next number of its kind.
void put_new_object(const ledger::ObjectKey& key, crypto::ByteSpan value, TipRecord& tip,
                    Additions& additions, Batch& batch);
// Puts the names among the additions, if any, and counts them.
void put_names(const Additions& additions, TipRecord& tip, Batch& batch);

class HeightWriter {
 public:
  HeightWriter(TipRecord tip, LogTiles tiles) : tip_(std::move(tip)), tiles_(std::move(tiles)) {}
  // Puts height 0 into an empty database. Requires: `before` reads that database.
  static HeightWriter genesis(const ledger::Genesis& genesis, const StoredState& before,
                              Batch& batch);

  struct Input {
    const replica::Commit& commit;
    BlockPlaces places;
    SegmentPosition attachments_end;
  };
  // Puts the next height and moves the tip. Requires: it follows on the tip; `before` is the state
  // below it.
  Additions write(const Input& input, const StoredState& before, Batch& batch);

  const TipRecord& tip() const noexcept { return tip_; }

 private:
  Additions put_changes(const ledger::StateChanges& changes, const StoredState& before,
                        Batch& batch);
  TipRecord tip_;
  LogTiles tiles_;
};

}  // namespace treeproof::store
