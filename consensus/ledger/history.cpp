#include "consensus/ledger/history.h"

#include <algorithm>

#include "consensus/ledger/lookups.h"

namespace treeproof::ledger {

namespace {

constexpr std::string_view kCurrentId = "current";

ObjectKey seats_key(std::uint64_t from) { return {"seats", std::to_string(from)}; }

// The last entry that begins at or before the height; the end where there is none.
template <class Entries, class Projection>
auto last_up_to(const Entries& entries, Height height, Projection begins) {
  const auto after = std::ranges::upper_bound(entries, height.value, {}, begins);
  return after == entries.begin() ? entries.end() : std::prev(after);
}

}  // namespace

void put_validators(State& state, const ValidatorSet& validators, Height from) {
  const auto bytes = std::make_shared<const crypto::Bytes>(validators.encode());
  state.put_object({"validators", std::string(kCurrentId)}, bytes);
  state.put_object(seats_key(from.value), bytes);
  SeatsIndex index = state.get<SeatsIndex>(kCurrentId).value_or(SeatsIndex{});
  if (!index.from.empty() && index.from.back() == from.value) return;  // twice in one block
  index.from.push_back(from.value);
  const auto is_past = [&] {  // the whole time of the oldest set
    return index.from.size() > kSeatsKnownMax ||
           is_expired(state, {index.from[1] - 1}, {from.value - 1});
  };
  while (index.from.size() > 1 && is_past()) index.from.erase(index.from.begin());
  state.put(kCurrentId, index);
}

std::optional<ValidatorSet> validators_at(const StateReader& state, Height height) {
  const auto index = get<SeatsIndex>(state, kCurrentId);
  if (!index) return std::nullopt;
  const auto found = last_up_to(index->from, height, std::identity{});
  if (found == index->from.end()) return std::nullopt;
  const SharedBytes bytes = state.object(seats_key(*found));
  assert(bytes != nullptr);
  return ValidatorSet::decode(*bytes).value();
}

void note_day(State& state, Height height, TimeMs time) {
  const auto today = time.seconds() / 86'400;
  DayStarts starts = state.get<DayStarts>(kCurrentId).value_or(DayStarts{});
  if (!starts.days.empty() && starts.days.back().day == today) return;
  starts.days.push_back({today, height.value});
  const std::uint64_t days_max = parameters_of(state).evidence_max_age_days;
  std::erase_if(starts.days, [&](const DayStart& start) { return today - start.day > days_max; });
  state.put(kCurrentId, starts);
}

bool is_expired(const StateReader& state, Height offence, Height block) {
  const Parameters parameters = parameters_of(state);
  if (block.value - offence.value <= parameters.evidence_max_age_heights) return false;
  const auto starts = get<DayStarts>(state, kCurrentId);
  if (!starts) return false;
  const auto day = last_up_to(starts->days, offence, &DayStart::height);
  if (day == starts->days.end()) return true;
  return starts->days.back().day - day->day > parameters.evidence_max_age_days;
}

}  // namespace treeproof::ledger
