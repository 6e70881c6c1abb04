// Which snapshot a node without a block takes, and from whom: what peers say they have decided,
// their offers, the parts on their way, and whoever lied or fell silent.
// Owns at most kPartsAtOnce parts; no file, and no judgement of what a part says: each is proven to
// be of the snapshot that was offered, the host reads what is in it. Caller: host, on its thread.
// Pure. Source: docs/consensus.md rules 27 and 28; docs/protocol.md sections 10 and 12.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "consensus/replica/messages.h"
#include "consensus/types/validator_set.h"

namespace treeproof::replica {

std::uint64_t snapshot_parts(std::uint64_t bytes);

class SnapshotDesk {
 public:
  static constexpr std::size_t kPartsAtOnce = 4;      // one of a peer
  static constexpr std::size_t kChoicesMax = 16;      // after so many snapshots it gives up
  static constexpr std::uint32_t kFailuresMax = 2;    // then a peer is asked for no more parts
  static constexpr std::uint64_t kAskMs = 2'000;      // how long offers are waited for, once
                                                      // enough say that they are far ahead
  static constexpr std::uint64_t kLateMs = 5'000;     // then another is asked for a part
  static constexpr std::uint64_t kIdleMs = 30'000;    // without any progress: another snapshot
  static constexpr std::uint64_t kMsPerPart = 2'000;  // and where it takes longer than this

  struct Request {
    std::string org;
    SnapshotWanted wanted;
  };
  // What is to be done now.
  struct Steps {
    std::vector<Request> requests;
    std::optional<SnapshotPart> next;  // in order: part 0 begins a snapshot anew
    std::vector<std::string> liars;
    bool is_complete = false;  // the host has every part
  };

  // Looks for a snapshot once in its life, where peers are more than `ahead` heights ahead of
  // genesis; 0: never. The validators are those whose claims count.
  SnapshotDesk(std::shared_ptr<const ValidatorSet> validators, std::uint64_t ahead)
      : validators_(std::move(validators)), ahead_(ahead) {}

  // While it is, the node asks for no blocks.
  bool is_active() const noexcept { return phase_ != Phase::idle && phase_ != Phase::over; }
  bool is_over() const noexcept { return phase_ == Phase::over; }
  // What is being taken.
  const std::optional<SnapshotOffer>& chosen() const noexcept { return chosen_; }
  // Who offered it, and is connected: they hold the attachments of its state, too.
  std::set<std::string> holders() const;
  const std::map<std::string, Height>& decided() const noexcept { return decided_; }

  Steps hear(const std::string& org, Height decided, TimeMs now);
  Steps connect(const std::string& org, TimeMs now);
  Steps disconnect(const std::string& org, TimeMs now);
  Steps take(const std::string& org, const SnapshotOffered& offered, TimeMs now);
  Steps take(const std::string& org, SnapshotPart&& part, TimeMs now);
  // The host has read this part of what is chosen.
  Steps read(std::uint64_t index, TimeMs now);
  // Something else that belongs to it came forward.
  void note_progress(TimeMs now) noexcept { moved_ = now; }
  // The host refused what it read: nobody who offered it is asked again.
  Steps refuse(TimeMs now);
  // The peer sent what cannot be: it is asked for nothing more.
  Steps blame(const std::string& org, TimeMs now);
  Steps tick(TimeMs now);
  void give_up();

 private:
  enum class Phase : std::uint8_t { idle, asking, fetching, complete, over };
  struct Flight {
    std::string org;
    TimeMs deadline;
  };

  // All of an offer: who gives a true root another height does not speak for those who do not.
  using OfferKey = std::tuple<crypto::Hash, Height, std::uint64_t>;
  static OfferKey key_of(const SnapshotOffer& offer);
  bool is_far_behind() const;
  bool is_trusted(const std::string& org) const;
  std::optional<SnapshotOffer> best_offer() const;
  Steps choose(TimeMs now);
  Steps fetch(TimeMs now);
  std::optional<std::string> free_holder();
  void end_flights(const std::string& org);

  std::shared_ptr<const ValidatorSet> validators_;
  std::uint64_t ahead_;
  Phase phase_ = Phase::idle;
  TimeMs begun_;  // asking, or the chosen snapshot
  TimeMs moved_;
  std::set<std::string> connected_;
  std::map<std::string, Height> decided_;
  std::map<std::string, SnapshotOffer> offers_;  // the last of each
  std::map<std::string, std::uint32_t> failures_;
  std::set<std::string> liars_;
  std::set<OfferKey> refused_;
  std::optional<SnapshotOffer> chosen_;
  std::uint64_t given_ = 0;  // parts handed to the host
  std::uint64_t read_ = 0;   // parts that it has read
  std::map<std::uint64_t, Flight> flights_;
  std::map<std::uint64_t, SnapshotPart> waiting_;  // came before their turn
  std::size_t choices_ = 0;
  std::string last_asked_;
};

}  // namespace treeproof::replica
