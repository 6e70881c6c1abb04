// What the state remembers of its own past, so that old evidence can be judged from it alone: who
// sat at which height, and on which day a height was.
// Owns no block and no rule of agreement. Callers: seats, execution, conviction, replica. Pure.
// Source: docs/consensus.md rule 25; docs/protocol.md section 5; docs/adr/0011.
#pragma once

#include <optional>

#include "consensus/ledger/state.h"
#include "consensus/types/height.h"
#include "consensus/types/validator_set.h"

namespace treeproof::ledger {

// The heights from which a set was in force, ascending; the set of each stands in the namespace
// `seats` under its height. The oldest are left out once evidence of their time has expired, or
// when there are too many. Id: "current".
struct SeatsIndex {
  static constexpr std::string_view kName = "seats-index";
  static constexpr std::string_view kNamespace = "seats_index";
  List<std::uint64_t, kSeatsKnownMax> from;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
  }
  bool operator==(const SeatsIndex&) const = default;
};

struct DayStart {
  static constexpr std::string_view kName = "day-start";
  static constexpr bool kIsArray = true;
  std::uint64_t day = 0;     // since 1970-01-01
  std::uint64_t height = 0;  // of its first block

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("height", self.height);
  }
  bool operator==(const DayStart&) const = default;
};

// The first block of each of the last days that had one, ascending. Id: "current".
struct DayStarts {
  static constexpr std::string_view kName = "day-starts";
  static constexpr std::string_view kNamespace = "day_starts";
  List<DayStart, kDayStartsMax> days;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("days", self.days);
  }
  bool operator==(const DayStarts&) const = default;
};

// Makes this the set from a height on, and the one that validators_of gives.
void put_validators(State& state, const ValidatorSet& validators, Height from);
// The validators of a height up to the next one, by two reads; nothing where they are no longer
// known.
std::optional<ValidatorSet> validators_at(const StateReader& state, Height height);
// What every block writes first.
void note_day(State& state, Height height, TimeMs time);
// Whether an offence of this height is too old to be judged in a block of that one: by heights and
// by days, both. A chain that hurries lets nobody go sooner, nor does one that stands still.
bool is_expired(const StateReader& state, Height offence, Height block);

}  // namespace treeproof::ledger
