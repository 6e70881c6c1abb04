// Proven offences of validators: what the ledger is told of one, what the state keeps of it, and
// the sentence that an organisation serves from its first conviction until it is reinstated.
// An offence is one place where a validator may sign once (types/offence.h): it is recorded once,
// whatever evidence shows it.
// Owns no evidence and no signature (bft verified them). Callers: execution, changes, replica,
// queries. Pure. Source: docs/consensus.md rule 25; docs/ledger.md "Validators".
#pragma once

#include <expected>
#include <optional>
#include <span>

#include "consensus/ledger/reason.h"
#include "consensus/ledger/state.h"
#include "consensus/types/height.h"
#include "consensus/types/offence.h"

namespace treeproof::ledger {

enum class OffenceKind : std::uint8_t {
  double_vote,
  double_proposal,
  wrong_proposer,
  forged_root,
  amnesia,
};
Names names_of(OffenceKind) noexcept;

// One piece of evidence of a block, verified by bft.
struct Conviction {
  Offence offence;
  OffenceKind kind{};
  crypto::Hash evidence{};  // SHA-256 of its bytes
  bool operator==(const Conviction&) const = default;
};

// Id: the offence's, in hex.
struct ConvictionObject {
  static constexpr std::string_view kName = "conviction-object";
  static constexpr std::string_view kNamespace = "conviction";
  OrgId org;
  OffenceKind kind{};
  SignedStep step{};
  std::uint64_t height = 0;  // of the offence, as round and step
  std::uint64_t round = 0;
  crypto::Hash evidence{};  // SHA-256 of its bytes
  std::uint64_t sentence = 0;
  std::uint64_t recorded_height = 0;  // whose block carries the evidence

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit("kind", self.kind);
    visit("step", self.step);
    visit("round", self.round);
    visit("height", self.height);
    visit("evidence", self.evidence);
    visit("sentence", self.sentence);
    visit("recorded_height", self.recorded_height);
  }
  bool operator==(const ConvictionObject&) const = default;
};

// Id: the organisation, "/", the number of its sentence, from 0. One at a time: convictions that
// come while it is served count towards it.
struct SentenceObject {
  static constexpr std::string_view kName = "sentence-object";
  static constexpr std::string_view kNamespace = "sentence";
  std::uint64_t convicted_height = 0;
  std::optional<std::uint64_t> suspended_height;  // out of the set; null: marked only, still in it
  std::optional<std::uint64_t> reinstated_height;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("convicted_height", self.convicted_height);
    visit("suspended_height", self.suspended_height);
    visit("reinstated_height", self.reinstated_height);
  }
  bool operator==(const SentenceObject&) const = default;
};
std::string sentence_id(const OrgId& org, std::uint64_t number);

// Id: the organisation. Which of its sentences is being served; null: none.
struct OffenderObject {
  static constexpr std::string_view kName = "offender-object";
  static constexpr std::string_view kNamespace = "offender";
  std::uint64_t sentences = 0;  // so far
  std::optional<std::uint64_t> serving;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("serving", self.serving);
    visit("sentences", self.sentences);
  }
  bool operator==(const OffenderObject&) const = default;
};

// What a block of this height could not record: an offence that is recorded, of an organisation
// that is not there, of a height that is not decided or being decided, or too old.
std::expected<void, Refusal> check_offence(const StateReader& state, Height height,
                                           const Offence& offence);
// Whether the organisation was convicted and is not reinstated since.
bool is_convicted(const StateReader& state, const OrgId& org);

// Records the convictions of the block of this height, then lets the convicted leave the set
// (seats.h). Refuses what check_offence does; `state` is half changed then: use an overlay.
std::expected<void, Refusal> convict(State& state, Height height,
                                     std::span<const Conviction> convictions);
// The organisation left the validator set: a sentence that it serves counts as a suspension.
void note_departure(State& state, const OrgId& org, Height height);
// Ends the sentence that is served, if any.
void end_sentence(State& state, const OrgId& org, Height height);

}  // namespace treeproof::ledger
