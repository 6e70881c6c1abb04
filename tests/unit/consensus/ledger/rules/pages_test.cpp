#include "consensus/ledger/pages.h"

#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include "crypto/merkle.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

const ObjectId kBatch = {"desert-ngo/batch"};

TEST(Pages, AreZeroWhereNothingWasWritten) {
  const MemoryState state;
  MemberPages pages(state, kBatch, 20'000);
  EXPECT_EQ(pages.code(19'999), 0);
  EXPECT_EQ(pages.run_at(5), (CodeRun{5, 19'995, 0}));
  EXPECT_EQ(pages.root(), fresh_pages_root(20'000));
}

TEST(Pages, RootOfAFreshBatchIsThatOfZeroPages) {
  const crypto::Hash zero = crypto::leaf_hash(crypto::Bytes(kPageBytes));
  EXPECT_EQ(page_count(8'192), 1u);
  EXPECT_EQ(page_count(8'193), 2u);
  EXPECT_EQ(fresh_pages_root(8'192), zero);
  EXPECT_EQ(fresh_pages_root(8'193), crypto::node_hash(zero, zero));
}

TEST(Pages, HoldTheLowNibbleFirst) {
  MemoryState memory;
  State state(memory);
  MemberPages pages(state, kBatch, 3);
  pages.set(0, 1, 2);
  pages.set(1, 1, 3);
  pages.set(2, 1, 1);
  pages.commit(state);
  const SharedBytes page = state.page({kBatch.text, 0});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->size(), kPageBytes);
  EXPECT_EQ((*page)[0], 0x32);
  EXPECT_EQ((*page)[1], 0x01);
  EXPECT_EQ((*page)[2], 0x00);
}

TEST(Pages, WriteOnlyWhatChanged) {
  MemoryState memory;
  State state(memory);
  MemberPages pages(state, kBatch, 30'000);
  pages.set(9'000, 10, 2);
  const crypto::Hash root = pages.commit(state);
  EXPECT_EQ(state.changes().pages.size(), 1u);
  EXPECT_TRUE(state.changes().pages.contains({kBatch.text, 1}));
  MemberPages again(state, kBatch, 30'000);
  EXPECT_EQ(again.root(), root);
  EXPECT_EQ(again.run_at(0), (CodeRun{0, 9'000, 0}));
  EXPECT_EQ(again.run_at(9'000), (CodeRun{9'000, 10, 2}));
  EXPECT_EQ(again.run_at(9'010), (CodeRun{9'010, 20'990, 0}));
}

TEST(Codes, VisitRunsOfOneCodeInOrder) {
  const MemoryState state;
  TreeCodes codes(state, kBatch, 100);
  codes.set(10, 5, TreeCode::available);
  codes.set(90, 10, TreeCode::available);
  std::vector<Range> runs;
  codes.each_run(TreeCode::available, 12, 80, [&](std::uint64_t from, std::uint64_t count) {
    runs.push_back({from, count});
    return true;
  });
  EXPECT_EQ(runs, (std::vector<Range>{{12, 3}, {90, 2}}));
}

RC_GTEST_PROP(PagesProperty, AgreeWithAPlainArray, ()) {
  const auto members = *rc::gen::inRange<std::uint64_t>(1, 20'000);
  MemoryState memory;
  State state(memory);
  std::vector<std::uint8_t> plain(members);
  const auto edits = *rc::gen::inRange(1, 12);
  for (int i = 0; i < edits; ++i) {
    MemberPages pages(state, kBatch, members);
    const auto from = *rc::gen::inRange<std::uint64_t>(0, members);
    const auto count = *rc::gen::inRange<std::uint64_t>(0, members - from + 1);
    const auto code = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint8_t>(0, 16));
    pages.set(from, count, code);
    std::fill_n(plain.begin() + static_cast<std::ptrdiff_t>(from), count, code);
    RC_ASSERT(pages.root() == pages.commit(state));
  }
  MemberPages pages(state, kBatch, members);
  std::uint64_t at = 0;
  while (at < members) {
    const CodeRun run = pages.run_at(at);
    RC_ASSERT(run.count > 0u);
    for (std::uint64_t i = 0; i < run.count; ++i) RC_ASSERT(plain[at + i] == run.code);
    at += run.count;
    const bool is_longest = at == members || plain[at] != run.code;
    RC_ASSERT(is_longest);
  }
}

}  // namespace
}  // namespace treeproof::ledger
