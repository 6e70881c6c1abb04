// I8: two live trees of a plot never share a measured position.
#include <algorithm>
#include <set>

#include "consensus/ledger/rules_land.h"

namespace treeproof::ledger {

namespace {

using geometry::Position;

std::optional<crypto::Hash> exact_of(const Attachment& leaves, std::uint64_t index) {
  const auto leaf = decode<PlantLeaf>(leaves.leaf(index));
  assert(leaf.has_value());
  return leaf->exact;
}

// The wanted places that a column of positions shares: both ascend, so that the shorter is looked
// up in what is left of the longer. Calls visit(wanted tree, index in the column) until it returns
// false.
template <class Visit>
void each_shared(const std::vector<PlacedTree>& wanted, const std::vector<Position>& column,
                 Visit visit) {
  auto at = column.begin();
  for (std::size_t i = 0; i < wanted.size() && at != column.end(); ++i) {
    const Position position = wanted[i].position;
    std::ptrdiff_t step = 1;
    while (column.end() - at > step && *(at + step) < position) {
      at += step;
      step *= 2;
    }
    at = std::lower_bound(at, std::min(column.end(), at + step + 1), position);
    for (auto same = at; same != column.end() && *same == position; ++same) {
      if (!visit(wanted[i], static_cast<std::uint64_t>(same - column.begin()))) return;
    }
  }
}

// A batch that has trees on the plot already.
struct Standing {
  const ObjectId& id;
  TreeCodes codes;
  CountedTrees trees;
};

struct Taken {
  PlacedTree wanted;
  std::uint64_t tree = 0;  // of the other batch
};

bool conflicts(const WantedPlaces& wanted, const PlacedTree& place, Standing& other,
               std::uint64_t tree) {
  if (other.id == wanted.batch && tree == place.leaf) return false;
  return is_live(other.codes.at(tree)) &&
         exact_of(wanted.leaves, place.leaf) == exact_of(other.trees.attachment(), tree);
}

// Trees that a correction moved stand out of the order of their column.
std::optional<Taken> taken_by_moved(const WantedPlaces& wanted, Standing& other) {
  for (const LeafOverride& moved : other.trees.overrides()) {
    if (!moved.lat) continue;
    const Position position = other.trees.position(moved.leaf);
    const auto [from, to] =
        std::ranges::equal_range(wanted.trees, position, {}, &PlacedTree::position);
    for (auto place = from; place != to; ++place) {
      if (conflicts(wanted, *place, other, moved.leaf)) return Taken{*place, moved.leaf};
    }
  }
  return std::nullopt;
}

// The first wanted place (and exact commitment) that a live tree of the other batch has.
std::optional<Taken> first_taken(const WantedPlaces& wanted, Standing& other) {
  std::optional<Taken> taken;
  const std::vector<Position>& column = other.trees.attachment().trees()->positions;
  each_shared(wanted.trees, column, [&](const PlacedTree& place, std::uint64_t tree) {
    const bool stands_there = other.trees.position(tree) == place.position;
    if (stands_there && conflicts(wanted, place, other, tree)) taken = Taken{place, tree};
    return !taken;
  });
  return taken ? taken : taken_by_moved(wanted, other);
}

Box box_of(const std::vector<PlacedTree>& trees) {
  const Position first = trees.front().position;
  Box box{first.lat_e7, first.lon_e7, first.lat_e7, first.lon_e7};
  for (const PlacedTree& tree : trees) {
    box.south = std::min(box.south, tree.position.lat_e7);
    box.north = std::max(box.north, tree.position.lat_e7);
    box.west = std::min(box.west, tree.position.lon_e7);
    box.east = std::max(box.east, tree.position.lon_e7);
  }
  return box;
}

bool judge_batch(Judgement& judgement, const WantedPlaces& wanted, const ObjectId& id,
                 const BatchObject& batch) {
  const State& state = judgement.state();
  AttachmentPtr leaves = state.attachment(batch.leaves.root);
  if (!judgement.require(leaves != nullptr, Reason::earlier_attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(batch.leaves.root)}}; })) {
    return false;
  }
  Standing other{id, TreeCodes(state, id, batch.size()),
                 CountedTrees(state, id, batch, std::move(leaves))};
  const auto taken = first_taken(wanted, other);
  return judgement.require(!taken, Reason::position_taken, [&] {
    if (!taken) return Numbers{{"batch", id.text}};
    return Numbers{{"leaf", std::to_string(taken->wanted.leaf)},
                   {"tree", MemberId::of(id, taken->tree).text},
                   {"lat_e7", std::to_string(taken->wanted.position.lat_e7)},
                   {"lon_e7", std::to_string(taken->wanted.position.lon_e7)}};
  });
}

}  // namespace

bool judge_places(Judgement& judgement, const WantedPlaces& wanted) {
  if (wanted.trees.empty()) return true;
  const State& state = judgement.state();
  std::vector<PlacedObject> near;
  collect_meeting(state, kPlotBatchesNamespace, wanted.plot.text, box_of(wanted.trees), near);
  std::set<ObjectId> judged;  // a batch stands twice where a correction moved a tree of it
  for (const PlacedObject& placed : near) {
    if (!judged.insert(placed.id).second) continue;
    const auto batch = state.find<BatchObject>(placed.id);
    assert(batch.has_value());
    const bool counts = batch->positions == Positions::measured && batch->trees().live() > 0;
    if (counts && !judge_batch(judgement, wanted, placed.id, *batch)) return false;
  }
  return true;
}

}  // namespace treeproof::ledger
