#include "consensus/ledger/seats.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/lookups.h"

namespace treeproof::ledger {

void seat(State& state, const ValidatorSet& next, Height height) {
  const ValidatorSet before = validators_of(state);
  for (const Validator& validator : before.all()) {
    if (next.find(validator.org) == nullptr) note_departure(state, {validator.org}, height);
  }
  put_validators(state, next, height.next());
}

void unseat(State& state, const OrgId& org, Height height) {
  const ValidatorSet before = validators_of(state);
  assert(before.find(org.text) != nullptr && before.size() > 1);
  std::vector<Validator> rest(before.all().begin(), before.all().end());
  std::erase_if(rest, [&](const Validator& validator) { return validator.org == org.text; });
  seat(state, ValidatorSet::make(std::move(rest)).value(), height);
}

void unseat_convicted(State& state, Height height) {
  const std::uint64_t minimum = parameters_of(state).validators_min;
  const ValidatorSet before = validators_of(state);
  std::uint64_t left = before.size();
  for (const Validator& validator : before.all()) {
    const OrgId org{validator.org};
    if (left <= minimum || !is_convicted(state, org)) continue;
    unseat(state, org, height);
    --left;
  }
}

}  // namespace treeproof::ledger
