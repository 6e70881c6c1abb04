// Bodies on their way to being executed: what each still lacks, statement by statement.
// Owns no chain and no vote. Caller: replica, on its thread. Pure.
// Source: docs/protocol.md section 6 ("a body that does not match its header is not received").
#pragma once

#include <map>
#include <optional>
#include <set>

#include "consensus/replica/chain.h"
#include "consensus/replica/mempool.h"

namespace treeproof::replica {

struct ShelvedBody {
  std::shared_ptr<const ledger::Block> block;
  crypto::Hash header_hash{};
  std::uint64_t order = 0;  // of arrival
  TimeMs received;          // real time
  std::string from;
  std::vector<crypto::Hash> leaves;  // of the statements, in the log
  std::vector<std::optional<ledger::VerifiedStatement>> statements;
  std::map<crypto::Hash, std::vector<std::size_t>> unverified;  // leaf -> places
  std::set<crypto::Hash> attachments_missing;
  bool commit_checked = false;
  std::optional<std::vector<bft::VerifiedEvidence>>
      evidence{};  // all that it carries, once checked

  bool complete() const noexcept {
    return unverified.empty() && attachments_missing.empty() && commit_checked && evidence;
  }
};

class BodyShelf {
 public:
  static constexpr std::size_t kBodiesMax = 16;

  // Keeps a body; the oldest that nobody wants makes room. Null when it is held already.
  ShelvedBody* put(ShelvedBody body);
  ShelvedBody* find(const crypto::Hash& header_hash);
  void remove(const crypto::Hash& header_hash) { bodies_.erase(header_hash); }
  // A height ends: no body of it is of use, none is wanted.
  void clear();
  std::vector<crypto::Hash> hashes() const;

  // Bodies that agreement asks for; of too many, some are forgotten.
  void want(const crypto::Hash& header_hash);
  const std::set<crypto::Hash>& wanted() const noexcept { return wanted_; }

 private:
  void drop_oldest();

  std::map<crypto::Hash, ShelvedBody> bodies_;
  std::set<crypto::Hash> wanted_;
  std::uint64_t next_order_ = 0;
};

}  // namespace treeproof::replica
