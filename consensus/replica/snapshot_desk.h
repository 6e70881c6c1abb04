// Which snapshot a new node takes and from whom: offers, parts, and whoever lied or fell silent.
// Owns at most kPartsAtOnce parts; no file, and no judgement of what a part says: each is proven to
// be of the snapshot that was offered, the host reads what is in it. Caller: replica. Pure.
// Source: docs/consensus.md rules 27 and 28; docs/protocol.md sections 10 and 12.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/replica/messages.h"

namespace treeproof::replica {

class SnapshotDesk {
 public:
  static constexpr std::size_t kPartsAtOnce = 4;
  static constexpr std::size_t kRootsRefusedMax = 16;  // after so many it gives up
  // In ticks of the resend timer.
  static constexpr std::uint64_t kAskTicks = 4;      // how long offers are waited for
  static constexpr std::uint64_t kLateTicks = 4;     // then another is asked for a part
  static constexpr std::uint64_t kGiveUpTicks = 120;  // without any progress

  struct Request {
    std::string org;
    SnapshotWanted wanted;
  };
  // What is to be done now.
  struct Steps {
    std::vector<Request> requests;
    std::optional<SnapshotPart> next;  // the next one in order, for the host
    std::optional<std::string> liar;
    bool is_complete = false;  // the host has every part
  };

  // Looks for a snapshot, once in a life.
  Steps begin(const std::set<std::string>& connected);
  // From begin() until it gave up: no blocks are asked for meanwhile.
  bool is_active() const noexcept { return phase_ != Phase::idle && phase_ != Phase::over; }
  bool is_over() const noexcept { return phase_ == Phase::over; }
  // Of the snapshot that is being taken.
  std::optional<crypto::Hash> root() const {
    return is_active() && chosen_ ? std::optional(chosen_->root) : std::nullopt;
  }

  Steps connected(const std::string& org);
  Steps disconnected(const std::string& org);
  Steps take(const std::string& org, const SnapshotOffered& offered);
  Steps take(const std::string& org, SnapshotPart&& part);
  // The host has read a part of this snapshot, or anything else came forward.
  Steps taken(const crypto::Hash& root, std::uint64_t index);
  void note_progress() noexcept { idle_ticks_ = 0; }
  // The host refused what it read: nobody who offered this is asked again.
  Steps refused(const crypto::Hash& root);
  Steps tick();

  // Who offered what is being taken: they hold the attachments of its state.
  std::set<std::string> holders() const;

 private:
  enum class Phase : std::uint8_t { idle, asking, fetching, complete, over };
  struct Flight {
    std::string org;
    std::uint64_t ticks = 0;  // since it was asked for
  };

  Steps choose();
  Steps fetch();
  Steps lied(const std::string& org);
  std::optional<std::string> next_holder();
  std::uint64_t size_of(std::uint64_t index) const;

  Phase phase_ = Phase::idle;
  std::set<std::string> connected_;
  std::map<std::string, SnapshotOffered> offers_;  // by organisation, the last of each
  std::set<std::string> liars_;
  std::set<crypto::Hash> refused_;
  std::optional<SnapshotOffer> chosen_;
  std::uint64_t given_ = 0;  // parts handed to the host
  std::uint64_t read_ = 0;   // parts that it has read
  std::map<std::uint64_t, Flight> flights_;
  std::map<std::uint64_t, SnapshotPart> waiting_;  // came before their turn
  std::set<std::string> silent_;                   // were late with a part
  std::uint64_t turns_ = 0;
  std::uint64_t ticks_ = 0;
  std::uint64_t idle_ticks_ = 0;
};

}  // namespace treeproof::replica
