// Decided blocks that were asked of peers who are ahead: of whom, which heights, until when; and
// those that came and wait for their turn.
// Owns no chain and checks nothing but that a block was asked for. Caller: replica, on its thread.
// Pure. Source: docs/consensus.md rule 27.
//
// A peer that lets its time pass, or that lied, costs its requests: they go to others, and it is
// not asked again for a while, twice as long after each further time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "consensus/replica/messages.h"
#include "consensus/replica/peer_book.h"

namespace treeproof::replica {

class CatchUp {
 public:
  static constexpr std::uint64_t kWindowHeights = 64;  // above our own: asked for, or held
  static constexpr std::size_t kRequestsMax = 4;
  static constexpr std::size_t kRequestsPerPeerMax = 2;  // the next is there when one ends
  static constexpr std::uint64_t kPatienceMs = 2'000;    // without a block, of a peer in good order
  static constexpr std::uint32_t kFailuresMax = 5;       // each doubles patience and exclusion
  static constexpr std::uint32_t kFailuresToStarve = 3;  // in a row, after some 20 s

  struct Request {
    std::string org;
    DecidedWanted wanted;
  };
  // What to ask now, so that the heights above `own` keep coming.
  std::vector<Request> next_requests(Height own, const PeerBook& peers, TimeMs now);

  struct Held {
    Decided decided;
    std::string from;
    bool in_use = false;  // its certificate is being checked
  };
  // Keeps a block. False: nobody asked this peer for it, or not any more.
  bool take(const std::string& org, Decided&& decided, TimeMs now);
  // The block of this height; null while it is not here.
  Held* find(Height height);

  // Everything up to this height is decided here: those who sent it did well.
  void move_to(Height own);
  // The peer sent what cannot be: nothing of it is kept.
  void fail(const std::string& org, TimeMs now);
  // The connection is gone, and what was asked over it.
  void leave(const std::string& org);
  // Ends the requests whose time has passed.
  void expire(TimeMs now);
  // Whether everybody who says to be past this height was asked again and again and gave nothing:
  // peers that began at a snapshot above it do not hold the blocks before. [rule 28]
  bool is_starved(Height own, const PeerBook& peers) const;

 private:
  struct Running {
    std::string org;
    std::set<Height> open;
    std::size_t bytes = 0;  // of the answer so far
    TimeMs deadline;
  };
  struct Conduct {
    std::uint32_t failures = 0;
    TimeMs excluded_until;
  };
  bool is_asked(Height height) const;
  std::optional<Height> first_missing(Height own) const;
  bool has_room(Height from, Height own) const;
  std::optional<std::string> choose(Height from, const PeerBook& peers, TimeMs now);
  TimeMs deadline_of(const std::string& org, TimeMs now) const;
  void blame(const std::string& org, TimeMs now);

  std::vector<Running> running_;
  std::map<Height, Held> held_;
  std::size_t held_bytes_ = 0;
  std::map<std::string, Conduct> conduct_;  // of those who failed since they last did well
  std::uint64_t choices_ = 0;
};

}  // namespace treeproof::replica
