// What must hold at every step of every run, whatever fails and whoever lies: agreement, validity,
// no double signature, no accusation of a correct node, nothing acknowledged lost, conservation,
// the invariants of the ledger.
// Owns a store of its own that executes every decided block again. Caller: the simulated world.
// One thread. Source: docs/consensus.md "How it is proven".
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "consensus/replica/effects.h"
#include "tests/simulation/books.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

// A statement whose client was told that it is committed.
struct Acknowledged {
  crypto::Hash statement{};
  Height height;
  std::uint64_t log_index = 0;
  ledger::AttachmentPtr attachment;
};

class Invariants {
 public:
  Invariants(const Consortium& consortium, std::set<std::string> byzantine);

  bool is_correct(const std::string& org) const { return !byzantine_.contains(org); }
  // Agreement; validity where the block is the first of its height; its certificate is of those
  // who signed; evidence in it accuses nobody correct.
  void committed(const std::string& org, const replica::Commit& commit);
  // No correct node signs two different things for one height, round and step. One that came back
  // from an older copy of its disk has only what a quorum of the others tells it: of such a node
  // counts what 2f+1 correct ones received at that height and remember.
  void signs(const std::string& org, const bft::SignRequest& request);
  void restored(const std::string& org) { restored_.insert(org); }
  // A message that the receiver verified; `tip` is the height that it has decided.
  using Verified = replica::VerifyAgreement::Message;
  void received(const std::string& by, Height tip, const Verified& message);
  void forgets(const std::string& org, Height tip);  // it crashed: what no journal held is gone
  // Evidence that a correct node records, whether a block takes it or not.
  void reported(const std::string& by, const bft::Evidence& evidence);
  // Correct nodes make the same bytes of the same height. [rule 28]
  void offers(const std::string& org, const replica::SnapshotOffer& offer);
  void acknowledged(const Acknowledged& told);
  void stored(const ledger::AttachmentPtr& attachment) { reference_.put_attachment(attachment); }
  // Requires: the node has caught up.
  void check_nothing_lost(const std::string& org, const MemoryStore& store);
  void violate(std::string what) {
    if (!violation_) violation_ = std::move(what);
  }

  // The first that did not hold.
  const std::optional<std::string>& violation() const noexcept { return violation_; }
  const MemoryStore& reference() const noexcept { return reference_; }
  const Books& books() const noexcept { return books_; }
  std::size_t acknowledged_count() const noexcept { return acknowledged_.size(); }
  // Pieces in blocks.
  std::size_t evidence_count() const noexcept { return evidence_; }

 private:
  using Place = std::tuple<std::string, Height, Round, bft::SignStep>;
  void execute_again(const replica::Commit& commit);
  template <class Signed>
  void received_once(const std::string& by, Height tip, const Signed& message, bft::SignStep step);
  // Of a restored node, and it could not know better.
  bool is_excused(const Place& place) const;
  bool is_excused(const bft::Evidence& evidence) const;
  void check_signers(const replica::Commit& commit);
  // Evidence in a block: who is convicted by it is Byzantine, or could not know better.
  void convicted(const bft::Evidence& evidence);
  // Whoever is convicted was convicted by evidence, and sits only where nobody can be spared.
  void check_seats(const replica::ExecutedBlock& block);

  const Consortium& consortium_;
  std::set<std::string> byzantine_;
  MemoryStore reference_;
  replica::Chain chain_;
  Books books_;
  std::map<Height, crypto::Hash> decided_;
  std::map<Place, crypto::Hash> signed_;
  struct Received {
    crypto::Signature signature{};
    std::set<std::string> by;  // correct ones
  };
  std::map<Place, Received> received_;
  std::set<std::string> restored_;
  std::set<Place> excused_;  // where a restored node signed what it could not know it had signed
  std::set<std::string> convicted_;  // by evidence in blocks
  std::map<crypto::Hash, Acknowledged> acknowledged_;
  std::map<Height, replica::SnapshotOffer> offered_;
  std::size_t evidence_ = 0;
  std::optional<std::string> violation_;
};

}  // namespace treeproof::simulation
