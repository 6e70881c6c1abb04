// Validators that lie, each named by what it does. An actor runs a real replica, so that it knows
// where agreement stands; it signs what it likes, and its frames are changed on their way out.
// Owns no replica and no network. Caller: the simulated world. One thread.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consensus/replica/chain.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/frame.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

enum class Behaviour : std::uint8_t {
  equivocating_proposer,  // another block for each half of the others, and votes to match
  double_voter,           // a vote, and one that contradicts it
  silent,                 // follows, and takes no part in agreement
  withholds_bodies,       // proposes and votes; its blocks and attachments reach nobody, or one
  votes_for_invalid,      // proposes blocks with a wrong root, votes for what does not exist
  replays_old,            // says again whatever it once saw
  liar,                   // about heights, attachments and decisions
  forges_statements,      // puts statements into its blocks that nobody signed
  selective_sender,       // speaks to some, others another time
  proposes_out_of_turn,   // in rounds that are another's
  false_accuser,          // shows evidence that proves nothing, in blocks, too
  false_witness,          // lies to restarted nodes about their votes and about heights
  amnesiac                // precommits what is proposed, and prevotes the next block all the same
};
std::span<const std::string_view> behaviour_names() noexcept;
std::string_view name_of(Behaviour behaviour) noexcept;
std::optional<Behaviour> behaviour_named(std::string_view name) noexcept;

struct Letter {
  std::string to;
  FramePtr frame;
};
using Letters = std::vector<Letter>;

// What the Byzantine of one run know of one another's proposals.
struct Conspiracy {
  // Two blocks for one round. Only the second where it is shown to all.
  struct Twins {
    bft::BlockId first;
    bft::BlockId second;
    bool for_all = false;
  };
  std::map<std::pair<Height, Round>, Twins> twins;
};

class ByzantineActor {
 public:
  // The consortium, the store and the conspiracy outlive the actor.
  ByzantineActor(std::string org, Behaviour behaviour, const Consortium& consortium,
                 const MemoryStore& store, Conspiracy& conspiracy, std::uint64_t seed);

  Behaviour behaviour() const noexcept { return behaviour_; }
  // What leaves instead of what its replica would send.
  Letters instead_of(const Letter& meant);
  // On its own account, now and then.
  Letters mischief();
  void saw(const FramePtr& frame);

 private:
  Letters hold_back(const Letter& meant, const replica::Message& message);
  Letters tamper(const Letter& meant, const replica::Message& message);
  Letters propose_twin(const replica::Body& body);
  Letters vote_twice(const bft::Vote& vote);
  Letters contradict(const bft::Vote& vote);
  Letters forget_the_lock(const bft::Vote& vote);
  Letters lie(const Letter& meant, const replica::Message& message);
  replica::OwnVoteHeld false_testimony(replica::OwnVoteHeld held);
  replica::Message a_lie();

  struct OtherBlock {
    std::shared_ptr<const ledger::Block> block;
    bft::BlockId id;
  };
  static bft::BlockId id_of(const ledger::Block& block, const ledger::Header& header);
  std::optional<OtherBlock> later_block(const replica::Body& body);
  OtherBlock with_wrong_root(const replica::Body& body);
  OtherBlock with_forged_statement(const replica::Body& body);
  OtherBlock with_false_evidence(const replica::Body& body);
  bft::Evidence false_evidence();
  Letters propose_out_of_turn();

  bft::Vote resigned(bft::Vote vote, const std::optional<bft::BlockId>& value) const;
  FramePtr frame(const replica::Message& message) const;
  bool in_first_half(const std::string& peer) const;
  bool listens(const std::string& peer) const;
  std::uint64_t random(std::uint64_t below) { return random_() % below; }
  crypto::Hash random_hash();

  std::string org_;
  Behaviour behaviour_;
  const Consortium& consortium_;
  const MemoryStore& store_;
  Conspiracy& conspiracy_;
  std::mt19937_64 random_;
  std::vector<std::string> peers_;
  std::optional<bft::Proposal> proposed_;  // waits for its body
  std::optional<bft::Proposal> seen_proposal_;
  std::optional<bft::BlockId> seen_block_;
  std::deque<FramePtr> seen_;
};

}  // namespace treeproof::simulation
