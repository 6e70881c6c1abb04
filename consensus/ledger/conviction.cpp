#include "consensus/ledger/conviction.h"

#include <array>
#include <cassert>

#include "consensus/ledger/genesis.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/seats.h"

namespace treeproof::ledger {

namespace {

std::unexpected<Refusal> refuse(Reason reason, Numbers numbers) {
  return std::unexpected(Refusal{reason, std::move(numbers)});
}

// The number of the sentence that the organisation serves from now on.
std::uint64_t sentence_for(State& state, const OrgId& org, Height block) {
  OffenderObject offender = state.get<OffenderObject>(org.text).value_or(OffenderObject{});
  if (offender.serving) return *offender.serving;
  const std::uint64_t number = offender.sentences++;
  offender.serving = number;
  SentenceObject sentence;
  sentence.convicted_height = block.value;
  const bool sits = validators_of(state).find(org.text) != nullptr;
  if (!sits) sentence.suspended_height = block.value;  // of an offence before it left
  state.put(sentence_id(org, number), sentence);
  state.put(org.text, offender);
  return number;
}

}  // namespace

Names names_of(OffenceKind) noexcept {
  static constexpr std::array<std::string_view, 5> kNames = {
      "double_vote", "double_proposal", "wrong_proposer", "forged_root", "amnesia"};
  return kNames;
}

std::string sentence_id(const OrgId& org, std::uint64_t number) {
  return org.text + "/" + std::to_string(number);
}

std::expected<void, Refusal> check_offence(const StateReader& state, Height height,
                                           const Offence& offence) {
  const std::string id = crypto::to_hex(offence_id(offence));
  if (const auto earlier = get<ConvictionObject>(state, id)) {
    return refuse(Reason::evidence_recorded,
                  {{"offence", id}, {"recorded_height", std::to_string(earlier->recorded_height)}});
  }
  if (!get<OrgObject>(state, offence.org)) {
    return refuse(Reason::org_unknown, {{"org", offence.org}});
  }
  const Numbers heights = {{"offence", id},
                           {"offence_height", std::to_string(offence.height.value)},
                           {"block_height", std::to_string(height.value)}};
  const bool can_be = offence.height.value > 0 && offence.height <= height;
  if (!can_be) return refuse(Reason::evidence_height_invalid, heights);
  if (is_expired(state, offence.height, height)) return refuse(Reason::evidence_expired, heights);
  return {};
}

bool is_convicted(const StateReader& state, const OrgId& org) {
  const auto offender = get<OffenderObject>(state, org.text);
  return offender && offender->serving;
}

std::expected<void, Refusal> convict(State& state, Height height,
                                     std::span<const Conviction> convictions) {
  for (const Conviction& conviction : convictions) {
    const Offence& offence = conviction.offence;
    if (auto held = check_offence(state, height, offence); !held) return held;
    ConvictionObject object;
    object.org = {offence.org};
    object.kind = conviction.kind;
    object.step = offence.step;
    object.height = offence.height.value;
    object.round = static_cast<std::uint64_t>(offence.round.value);
    object.evidence = conviction.evidence;
    object.sentence = sentence_for(state, object.org, height);
    object.recorded_height = height.value;
    state.put(crypto::to_hex(offence_id(offence)), object);
  }
  unseat_convicted(state, height);
  return {};
}

void note_departure(State& state, const OrgId& org, Height height) {
  const auto offender = state.get<OffenderObject>(org.text);
  if (!offender || !offender->serving) return;
  const std::string id = sentence_id(org, *offender->serving);
  auto sentence = state.get<SentenceObject>(id);
  assert(sentence.has_value() && !sentence->suspended_height);  // it sat until now
  sentence->suspended_height = height.value;
  state.put(id, *sentence);
}

void end_sentence(State& state, const OrgId& org, Height height) {
  auto offender = state.get<OffenderObject>(org.text);
  if (!offender || !offender->serving) return;
  const std::string id = sentence_id(org, *offender->serving);
  auto sentence = state.get<SentenceObject>(id);
  assert(sentence.has_value());
  sentence->reinstated_height = height.value;
  offender->serving.reset();
  state.put(id, *sentence);
  state.put(org.text, *offender);
}

}  // namespace treeproof::ledger
