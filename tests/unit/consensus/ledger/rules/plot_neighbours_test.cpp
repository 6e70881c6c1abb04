// However many plots are live, a registration looks at those that it could touch, and at no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/plot_index.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

// Notes what is read.
class WatchedState final : public StateReader {
 public:
  explicit WatchedState(const StateReader& base) : base_(&base) {}
  SharedBytes object(const ObjectKey& key) const override {
    objects.insert(key);
    return base_->object(key);
  }
  SharedBytes page(const PageKey& key) const override { return base_->page(key); }
  AttachmentPtr attachment(const crypto::Hash& root) const override {
    attachments.insert(root);
    return base_->attachment(root);
  }
  bool holds(const crypto::Hash& root) const override { return base_->holds(root); }

  mutable std::set<ObjectKey> objects;
  mutable std::set<crypto::Hash> attachments;

 private:
  const StateReader* base_;
};

// A hundred rows of a hundred plots of 24 ha that touch each other, with one missing in the middle.
class TenThousandPlots : public testing::Test {
 protected:
  static constexpr std::int32_t kSide = 44'000;  // some 490 m: 130 plots to a cell of the index
  static constexpr std::int32_t kRows = 100;
  static constexpr std::int32_t kMissing = 50;  // its row and its column

  TenThousandPlots() {
    BlockExecution block(field_.state, field_.block());
    for (std::int32_t row = 0; row < kRows; ++row) {
      for (std::int32_t column = 0; column < kRows; ++column) {
        if (row == kMissing && column == kMissing) continue;
        const auto added = block.add(field_.sign(kCoast, numbered(row, column)));
        if (!added) ADD_FAILURE() << to_string(added.error());
      }
    }
    field_.state.all.merge(block.finish().changes);
  }

  static Rectangle land(std::int32_t row, std::int32_t column) {
    return {-300'000'000 + row * kSide, column * kSide, kSide, kSide};
  }
  static std::string name_of(std::int32_t row, std::int32_t column) {
    return std::to_string(row) + "." + std::to_string(column);
  }
  Plot numbered(std::int32_t row, std::int32_t column) {
    return field_.plot(name_of(row, column), land(row, column));
  }

  Field field_;
};

TEST_F(TenThousandPlots, ARegistrationReadsItsEightNeighboursOnly) {
  const Rectangle gap = land(kMissing, kMissing);
  const Plot plot = numbered(kMissing, kMissing);
  const WatchedState watched(field_.state);
  const auto checked = check_statement(field_.sign(kCoast, plot), watched, field_.block());
  ASSERT_TRUE(checked.has_value()) << to_string(checked.error());

  std::set<std::string> neighbours;
  std::set<crypto::Hash> outlines{plot.geometry.root};
  for (const std::int32_t row : {kMissing - 1, kMissing, kMissing + 1}) {
    for (const std::int32_t column : {kMissing - 1, kMissing, kMissing + 1}) {
      if (row == kMissing && column == kMissing) continue;
      neighbours.insert("coast-ngo/" + name_of(row, column));
      outlines.insert(numbered(row, column).geometry.root);
    }
  }
  const Box box{gap.south, gap.west, gap.south + kSide, gap.west + kSide};
  const std::vector<std::string> cells = cells_of(Layer::canopy, box);
  std::set<std::string> read;
  std::size_t lists = 0;
  for (const ObjectKey& key : watched.objects) {
    if (key.name_space == "object" && key.id != "coast-ngo/50.50") read.insert(key.id);
    if (key.name_space != kCellNamespace) continue;
    ++lists;
    EXPECT_TRUE(std::ranges::any_of(cells, [&](const std::string& cell) {
      return key.id.starts_with(cell);
    })) << key.id;
  }
  EXPECT_EQ(read, neighbours);
  EXPECT_EQ(watched.attachments, outlines);
  // Of the one cell: some 150 plots in chunks of 64, and the look for a fourth chunk.
  EXPECT_EQ(cells.size(), 1u);
  EXPECT_LE(lists, 4u);
}

}  // namespace
}  // namespace treeproof::ledger
