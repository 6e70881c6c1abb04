// What corrections say of single leaves of a batch, and the columns of its trees with that taken
// into account, now or at a moment of the log: every rule, link and query asks these, never the
// attachment alone.
// Owns no attachment. Callers: rules_correct (notes them), tree_books, links, rules_land, queries.
// Pure. Source: docs/ledger.md "Corrections"; docs/protocol.md section 5 ("batch_overrides").
#pragma once

#include <optional>
#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// After the statements below this index of the log, whatever was said later: the link leaves of an
// allocate or replace show trees as they were at its own.
struct LogMoment {
  std::uint64_t index = 0;
  bool knows(const RecordInfo& record) const noexcept { return record.log_index < index; }
  bool operator==(const LogMoment&) const = default;
};
inline constexpr LogMoment kNow{~std::uint64_t{0}};

// The leaf as a correction left it: its species, and its position where it has one. The last of a
// leaf counts. List by batch.
struct LeafOverride {
  static constexpr std::string_view kName = "leaf-override";
  static constexpr std::string_view kChunkName = "leaf-override-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t leaf = 0;
  std::uint16_t species = 0;  // index into the batch's species
  std::optional<std::int32_t> lat;
  std::optional<std::int32_t> lon;
  ObjectId record;  // the correct

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("leaf", self.leaf);
    visit("species", self.species);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("record", self.record);
  }
  bool operator==(const LeafOverride&) const = default;
};

void note_override(State& state, const ObjectId& batch, const LeafOverride& leaf);
// The last of each leaf at that moment, ascending by leaf.
std::vector<LeafOverride> overrides_of(const StateReader& state, const ObjectId& id,
                                       const BatchObject& batch, LogMoment at);

// One leaf at a moment, by itself: where others of its attachment may not be held.
struct LeafThen {
  const ObjectId& batch;
  std::uint64_t index = 0;
  LogMoment at;
};
PlantLeaf corrected(const StateReader& state, const LeafThen& which, const BatchObject& batch,
                    PlantLeaf leaf);

// The leaves of a batch as they count. Cheap where nothing was corrected.
class CountedTrees {
 public:
  // Requires: the attachment is that of the batch, and its leaves are trees.
  CountedTrees(const StateReader& state, const ObjectId& id, const BatchObject& batch,
               AttachmentPtr leaves, LogMoment at = kNow);

  std::uint16_t species(std::uint64_t leaf) const noexcept { return (*species_)[leaf]; }
  geometry::Position position(std::uint64_t leaf) const;
  PlantLeaf leaf(std::uint64_t index) const;
  // Ascending by leaf; empty where nothing was corrected.
  const std::vector<LeafOverride>& overrides() const noexcept { return overrides_; }
  const Attachment& attachment() const noexcept { return *leaves_; }
  // How many trees of each of `species` the ranges hold.
  std::vector<std::uint64_t> count_by_species(std::size_t species,
                                              std::span<const Range> ranges) const;

 private:
  const LeafOverride* override_of(std::uint64_t leaf) const;
  AttachmentPtr leaves_;
  std::vector<LeafOverride> overrides_;
  std::shared_ptr<const std::vector<std::uint16_t>> species_;
};

}  // namespace treeproof::ledger
