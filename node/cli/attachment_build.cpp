#include "node/cli/attachment_build.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>

#include "consensus/ledger/cbor_encoder.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/replace.h"
#include "crypto/hash.h"
#include "rpc/json_decoder.h"

namespace treeproof::cli {

namespace {

using ledger::AttachmentPtr;
using rpc::Json;

Result<AttachmentPtr> build(const std::vector<crypto::Bytes>& leaves) {
  if (leaves.empty()) {
    return fail("An attachment without leaves says nothing.", "Give at least one.");
  }
  std::size_t bytes = 0;
  for (const crypto::Bytes& leaf : leaves) bytes += leaf.size();
  constexpr std::size_t kHeadBytes = 9;
  if (leaves.size() > kAttachmentLeavesMax || bytes + kHeadBytes > kAttachmentBytesMax) {
    return fail("An attachment has at most 262,144 leaves and 16 MiB.",
                "Split the data over several statements.");
  }
  return ledger::Attachment::build(leaves);
}

template <class T>
std::vector<crypto::Bytes> encoded(const std::vector<T>& leaves) {
  std::vector<crypto::Bytes> bytes;
  bytes.reserve(leaves.size());
  for (const T& leaf : leaves) bytes.push_back(ledger::encode(leaf));
  return bytes;
}

template <class T>
using Leaves = ledger::List<T, kAttachmentLeavesMax, 1>;

template <class T>
Result<Leaves<T>> leaves_from_json(const Json& json) {
  rpc::JsonInput in(json, "leaves");
  Leaves<T> leaves;
  rpc::JsonDecoder(in).value(leaves);
  if (!in.ok()) {
    return fail("The leaves are not as they must be: " + rpc::to_string(in.fault()) + ".",
                "See `treeproof attachment build --help` for the form of each kind.");
  }
  return leaves;
}

geometry::Position read_position(rpc::JsonInput& in) {
  std::array<std::int32_t, 2> position{};
  in.array(position.size(), position.size());
  for (std::size_t i = 0; i < position.size() && in.ok(); ++i) {
    const std::int32_t limit = i == 0 ? geometry::kLatitudeMaxE7 : geometry::kLongitudeMaxE7;
    in.enter(i);
    position[i] = static_cast<std::int32_t>(in.integer(-limit, limit));
    in.leave();
  }
  return {position[0], position[1]};
}

geometry::Polygon read_polygon(rpc::JsonInput& in) {
  geometry::Polygon polygon;
  const std::size_t rings = in.array(1, kRingsMax);
  for (std::size_t r = 0; r < rings && in.ok(); ++r) {
    in.enter(r);
    geometry::Ring& ring = polygon.rings.emplace_back();
    const std::size_t positions = in.array(4, kRingVerticesMax + 1);
    for (std::size_t p = 0; p < positions && in.ok(); ++p) {
      in.enter(p);
      ring.push_back(read_position(in));
      in.leave();
    }
    in.leave();
  }
  return polygon;
}

Result<geometry::Shape> shape_from_json(const Json& json) {
  rpc::JsonInput in(json, "geometry");
  const bool is_point = json.is_array() && !json.empty() && !json[0].is_array();
  const geometry::Shape shape =
      is_point ? geometry::Shape(read_position(in)) : geometry::Shape(read_polygon(in));
  if (!in.ok()) {
    return fail("The geometry is not as it must be: " + rpc::to_string(in.fault()) + ".",
                "Give [[[lat, lon], ...], ...] in 1e-7 degrees, the outer ring first, or for a "
                "plot of 4 ha at most its middle, [lat, lon].");
  }
  return shape;
}

bool is_user_share(const Json& share) { return share.is_object() && share.contains("reference"); }

proofs::Opening fresh_opening(const std::string& reference) {
  constexpr std::size_t kSaltBytes = 16;
  proofs::Opening opening{crypto::Bytes(kSaltBytes), reference};
  randombytes_buf(opening.salt.data(), opening.salt.size());
  return opening;
}

}  // namespace

Result<AttachmentPtr> plant_attachment(std::vector<ledger::PlantLeaf> leaves) {
  // Leaves of one place, or of none, keep the order in which they were given.
  std::vector<std::size_t> order(leaves.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::tuple(leaves[i].lat, leaves[i].lon, leaves[i].exact, i);
  });
  std::vector<ledger::PlantLeaf> sorted;
  sorted.reserve(leaves.size());
  for (const std::size_t i : order) sorted.push_back(std::move(leaves[i]));
  return build(encoded(sorted));
}

Result<AttachmentPtr> redeem_attachment(std::vector<ledger::RedeemLeaf> units) {
  for (ledger::RedeemLeaf& unit : units) {
    if (unit.empty()) return fail("A unit has no share.", "Give each unit at least one share.");
    std::ranges::sort(unit, {}, &ledger::Share::commitment);
  }
  const auto first = [](const ledger::RedeemLeaf& unit) { return unit.front().commitment; };
  std::ranges::sort(units, {}, first);
  return build(encoded(units));
}

Result<AttachmentPtr> geometry_attachment(const geometry::Shape& shape) {
  const auto* polygon = std::get_if<geometry::Polygon>(&shape);
  const auto area = polygon ? geometry::check(*polygon) : geometry::Area{};
  if (!area) {
    return fail("The outline is refused: geometry_" + std::string(to_string(area.error())) + ".",
                "Mend the outline; docs/geometry.md section 4 says what each reason means.");
  }
  return build(geometry::encode_leaves(shape));
}

Result<AttachmentPtr> runs_attachment(const std::vector<ledger::RunLeaf>& runs) {
  if (runs.size() > kRunsMax) {
    return fail("An allocate has at most 64 runs.", "Split them over several allocates.");
  }
  return build(encoded(runs));
}

Result<PrivateRedemption> redeem_for_users(const std::vector<std::vector<UserShare>>& units) {
  struct Unit {
    ledger::RedeemLeaf leaf;
    std::vector<proofs::Opening> openings;
  };
  std::vector<Unit> made;
  for (const auto& shares : units) {
    std::vector<std::pair<ledger::Share, proofs::Opening>> unit;
    for (const UserShare& share : shares) {
      proofs::Opening opening = fresh_opening(share.reference);
      unit.emplace_back(ledger::Share{proofs::commitment_of(opening), share.grams},
                        std::move(opening));
    }
    std::ranges::sort(unit, {}, [](const auto& each) { return each.first.commitment; });
    Unit& sorted = made.emplace_back();
    for (auto& [share, opening] : unit) {
      sorted.leaf.push_back(share);
      sorted.openings.push_back(std::move(opening));
    }
    if (unit.empty()) return fail("A unit has no share.", "Give each unit at least one share.");
  }
  std::ranges::sort(made, {}, [](const Unit& unit) { return unit.leaf.front().commitment; });
  PrivateRedemption redemption;
  std::vector<ledger::RedeemLeaf> leaves;
  for (Unit& unit : made) {
    leaves.push_back(std::move(unit.leaf));
    redemption.openings.push_back(std::move(unit.openings));
  }
  auto attachment = redeem_attachment(std::move(leaves));
  if (!attachment) return std::unexpected(attachment.error());
  redemption.attachment = *std::move(attachment);
  return redemption;
}

Result<AttachmentPtr> attachment_from_json(std::string_view kind, const Json& json) {
  if (kind == "plant") {
    auto leaves = leaves_from_json<ledger::PlantLeaf>(json);
    if (!leaves) return std::unexpected(leaves.error());
    return plant_attachment(std::move(*leaves));
  }
  if (kind == "redeem") {
    auto leaves = leaves_from_json<ledger::RedeemLeaf>(json);
    if (!leaves) return std::unexpected(leaves.error());
    return redeem_attachment(std::move(*leaves));
  }
  if (kind == "runs") {
    const auto leaves = leaves_from_json<ledger::RunLeaf>(json);
    if (!leaves) return std::unexpected(leaves.error());
    return runs_attachment(*leaves);
  }
  if (kind == "replace") {
    const auto leaves = leaves_from_json<ledger::ReplaceLeaf>(json);
    if (!leaves) return std::unexpected(leaves.error());
    if (leaves->size() > kReplaceRunsMax) {
      return fail("A replace has at most 4,096 runs.", "Split them over several.");
    }
    return build(encoded(*leaves));
  }
  if (kind == "geometry") {
    const auto shape = shape_from_json(json);
    if (!shape) return std::unexpected(shape.error());
    return geometry_attachment(*shape);
  }
  return fail("There are no attachments of kind \"" + std::string(kind) + "\".",
              "Choose redeem, plant, geometry, runs or replace.");
}

Result<std::optional<std::vector<std::vector<UserShare>>>> user_shares_from_json(const Json& json) {
  const bool has_references = json.is_array() && !json.empty() && json[0].is_array() &&
                              !json[0].empty() && is_user_share(json[0][0]);
  if (!has_references) return std::nullopt;
  rpc::JsonInput in(json, "leaves");
  std::vector<std::vector<UserShare>> units(in.array(1, kAttachmentLeavesMax));
  for (std::size_t u = 0; u < units.size() && in.ok(); ++u) {
    in.enter(u);
    units[u].resize(in.array(1, kCommitmentsPerUnitMax));
    for (std::size_t s = 0; s < units[u].size() && in.ok(); ++s) {
      in.enter(s);
      in.object();
      if (in.require("reference")) {
        units[u][s].reference = in.text();
        in.leave();
      }
      if (in.require("grams")) {
        units[u][s].grams = in.uint(kQuantityMax);
        in.leave();
      }
      in.no_other_keys();
      in.leave();
    }
    in.leave();
  }
  if (!in.ok()) {
    return fail("The shares are not as they must be: " + rpc::to_string(in.fault()) + ".",
                "Give [[{\"reference\", \"grams\"}, ...], ...], one list for each unit.");
  }
  return units;
}

}  // namespace treeproof::cli
