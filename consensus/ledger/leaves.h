// The leaves of attachments, and the link leaf that nodes derive and certificates open.
// Owns no bytes and no rule. Callers: attachment, rules, links, certificate. Pure.
// Source: docs/protocol.md sections 4 and 8; docs/ledger.md (plant, redeem, allocate).
// Every leaf travels as a CBOR array; species is an index into the statement's species list.
#pragma once

#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

// What a statement says of its bulk data.
struct AttachmentRef {
  static constexpr std::string_view kName = "attachment-ref";
  crypto::Hash root{};
  std::uint64_t count = 0;  // leaves
  std::uint64_t bytes = 0;  // of the whole attachment

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("root", self.root);
    visit("bytes", self.bytes);
    visit("count", self.count);
  }
  bool operator==(const AttachmentRef&) const = default;
};

// What an allocate says of the links that every node derives.
struct LinksRef {
  static constexpr std::string_view kName = "links-ref";
  crypto::Hash root{};
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("root", self.root);
    visit("count", self.count);
  }
  bool operator==(const LinksRef&) const = default;
};

// One share of a redemption unit; several where it is co-planted.
struct Share {
  static constexpr std::string_view kName = "share";
  static constexpr bool kIsArray = true;
  crypto::Hash commitment{};
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("commitment", self.commitment);
    visit("grams", self.grams);
  }
  bool operator==(const Share&) const = default;
};

// One redemption unit: a CBOR array of shares, no map and no further nesting.
using RedeemLeaf = List<Share, kCommitmentsPerUnitMax, 1>;

// One tree.
struct PlantLeaf {
  static constexpr std::string_view kName = "plant-leaf";
  static constexpr bool kIsArray = true;
  std::optional<std::int32_t> lat;  // 1e-7 degrees WGS84; null where positions = plot
  std::optional<std::int32_t> lon;
  std::uint16_t species = 0;             // index into the statement's species list
  std::optional<std::int32_t> day;       // days since 1970-01-01; null only in an inventory
  std::optional<std::uint32_t> size_mm;  // stem diameter
  std::optional<crypto::Hash> exact{};   // salted commitment to the exact position

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("species", self.species);
    visit("day", self.day);
    visit("size_mm", self.size_mm);
    visit("exact", self.exact);
  }
  bool operator==(const PlantLeaf&) const = default;
};

// One run of an allocate.
struct RunLeaf {
  static constexpr std::string_view kName = "run-leaf";
  static constexpr bool kIsArray = true;
  ObjectId redeem;
  ObjectId plant;
  Code species;
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("redeem", self.redeem);
    visit("plant", self.plant);
    visit("species", self.species);
    visit("count", self.count);
  }
  bool operator==(const RunLeaf&) const = default;
};

// "org/ref#index": a tree of a planting batch, or a unit of a redemption batch.
struct MemberId {
  std::string text;
  static bool check(std::string_view text) noexcept;
  static MemberId of(const ObjectId& batch, std::uint64_t index);
  ObjectId batch() const;
  std::uint64_t index() const;
  auto operator<=>(const MemberId&) const = default;
};

// One unit and its tree, as a certificate opens it.
struct LinkLeaf {
  static constexpr std::string_view kName = "link-leaf";
  static constexpr bool kIsArray = true;
  MemberId tree;
  List<crypto::Hash, kCommitmentsPerUnitMax, 1> commitments{};
  Code species;
  std::optional<ObjectId> plot;
  std::optional<std::int32_t> lat;
  std::optional<std::int32_t> lon;
  std::optional<std::int32_t> planted_day;
  Positions positions{};
  bool visited = false;  // true visited, false inferred from the sample

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("tree", self.tree);
    visit("commitments", self.commitments);
    visit("species", self.species);
    visit("plot", self.plot);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("planted_day", self.planted_day);
    visit("positions", self.positions);
    visit("visited", self.visited);
  }
  bool operator==(const LinkLeaf&) const = default;
};

}  // namespace treeproof::ledger
