// What the state keeps of disputes: each with its end, and for a target all that were opened on it.
// Owns no rule. Callers: rules_dispute, changes_resolve, freezes, queries. Pure.
// Source: docs/ledger.md "Disputes", I15.
#pragma once

#include "consensus/ledger/dispute.h"
#include "consensus/ledger/governance.h"
#include "consensus/ledger/record.h"

namespace treeproof::ledger {

struct Resolution {
  static constexpr std::string_view kName = "resolution";
  static constexpr bool kIsArray = true;
  Outcome outcome{};
  Remedy remedy{};
  ObjectId proposal;
  std::uint64_t height = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("outcome", self.outcome);
    visit("remedy", self.remedy);
    visit("proposal", self.proposal);
    visit("height", self.height);
  }
  bool operator==(const Resolution&) const = default;
};

struct DisputeObject {
  static constexpr std::string_view kName = "dispute-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Dispute::kName;
  RecordInfo record;
  Dispute payload;
  bool freezes = false;                // opened or seconded by a regulator or verifier
  std::optional<OrgId> seconded_by;    // null: opened by one, or not seconded
  std::optional<ObjectId> renewed_by;  // the dispute that renewed it
  std::optional<Resolution> resolution;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("record", self.record);
    visit("freezes", self.freezes);
    visit("payload", self.payload);
    visit("renewed_by", self.renewed_by);
    visit("resolution", self.resolution);
    visit("seconded_by", self.seconded_by);
  }
  std::uint64_t lapses_at_s() const noexcept { return record.time_s + kDisputeDays * 86'400; }
  bool is_open(std::uint64_t time_s) const noexcept {
    return !resolution && !renewed_by && time_s <= lapses_at_s();
  }
  // 0: freezes nothing, or no longer. A conviction does not set free what rests on the word of who
  // was convicted: that stays frozen until it was to lapse, so that it can be disputed itself.
  std::uint64_t freezes_until_s() const noexcept {
    const bool is_over = resolution && resolution->remedy != Remedy::suspend_org;
    return freezes && !is_over ? lapses_at_s() : 0;
  }
  bool operator==(const DisputeObject&) const = default;
};

// One dispute among those of its target.
struct DisputeMark {
  static constexpr std::string_view kName = "dispute-mark";
  static constexpr bool kIsArray = true;
  ObjectId dispute;
  Ground ground{};
  std::uint64_t from_height = 0;     // what was recorded earlier is not meant
  std::uint64_t frozen_until_s = 0;  // 0: freezes nothing, or no longer

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("dispute", self.dispute);
    visit("ground", self.ground);
    visit("from_height", self.from_height);
    visit("frozen_until_s", self.frozen_until_s);
  }
  bool operator==(const DisputeMark&) const = default;
};

// Id: "org/ref", the organisation, or "org#kid" of a key.
struct TargetObject {
  static constexpr std::string_view kName = "target-object";
  static constexpr std::string_view kNamespace = "disputed";
  List<DisputeMark, kDisputesPerTargetMax, 1> disputes;  // in the order in which they came

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("disputes", self.disputes);
  }
  bool operator==(const TargetObject&) const = default;
};

// Id: the id of the statement that opened the dispute, in hex.
struct DisputeById {
  static constexpr std::string_view kName = "dispute-by-id";
  static constexpr std::string_view kNamespace = "dispute_by_id";
  ObjectId dispute;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("dispute", self.dispute);
  }
  bool operator==(const DisputeById&) const = default;
};

}  // namespace treeproof::ledger
