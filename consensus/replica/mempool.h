// Verified statements that wait for a block: bounded, a fair share for each organisation.
// Owns no rule and no block; what waits for consents or attachments stays here, outside the log.
// Caller: replica, on its thread. Pure.
// Source: docs/protocol.md sections 3 and 10; docs/consensus.md rule 29.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "consensus/replica/events.h"

namespace treeproof::replica {

// Where a pending statement comes from decides who answers and who gossips.
enum class Origin : std::uint8_t { client, peer };

struct PoolEntry {
  ledger::VerifiedStatement statement;
  Origin origin{};
  Height since;                            // the tip when it came
  std::uint64_t order = 0;                 // of arrival
  std::optional<crypto::Hash> attachment;  // announced root
  bool attachment_ready = true;            // more than 2/3 of the power hold it, this node included
  bool consents_ready = true;              // as of the last look at the state
  std::vector<Ticket> tickets;             // at most kWaitersPerStatementMax
  bool attachment_held = false;            // here, checked since this node started

  bool includable() const noexcept { return attachment_ready && consents_ready; }
};

enum class PoolRefusal : std::uint8_t { full, organisation_share, attachment_quota };

class Mempool {
 public:
  // Keeps the entry, or says why not. An id that is held already gets the tickets added, as far as
  // there is room.
  std::optional<PoolRefusal> add(PoolEntry entry);
  void remove(const crypto::Hash& id);

  PoolEntry* find(const crypto::Hash& id);
  // By the statement's leaf hash (exact bytes), as bodies name them.
  const PoolEntry* find_leaf(const crypto::Hash& leaf_hash) const;
  // Entries that announce this attachment.
  std::vector<PoolEntry*> announcing(const crypto::Hash& root);

  // Includable statements, rotating over organisations, each in order of arrival; at most
  // `bytes_max` of statements.
  std::vector<ledger::VerifiedStatement> select(std::size_t bytes_max) const;
  // Must be called after readiness of an entry was changed.
  void refresh(const crypto::Hash& id);
  bool any_includable() const noexcept { return !ready_.empty(); }

  std::vector<const PoolEntry*> all() const;  // by order of arrival
  std::vector<PoolEntry*> waiting();          // not includable, by order of arrival
  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Share {
    std::size_t bytes = 0;
    std::size_t count = 0;
    std::size_t attachment_bytes = 0;  // announced
  };
  std::map<crypto::Hash, PoolEntry> entries_;                           // by statement id
  std::map<crypto::Hash, crypto::Hash> by_leaf_;                        // leaf hash -> id
  std::map<crypto::Hash, std::set<crypto::Hash>> by_root_;              // attachment root -> ids
  std::map<std::string, std::map<std::uint64_t, crypto::Hash>> ready_;  // org -> order -> id
  std::map<std::uint64_t, crypto::Hash> waiting_;                       // order -> id
  std::map<std::string, Share> shares_;                                 // by organisation
  std::size_t bytes_ = 0;
  std::uint64_t next_order_ = 0;
};

}  // namespace treeproof::replica
