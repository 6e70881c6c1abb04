#include "consensus/ledger/attachment.h"

#include <gtest/gtest.h>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {
namespace {

crypto::Hash commitment(std::uint8_t first) {
  crypto::Hash hash{};
  hash[0] = first;
  return hash;
}

std::vector<crypto::Bytes> leaves_of(std::initializer_list<RedeemLeaf> units) {
  std::vector<crypto::Bytes> leaves;
  for (const RedeemLeaf& unit : units) leaves.push_back(encode(unit));
  return leaves;
}

std::expected<RedeemFacts, Refusal> facts_of(std::initializer_list<RedeemLeaf> units) {
  return Attachment::build(leaves_of(units))->redeem_facts();
}

Reason refusal_of(crypto::Bytes bytes, const AttachmentRef& announced) {
  const auto checked = Attachment::check(std::move(bytes), announced);
  EXPECT_FALSE(checked.has_value());
  return checked ? Reason{} : checked.error().reason;
}

class ThreeUnits : public testing::Test {
 protected:
  const AttachmentPtr good_ = Attachment::build(leaves_of(
      {{{commitment(1), 5}}, {{commitment(2), 2}, {commitment(3), 3}}, {{commitment(9), 5}}}));
  const crypto::Bytes bytes_ = crypto::to_bytes(good_->bytes());
};

TEST_F(ThreeUnits, AreCheckedAgainstTheirAnnouncement) {
  const auto checked = Attachment::check(bytes_, good_->announced());
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ((*checked)->leaf_count(), 3u);
  EXPECT_EQ((*checked)->announced(), good_->announced());
  const std::vector<crypto::Hash> hashes{crypto::leaf_hash((*checked)->leaf(0)),
                                         crypto::leaf_hash((*checked)->leaf(1)),
                                         crypto::leaf_hash((*checked)->leaf(2))};
  EXPECT_EQ(crypto::merkle_root(hashes), good_->announced().root);
  EXPECT_TRUE(crypto::equal((*checked)->leaf(1), good_->leaf(1)));
}

TEST_F(ThreeUnits, HaveOnePrice) {
  ASSERT_TRUE(good_->redeem_facts().has_value());
  EXPECT_EQ(good_->redeem_facts()->grams_per_unit, 5u);
  EXPECT_FALSE(good_->redeem_facts()->other_unit.has_value());
}

TEST_F(ThreeUnits, UnderAnotherRootAreRefused) {
  AttachmentRef other = good_->announced();
  other.root[0] ^= 1;
  EXPECT_EQ(refusal_of(bytes_, other), Reason::attachment_root_mismatch);
}

TEST_F(ThreeUnits, UnderAnotherCountAreRefused) {
  AttachmentRef other = good_->announced();
  ++other.count;
  EXPECT_EQ(refusal_of(bytes_, other), Reason::attachment_count_mismatch);
}

TEST_F(ThreeUnits, UnderAnotherSizeAreRefused) {
  AttachmentRef other = good_->announced();
  ++other.bytes;
  EXPECT_EQ(refusal_of(bytes_, other), Reason::attachment_bytes_mismatch);
}

TEST_F(ThreeUnits, WithATrailingByteAreRefused) {
  crypto::Bytes longer = bytes_;
  longer.push_back(0);
  AttachmentRef other = good_->announced();
  ++other.bytes;
  EXPECT_EQ(refusal_of(longer, other), Reason::cbor_trailing_bytes);
}

TEST(Attachment, AboveItsSizeIsRefused) {
  EXPECT_EQ(refusal_of(crypto::Bytes(kAttachmentBytesMax + 1), {}), Reason::attachment_too_large);
}

TEST(Attachment, WithoutLeavesIsRefused) {
  EXPECT_EQ(refusal_of({0x80}, {{}, 0, 1}), Reason::empty);
}

TEST(Attachment, WithTooManyLeavesIsRefused) {
  crypto::Bytes bytes = {0x9a, 0x00, 0x04, 0x00, 0x01};
  bytes.resize(bytes.size() + kAttachmentLeavesMax + 1);
  EXPECT_EQ(refusal_of(bytes, {{}, kAttachmentLeavesMax + 1, bytes.size()}), Reason::cbor_too_long);
}

TEST(Attachment, WithALargeLeafIsRefused) {
  crypto::CborWriter out;
  out.array(1).bytes(crypto::Bytes(kLeafBytesMax + 1));
  const crypto::Bytes bytes = out.finish();
  EXPECT_EQ(refusal_of(bytes, {{}, 1, bytes.size()}), Reason::attachment_leaf_too_large);
}

TEST(RedeemLeaves, ThatDoNotAscendAreRefusedByIndex) {
  const auto facts = facts_of({{{commitment(2), 5}}, {{commitment(2), 5}}});
  ASSERT_FALSE(facts.has_value());
  EXPECT_EQ(facts.error().reason, Reason::leaves_not_ascending);
  EXPECT_EQ(facts.error().numbers.front(), (Number{"leaf", "1"}));
  EXPECT_EQ(facts_of({{{commitment(3), 2}, {commitment(2), 3}}}).error().reason,
            Reason::leaves_not_ascending);
}

TEST(RedeemLeaves, OfAnotherFormAreRefused) {
  EXPECT_EQ(facts_of({{{commitment(1), 0}}}).error().reason, Reason::leaf_invalid);
  EXPECT_EQ(facts_of({{{commitment(1), kQuantityMax}, {commitment(2), 1}}}).error().reason,
            Reason::leaf_invalid);
  const std::vector<crypto::Bytes> trees = {encode(PlantLeaf{})};
  EXPECT_EQ(Attachment::build(trees)->redeem_facts().error().reason, Reason::leaf_invalid);
}

// Every byte of some leaves set to every value: read in place or decoded, the verdict is one.
TEST(RedeemLeaves, AreReadInPlaceAsStrictlyAsDecoded) {
  const std::vector<RedeemLeaf> units = {{{commitment(1), 5}},
                                         {{commitment(1), 24}, {commitment(2), 70'000}}};
  std::size_t taken = 0;
  std::size_t refused = 0;
  for (const RedeemLeaf& unit : units) {
    const crypto::Bytes good = encode(unit);
    for (std::size_t at = 0; at < good.size(); ++at) {
      crypto::Bytes bytes = good;
      for (int value = 0; value < 256; ++value) {
        bytes[at] = static_cast<std::uint8_t>(value);
        RedeemLeaf visited;
        const bool whole = visit_shares(bytes, [&](crypto::ByteSpan held, std::uint64_t grams) {
          Share share{{}, grams};
          std::ranges::copy(held, share.commitment.begin());
          visited.push_back(share);
        });
        const auto decoded = decode<RedeemLeaf>(bytes);
        ASSERT_EQ(whole, decoded.has_value()) << at << " " << value;
        ++(whole ? taken : refused);
        if (!whole) continue;
        ASSERT_EQ(visited, *decoded) << at << " " << value;
      }
    }
  }
  EXPECT_FALSE(visit_shares(crypto::Bytes{0x80}, [](crypto::ByteSpan, std::uint64_t) {}));
  EXPECT_GT(taken, 1'000u);
  EXPECT_GT(refused, 1'000u);
}

TEST(RedeemLeaves, TellTheFirstUnitOfAnotherPrice) {
  const auto facts = facts_of({{{commitment(1), 5}}, {{commitment(2), 5}}, {{commitment(3), 6}}});
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->other_unit, 2u);
  EXPECT_EQ(facts->other_grams, 6u);
}

}  // namespace
}  // namespace treeproof::ledger
