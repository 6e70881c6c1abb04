// What peers asked of the store and did not get yet: whose turn it is, and whether it may.
// Owns no store, no mesh and no clock. Caller: the host, on the loop's thread; one piece at a time
// is made. Pure. Source: docs/protocol.md section 10; docs/consensus.md rules 27, 28 and 30.
//
// Peers take turns, piece by piece. A piece costs its peer the bytes that were read for it, out of
// a bucket that fills at kAnswerBytesPerSecond; who has spent it waits, and who asks for more than
// kAnswersWaitingMax at once is not heard.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "consensus/replica/messages.h"

namespace treeproof::node {

class AnswerQueue {
 public:
  static constexpr std::size_t kCostMin = 4'096;  // of any piece

  using Wanted =
      std::variant<replica::DecidedWanted, replica::AttachmentWanted, replica::SnapshotWanted>;
  void ask(const std::string& org, const Wanted& wanted);
  void forget(const std::string& org);

  struct Piece {  // one block, one part of an attachment or of a snapshot, or what is offered
    std::string org;
    std::variant<Height, replica::AttachmentWanted, replica::SnapshotWanted> what;
  };
  // The next piece to make; nothing while one is under way, or none may be made now.
  using HasRoom = std::function<bool(const std::string& org)>;  // in the peer's queue
  std::optional<Piece> next(std::uint64_t now_ms, const HasRoom& has_room);
  // It is made. Nothing where the store has none: the answer that it belongs to ends.
  struct Made {
    std::size_t read_bytes = 0;
    std::size_t content_bytes = 0;  // of a block; what ends an answer
  };
  void finish(const std::optional<Made>& made);
  // Somebody waits, and nothing is being made: to be asked for the next piece again later.
  bool is_held_up() const noexcept { return !waiting_.empty() && !under_way_; }

 private:
  struct Peer {
    std::deque<Wanted> wanted;
    std::size_t sent = 0;  // of the first, where it is of blocks
  };
  struct Budget {
    std::int64_t bytes = 0;
    std::uint64_t filled_ms = 0;
  };
  bool may_spend(const std::string& org, std::uint64_t now_ms);

  std::map<std::string, Peer> waiting_;  // those who wait for something
  std::map<std::string, Budget> budgets_;
  std::string last_;  // whose turn was last
  std::optional<std::string> under_way_;
};

}  // namespace treeproof::node
