#include "consensus/replica/attachment_desk.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tests/simulation/consortium.h"

namespace treeproof::replica {
namespace {

const crypto::Hash kRoot = crypto::sha256(crypto::as_bytes("attachment"));
const ledger::AttachmentRef kAnnounced{kRoot, 1, 6};

TEST(AttachmentDesk, CountsThePowerOfValidatorsThatHold) {
  const simulation::Consortium consortium(4);
  const ValidatorSet validators = ledger::genesis_validators(consortium.genesis());
  AttachmentDesk desk;
  desk.note_held("platform", kRoot);
  desk.note_held("platform", kRoot);
  desk.note_held("verifier", kRoot);
  desk.note_held("nobody", kRoot);
  EXPECT_EQ(desk.power_holding(kRoot, validators), 2u);
}

TEST(AttachmentDesk, DownloadsPartByPartFromAConnectedHolder) {
  AttachmentDesk desk;
  desk.want(kAnnounced);
  EXPECT_TRUE(desk.next_requests({"a", "b"}).empty());
  desk.note_held("b", kRoot);
  const auto requests = desk.next_requests({"a", "b"});
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].org, "b");
  const auto half = desk.take("b", {kRoot, 0, {1, 2, 3}});
  ASSERT_TRUE(half.next.has_value());
  EXPECT_EQ(half.next->wanted.offset, 3u);
  const auto whole = desk.take("b", {kRoot, 3, {4, 5, 6}});
  ASSERT_NE(whole.complete, nullptr);
  EXPECT_EQ(*whole.complete, (crypto::Bytes{1, 2, 3, 4, 5, 6}));
}

TEST(AttachmentDesk, IgnoresPartsThatDoNotFit) {
  AttachmentDesk desk;
  desk.want(kAnnounced);
  desk.note_held("b", kRoot);
  desk.next_requests({"b"});
  EXPECT_FALSE(desk.take("a", {kRoot, 0, {1}}).next.has_value());
  EXPECT_FALSE(desk.take("b", {kRoot, 1, {1}}).next.has_value());
  EXPECT_FALSE(desk.take("b", {kRoot, 0, {}}).next.has_value());
  EXPECT_FALSE(desk.take("b", {kRoot, 0, crypto::Bytes(7)}).next.has_value());
}

TEST(AttachmentDesk, AsksAnotherHolderWhenOneStallsOrLeaves) {
  AttachmentDesk desk;
  desk.want(kAnnounced);
  desk.note_held("a", kRoot);
  desk.note_held("b", kRoot);
  const std::string first = desk.next_requests({"a", "b"}).front().org;
  desk.restart_stalled();
  EXPECT_TRUE(desk.next_requests({"a", "b"}).empty());
  desk.restart_stalled();
  const auto second = desk.next_requests({"a", "b"});
  ASSERT_EQ(second.size(), 1u);
  EXPECT_NE(second.front().org, first);
  EXPECT_EQ(desk.next_requests({first}).front().org, first);
}

}  // namespace
}  // namespace treeproof::replica
