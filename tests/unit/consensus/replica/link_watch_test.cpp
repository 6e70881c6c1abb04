#include "consensus/replica/link_watch.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace treeproof::replica {
namespace {

const crypto::Hash kFirst = crypto::sha256(crypto::as_bytes("first"));
const crypto::Hash kSecond = crypto::sha256(crypto::as_bytes("second"));
const ledger::ObjectId kBatch{"ngo/trees"};

bool all_wait(const crypto::Hash&) { return true; }

ledger::StateChanges change_of(const std::string& id) {
  ledger::StateChanges changes;
  changes.objects.emplace(ledger::ObjectKey{"object", id}, nullptr);
  return changes;
}

TEST(LinkWatch, JudgesOneAtATime) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.add(kSecond);
  const auto first = watch.next(all_wait);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(watch.next(all_wait).has_value());
  EXPECT_TRUE(watch.finish({*first, {}, {}}));
  const auto second = watch.next(all_wait);
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(first, second);
}

TEST(LinkWatch, JudgesAgainOnlyWhatABlockTouched) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.next(all_wait);
  watch.finish({kFirst, {kBatch}, {}});
  watch.touch(change_of("ngo/other"));
  EXPECT_FALSE(watch.next(all_wait).has_value());
  watch.touch(change_of(kBatch.text));
  EXPECT_EQ(watch.next(all_wait), kFirst);
}

TEST(LinkWatch, JudgesAgainWhatWasTouchedMeanwhile) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.next(all_wait);
  watch.finish({kFirst, {kBatch}, {}});
  watch.add(kFirst);
  watch.next(all_wait);
  watch.touch(change_of(kBatch.text));
  EXPECT_FALSE(watch.finish({kFirst, {kBatch}, {}}));
  EXPECT_EQ(watch.next(all_wait), kFirst);
}

TEST(LinkWatch, JudgesAgainWhatMayHaveBeenTouchedBeforeItsUsesWereKnown) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.next(all_wait);
  watch.touch(change_of(kBatch.text));
  EXPECT_FALSE(watch.finish({kFirst, {kBatch}, {}}));
  EXPECT_EQ(watch.next(all_wait), kFirst);
}

TEST(LinkWatch, PassesOverWhatWaitsNoMore) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.add(kSecond);
  const auto waits = [](const crypto::Hash& id) { return id == kSecond; };
  EXPECT_EQ(watch.next(waits), kSecond);
}

TEST(LinkWatch, ForgetsWhatIsRemoved) {
  LinkWatch watch;
  watch.add(kFirst);
  watch.next(all_wait);
  watch.finish({kFirst, {kBatch}, {}});
  watch.remove(kFirst);
  watch.touch(change_of(kBatch.text));
  EXPECT_FALSE(watch.next(all_wait).has_value());
}

}  // namespace
}  // namespace treeproof::replica
